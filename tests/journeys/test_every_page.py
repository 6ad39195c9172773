"""Every page in a real browser, narrow and wide: WCAG 2.2 AA, nothing cut off, no script refused, light to load."""

import os
import re
import signal
from datetime import date
from hashlib import sha256
from types import SimpleNamespace

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.embedded.stack import Stack
from services.portal.web.pages import parts
from services.reporting.subscribers import of_terminal
from shared.clock import system_clock
from shared.contracts.indicators import Correction, CorrectReadings
from shared.contracts.reporting import PublishReport, RestateReport
from shared.grants import Scope
from shared.messaging.following.grants import PROVINCE
from shared.web.address import Address
from tests.chromium import IN_BROWSER, PICTURES, START
from tests.journeys.accessible import violations
from tests.journeys.browsing import PATIENT, browsers
from tests.journeys.keyboard import press, tab_to, walk
from tests.journeys.province import CODE, QUARTER, Province, readings_of, until
from tests.journeys.signing_in import phones, sign_in_as

pytestmark = IN_BROWSER
TODAY, BODY = date(2025, 9, 16), "Phòng Kinh tế"
MENDED = Correction(reading_id="r-0-0", values={"files-received": 60}, reason="đếm thiếu", by="Trần Thị Bình")
WIDTHS = (360, 1280)
# What a role works with each day.
WALKED = (
    "/", "/so-lieu/{commune}", "/bieu-so-lieu/{commune}", "/nhiem-vu/{commune}", "/nhiem-vu/{commune}/{task}",
    "/bao-cao/tinh/{province}", "/bao-cao/{commune}/{period}", "/so-lieu/{commune}/chi-so/{indicator}/{period}",
    "/van-hanh/tai-khoan/{account}", "/dang-nhap",
)  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
FIRST_LOAD = 100_000  # bytes of page, style and scripts, not compressed

