"""A clerk's entry in a real browser: a table from Excel, its columns and rows mended, one receipt."""

import os
import shutil
from datetime import date
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from deploy.stack import Stack
from shared.grants import Scope
from tests.journeys.province import Province, until
from tests.journeys.visitors import cookie, signed_in

CHROMIUM = shutil.which("chromium")
TODAY = date(2025, 9, 16)
PICTURES = os.environ.get("MINHBACH_TEST_PICTURES")
TABLE = """Ngày\tLĩnh vực\tHồ sơ tiếp nhận\tSố của xã
10/9/2025\tĐất đai\t12\t3
11/9/2025\tĐất đai\tmười\t4
12/9/2025\tChợ búa\t5\t6
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium here; on Debian: apt-get install chromium",
    ),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory, start_servers):
    """A commune's clerk in a province at the end of a quarter."""
    folder = tmp_path_factory.mktemp("entry")

    def make_stack(**options):
        return Stack(folder / "stack", start_servers=start_servers, **options)

    with Province.of(make_stack, folder, communes=2, today=TODAY) as province:
        own = province.communes[0]
        tokens = signed_in(province, {"clerk": ("clerk", Scope(own))})
        url = province.stack.public_url
        yield SimpleNamespace(url=url, own=own, cookie=cookie(url, tokens["clerk"]), province=province)


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request, chromium, office):
    context = chromium.new_context(
        locale="vi-VN", java_script_enabled=request.param, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(60_000)
    context.add_cookies([office.cookie])
    page = context.new_page()
    expect.set_options(timeout=60_000)
    until(lambda: page.goto(f"{office.url}/so-lieu/{office.own}").status == 200, "the clerk's grant is known")
    yield page
    context.close()


def check(page, name):
    """What axe finds, nothing wider than a narrow or a wide screen, and a picture of both for whoever wants to look."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]] == []


def test_a_table_from_excel_is_understood_mended_and_sent_once(office, page, request):
    """Last of the two runs sends nothing new: the same readings are recorded already."""
    again = "no-scripts" in request.node.name
    page.get_by_role("link", name="Nộp tệp, dán từ Excel").click()
    check(page, "upload")
    page.get_by_label("Hoặc dán bảng").fill("")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy chọn một tệp")
    check(page, "upload-wrong")
    page.get_by_label("Hoặc dán bảng").fill(TABLE)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("status")).to_contain_text("hãy chọn số đo của cột này")
    check(page, "preview-unknown-column")
    page.get_by_label("Số của xã").select_option(label="(bỏ qua cột này)")
    page.get_by_role("button", name="Đọc lại").click()
    expect(page.get_by_text("hàng phải sửa, chưa gửi")).to_contain_text("2")
    check(page, "preview-rows")
    page.get_by_label("Số hồ sơ TTHC tiếp nhận, hàng 3").fill("10")
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_role("alert")).to_contain_text("Vừa có sửa đổi")
    page.get_by_label("“Chợ búa” là").select_option(index=2)
    page.get_by_role("button", name="Đọc lại").click()
    expect(page.get_by_role("button", name="Gửi 3 số liệu")).to_be_visible()
    check(page, "preview-ready")
    page.get_by_role("button", name="Gửi 3 số liệu").click()
    expect(page.locator("h1")).to_contain_text("Biên nhận")
    expect(page.get_by_role("status")).to_contain_text(
        "3 số liệu đã có từ trước" if again else "Tỉnh đã ghi nhận 3 số liệu"
    )
    check(page, "receipt")
