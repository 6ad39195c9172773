"""A clerk's entry in a real browser: a table from Excel, the grid by keyboard, and all of it without a line."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from types import SimpleNamespace

import httpx
import pytest
from openpyxl import Workbook
from playwright.sync_api import expect, sync_playwright

from deploy.embedded.stack import Stack
from shared.grants import Scope
from tests.chromium import IN_BROWSER, PICTURES, START
from tests.journeys.accessible import violations
from tests.journeys.browsing import PATIENT, browsers
from tests.journeys.province import Province, until

TODAY = date(2025, 9, 16)
LEAD = "Phòng Kinh tế"
TABLE = """Ngày\tLĩnh vực\tHồ sơ tiếp nhận\tSố của xã
10/9/2025\tĐất đai\t12\t3
11/9/2025\tĐất đai\tmười\t4
12/9/2025\tChợ búa\t5\t6
"""

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def office(tmp_path_factory, start_servers):
    """A commune's clerk in a province at the end of a quarter."""
    folder = tmp_path_factory.mktemp("entry")

    def make_stack(**options):
        return Stack(folder / "stack", start_servers=start_servers, **options)

    with Province.of(make_stack, folder, communes=2, today=TODAY) as province:
        own = province.communes[0]
        found = browsers(
            province,
            {"clerk": ("clerk", Scope(own)), "chair": ("chair", Scope(own)), "body": ("office", Scope(own, LEAD))},
        )
        yield office_of(province, found)


