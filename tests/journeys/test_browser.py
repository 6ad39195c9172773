"""The portal in a real browser, from an invitation to the first page: a passkey, and all of it without scripts."""

import time

import pyotp
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.embedded.stack import Stack
from deploy.up.newcomers import newcomer_links
from services.portal.application import Portal
from shared.grants import Actor
from shared.process import open_pool
from tests.chromium import IN_BROWSER, START
from tests.journeys.accessible import violations
from tests.journeys.browsing import PATIENT
from tests.journeys.keyboard import press, tab_to
from tests.journeys.province import until

PASSWORD = "con trâu gặm cỏ ven đê 77"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip

# In the memory for use without a line, as by somebody whose session has ended since.
KEEP_A_PAGE = """async () => {
    const { serviceWorker } = navigator;
    while (!serviceWorker.controller)
        await new Promise((done) => serviceWorker.addEventListener("controllerchange", done, { once: true }));
    await (await caches.open("minhbach-pages-1")).put("/nhiem-vu/1", new Response("của người trước"));
}"""
KEPT_PAGES = "async () => Boolean(await caches.match('/nhiem-vu/1'))"

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def stack(tmp_path_factory, start_servers):
    folder = tmp_path_factory.mktemp("browser")
    with Stack(folder, services=("planning", "portal"), start_servers=start_servers) as running:
        yield running


@pytest.fixture(scope="module")
def links(stack):
    return {link.account: link.link for link in newcomer_links(stack)}


@pytest.fixture(scope="module")
def chromium(stack):
    """After the servers, which are not started beside the loop that Playwright runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**START)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(locale="vi-VN", viewport={"width": 360, "height": 800}, **PATIENT)
    context.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    yield context.new_page()
    context.close()


def check(page):
    """What axe finds, and nothing wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def heading(page, text):
    expect(page.locator("h1")).to_have_text(text)
    check(page)


def test_a_passkey_is_made_from_an_invitation_and_signs_in(stack, links, page):
    faults = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    authenticator = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    page.goto(links["thu-chair"])
    heading(page, "Chào Người dùng thử (chủ tịch)")
    press(page, "Tạo khóa")
    heading(page, "Việc của tôi")
    expect(page.locator("main")).to_contain_text("Không có nhiệm vụ nào quá hạn")
    page.get_by_role("button", name="Đăng xuất").click()
    heading(page, "Đăng nhập")

    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Đăng nhập bằng khóa").click()
    expect(page.get_by_text("Không dùng được khóa trên máy này")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    page.evaluate(KEEP_A_PAGE)
    press(page, "Đăng nhập bằng khóa")
    heading(page, "Việc của tôi")
    until(lambda: not page.evaluate(KEPT_PAGES), "pages of whoever was here before are forgotten")
    page.goto(f"{stack.public_url}/tai-khoan")
    heading(page, "Tài khoản")
    expect(page.get_by_text("Khóa đăng nhập 1", exact=True)).to_be_visible()
    page.goto(f"{stack.public_url}/no-such-page")
    heading(page, "Không có trang này")
    assert faults == []


def test_without_scripts_a_password_and_a_code_do_the_same(chromium, stack, links):
    context = chromium.new_context(locale="vi-VN", java_script_enabled=False, **PATIENT)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(links["thu-clerk"])
    assert page.get_by_role("button", name="Tạo khóa").count() == 0
    totp = pyotp.TOTP(page.locator("code").inner_text().replace(" ", ""))
    page.get_by_label("Mật khẩu mới").fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu").fill(PASSWORD)
    used = time.time()
    page.get_by_label("Mã 6 chữ số").fill(totp.at(used))
    page.get_by_role("button", name="Đặt mật khẩu và đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Việc của tôi")
    press(page, "Đăng xuất")
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    next_one = totp.at(used + 30)  # which is right already
    for label, typed in (("Tài khoản", "thu-clerk"), ("Mật khẩu", PASSWORD), ("Mã 6 chữ số", next_one)):
        tab_to(page, label)
        page.keyboard.type(typed)
    press(page, "Đăng nhập")
    expect(page.locator("h1")).to_have_text("Việc của tôi")
    check_withdrawn(stack, page)
    check_away(stack, page)
    context.close()


def check_withdrawn(stack, page):
    """A grant that is withdrawn elsewhere, by the terminal, is gone with the next page."""
    settings = stack.settings("portal")
    with open_pool(settings, "portal", size=1) as pool:
        portal = Portal(settings, pool)
        portal.withdraw("thu-clerk.1", "thử", Actor("Vận hành"))
        page.reload()
        expect(page.locator("main")).to_contain_text("không có quyền nào")
        portal.give("thu-clerk", "clerk", portal.account("thu-chair").grants["thu-chair.1"].scope, Actor("Vận hành"))
        portal.close()


def check_away(stack, page):
    """Planning is away: the page says so, and is there."""
    [planning] = [each for each in stack.running if each.service == "planning"]
    planning.process.terminate()
    planning.process.wait()
    page.reload()
    expect(page.locator("h1")).to_have_text("Việc của tôi")
    expect(page.locator("main")).to_contain_text("Phần này chưa trả lời được")