# Each path of the route table: the account that opens it ("" for nobody), and an address with something to see.
PAGES = {
    "/": ("clerk", "/"),
    "/hop-cho-gui": ("clerk", "/hop-cho-gui"),
    "/dang-nhap": ("", "/dang-nhap"),
    "/moi/{token}": ("", "/moi/{invitation}"),
    "/tai-khoan": ("chair", "/tai-khoan"),
    "/tai-khoan/mat-khau": ("chair", "/tai-khoan/mat-khau"),
    "/van-hanh": ("operator", "/van-hanh"),
    "/van-hanh/bai-gui": ("operator", "/van-hanh/bai-gui?ma=mend"),
    "/van-hanh/may-gui": ("operator", "/van-hanh/may-gui"),
    "/van-hanh/phien": ("operator", "/van-hanh/phien?tai-khoan=clerk"),
    "/van-hanh/tai-khoan": ("operator", "/van-hanh/tai-khoan"),
    "/van-hanh/tai-khoan/{account}": ("operator", "/van-hanh/tai-khoan/clerk"),
    "/quyen/{province}": ("auditor", "/quyen/51"),
    "/nhiem-vu": ("officer", "/nhiem-vu"),
    "/nhiem-vu/tinh/{province}": ("officer", "/nhiem-vu/tinh/51"),
    "/nhiem-vu/{commune}": ("office", "/nhiem-vu/{own}"),
    "/nhiem-vu/{commune}/{task}": ("chair", "/nhiem-vu/{own}/{task}"),
    "/ke-hoach": ("chair", "/ke-hoach"),
    "/ke-hoach/{commune}": ("chair", "/ke-hoach/{own}"),
    "/ke-hoach/{commune}/ban-thao": ("chair", "/ke-hoach/{own}/ban-thao"),
    "/ke-hoach/{commune}/{plan}": ("clerk", "/ke-hoach/{own}/{plan}"),
    "/so-lieu": ("officer", "/so-lieu"),
    "/so-lieu/{commune}": ("clerk", "/so-lieu/{own}?tuan=2025-06-15&linh-vuc=land"),
    "/cong-khai/{province}": ("", "/cong-khai/51"),
    "/cong-khai/{province}/{period}/{edition:int}": ("", "/cong-khai/51/2025-Q3/2"),
    "/bieu-so-lieu/{commune}": ("clerk", "/bieu-so-lieu/{own}?ngay=2025-09-14"),
    "/tep-so-lieu/{commune}": ("clerk", "/tep-so-lieu/{own}"),
    "/so-lieu/{commune}/ngay/{day}": ("clerk", "/so-lieu/{own}/ngay/2025-06-15"),
    "/so-lieu/{commune}/ma/{reading}": ("clerk", "/so-lieu/{own}/ma/r-0-0"),
    "/so-lieu/{commune}/chi-so/{indicator}/{period}": ("clerk", "/so-lieu/{own}/chi-so/online-files/2025-Q3"),
    "/so-lieu/tinh/{province}/chi-so/{indicator}/{period}": ("auditor", "/so-lieu/tinh/51/chi-so/online-files/2025-Q3"),
    "/bao-cao": ("clerk", "/bao-cao"),
    "/bao-cao/tinh/{province}": ("officer", "/bao-cao/tinh/51?ky=2025-Q3"),
    "/bao-cao/{commune}": ("clerk", "/bao-cao/{own}"),
    "/bao-cao/{commune}/{period}": ("clerk", "/bao-cao/{own}/2025-Q3"),
    "/bao-cao/tinh/{province}/{period}": ("officer", "/bao-cao/tinh/51/2025-Q3"),
    "/bao-cao/tinh/{province}/{period}/dien-bien": ("officer", "/bao-cao/tinh/51/2025-Q3/dien-bien"),
    "/bao-cao/tinh/{province}/{period}/noi-dung": ("officer", "/bao-cao/tinh/51/2025-Q3/noi-dung"),
    "/an-ban/{province}/{period}/cong-bo": ("officer", "/an-ban/51/2025-Q3/cong-bo"),
    "/so-sanh/tinh/{province}": ("auditor", "/so-sanh/tinh/51?ky=2025-Q3"),
    "/so-sanh/{commune}": ("auditor", "/so-sanh/{own}?ky=2025-Q3"),
    "/kiem-toan": ("auditor", "/kiem-toan"),
    "/kiem-toan/{province}": ("auditor", "/kiem-toan/51"),
    "/kiem-toan/{province}/{period}/{edition:int}": ("auditor", "/kiem-toan/51/2025-Q3/1"),
    "/kiem-toan/bao-cao/tinh/{province}/{period}": ("auditor", "/kiem-toan/bao-cao/tinh/51/2025-Q3"),
    "/kiem-toan/bao-cao/{commune}/{period}": ("auditor", "/kiem-toan/bao-cao/{own}/2025-Q3"),
    "/an-ban": ("auditor", "/an-ban"),
    "/an-ban/{province}": ("officer", "/an-ban/51"),
    "/an-ban/{province}/{period}/{edition:int}": ("auditor", "/an-ban/51/2025-Q3/1"),
}
LEADING = "/kiem-toan/{province}/bao-cao"  # no page: to one of those above
FILE = "/minh-chung/{commune}/{task}/{sha256}"
# The same pages in other states: each role's own first page, with nothing to show, as of a day, and what there is not.
STATES = {
    "my work of an office": ("office", "/"),
    "my work of a chair": ("chair", "/"),
    "my work of an officer": ("officer", "/"),
    "my work of an auditor": ("auditor", "/"),
    "my work of an operator": ("operator", "/"),
    "without a grant": ("nobody", "/"),
    "no task is so": ("chair", "/nhiem-vu/{own}?can=cho-gia-han"),
    "my work of a clerk as of a day": ("clerk", "/?biet-den=2025-06-20"),
    "my work of an officer as of a day": ("officer", "/?biet-den=2025-06-20"),
    "the review as of a day": ("officer", "/bao-cao/tinh/51?ky=2025-Q3&biet-den=2025-06-20"),
    "a page to act as of a day": ("officer", "/an-ban/51/2025-Q3/cong-bo?biet-den=2025-06-20"),
    "the province's standard plan": ("clerk", "/ke-hoach/{own}/{standard}"),
    "tasks as of a day": ("auditor", "/nhiem-vu/{own}?biet-den=2025-06-20"),
    "a day without readings": ("clerk", "/so-lieu/{own}/ngay/2025-09-01"),
    "a period without a report": ("officer", "/bao-cao/{other}/2025-Q4"),
    "a filter that no commune is in": ("officer", "/bao-cao/tinh/51?ky=2025-Q3&loc=da-duyet"),
    "a report on another map with the formulas of now": (
        "officer",
        "/bao-cao/tinh/51/2025-Q3?ban-do=2025-07-02&dinh-nghia=nay",
    ),
    "public: another province": ("", "/cong-khai/31"),
    "the server cannot be reached, as the browser kept it": ("", "/mat-ket-noi"),
    "not found": ("clerk", "/no-such-page"),
    "not granted": ("clerk", "/so-lieu/{other}"),
    "no day": ("clerk", "/so-lieu/{own}?tuan=31/2/2025"),
    "accounts are not for a clerk": ("clerk", "/van-hanh/tai-khoan"),
    "an account that there is not": ("operator", "/van-hanh/tai-khoan/khong-co"),
    "a submission that nobody knows": ("operator", "/van-hanh/bai-gui?ma=khong-co"),
    "no id of a submission": ("operator", "/van-hanh/bai-gui?ma=a.b"),
    "no such account": ("operator", "/van-hanh/phien?tai-khoan=khong-co"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory, start_servers):
    """A province at the end of a quarter, with readings, tasks and an edition, and an account of each role."""
    folder = tmp_path_factory.mktemp("every-page")

    def make_stack(**options):
        env = {**options.pop("env"), "MINHBACH_PUBLIC_ACCOUNT": "public"}
        return Stack(folder / "stack", start_servers=start_servers, env=env, **options)

    with Province.of(make_stack, folder, communes=2, today=TODAY) as province:
        own, other = province.communes
        province.send(*readings_of(own, "r", 1))
        province.wait_until_followed()
        with province.reporting() as reporting:
            first = PublishReport(period=QUARTER.name, incomplete=True)
            of_terminal(reporting, f"{PROVINCE}{CODE}", first, "Trần Thị Bình")
        province.send((own, "mend", CorrectReadings(corrections=(MENDED,))))
        province.wait_until_followed()
        with province.reporting() as reporting:
            second = RestateReport(period=QUARTER.name, reason="đính chính của xã")
            of_terminal(reporting, f"{PROVINCE}{CODE}", second, "Trần Thị Bình")
        whole = Scope(province=CODE)
        accounts = {
            "clerk": ("clerk", Scope(own)), "office": ("office", Scope(own, BODY)), "chair": ("chair", Scope(own)),
            "officer": ("provincial-officer", whole), "auditor": ("auditor", whole), "operator": ("operator", whole),
            "public": ("auditor", whole), "nobody": ("clerk", Scope(own)),
        }  # fmt: skip
        found = browsers(province, accounts)
        names = {"own": own, "other": other} | found_in(province, found)
        yield SimpleNamespace(province=province, names=names, browsers=found, url=province.stack.public_url)


def found_in(province, browsers):
    """Ids that stand in addresses; `nobody` loses its grant, and is invited."""
    own = province.communes[0]
    account, withdrawal = "/van-hanh/tai-khoan/nobody", {"quyen": "nobody.1", "ly-do": "thay người"}
    browsers["operator"].submit_form(account, 303, step="withdraw", **withdrawal)
    invited = browsers["operator"].submit_form(account, 200, step="invite")
    plans = browsers["chair"].page(f"/ke-hoach/{own}")
    listed = browsers["chair"].client.get(f"/ke-hoach/{own}.json").json()["answer"]["plans"]
    return {
        "task": next(task for commune, task, body in province.tasks() if (commune, body) == (own, BODY)),
        "plan": re.search(rf'href="/ke-hoach/{own}/([^"?/]+)', plans.replace(f"{own}/ban-thao", ""))[1],
        "standard": next(plan["plan_id"] for plan in listed if plan["commune"] is None),
        "invitation": re.search(r"/moi/([^<]+)<", invited)[1],
    }


@pytest.fixture(scope="module")
def chromium(site):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**START)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium, site):
    """Opens a page as an account, always in the same tab; `faults` are what the browser complained about there."""
    context = chromium.new_context(locale="vi-VN", service_workers="block", **PATIENT)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.on("console", lambda line: page.faults.append(line.text) if "Content Security" in line.text else None)

    def opened(account, address):
        page.faults = []
        context.clear_cookies()
        if account:
            context.add_cookies([site.browsers[account].cookie])
        page.goto(site.url + address.format(**site.names))
        return page

    yield opened
    context.close()