def office_of(province, found):
    return SimpleNamespace(
        url=province.stack.public_url, own=province.communes[0], stack=province.stack, clerk=found["clerk"],
        of_chair=found["chair"], of_body=found["body"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def playwright(office):
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(**START)
    yield browser
    browser.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request, chromium, office):
    context = chromium.new_context(
        locale="vi-VN", java_script_enabled=request.param, viewport={"width": 1280, "height": 900}, **PATIENT
    )
    context.set_default_timeout(60_000)
    context.add_cookies([office.clerk.cookie])
    page = context.new_page()
    expect.set_options(timeout=60_000)
    page.goto(f"{office.url}/so-lieu/{office.own}")
    yield page
    context.close()


def check(page, name, *, scripts=True):
    """Nothing wider than a narrow or a wide screen, what axe, a script, finds, and a picture to look at."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    if scripts:
        assert violations(page) == []


def test_a_table_from_excel_is_understood_mended_and_sent_once(office, page, request):
    """The second run sends nothing new, and has to choose nothing: the names of the first one are kept."""
    again = "no-scripts" in request.node.name
    page.get_by_role("link", name="Nộp tệp, dán từ Excel").click()
    check(page, "upload", scripts=not again)
    page.get_by_label("Hoặc dán bảng").fill("")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy chọn một tệp")
    check(page, "upload-wrong", scripts=not again)
    page.get_by_label("Hoặc dán bảng").fill(TABLE)
    page.get_by_role("button", name="Xem trước").click()
    if not again:
        expect(page.locator("main").get_by_role("status")).to_contain_text("hãy chọn số đo của cột này")
        check(page, "preview-unknown-column")
        page.get_by_label("Số của xã").select_option(label="(bỏ qua cột này)")
        page.get_by_role("button", name="Đọc lại").click()
    expect(page.get_by_text("hàng phải sửa, chưa gửi")).to_contain_text("1" if again else "2")
    expect(page.get_by_label("Số của xã")).to_have_value("-")
    check(page, "preview-rows", scripts=not again)
    page.get_by_label("Số hồ sơ TTHC tiếp nhận, hàng 3").fill("10")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("alert")).to_contain_text("Vừa có sửa đổi")
    if not again:
        page.get_by_label("“Chợ búa” là").select_option(index=2)
        page.get_by_role("button", name="Đọc lại").click()
    expect(page.get_by_role("button", name="Gửi 3 số liệu")).to_be_visible()
    check(page, "preview-ready", scripts=not again)
    page.get_by_role("button", name="Gửi 3 số liệu").click()
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    expect(page.locator("main").get_by_role("status")).to_contain_text(
        "3 số liệu đã có từ trước" if again else "Tỉnh đã ghi nhận 3 số liệu"
    )
    check(page, "receipt", scripts=not again)


def office_sheet(path, day):
    """As an office keeps it: titles, two rows of headings of form II.06, a column of its own, totals, who signs."""
    book = Workbook()
    for row in (
        ["ỦY BAN NHÂN DÂN XÃ"], ["THEO DÕI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ"], [],
        ["STT", "Ngày", "Lĩnh vực", "Số hồ sơ nhận giải quyết", None, None, "Kết quả giải quyết", None, "Quét"],
        [None, None, None, "Tổng số", "Trực tuyến", "Trực tiếp, BCCI", "Tổng số", "Quá hạn", None],
        [1, day, "Đầu tư", 20, 9, 11, 17, 0, 2], [2, day, "HỘ TỊCH", "1.039", 1037, 2, 38, 1, 1],
        ["Tổng cộng", None, None, 1059, 1046, 13, 55, 1, 3], [],
        [None, "Người lập biểu", None, None, None, None, None, "CHỦ TỊCH"], [None, "Đinh Thị Hà"],
    ):  # fmt: skip
        book.active.append(row)
    for area in ("A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:H4", "I4:I5"):
        book.active.merge_cells(area)
    book.save(path)
    return path


def test_an_office_sheet_is_corrected_once_and_understood_from_then_on(office, chromium, tmp_path):
    with opened(chromium, office) as page:
        for number, day in enumerate(("01/7/2025", "02/7/2025")):
            page.goto(f"{office.url}/tep-so-lieu/{office.own}")
            page.get_by_label("Tệp CSV hoặc XLSX").set_input_files(office_sheet(tmp_path / f"{number}.xlsx", day))
            page.get_by_role("button", name="Xem trước").click()
            if number == 0:
                expect(page.locator("main").get_by_role("status")).to_contain_text("hãy chọn số đo của cột này")
                page.get_by_label("Quét").select_option(label="Số hồ sơ đã số hóa thành phần hồ sơ và kết quả")
                page.get_by_role("button", name="Đọc lại").click()
            expect(page.get_by_label("Quét")).to_have_value("files-digitised")
            check(page, f"office-sheet-{number}")
            page.get_by_role("button", name="Gửi 2 số liệu").click()
            expect(page.locator("main").get_by_role("status")).to_contain_text("Tỉnh đã ghi nhận 2 số liệu")


WEEK = "?tuan=2025-09-03&linh-vuc=construction"


def cell(page, measure, day):
    return page.locator(f"[id='{measure}.2025-09-{day:02}']")


def test_the_grid_is_filled_by_keyboard_and_checked_while_typing(office, chromium):
    for monday in (18, 25):
        week = f"/so-lieu/{office.own}?tuan=2025-08-{monday}&linh-vuc=construction"
        office.clerk.send(week, 303, **{f"files-received.2025-08-{monday + day}": "6" for day in range(5)})
    with opened(chromium, office) as page:
        page.goto(f"{office.url}/so-lieu/{office.own}{WEEK}")
        cell(page, "files-received", 1).focus()
        page.keyboard.type("5")
        page.keyboard.press("ArrowRight")
        expect(cell(page, "files-received", 2)).to_be_focused()
        page.keyboard.type("năm")
        expect(page.get_by_label("Kiểm tra khi nhập")).to_contain_text("phải là một số nguyên")
        expect(cell(page, "files-received", 2)).to_have_attribute("aria-invalid", "true")
        check(page, "grid-wrong")
        page.keyboard.press("Control+a")
        page.keyboard.type("70")
        expect(page.get_by_label("Kiểm tra khi nhập")).to_contain_text(
            "70 khác xa mức thường có của đơn vị: từ 0 đến 13"
        )
        check(page, "grid-unusual")
        page.keyboard.press("Backspace")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(cell(page, "files-received", 1)).to_be_focused()
        cell(page, "files-received-online", 1).fill("9")
        expect(page.get_by_label("Kiểm tra khi nhập")).to_contain_text("1/9/2025: ")
        cell(page, "files-received-online", 1).fill("4")
        expect(page.get_by_label("Kiểm tra khi nhập")).to_be_empty()
        page.get_by_role("button", name="Gửi số liệu").click()
        expect(page.get_by_role("status").first).to_contain_text("Đã ghi nhận")
        expect(page.locator("td[data-cell='files-received.2025-09-01']")).to_contain_text("đã ghi nhận")
        check(page, "grid-recorded")


@contextmanager
def opened(chromium, office, folder=None, account=None):
    """A page of the clerk or another account; with a folder, in a browser whose memory is kept there."""
    view = {"locale": "vi-VN", "viewport": {"width": 1280, "height": 900}, **PATIENT}
    context = chromium.launch_persistent_context(folder, **START, **view) if folder else chromium.new_context(**view)
    context.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    context.add_cookies([(account or office.clerk).cookie])
    yield context.new_page()
    context.close()


def stop_portal(office):
    [portal] = [each for each in office.stack.running if each.service == "portal"]
    portal.process.terminate()
    portal.process.wait()


def start_again(office):
    """In a thread: Playwright has the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(office.stack.supervise).result()


def is_back(office):
    try:
        return office.clerk.opens_all()
    except httpx.TransportError:
        return False


def in_memory(page):
    """Until the service worker has this page, opened again without a server."""
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    until(lambda: page.evaluate("caches.match(location.pathname + location.search)") is not None, "the page is kept")


def test_entry_without_a_server_is_kept_and_sent_once(office, playwright, tmp_path):
    """Server away, saved, reloaded, a second tab, the browser ended and started: then each is sent once."""
    path = f"{office.url}/so-lieu/{office.own}?tuan=2025-09-10&linh-vuc=justice"
    paper = f"{office.url}/bieu-so-lieu/{office.own}?ngay=2025-09-11"
    with opened(playwright.chromium, office, tmp_path) as page:
        for each in (paper, path):
            page.goto(each)
            in_memory(page)
        stop_portal(office)
        cell(page, "files-received", 8).fill("31")
        page.get_by_role("button", name="Gửi số liệu").click()
        expect(page.locator("h1")).to_have_text("Hộp chờ gửi")
        expect(page.locator("#outbox")).to_contain_text("chờ gửi")
        check(page, "outbox")
        page.goto(path)
        expect(page.get_by_text("bản được lưu trên máy")).to_be_visible()
        expect(cell(page, "files-received", 8)).to_have_value("31")
        expect(page.locator("td[data-cell='files-received.2025-09-08']")).to_contain_text("chờ gửi")
        check(page, "grid-offline")
        second = page.context.new_page()
        second.goto(f"{office.url}/bao-cao/{office.own}")
        expect(second.locator("h1")).to_have_text("Chưa kết nối được với máy chủ")
        check(second, "away")
        second.goto(path)
        cell(second, "files-received", 9).fill("32")
        second.get_by_role("button", name="Gửi số liệu").click()
        expect(second.locator("#outbox > li")).to_have_count(2)
        second.goto(paper)
        second.locator("[id='o.justice.4']").fill("6")
        second.get_by_role("button", name="Gửi số liệu").click()
        expect(second.locator("#outbox > li")).to_have_count(3)
        with second.expect_download() as download:
            second.get_by_role("button", name="Lưu tất cả ra tệp").click()
        kept = json.loads(download.value.path().read_text("utf-8"))
        assert (kept["server"], len({item["id"] for item in kept["items"]})) == (office.url, 3)
    with opened(playwright.chromium, office, tmp_path) as page:  # the browser again, still without a server
        page.goto(f"{office.url}/hop-cho-gui")
        expect(page.locator("#outbox > li")).to_have_count(3)
        start_again(office)
        until(lambda: is_back(office), "the portal is back")
        page.reload()
        page.context.new_page().goto(f"{office.url}/hop-cho-gui")  # two tabs send, each item once
        expect(page.get_by_text("Không có bài nào chờ gửi")).to_be_visible()
        for day in (8, 9):
            until_shown(page, path, f"td[data-cell='files-received.2025-09-{day:02}']", "đã ghi nhận")
        until_shown(page, paper, "td[data-cell='o.justice.4']", "6")
        page.goto(f"{office.url}/so-lieu/{office.own}/ngay/2025-09-08?linh-vuc=justice")
        expect(page.locator("caption")).to_have_text("1 lần ghi")
        check_of_another_account(office, page)


def until_shown(page, path, selector, text):
    """The page is fetched again until it has the text: a read model follows its receipt."""
    until(lambda: page.goto(path) and text in page.locator(selector).inner_text(), f"{path} has “{text}”")


def check_of_another_account(office, page):
    """It waits for its own account, whoever signs in here, and signing out leaves it."""
    item = {"id": "0" * 32, "account": "other", "path": "/", "title": "Số liệu", "fields": [], "state": "waiting"}
    item |= {"made_at": "2025-09-10T00:00Z", "sentence": ""}
    page.evaluate("item => Outbox.keep(item)", item)
    page.context.add_cookies([office.of_chair.cookie])
    page.goto(f"{office.url}/hop-cho-gui")
    expect(page.locator("#outbox")).to_contain_text("Của tài khoản other")
    assert page.get_by_role("button", name="Gửi ngay").count() == 0
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    page.context.add_cookies([office.clerk.cookie])
    page.goto(f"{office.url}/hop-cho-gui")
    expect(page.locator("#outbox")).to_contain_text("Của tài khoản other")


def test_a_report_is_submitted_with_totals_on_paper_and_the_explanation_of_a_sum(office, chromium):
    week, report = f"/so-lieu/{office.own}?tuan=2025-09-03&linh-vuc=agriculture", f"/bao-cao/{office.own}/2025-Q3"
    counts = {"files-received": "10", "files-received-online": "7", "files-received-direct": "4"}
    counts["files-carried-over"] = "0"
    office.clerk.send(week, 303, **{f"{measure}.2025-09-02": count for measure, count in counts.items()})
    until(lambda: "[1] Giải trình" in office.clerk.page(report), "the sum that does not add up is found")
    with opened(chromium, office) as page:
        page.goto(office.url + report)
        row = page.locator("table.paper tbody tr", has_text="Nông nghiệp và môi trường [1]")
        expect(row.locator("td")).to_have_text([re.compile(r"\d+"), "10", "7", "4", "0", *["–"] * 7])
        online = page.get_by_label("Tổng số trên giấy, cột 4")
        online.fill("7")
        page.get_by_label("Tổng số trên giấy, cột 5").fill("4")
        page.get_by_label("Tổng số trên giấy, cột 6").fill("0")
        received = page.get_by_label("Tổng số trên giấy, cột 3")
        received.fill("12")
        below = page.locator("[id='giay.II.06.3-tong']")
        expect(below).to_contain_text("4 + 5 + 6 = 11")
        expect(received).to_have_attribute("aria-invalid", "true")
        check(page, "paper-wrong")
        page.get_by_role("button", name="Nộp báo cáo lên tỉnh").click()
        expect(page.get_by_role("alert")).to_contain_text("Cột 3 ghi 12, nhưng cột 4 + 5 + 6 là 11")
        page.get_by_label("Tổng số trên giấy, cột 3").fill("11")
        page.get_by_role("button", name="Cộng thử").click()
        expect(below).to_contain_text("lệch +1")
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("button", name="Nộp báo cáo lên tỉnh").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#gt.II.06/3=4+5+6/agriculture")
        check(page, "paper-unexplained")
        page.get_by_label("[1] Giải trình").fill("Một hồ sơ chuyển từ huyện cũ")
        page.get_by_role("button", name="Nộp báo cáo lên tỉnh").click()
        expect(page.get_by_role("status").first).to_contain_text("Đã ghi nhận")
        expect(page.get_by_label("[1] Giải trình")).to_have_value("Một hồ sơ chuyển từ huyện cũ")
        expect(page.get_by_label("Tổng số trên giấy, cột 3")).to_have_value("11")
        check(page, "paper-submitted")


def test_a_file_is_evidence_of_a_task_and_handed_out_as_a_download_only(office, chromium, tmp_path):
    listed = office.of_body.client.get(f"/nhiem-vu/{office.own}.json").json()["answer"]["tasks"]
    task = next(each["task_id"] for each in listed if LEAD in each["lead"])
    paper, program = tmp_path / "Biên bản họp.pdf", tmp_path / "bao-cao.pdf"
    paper.write_bytes(b"%PDF-1.7 " + os.urandom(3) * 1_000_000)  # of three parts
    program.write_bytes(b"MZ\x90 a program")
    with opened(chromium, office, account=office.of_body) as page:
        page.goto(f"{office.url}/nhiem-vu/{office.own}/{task}")
        page.get_by_role("button", name="Gửi tệp").click()
        expect(page.get_by_role("alert")).to_contain_text("Hãy chọn một tệp")
        page.get_by_label("Thêm tệp minh chứng").set_input_files(program)
        page.get_by_role("button", name="Gửi tệp").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_contain_text("Tệp phải là PDF, ảnh JPEG")
        check(page, "evidence-refused")
        page.get_by_label("Thêm tệp minh chứng").set_input_files(paper)
        page.get_by_role("button", name="Gửi tệp").click()
        expect(page.get_by_role("status").first).to_contain_text("Đã ghi nhận")
        row = page.get_by_role("row").filter(has_text=sha256(paper.read_bytes()).hexdigest())
        expect(row).to_contain_text(LEAD)
        check(page, "evidence")
        with page.expect_download() as download:
            row.get_by_role("link").click()
        assert download.value.suggested_filename == "Biên bản họp.pdf"
        assert download.value.path().read_bytes() == paper.read_bytes()
        address = row.get_by_role("link").get_attribute("href")
    answer = office.clerk.client.get(address)
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    too_large = {"tep": ("a.pdf", b"%PDF-" + bytes(20 * 1024 * 1024))}
    form = {"lan-gui": "0" * 32}
    refused = office.of_body.client.post(f"/minh-chung/{office.own}/{task}", data=form, files=too_large)
    assert (refused.status_code, "Tệp lớn hơn 20 MB" in refused.text) == (422, True)


def test_progress_of_a_task_without_a_server_is_kept_and_sent(office, chromium):
    listed = office.of_body.client.get(f"/nhiem-vu/{office.own}.json").json()["answer"]["tasks"]
    task = next(each["task_id"] for each in listed if LEAD in each["lead"] and each["is_open"])
    with opened(chromium, office, account=office.of_body) as page:
        page.goto(f"{office.url}/nhiem-vu/{office.own}/{task}")
        in_memory(page)
        stop_portal(office)
        page.locator("summary", has_text="tiến độ").click()
        page.locator("#progress-percent").fill("50")
        page.locator("#progress-note").fill("Đã làm một nửa")
        page.locator("details[open] button").click()
        expect(page.locator("#outbox")).to_contain_text("chờ gửi")
        start_again(office)
        until(lambda: is_back(office), "the portal is back")
        page.reload()
        expect(page.get_by_text("Không có bài nào chờ gửi")).to_be_visible()
        until_shown(page, f"{office.url}/nhiem-vu/{office.own}/{task}", "ol.history", "Đã làm một nửa")


def test_entry_that_the_server_refuses_later_stays_with_its_reason(office, chromium):
    """Two forms of one state: the second is refused when it is sent, and not lost."""
    path = f"{office.url}/so-lieu/{office.own}?tuan=2025-09-10&linh-vuc=business"
    with opened(chromium, office) as page:
        page.goto(path)
        in_memory(page)
        stop_portal(office)
        cell(page, "files-received", 8).fill("3")
        page.get_by_role("button", name="Gửi số liệu").click()
        expect(page.locator("#outbox > li")).to_have_count(1)
        page.evaluate(
            "async () => { const [item] = await Outbox.all(); item.id = 'f'.repeat(32);"
            "item.fields = item.fields.map(([n, v]) => [n, n === 'lan-gui' ? item.id : v === '3' ? '4' : v]);"
            "await Outbox.keep(item); }"
        )
        start_again(office)
        until(lambda: is_back(office), "the portal is back")
        page.reload()
        expect(page.locator("#outbox > li")).to_have_count(1)
        expect(page.locator("#outbox")).to_contain_text("bị từ chối")
        check(page, "outbox-refused")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Xóa khỏi máy").click()
        expect(page.get_by_text("Không có bài nào chờ gửi")).to_be_visible()