@pytest.fixture(scope="module")
def phone_of(site):
    return phones(site.province, ("clerk", "office", "chair", "officer", "auditor", "operator"))


@pytest.fixture
def sign_in_at(open_page, phone_of):
    """As by a link in a mail: a page is opened, the account signs in, and is there."""

    def opened(account, address):
        page = open_page("", address)
        expect(page.locator("h1")).to_have_text("Đăng nhập")
        sign_in_as(page, account, phone_of[account])
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
        return page

    return opened


def check(page):
    """A page as it should be, whatever it is about."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{picture_of(page)}-{width}.png", full_page=True)
        assert violations(page, RULES) == [], width
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, f"{page.url} is wider than {width}"
    assert page.evaluate(NUMBER, "h1") == 1, page.url
    assert page.title().removesuffix("– Minh Bạch").strip(), page.url
    assert page.faults == []
    assert page.evaluate(BROKEN_SUMMARY_LINKS) == []
    assert page.evaluate(LOADED) <= FIRST_LOAD, page.url
    page.emulate_media(media="print")
    not_printed = ".navigation, .masthead-visitor, .footer, main button, main .button"
    assert page.evaluate(SHOWN, not_printed) == 0, f"{page.url} on paper"
    assert page.evaluate(HEADINGS_OF_NOTHING) == [], f"{page.url} on paper"
    has_head = page.evaluate(NUMBER, ".masthead-visitor") == 1 and "/moi/" not in page.url
    assert page.evaluate(SHOWN, ".on-paper") == has_head, f"{page.url} on paper"
    if PICTURES:
        page.set_viewport_size({"width": 794, "height": 1123})  # A4
        page.screenshot(path=f"{PICTURES}/{picture_of(page)}-print.png", full_page=True)
    page.emulate_media(media="screen")


def picture_of(page):
    """The name of its file."""
    return re.sub(r"\W+", "-", page.url.partition("localhost:")[2].partition("/")[2])[:80]


# Of the page and of what it loads but pictures, also what the browser kept.
LOADED = """
performance.getEntries().filter(each => each.entryType == "navigation"
    || (each.entryType == "resource" && !/\\.(svg|png|jpg)(\\?|$)/.test(each.name)))
    .reduce((sum, each) => sum + each.decodedBodySize, 0)
"""


# Those that are shown, with nothing to read or to see until the next heading of their rank; a notice may be one only.
HEADINGS_OF_NOTHING = """
(() => {
    const isText = node => node.nodeType == Node.TEXT_NODE && node.data.trim();
    const isContent = each => each.matches("img, svg, input") || [...each.childNodes].some(isText);
    let empty = null, found = [];
    for (const each of document.querySelectorAll("main *")) {
        if (!each.checkVisibility()) continue;
        if (each.matches(":is(h2, h3):not(.notice *)")) {
            if (empty && empty.tagName >= each.tagName) found.push(empty.textContent);
            empty = each;
        } else if (empty && !empty.contains(each) && isContent(each)) empty = null;
    }
    return empty ? [...found, empty.textContent] : found;
})()
"""


# Playwright's locators bring a script of their own into each page, which takes longer than these.
NUMBER = "selector => document.querySelectorAll(selector).length"
SHOWN = """
selector => [...document.querySelectorAll(selector)]
    .filter(each => each.checkVisibility({visibilityProperty: true})).length
"""
# The links of the summary of errors that lead to no field.
BROKEN_SUMMARY_LINKS = """
[...document.querySelectorAll(".error-summary a")].map(link => link.getAttribute("href"))
    .filter(link => document.querySelectorAll(`[id='${link.replace(/^#/, "")}']`).length != 1)
"""


def test_every_page_of_the_route_table_is_tried():
    sign_in = SimpleNamespace(portal=SimpleNamespace(clock=system_clock))
    routes = [route for part in parts(sign_in, Address("http://localhost"), public="public") for route in part.routes]
    shown = {route.path for route in routes if "GET" in route.methods}
    assert {path for path in shown if not path.endswith((".json", ".xlsx", ".svg", ".{format}"))} == {
        *PAGES,
        LEADING,
        FILE,
    }


# Forms that show nothing of a service, each with its reason.
WITHOUT_JSON = {
    "/hop-cho-gui": "the browser keeps it; the server knows nothing of it",
    "/dang-nhap": "a form for whoever has not signed in",
    "/moi/{token}": "a form for whoever has not signed in; its token opens nothing else",
    "/tai-khoan/mat-khau": "a form of passwords",
    "/ke-hoach/{commune}/ban-thao": "a form that takes a document; a draft is stored nowhere",
    "/tep-so-lieu/{commune}": "a form that takes a file",
    "/bieu-so-lieu/{commune}": "a form to type a day in; its readings are /so-lieu/{commune}/ngay/{day}.json",
}
JSON = {"/": "/viec-cua-toi.json"}  # of a page whose address has no name


def test_every_page_that_shows_something_has_it_as_json_beside_it():
    sign_in = SimpleNamespace(portal=SimpleNamespace(clock=system_clock))
    routes = {
        route.path for part in parts(sign_in, Address("http://localhost"), public="public") for route in part.routes
    }
    assert {path for path in PAGES if JSON.get(path, f"{path}.json") not in routes} == set(WITHOUT_JSON)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_narrow_and_wide(path, site, open_page):
    page = open_page(*PAGES[path])
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200, page.inner_text("main")
    check(page)


@pytest.mark.parametrize("state", STATES)
def test_a_page_is_accessible_in_every_state(state, open_page):
    check(open_page(*STATES[state]))


SIGNING_IN = {"/dang-nhap", "/moi/{token}"}  # pages about nothing that was recorded


@pytest.mark.parametrize("path", sorted({*PAGES} - SIGNING_IN))
def test_a_page_takes_a_day_of_knowledge_or_says_that_it_knows_none(path, site):
    account, address = PAGES[path]
    address = address.format(**site.names)
    client = site.browsers[account].client if account else httpx.Client(base_url=site.url, timeout=60)
    answer = client.get(f"{address}{'&' if '?' in address else '?'}biet-den=2025-09-16")
    if answer.status_code == 303:
        assert "biet-den=2025-09-16" in answer.headers["location"]
        answer = client.get(answer.headers["location"])
    assert answer.status_code == 200, address
    assert (
        "biết đến hết ngày <strong>16/9/2025</strong>" in answer.text
        or "Ngày trong địa chỉ không được dùng" in answer.text
    )
    assert "Về hiện tại</a>" in answer.text


def test_an_error_in_a_form_is_above_it_and_leads_to_its_field(site, open_page):
    page = open_page("chair", "/tai-khoan/mat-khau")
    page.get_by_label("Mật khẩu mới", exact=True).fill("một")
    page.get_by_label("Nhập lại mật khẩu mới").fill("hai")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#nhap-lai")
    check(page)


def test_who_entered_a_cell_stands_below_the_grid_while_it_has_the_focus(site, open_page):
    page = open_page("clerk", "/so-lieu/{own}?tuan=2025-06-15&linh-vuc=land")
    page.locator("td[data-cell='files-received.2025-06-15'] a").focus()
    expect(page.locator("#cell-who")).to_contain_text("Trần Thị Bình; trước là 43. Lý do: đếm thiếu")
    check(page)


def test_a_row_of_a_form_is_added_up_as_one_types(site, open_page):
    page = open_page("clerk", "/bieu-so-lieu/{own}?ngay=2025-09-13")
    cell = {column: page.locator(f"[id='o.land.{column}']") for column in (7, 8, 9, 10)}
    for column, count in ((8, "1.002"), (9, "2"), (10, "0")):
        cell[column].fill(count)
    expect(cell[7]).to_have_attribute("placeholder", "1.004")
    expect(page.locator("[data-total='8']")).to_have_text("1.002")
    cell[7].fill("1.005")
    expect(page.locator("#sum-checks")).to_contain_text("cột 7 ghi 1.005, nhưng 8 + 9 + 10 là 1.004")
    check(page)
    cell[7].fill("1.004")
    expect(page.locator("#sum-checks")).to_be_empty()


def test_an_account_is_opened_and_an_error_and_an_invitation_are_accessible(site, open_page):
    # Whoever opens accounts has signed in minutes ago.
    site.browsers.update(browsers(site.province, {"newcomer": ("operator", Scope(province=CODE))}))
    page = open_page("newcomer", "/van-hanh/tai-khoan")
    page.get_by_label("Họ tên").fill("Hoàng Thị Lan")
    page.get_by_label("Tên tài khoản").fill("hoang-thi-lan")
    page.get_by_role("button", name="Mở tài khoản").click()
    expect(page.locator("h1")).to_contain_text("Hoàng Thị Lan")
    page.get_by_role("button", name="Giao quyền").click()
    expect(page.locator(".error-summary a")).to_have_attribute("href", "#vai-tro")
    check(page)
    page.get_by_role("button", name="Tạo đường dẫn mời").click()
    expect(page.locator(".notice code")).to_contain_text("/moi/")
    check(page)


def test_everybody_sees_which_figures_an_edition_changed_and_why_by_keyboard_alone(open_page):
    page = open_page("", "/cong-khai/51")
    press(page, "lần 2")
    expect(page.locator("main")).to_contain_text("đính chính của xã")
    expect(page.locator("main")).to_contain_text("Số liệu đã thay đổi so với lần trước")
    expect(page.locator("main")).not_to_contain_text("Trần Thị Bình")
    listed = page.request.get(page.url.replace("/2025-Q3/2", ".json")).json()["editions"]
    hashes = {each["edition"]: each["content_sha256"] for each in listed}
    content = page.request.get(f"{page.url}.json").body()
    assert sha256(content).hexdigest() == hashes[2]


@pytest.mark.parametrize("path", WALKED)
def test_a_page_is_walked_by_keyboard_alone(path, open_page):
    """On a narrow screen, where what stays in its place hides most."""
    page = open_page(*PAGES[path])
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.reload()
    assert walk(page) == []


def test_a_clerk_fills_in_a_week_by_keyboard_alone(sign_in_at):
    """From signing in to the receipt: links by Enter, cells by arrows."""
    page = sign_in_at("clerk", "/")
    tab_to(page, "Tuần từ 8/9/2025")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("8/9/2025")
    tab_to(page, "Số hồ sơ TTHC tiếp nhận, 8/9/2025")
    page.keyboard.type("12")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("7")
    held = []
    page.route("**/so-lieu/*", lambda sent: held.append(sent) if sent.request.method == "POST" else sent.continue_())
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-busy]")).to_have_text("Đang gửi…")
    until(lambda: held or page.wait_for_timeout(50), "the form is sent")
    [sent] = held
    sent.continue_()
    expect(page.locator(".notice.good")).to_contain_text("Đã ghi nhận")
    page.unroute("**/so-lieu/*")
    expect(page.locator("[data-busy]")).to_be_hidden()
    expect(page.locator("td[data-cell='files-received.2025-09-08']")).to_contain_text("12")


def test_an_office_reports_a_task_and_a_chair_accepts_it_by_keyboard_alone(sign_in_at):
    page = sign_in_at("office", "/nhiem-vu/{own}/{task}")
    tab_to(page, "Báo cáo hoàn thành")
    page.keyboard.press("Enter")
    tab_to(page, "Minh chứng")
    page.keyboard.type("12/BC-UBND")
    tab_to(page, "Báo cáo hoàn thành")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("Đã ghi nhận")
    page = sign_in_at("chair", "/nhiem-vu/{own}/{task}")
    tab_to(page, "Chấp nhận kết quả")
    page.keyboard.press("Space")
    tab_to(page, "Chấp nhận kết quả")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("Đã ghi nhận")


def test_an_officer_reminds_a_commune_by_keyboard_alone(sign_in_at):
    page = sign_in_at("officer", "/bao-cao/tinh/51?ky=2025-Q3&loc=chua-nop")
    tab_to(page, "Chọn Phường")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("phím Enter không chọn việc nào")
    tab_to(page, "Nhắc nộp báo cáo")
    page.keyboard.press("Enter")
    tab_to(page, "Gửi thư nhắc")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_contain_text("đã nhắc nộp")


def test_an_auditor_verifies_an_edition_and_follows_a_figure_by_keyboard_alone(sign_in_at):
    page = sign_in_at("auditor", "/")
    press(page, "Kiểm toán")
    expect(page.locator("h1")).to_contain_text("Kiểm toán")
    press(page, "Tính lại và kiểm chứng")
    expect(page.locator("main")).to_contain_text("Nội dung còn nguyên")
    press(page, "Đã công bố")
    expect(page.locator("h1")).to_contain_text("đã công bố")
    press(page, "Quý III")
    expect(page.locator("h1")).to_contain_text("lần công bố")
    press(page, "trực tuyến")
    expect(page.locator("h2").first).to_contain_text("Theo lần công bố")
    tab_to(page, "Đổi từ hết ngày")
    page.keyboard.type("20/6/2025")
    page.keyboard.press("Enter")
    expect(page.locator("#doi ~ .lead")).to_contain_text("Hết ngày 20/6/2025")


def test_an_operator_finds_a_submission_and_an_account_by_keyboard_alone(sign_in_at):
    page = sign_in_at("operator", "/")
    press(page, "Vận hành")
    expect(page.locator("h1")).to_have_text("Vận hành")
    tab_to(page, "Bài gửi ở đâu?")
    page.keyboard.type("mend")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Biên nhận lúc")
    press(page, "Tài khoản")
    expect(page.locator("h1")).to_have_text("Tài khoản của tỉnh")
    press(page, "Người clerk")
    expect(page.locator("h1")).to_contain_text("Người clerk")


def test_a_page_that_takes_long_says_so_and_opens_by_itself(site, open_page):
    """Reporting is held, so that no answer comes. Playwright cannot look at a page while its next one is awaited."""
    [reporting] = [each for each in site.province.stack.running if each.service == "reporting"]
    page, address = open_page("clerk", "/"), f"/bao-cao/{site.names['own']}"
    page.context.set_extra_http_headers({})
    os.kill(reporting.process.pid, signal.SIGSTOP)
    try:
        page.evaluate("address => { location.assign(address); }", address)
        opened = site.browsers["clerk"].client.get(f"{address}?alone=1", headers={"Sec-Fetch-Mode": "navigate"})
        page.wait_for_url(f"**{address}", wait_until="commit")
    finally:
        os.kill(reporting.process.pid, signal.SIGCONT)
    assert opened.status_code == 202
    # Whatever its end is: on a slow machine Reporting was held for longer than a question waits.
    expect(page.locator("h1")).to_have_text(re.compile("Báo cáo|Tạm thời"), timeout=60_000)
    page.context.set_extra_http_headers(PATIENT["extra_http_headers"])
    still = re.sub('<meta http-equiv="refresh"[^>]+>', "", opened.text)
    page.route("**/still", lambda route: route.fulfill(body=still, content_type="text/html"))
    page.goto(f"{site.url}/still")
    expect(page.locator("h1")).to_have_text("Đang tính…")
    check(page)


def test_a_service_that_is_away_is_a_page_that_names_it(site, open_page):
    """Last: Reporting ends."""
    [reporting] = [each for each in site.province.stack.running if each.service == "reporting"]
    reporting.process.terminate()
    reporting.process.wait()
    page = open_page("clerk", "/bao-cao/{own}")
    expect(page.locator("main")).to_contain_text("đang không chạy")
    expect(page.get_by_role("link", name="Thử lại")).to_have_attribute("href", f"{page.url.removeprefix(site.url)}?")
    check(page)
    page = open_page("clerk", "/")
    expect(page.locator("main")).to_contain_text("Phần này chưa trả lời được")
    expect(page.locator("main")).to_contain_text("Ngày làm việc chưa có số liệu")
    check(page)
