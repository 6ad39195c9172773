"""Each role's work in the portal's pages, over HTTP on running services: entry, tasks, reports, editions, the past."""

import asyncio
import contextlib
import html
import re
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import httpx
import nats
import psycopg
import pytest
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from deploy.stack import Stack
from services.portal.application import Portal
from shared.commune_client.sender import NotConfirmed, Sender
from shared.contracts.indicators import RecordReadings
from shared.grants import Scope
from shared.messaging.connection import connect
from shared.messaging.question_client import NOBODY, SILENT
from shared.messaging.streams import DESK_DOOR, SERVICES
from shared.settings import NatsServers
from shared.web.site import RECORDED
from tests.journeys.browsing import browsers, fields_of, text_of
from tests.journeys.programs import Programs
from tests.journeys.province import CODE, Province, until

TODAY, PERIOD = date(2025, 9, 16), "2025-Q3"
LEAD = "Phòng Kinh tế"


@pytest.fixture(scope="module")
def portal(tmp_path_factory, start_servers):
    """A province of three communes at the end of a quarter, and a browser for an account of each role."""
    folder = tmp_path_factory.mktemp("pages")

    def make_stack(**options):
        env = {**options.pop("env"), "MINHBACH_PUBLIC_ACCOUNT": "auditor"}
        return Stack(folder / "stack", start_servers=start_servers, env=env, **options)

    with Province.of(make_stack, folder, communes=3, today=TODAY) as province:
        own, other, quiet = province.communes
        scopes = {
            "quiet-clerk": Scope(quiet), "quiet-office": Scope(quiet, LEAD), "quiet-chair": Scope(quiet),
            "clerk": Scope(own), "office": Scope(own, LEAD), "chair": Scope(own), "neighbour": Scope(other),
            "provincial-officer": Scope(province=CODE), "auditor": Scope(province=CODE),
            "operator": Scope(province=CODE), "foreign-operator": Scope(province="48"),
        }  # fmt: skip
        accounts = {
            name: ("clerk" if name == "neighbour" else name.removeprefix("quiet-").removeprefix("foreign-"), scope)
            for name, scope in scopes.items()
        }
        found = {name.replace("-", "_"): browser for name, browser in browsers(province, accounts).items()}
        yield SimpleNamespace(own=own, other=other, quiet=quiet, province=province, **found)


def test_the_navigation_has_the_pages_of_each_role(portal):
    assert portal.clerk.links() == ["/", "/nhiem-vu", "/ke-hoach", "/so-lieu", "/bao-cao"]
    assert portal.office.links() == ["/", "/nhiem-vu"]
    assert portal.provincial_officer.links() == [
        "/", "/nhiem-vu", "/ke-hoach", "/so-lieu", "/bao-cao", "/an-ban", "/kiem-toan",
    ]  # fmt: skip


def test_a_week_is_filled_in_sent_once_and_shown(portal):
    path = f"/so-lieu/{portal.own}?tuan=2025-09-10&linh-vuc=land"
    cells = {"files-received.2025-09-10": "1.250", "files-received-online.2025-09-10": "0"}
    page = portal.clerk.page(path)
    assert "Đã ghi nhận" in portal.clerk.send(path, 303, page, **cells)
    assert ">1.250</a>" in portal.clerk.send(path, 303, page, **cells), "the same click again"
    shown = portal.clerk.page(path)
    assert ">1.250</a>" in shown
    assert ">0</a>" in shown, "zero is not missing"
    for address in (path.replace("?", ".json?"), f"/so-lieu/{portal.own}/ngay/2025-09-10.json"):
        listed = portal.clerk.client.get(address).json()["answer"]["readings"]
        assert {"files-received": 1250, "files-received-online": 0} in [each["values"] for each in listed]


def test_two_forms_of_one_state_count_once(portal):
    path = f"/so-lieu/{portal.own}?tuan=2025-09-10&linh-vuc=civil-status"
    first, second = portal.clerk.page(path), portal.clerk.page(path)
    seen = {"so.2025-09-11": "0"}
    portal.clerk.send(path, 303, first, **seen, **{"files-received.2025-09-11": "7"})
    refused = portal.clerk.send(path, 422, second, **seen, **{"files-received.2025-09-11": "9"})
    assert "Có lỗi cần sửa" in refused
    assert ">7</a>" in portal.clerk.page(path)


def test_the_readings_of_a_day_are_entered_in_the_layout_of_the_form(portal):
    clerk, path = portal.neighbour, f"/bieu-so-lieu/{portal.other}?ngay=2025-08-12"
    broken = {"o.land.7": "5", "o.land.8": "2", "o.land.9": "2", "o.land.10": "0", "o.justice.3": "4"}
    wrong = clerk.send(path, 422, **broken)
    assert 'href="#o.land.7"' in wrong
    assert "cột 8 + 9 + 10 là 4" in wrong
    assert "cột 3 gồm cả cột 6: hãy ghi cả cột 6" in wrong
    page = clerk.page(path)
    cells = {"o.land.3": "6", "o.land.4": "3", "o.land.5": "2", "o.land.6": "1", "o.civil-status.4": "7"}
    for _ in range(2):  # a double click
        shown = clerk.send(path, 303, page, **cells)
    assert ">6</a>" in shown, "as on paper, with what was carried over"
    listed = clerk.client.get(f"/so-lieu/{portal.other}/ngay/2025-08-12.json").json()["answer"]["readings"]
    assert sorted((each["field"], each["values"]) for each in listed) == [
        ("civil-status", {"files-received-online": 7}),
        (
            "land",
            {"files-received": 5, "files-received-online": 3, "files-received-direct": 2, "files-carried-over": 1},
        ),
    ]
    assert "Ngày này chưa đến" in clerk.page(f"/bieu-so-lieu/{portal.other}?ngay=2025-09-20")


def test_days_on_which_something_changed_stand_beside_the_day_of_knowledge(portal):
    own, week = portal.own, "tuan=2025-08-26&linh-vuc=land"
    portal.clerk.send(f"/so-lieu/{own}?{week}", 303, **{"files-received.2025-08-26": "10"})
    reading = f"/so-lieu/{own}/ma/web-land-20250826-0"
    [task, *_] = portal.clerk.client.get(f"/nhiem-vu/{own}.json").json()["answer"]["tasks"]
    assert task
    for path in (f"/so-lieu/{own}?{week}", f"/so-lieu/{own}/ngay/2025-08-26", reading, f"/nhiem-vu/{own}"):
        shown = portal.clerk.page(path)
        assert 'aria-label="Các ngày có thay đổi"' in shown, path
        assert f"biet-den={TODAY.isoformat()}" in shown or "/nhiem-vu/" in path, path


def test_a_report_is_shown_beside_itself_on_another_map_and_with_the_formulas_of_now(portal):
    path = f"/bao-cao/tinh/{CODE}/{PERIOD}"
    assert "Như báo cáo của kỳ" not in portal.provincial_officer.page(path)
    shown = portal.provincial_officer.page(f"{path}?ban-do=2025-07-02&dinh-nghia=nay")
    assert "công thức hiện nay, theo các đơn vị hành chính của ngày 2/7/2025" in text_of(shown)
    assert shown.count('role="group"') + shown.count('role="img"') >= 2, "two maps"
    assert "<h3>2/7/2025</h3>" in shown
    assert "<h3>Như báo cáo của kỳ</h3>" in shown


def test_a_cell_that_is_no_count_comes_back_with_its_sentence_and_nothing_is_sent(portal):
    path = f"/so-lieu/{portal.own}?tuan=2025-09-10&linh-vuc=justice"
    cells = {"files-received.2025-09-10": "mười", "files-received.2025-09-11": "5"}
    page = portal.clerk.send(path, 422, **cells)
    assert 'href="#files-received.2025-09-10"' in page
    assert 'value="mười"' in page
    assert 'value="5"' in page
    assert ">5</a>" not in portal.clerk.page(path)


def test_a_reading_is_corrected_and_withdrawn_with_a_reason(portal):
    week = f"/so-lieu/{portal.own}?tuan=2025-09-03&linh-vuc=land"
    portal.clerk.send(week, 303, **{"files-received.2025-09-03": "10"})
    path = f"/so-lieu/{portal.own}/ma/web-land-20250903-0"
    without = portal.clerk.send(path, 422, step="correct", **{"files-received": "12"})
    assert "Hãy ghi lý do." in without
    corrected = portal.clerk.send(path, 303, step="correct", **{"files-received": "12", "correct-reason": "đếm thiếu"})
    assert "<del>10</del>" in corrected
    assert "đếm thiếu" in corrected
    assert text_of(corrected).count("Người clerk (tài khoản clerk)") == 2, "who entered it and who corrected it"
    portal.clerk.send(path, 303, step="withdraw", **{"withdraw-reason": "ghi nhầm ngày"})
    assert ">12</a>" not in portal.clerk.page(week)


def test_an_office_reports_and_the_chair_accepts(portal):
    task = next(
        task for task in portal.clerk.client.get(f"/nhiem-vu/{portal.own}.json").json()["answer"]["tasks"]
        if LEAD in task["lead"] and task["is_open"]
    )  # fmt: skip
    path = f"/nhiem-vu/{portal.own}/{task['task_id']}"
    assert "Xác nhận đã nhận việc" not in portal.clerk.page(path), "a clerk reports no step of a body"
    assert "đã nhận" in text_of(portal.office.send(path, 303, step="acknowledge"))
    half = portal.office.send(path, 303, step="progress", percent="50", note="đã làm một nửa", evidence="")
    assert "50 %" in text_of(half)
    assert "phải có minh chứng" in portal.office.send(path, 422, step="complete", evidence="")
    portal.office.send(path, 303, step="complete", evidence="Báo cáo 12/BC-PKT")
    assert "Báo cáo 12/BC-PKT" in portal.chair.page(path)
    assert "đã chấp nhận" in text_of(portal.chair.send(path, 303, step="accept", note=""))


def test_a_report_goes_up_comes_back_and_is_approved_and_published(portal):
    own, review = f"/bao-cao/{portal.own}/{PERIOD}", f"/bao-cao/tinh/{CODE}?ky={PERIOD}"
    assert "đã nộp" in text_of(portal.clerk.send(own, 303, step="submit", assessment="Đạt yêu cầu."))
    assert "Lý do trả lại" in portal.provincial_officer.page(own)
    assert "Hãy ghi lý do" in portal.provincial_officer.send(own, 422, step="return", reason=" ")
    item = re.findall(r'name="(o\.[^"]+)"', portal.provincial_officer.page(own))[0]
    remark = {item: "đếm lại số hồ sơ trực tuyến"}
    portal.provincial_officer.send(own, 303, step="return", reason="thiếu số liệu đất đai", **remark)
    returned = portal.clerk.page(own)
    assert "thiếu số liệu đất đai" in returned
    assert "1 số liệu có ghi chú cần sửa" in text_of(returned)
    assert "đếm lại số hồ sơ trực tuyến" in returned
    assert "Việc này không làm được ở đây" in portal.clerk.send(own, 422, step="")
    portal.clerk.send(own, 303, step="submit")
    board = portal.provincial_officer.page(f"{review}&loc=cho-duyet")
    [chosen] = re.findall(r'name="bao-cao" value="([^"]+)"', board)
    assert "Đạt yêu cầu." in portal.provincial_officer.page(own), "the reviewer reads the sections of the submission"
    done = portal.provincial_officer.send(review, 303, board, step="approve", **{"bao-cao": chosen})
    assert "1 đơn vị đã duyệt" in text_of(done)
    assert "đã duyệt" in text_of(portal.clerk.page(own))
    editions = f"/an-ban/{CODE}/{PERIOD}"
    assert "chưa được duyệt" in portal.provincial_officer.send(f"{editions}/cong-bo", 422, step="publish")
    portal.provincial_officer.send(f"{editions}/cong-bo", 303, step="publish", incomplete="on")
    assert "Nội dung gốc" in portal.auditor.page(f"{editions}/1")
    assert f'{editions}/1"' in portal.auditor.page("/"), "an auditor's home lists it"


def test_sections_of_the_report_are_previewed_written_and_never_overwritten_unseen(portal):
    path = f"/bao-cao/tinh/{CODE}/{PERIOD}/noi-dung"
    first = portal.provincial_officer.page(path)
    second = portal.provincial_officer.page(path)
    seen = {"so": re.search(r'name="so" value="(\d+)"', first)[1]}
    typed = {"assessment": "Dòng một\r\nDòng hai", **seen}
    preview = portal.provincial_officer.send(path, 200, first, step="preview", **typed)
    assert "Chưa ghi" in preview
    assert "<p>Dòng hai</p>" in preview
    assert "Chưa có phần nào được viết" in portal.auditor.page(path)
    assert "Dòng hai" in portal.provincial_officer.send(path, 303, first, step="write", **typed)
    refused = portal.provincial_officer.send(path, 422, second, step="write", assessment="Khác hẳn", **seen)
    assert "Người khác vừa sửa" in refused
    assert ">Khác hẳn</textarea>" in refused, "nothing that was typed is lost"
    assert "Chưa có phần nào được sửa" in portal.provincial_officer.send(
        path, 422, step="write", so="1", assessment="Dòng một\nDòng hai"
    )
    assert "(tài khoản provincial-officer)" in portal.auditor.page(path)
    for position, follows in ((1, False), (10**15, True)):  # where a form leads once it is recorded
        page = portal.provincial_officer.page(f"{path}?{RECORDED}={position}")
        assert ("Đã ghi nhận" in page, "đang được cập nhật" in page) == (True, follows)
    assert "Dòng một" in portal.auditor.page(f"/bao-cao/tinh/{CODE}/{PERIOD}")


def test_the_report_of_the_province_is_shown_with_charts_on_any_day_and_printed(portal):
    path = f"/bao-cao/tinh/{CODE}/{PERIOD}"
    page = portal.auditor.page(path)
    assert "<svg" in page
    assert "style=" not in page, "the policy of contents drops it"
    assert f"/so-lieu/tinh/{CODE}/chi-so/" in page
    assert 'aria-label="Các ngày có thay đổi"' in page
    assert f'href="#don-vi-{portal.own}"' in page
    assert f'id="don-vi-{portal.own}"' in page
    assert "biet-den=2025-09-10" in portal.auditor.page(f"{path}?biet-den=2025-09-10")
    assert "<polyline" in portal.auditor.page(f"{path}/dien-bien") or "–" in portal.auditor.page(f"{path}/dien-bien")
    for page, part in (("dien-bien", "periods"), ("noi-dung", "written")):
        assert part in portal.auditor.client.get(f"{path}/{page}.json").json()["answer"]
    draft = portal.auditor.client.get(f"{path}/du-thao.html")
    assert draft.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "content-disposition" not in draft.headers
    word = portal.auditor.client.get(f"{path}/du-thao.docx")
    assert word.headers["content-disposition"] == f'attachment; filename="bao-cao-{CODE}-{PERIOD}-du-thao.docx"'
    assert word.content.startswith(b"PK")
    assert portal.auditor.client.get(f"{path}/du-thao.exe").status_code == 404
    for page in (path, f"{path}/noi-dung", f"{path}/dien-bien", f"{path}/du-thao.html"):
        portal.clerk.page(page, 403)


def test_an_edition_has_figures_and_files_and_is_restated_after_a_preview_of_its_changes(portal):
    base, officer = f"/an-ban/{CODE}/{PERIOD}", portal.provincial_officer
    if "Công bố lần 1<" in officer.page(f"{base}/cong-bo"):  # where this test runs alone
        officer.send(f"{base}/cong-bo", 303, step="publish", incomplete="on")
    write = f"/bao-cao/tinh/{CODE}/{PERIOD}/noi-dung"
    seen = re.search(r'name="so" value="(\d+)"', officer.page(write))[1]
    officer.send(write, 303, step="write", so=seen, proposals="Bổ sung máy quét.")
    moves = officer.page(f"{base}/cong-bo")
    assert "sẽ khác ở đâu" in moves
    assert "phần viết đã đổi" in moves
    before = officer.client.get(f"{base}/cong-bo.json").json()
    assert (before["moves"]["rewritten"], before["unapproved"]) == (True, [])
    number = int(re.search(r"Công bố lại, lần (\d+)<", moves)[1])
    assert "Hãy ghi lý do" in officer.send(f"{base}/cong-bo", 422, step="restate", reason=" ")
    officer.send(f"{base}/cong-bo", 303, step="restate", reason="thêm kiến nghị")
    assert "nên không có gì để công bố lại" in officer.page(f"{base}/cong-bo")
    edition = portal.clerk.page(f"{base}/{number}")
    assert "thêm kiến nghị" in edition
    assert "(tài khoản provincial-officer)" in edition
    assert "Bổ sung máy quét." in edition
    assert f"/so-lieu/tinh/{CODE}/chi-so/" in edition
    assert f"lần công bố {number}" in text_of(portal.clerk.page(f"{base}/1")), "a newer one is named"
    for name in ("html", "docx", "pdf", "xlsx", "json"):
        file = portal.clerk.client.get(f"{base}/{number}/tep.{name}")
        assert (file.status_code, file.headers["x-content-type-options"]) == (200, "nosniff"), name
        assert ("content-disposition" in file.headers) == (name != "html")
    assert not re.search(r"Công bố (lại, )?lần \d+<", portal.auditor.page(f"{base}/cong-bo"))
    portal.clerk.page(f"{base}/cong-bo", 403)


def test_who_is_silent_is_reminded_once_a_day_and_one_refusal_keeps_no_other_back(portal):
    review = f"/bao-cao/tinh/{CODE}?ky={PERIOD}"
    board = portal.provincial_officer.page(f"{review}&loc=chua-nop&chon=tat-ca")
    owing = re.findall(r'name="bao-cao" value="([^"]+)"[^>]* checked', board)
    assert f"{portal.other} 0" in owing
    assert "Hãy chọn ít nhất một đơn vị" in portal.provincial_officer.send(review, 422, board, step="remind")
    fields = {"step": "remind", "note": "gửi trước 16 giờ", "bao-cao": owing}
    done = portal.provincial_officer.send(review, 303, board, **fields)
    assert f"{len(owing)} đơn vị đã nhắc nộp" in text_of(done)
    portal.provincial_officer.send(review, 303, **fields)
    refused = portal.provincial_officer.send(review, 422, step="approve", **{"bao-cao": owing})
    assert refused.count("Đơn vị chưa nộp báo cáo này.") == len(owing)
    notes = "SELECT count(*) FROM reporting_events WHERE topic = 'reporting.commune-report-reminded'"
    assert portal.province.ask("reporting", notes) == [(len(owing),)]
    assert 'name="step"' not in portal.auditor.page(review), "an auditor only reads"


def test_a_neighbour_sees_and_changes_nothing(portal):
    for path in (f"/so-lieu/{portal.own}", f"/nhiem-vu/{portal.own}", f"/bao-cao/{portal.own}/{PERIOD}"):
        portal.neighbour.page(path, 403)
    page = portal.neighbour.page(f"/so-lieu/{portal.other}?tuan=2025-09-10&linh-vuc=land")
    form = {"lan-gui": re.search(r'name="lan-gui" value="(\w+)"', page)[1], "files-received.2025-09-12": "1"}
    assert portal.neighbour.client.post(f"/so-lieu/{portal.own}?linh-vuc=land", data=form).status_code == 403


def test_a_page_of_a_day_knows_nothing_of_later(portal):
    tasks = portal.auditor.page(f"/nhiem-vu/{portal.own}?biet-den=16/6/2025")
    assert "Trang này cho thấy những gì đã được biết đến hết ngày" in tasks
    assert "đã chấp nhận" not in text_of(tasks).partition("tính đến")[2]
    assert "không phải là một ngày" in portal.auditor.page(f"/nhiem-vu/{portal.own}?biet-den=hôm qua", 400)
    assert "không phải là một ngày" in portal.auditor.page(f"/so-lieu/{portal.own}?tuan=31/2/2025", 400)


def test_a_report_of_another_regime_is_another_report(portal):
    path = f"/bao-cao/{portal.own}/{PERIOD}"
    assert "15/6/2025 đến" in portal.auditor.page(path)
    assert ">1/7/2025 đến" in portal.auditor.page(f"{path}?che-do=service-quality"), "it counts calendar quarters"


def test_my_work_shows_each_role_the_things_that_wait_for_it(portal):
    clerk = text_of(portal.quiet_clerk.page("/"))
    assert "Ngày làm việc chưa có số liệu" in clerk
    assert "Tuần từ 8/9/2025: 5 ngày 8/9/2025, 9/9/2025" in clerk
    assert "Cải cách hành chính, quý III năm 2025 hạn hôm nay" in clerk
    assert "Nhiệm vụ quá hạn" in text_of(portal.quiet_office.page("/"))
    assert "Chờ chấp nhận" not in text_of(portal.quiet_chair.page("/")), "nothing was completed"
    officer = text_of(portal.provincial_officer.page("/"))
    assert "Tỉnh Quảng Ngãi" in officer
    assert "Đơn vị chưa có số liệu nào của quý III năm 2025" in officer
    [place] = portal.quiet_clerk.client.get("/viec-cua-toi.json").json()["places"]
    assert "Ngày làm việc chưa có số liệu" in [section["title"] for section in place["todo"]]


def test_where_one_chooses_a_place_the_places_are_there_as_json(portal):
    def places(browser, path):
        """Again while a service is late with its answer: the machine is slow."""

        def in_time():
            answer = browser.client.get(path)
            if answer.status_code == 303:
                answer = browser.client.get(answer.headers["location"])
            return None if answer.status_code == 503 else answer

        answer = until(in_time, f"an answer of {path}")
        assert answer.status_code == 200, text_of(answer.text)
        return answer.json()

    chosen = places(portal.provincial_officer, "/nhiem-vu.json")["communes"]
    assert {portal.own, portal.other, portal.quiet} <= {row["commune"] for row in chosen}
    assert places(portal.auditor, "/an-ban.json")["answer"]["editions"] is not None, "the only province"
    assert places(portal.clerk, "/so-lieu.json")["answer"]["readings"] is not None, "the only commune"
    assert places(portal.auditor, "/bao-cao.json")["answer"]["reports"]


def test_a_refused_reading_comes_back_with_its_reason_until_it_is_mended(portal):
    week = f"/so-lieu/{portal.other}?tuan=2025-09-10&linh-vuc=land"
    portal.neighbour.send(week, 422, **{"files-received.2025-09-10": "5", "files-received-online.2025-09-10": "9"})
    refused = portal.neighbour.page("/")
    assert "Số liệu bị từ chối" in refused
    portal.neighbour.send(week, 303, **{"files-received.2025-09-10": "9", "files-received-online.2025-09-10": "9"})
    assert "Không có số liệu nào bị từ chối" in portal.neighbour.page("/")


def carried(page):
    """The hidden fields of a preview, as a browser sends them back."""
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }


def test_a_pasted_table_is_sent_once_without_the_readings_that_count_already(portal):
    path = f"/tep-so-lieu/{portal.own}"
    table = "Ngày\tLĩnh vực\tfiles-received\n4/9/2025\tĐất đai\t21\n5/9/2025\tĐất đai\t22\n"

    def sent(page):
        chosen = {"cot.1": "observed_on", "cot.2": "field", "cot.3": "files-received", "step": "send"}
        answer = portal.clerk.client.post(path, data=carried(page) | chosen)
        assert answer.status_code == 200, text_of(answer.text)
        return answer.text

    def read():
        return portal.clerk.client.post(path, data={"dan": table, "step": "read"}).text

    portal.clerk.send(f"/so-lieu/{portal.own}?tuan=2025-09-05&linh-vuc=land", 303, **{"files-received.2025-09-05": "9"})
    preview = read()
    assert "Gửi 1 số liệu" in text_of(preview)
    assert "hàng 3 (5/9/2025, Đất đai)" in text_of(preview), "it is in the grid already"
    receipts = [sent(preview), sent(preview)]
    assert "Tỉnh đã ghi nhận 1 số liệu" in text_of(receipts[0])
    assert receipts[0].partition("<dl")[2] == receipts[1].partition("<dl")[2], "the same click, the same receipt"
    week = portal.clerk.page(f"/so-lieu/{portal.own}?tuan=2025-09-05&linh-vuc=land")
    assert (">21</a>" in week, ">9</a>" in week) == (True, True)
    again = read()
    assert "1 đã ghi nhận rồi" in text_of(again)
    form = {**carried(again), "cot.1": "observed_on", "cot.2": "field", "cot.3": "files-late", "step": "send"}
    assert portal.clerk.client.post(path, data=form).status_code == 422, "nothing is sent that was not shown"


def test_a_file_is_refused_with_a_sentence(portal):
    path = f"/tep-so-lieu/{portal.own}"
    files = {"tep": ("so-lieu.xls", b"\xd0\xcf", "application/vnd.ms-excel")}
    answer = portal.clerk.client.post(path, files=files, data={"step": "read"})
    assert answer.status_code == 422
    assert "lưu lại dạng .xlsx" in answer.text
    large = portal.clerk.client.post(
        path, files={"tep": ("a.csv", b"1" * 2_100_000, "text/csv")}, data={"step": "read"}
    )
    assert (large.status_code, "lớn hơn 2 MB" in large.text) == (422, True)
    assert portal.neighbour.client.post(path, data={"dan": "Ngày\tx\n", "step": "read"}).status_code == 403


def test_one_step_for_many_tasks_shows_the_result_of_each(portal):
    tasks = portal.office.client.get(f"/nhiem-vu/{portal.own}.json").json()["answer"]["tasks"]
    first, second = sorted(tasks, key=lambda task: task["is_open"])[:2]
    done, left = first["task_id"], second["task_id"]
    if first["is_open"]:
        portal.office.send(f"/nhiem-vu/{portal.own}/{done}", 303, step="complete", evidence="Báo cáo 12/BC-PKT")
    path = f"/nhiem-vu/{portal.own}"
    page = portal.office.page(path)
    form = {"step": "progress", "percent": "40", "note": "đang làm", "nhiem-vu": [done, left]}
    assert "1 nhiệm vụ đã ghi nhận, 1 không làm được" in text_of(portal.office.send(path, 422, page, **form))
    again = text_of(portal.office.send(path, 422, page, **form))
    assert "phải mở lại trước" in again, "the same click has the same result"
    assert text_of(portal.office.page(f"{path}/{left}")).count("Báo cáo tiến độ 40 %") == 1
    assert "đánh dấu ít nhất một nhiệm vụ" in portal.office.send(path, 422, step="acknowledge")
    past = {"step": "request-extension", "due_on": "15/9/2025", "note": "thiếu người", "obligation": ""}
    assert "Ngày gia hạn đã qua" in portal.office.send(f"{path}/{left}", 422, **past)
    portal.office.send(f"{path}/{left}", 303, **{**past, "due_on": "30/9/2025"})
    assert "xin gia hạn đến 30/9/2025" in text_of(portal.chair.page(f"{path}?can=cho-gia-han"))
    asking, chosen = f"{path}?can=cho-gia-han", {"nhiem-vu": left}
    assert "Hãy ghi lý do" in portal.chair.send(asking, 422, step="decline-extension", note="", **chosen)
    page = portal.chair.page(asking)
    portal.chair.send(asking, 303, page, step="extend", due_on="", note="", **chosen)
    portal.chair.send(asking, 303, page, step="extend", due_on="", note="", **chosen)
    assert "gia hạn đến 30/9/2025" in text_of(portal.office.page(f"{path}/{left}"))
    portal.office.send(path, 303, step="complete", evidence="Báo cáo 13/BC-PKT", **chosen)
    waiting = f"{path}?can=cho-duyet"
    assert "Hãy ghi lý do" in portal.chair.send(waiting, 422, step="return", note=" ", **{"nhiem-vu": left})
    accepted = portal.chair.send(waiting, 303, step="accept", note="", **{"nhiem-vu": left})
    assert "Đã ghi nhận cho mọi nhiệm vụ đã chọn" in accepted
    assert "đã chấp nhận" in text_of(portal.chair.page(f"{path}/{left}"))


DOCUMENT = """
ỦY BAN NHÂN DÂN
PHƯỜNG CẨM THÀNH
Số: 05/KH-UBND
Cẩm Thành, ngày 10 tháng 9 năm 2025

KẾ HOẠCH
Kiểm soát thủ tục hành chính năm 2025

| STT | Nội dung | Cơ quan chủ trì | Thời gian thực hiện |
|---|---|---|---|
| 1 | Rà soát thủ tục hành chính về đất đai | Phòng Kinh tế | Quý IV năm 2025 |
| 2 | Tập huấn cho công chức một cửa | Văn phòng HĐND và UBND | Trước ngày 31/9/2025 |
| 3 | Dòng thừa | Phòng Kinh tế | Quý IV năm 2025 |
"""


def test_a_document_becomes_a_draft_that_is_mended_compared_and_put_in_force_once(portal):
    plans = f"/ke-hoach/{portal.own}"
    path = f"{plans}/ban-thao"
    portal.auditor.page(plans)
    broken = portal.chair.upload(path, "ke-hoach.pdf", b"%PDF-1.7 broken")
    assert broken.status_code == 422
    assert 'href="#van-ban"' in broken.text
    draft = portal.chair.upload(path, "ke-hoach.txt", DOCUMENT.encode()).text
    assert "gợi ý 30/9/2025" in draft, "the warning at its place"
    assert "Số: 05/KH-UBND" in text_of(draft), "beside what was read"
    fields = fields_of(draft) | {"thoi-han.1": "Trước ngày 30/9/2025", "chu-tri.1": "Phòng Kinh tế", "bo.2": "on"}
    too_early = portal.chair.submit_form(path, 200, **fields, viec="sua-doi", **{"ly-do": "tỉnh giao thêm"})
    assert "Bản thảo vừa được sửa" in too_early, "what nobody has looked at is not issued"
    assert "hiểu là: trước ngày 30/9/2025" in text_of(too_early).lower(), "its deadline as it is understood"
    assert "gợi ý 30/9/2025" not in too_early
    assert "Dòng thừa" not in re.sub(r'<div class="read-lines".*?</div>|value="[^"]*"', "", too_early, flags=re.DOTALL)
    assert "So với kế hoạch đang có hiệu lực" in too_early
    mended = fields_of(too_early)
    assert "Hãy ghi lý do sửa đổi" in portal.chair.submit_form(path, 422, **mended, viec="sua-doi")
    amended = mended | {"viec": "sua-doi", "ly-do": "tỉnh giao thêm"}
    for _ in range(2):  # a double click
        assert "Kế hoạch đã có hiệu lực" in portal.chair.submit_form(path, 303, **amended)
    page = portal.clerk.page(plans)
    shown = re.search(rf'href="({plans}/p-[0-9a-f]+)"', page)[1]
    now = text_of(portal.clerk.page(shown))
    assert "Bản 2" in now
    assert "tỉnh giao thêm: 2 nhiệm vụ mới" in now
    assert f'href="?biet-den={TODAY.isoformat()}">Bản 2' in portal.clerk.page(shown)
    before = text_of(portal.clerk.page(f"{shown}?biet-den=15/9/2025"))
    assert "Bản 2" not in before
    assert "Tập huấn" not in before
    portal.clerk.page(f"{shown}?biet-den=1/6/2025", 404)
    portal.neighbour.page(plans, 403)
    assert portal.clerk.upload(path, "ke-hoach.txt", DOCUMENT.encode()).status_code == 403


def test_an_officer_issues_the_standard_plan_of_the_province_from_a_document_once(portal):
    plans = f"/ke-hoach/{portal.own}"
    document = DOCUMENT.replace("31/9/2025", "30/9/2025").replace("2025", "2027").encode()
    assert "kế hoạch chung của tỉnh" not in portal.chair.upload(f"{plans}/ban-thao", "kh.txt", document).text
    draft = portal.provincial_officer.upload(f"{plans}/ban-thao", "kh.txt", document).text
    assert "Ban hành làm kế hoạch chung của tỉnh" in draft
    form = fields_of(draft) | {"viec": "ban-hanh-chung"}
    portal.chair.submit_form(f"{plans}/ban-thao", 403, **form)
    for _ in range(2):  # a double click
        portal.provincial_officer.submit_form(f"{plans}/ban-thao", 303, **form)
    listed = portal.clerk.client.get(f"{plans}.json").json()["answer"]["plans"]
    assert [each["commune"] for each in listed if each["year"] == 2027] in ([None, portal.own], [portal.own, None])
    again = portal.provincial_officer.upload(f"{plans}/ban-thao", "kh.txt", document).text
    assert "Sửa đổi kế hoạch chung của tỉnh" in again
    amending = fields_of(again) | {"viec": "sua-doi-chung"}
    assert 'href="#ly-do-chung"' in portal.provincial_officer.submit_form(f"{plans}/ban-thao", 422, **amending)


def test_a_chair_ends_a_plan_with_a_reason(portal):
    listed = portal.quiet_chair.client.get(f"/ke-hoach/{portal.quiet}.json").json()["answer"]["plans"]
    plan = next(each["plan_id"] for each in listed if each["commune"])
    path = f"/ke-hoach/{portal.quiet}/{plan}"
    assert "Kết thúc kế hoạch" not in portal.quiet_clerk.page(path)
    assert "Hãy ghi lý do kết thúc" in portal.quiet_chair.send(path, 422, **{"ly-do": " "})
    page = portal.quiet_chair.page(path)
    for _ in range(2):
        assert "Kế hoạch đã kết thúc ngày 16/9/2025" in portal.quiet_chair.send(
            path, 303, page, **{"ly-do": "hết việc"}
        )
    assert "Đã kết thúc" in portal.quiet_chair.page(f"/ke-hoach/{portal.quiet}")


def test_an_operator_opens_an_account_and_gives_and_withdraws_a_grant(portal):
    accounts, name = "/van-hanh/tai-khoan", "hoang-thi-lan"
    fields = {"tai-khoan": name, "ho-ten": "Hoàng Thị Lan"}
    portal.operator.submit_form(accounts, 422, **fields, **{"den-het": "31/2/2026"})
    portal.operator.submit_form(accounts, 303, **fields)
    page = f"{accounts}/{name}"
    assert "Hãy chọn một vai trò" in portal.operator.submit_form(page, 422, step="give")
    grant = {"step": "give", "vai-tro": "clerk", "don-vi": portal.own, "quyen-den-het": "31/12/2025"}
    given = text_of(portal.operator.submit_form(page, 303, **grant))
    assert re.search(r"Nhập số liệu .* 31/12/2025", given)
    assert f"{name}.1" in portal.operator.page(page)
    shown = portal.operator.client.get(f"{page}.json").json()
    assert [(each["role"], each["commune"], each["until"]) for each in shown["grants"]] == [
        ("clerk", portal.own, "2025-12-31")
    ]
    for visitor in (portal.operator, portal.auditor):
        assert "Hoàng Thị Lan" in visitor.page(f"/quyen/{CODE}?vai-tro=clerk")
        assert "Hoàng Thị Lan" not in visitor.page(f"/quyen/{CODE}?vai-tro=chair")
        assert "Hoàng Thị Lan" not in visitor.page(f"/quyen/{CODE}?biet-den=2025-01-01")
    known = portal.auditor.client.get(f"/quyen/{CODE}.json?vai-tro=clerk").json()["answer"]["grants"]
    assert [(each["by"], each["by_account"]) for each in known if each["account"] == name] == [
        ("Người operator", "operator")
    ]
    assert "Hãy ghi lý do" in portal.operator.submit_form(page, 422, step="withdraw", quyen=f"{name}.1")
    withdrawal = {"step": "withdraw", "quyen": f"{name}.1", "ly-do": "chuyển công tác"}
    assert "Chưa có quyền nào" in portal.operator.submit_form(page, 303, **withdrawal)
    portal.operator.submit_form(page, 303, step="close", **{"ly-do": "nghỉ việc"})
    assert "Tài khoản đã đóng" in portal.operator.page(page)
    assert "Hoàng Thị Lan" not in portal.auditor.page(f"/quyen/{CODE}")
    listed = portal.operator.client.get(f"{accounts}.json").json()
    assert [each["is_closed"] for each in listed if each["account"] == name] == [True]


def test_an_invitation_and_a_key_are_shown_once(portal):
    page = "/van-hanh/tai-khoan/neighbour"
    invited = portal.operator.submit_form(page, 200, step="invite")
    path = re.search(r"<code>http[^<]+?(/moi/[^<]+)</code>", invited)[1]
    assert path not in portal.operator.page(page)
    assert "Người neighbour" in portal.operator.page(path)
    key = {"step": "issue-key", "chuong-trinh": "một cửa", "khoa-den-het": "31/12/2025"}
    issued = portal.operator.submit_form(page, 200, **key)
    assert re.search(r"<code>mb_[\w-]+</code>", issued)
    assert "mb_" not in portal.operator.page(page)
    revoked = re.search(r'name="khoa" value="([^"]+)"', issued)[1]
    shown = portal.operator.submit_form(page, 303, step="revoke-key", khoa=revoked, **{"ly-do": "thay máy"})
    assert "Chưa có khóa nào" in shown


def test_an_operator_gives_nothing_to_the_own_account_and_nothing_of_another_province(portal):
    grant = {"step": "give", "vai-tro": "provincial-officer", "don-vi": CODE}
    own = portal.operator.submit_form("/van-hanh/tai-khoan/operator", 422, **grant)
    assert "Không tự giao quyền" in own
    elsewhere = portal.operator.submit_form("/van-hanh/tai-khoan/clerk", 422, **{**grant, "don-vi": "48"})
    assert "Hãy chọn tỉnh" in elsewhere
    portal.operator.page("/van-hanh/tai-khoan/khong-co", 404)


def test_an_operator_sees_how_the_services_work_and_where_a_submission_is(portal):
    own, province = portal.own, portal.province
    wrong = {"reading_id": "op-2", "observed_on": "2025-08-05", "field": "land", "values": {"files-received": -7041}}
    right = wrong | {"reading_id": "op-1", "values": {"files-received": 7043}}
    [receipt] = province.send((own, "op-sent", RecordReadings.model_validate({"readings": [right, wrong]})))
    assert (receipt.accepted, len(receipt.refused)) == (1, 1)
    province.send_raw(own, "readings", "op-broken", b"{")

    def parked():
        shown = text_of(portal.operator.page("/van-hanh"))
        return shown if "op-broken" in shown and shown.count("đang chạy") == 5 else None

    shown = until(parked, "it is parked, and every service answers")
    assert "số âm" in shown
    assert "không đọc được" in shown

    def counts():
        return "nơi nào cần cũng đã nhận được" in portal.operator.page("/van-hanh/bai-gui?ma=op-sent")

    until(counts, "every follower has it")
    page = text_of(portal.operator.page("/van-hanh/bai-gui?ma=op-sent"))
    assert "1 mục: số âm" in page
    assert not re.search(r"7\.?04[13]", page), "an operator sees no figures"
    found = portal.operator.client.get("/van-hanh/bai-gui.json?ma=op-sent").json()
    assert (found["where"], found["settled"][0]["refused"]) == ("counts", [{"rule": "negative", "items": 1}])
    assert portal.operator.client.get("/van-hanh/bai-gui.json?ma=op-broken").json()["where"] == "parked"
    assert portal.operator.client.get("/van-hanh/bai-gui.json?ma=nowhere").json()["where"] == "unknown"
    assert own in portal.operator.client.get("/van-hanh/may-gui.json").json()["last_submissions"]
    assert set(portal.operator.client.get("/van-hanh.json").json()) == set(SERVICES)


MACHINES = "/van-hanh/may-gui"


def taken_along(page):
    """The file that the page holds: its name and its content."""
    address, name = re.search(r'href="data:application/octet-stream;base64,([^"]+)" download="([^"]+)"', page).groups()
    return name, b64decode(html.unescape(address))


def states_of(portal, commune):
    machines = portal.operator.client.get(f"{MACHINES}.json").json()["machines"]
    return [key["state"] for each in machines if each["commune"] == commune for key in each["keys"]]


@asynccontextmanager
async def machine(portal, seed):
    """The connection of a commune's machine that has this file."""
    url = f"nats://{portal.province.stack.servers.nats_url.rpartition('@')[2]}"
    servers = NatsServers.from_env({"NATS_URL": url, "NATS_NKEY": str(seed)})
    client = await connect(servers, allow_reconnect=False, connect_timeout=60)
    try:
        yield client
    finally:
        await client.close()


async def sent_by_machine(portal, seed, submission):
    reading = {"reading_id": submission, "observed_on": "2025-08-07", "field": "land", "values": {"files-received": 3}}
    async with machine(portal, seed) as client, Sender(client, portal.own) as sender:
        content = RecordReadings.model_validate({"readings": [reading]})
        while True:
            with contextlib.suppress(NotConfirmed):  # the machine is slow
                return await sender.send(portal.own, submission, content)


def test_an_operator_issues_a_key_with_which_a_machine_sends_until_it_is_revoked(portal, tmp_path):
    """The keeper of the broker's accounts is away meanwhile: what was recorded is not lost by it."""
    stack, own = portal.province.stack, portal.own
    stack.keeper.kill()
    stack.keeper.wait()
    issued = portal.operator.submit_form(MACHINES, 200, step="issue", **{"don-vi": own})
    assert "Chưa hỏi được máy chủ nhận số liệu" in issued
    assert states_of(portal, own) == ["unknown"]
    name, seed = taken_along(issued)
    assert (name, seed[:2]) == (f"commune-{own}.nk", b"SU")
    (tmp_path / name).write_bytes(seed)
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(sent_by_machine(portal, tmp_path / name, "too-early"))
    assert "keeper" in stack.supervise()
    until(lambda: states_of(portal, own) == ["works"], "the broker has the key")
    assert asyncio.run(sent_by_machine(portal, tmp_path / name, "by-key-1")).accepted == 1

    shown = portal.operator.page(MACHINES)
    assert "đang dùng được" in shown
    assert "Người operator" in shown
    stored = portal.province.ask("portal", "SELECT convert_from(state, 'utf8') FROM portal_events")
    assert not any(seed.decode() in text for text in (shown, *(state for (state,) in stored)))
    again = portal.operator.submit_form(MACHINES, 422, step="issue", **{"don-vi": own})
    assert f"Đơn vị {own} đã có khóa" in again
    no_reason = portal.operator.submit_form(MACHINES, 422, step="revoke", **{"don-vi": own})
    assert 'href="#ly-do-thu-hoi"' in no_reason

    async def revoked():
        async with machine(portal, tmp_path / name) as client:
            reason = {"don-vi": own, "ly-do-thu-hoi": "máy bị mất"}
            page = await asyncio.to_thread(portal.operator.submit_form, MACHINES, 303, step="revoke", **reason)
            async with asyncio.timeout(60):
                while not client.is_closed:  # noqa: ASYNC110  the connection's own task makes it true
                    await asyncio.sleep(0.01)
            return page

    assert "Đã thu hồi khóa của 1 đơn vị" in asyncio.run(revoked())
    assert "máy bị mất" in portal.operator.page(MACHINES)
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        asyncio.run(sent_by_machine(portal, tmp_path / name, "too-late"))


def test_an_operator_issues_keys_for_many_and_replaces_one(portal):
    [first, second] = portal.other, portal.quiet
    issued = portal.operator.submit_form(MACHINES, 200, step="issue-missing")
    name, archive = taken_along(issued)
    with ZipFile(BytesIO(archive)) as files:
        seeds = {each: files.read(each) for each in files.namelist()}
    assert name == f"khoa-{CODE}.zip"
    assert {f"commune-{first}.nk", f"commune-{second}.nk"} <= set(seeds)
    assert len(set(seeds.values())) == len(seeds)
    fields = {"don-vi": first, "ly-do-thay": "lộ khóa"}
    replaced = portal.operator.submit_form(MACHINES, 200, step="replace", **fields)
    assert taken_along(replaced)[1] not in seeds.values()
    until(lambda: states_of(portal, first) == ["ended", "works"], "the broker has the new key alone")
    chosen = {"don-vi": [first, second], "step": "revoke", "ly-do-thu-hoi": "hết phép thử"}
    assert portal.operator.client.post(MACHINES, data=chosen).status_code == 303
    until(lambda: states_of(portal, second) == ["ended"], "and none of those that were revoked")


def test_nobody_else_issues_a_key(portal):
    wanted = {"step": "issue", "don-vi": portal.own}
    for browser in (portal.clerk, portal.chair, portal.provincial_officer, portal.auditor):
        assert "Không được phép" in browser.submit_form(MACHINES, 403, **wanted)
    assert "Hãy chọn đơn vị của tỉnh" in portal.foreign_operator.submit_form(MACHINES, 422, **wanted)
    assert f">{portal.own}<" not in portal.foreign_operator.page(MACHINES)
    portal.foreign_operator.page(f"{MACHINES}?tinh={CODE}", 403)
    assert "follows" not in states_of(portal, portal.own)


def test_everybody_sees_the_published_editions_of_the_province_and_nothing_else(portal):
    officer, address = portal.provincial_officer, f"/an-ban/{CODE}/{PERIOD}"
    if officer.client.get(f"{address}/1").status_code == 404:
        officer.send(f"{address}/cong-bo", 303, step="publish", incomplete="on")
    public = f"/cong-khai/{CODE}"
    with httpx.Client(base_url=portal.province.stack.public_url, timeout=60) as anybody:
        listed = anybody.get(public)
        assert f"{public}/{PERIOD}/1" in listed.text
        assert listed.headers["cache-control"].startswith("public")
        edition = anybody.get(f"{public}/{PERIOD}/1")
        assert "Mã băm SHA-256" in text_of(edition.text)
        content = anybody.get(f"{public}/{PERIOD}/1.json").json()
        shown = re.findall(r'<tr><th scope="row">([^<]+)</th>.*?data-label="Kết quả">([^<]+)<', edition.text)
        assert [html.unescape(name) for name, _ in shown] == [line["name"] for line in content["indicators"]]
        of_officer = officer.page(f"{address}/1")
        assert all(rate in of_officer for _, rate in shown)
        [row] = [row for row in anybody.get(f"{public}.json").json()["editions"] if row["edition"] == 1]
        assert row["content_sha256"] in edition.text
        assert "provincial-officer" not in edition.text + listed.text + str(row)
        absent = ["/cong-khai/48", f"{public}/{PERIOD}/99", f"{public}/2024-Q3/1"]
        assert [anybody.get(path).status_code for path in absent] == [404, 404, 404]
        assert anybody.get(f"{address}/1").status_code == 303, "the edition itself is for those who signed in"
    assert officer.client.get(public).headers["cache-control"] == "no-store", "it names who has signed in"


def status_of(sent):
    """None where the connection broke: of a portal that died, or after five seconds the answer "not confirmed"."""
    try:
        return sent.result().status_code
    except httpx.TransportError:
        return None


async def is_on_the_desk(url, *subjects):
    client = await nats.connect(url)
    try:
        return all([await client.jetstream().get_last_msg("desk", subject) for subject in subjects])
    except NotFoundError:
        return False
    finally:
        await client.close()


def test_a_click_and_a_request_of_a_portal_killed_before_their_receipts_are_recorded_once(portal):
    """A page's form and a program's request: sent again after the restart, each has the receipt of the first time."""
    province, own = portal.province, portal.own
    path, cells = f"/so-lieu/{own}?tuan=2025-08-20&linh-vuc=land", {"files-received.2025-08-20": "77"}
    page = portal.clerk.page(path)
    with province.service("portal", Portal) as opened:
        key = Programs.issue(opened, "clerk", "một cửa")
    api, by_program = f"/api/v1/communes/{own}/submissions/readings/killed-1", {"Authorization": f"Bearer {key}"}
    reading = {"reading_id": "killed-1", "observed_on": "2025-08-21", "field": "land", "values": {"files-received": 78}}

    def put():
        with httpx.Client(base_url=province.stack.public_url, headers=by_program, timeout=60) as program:
            return program.put(api, json={"readings": [reading]})

    def recorded():
        query = "SELECT counts->>'files-received' FROM readings WHERE commune = %s AND observed_on BETWEEN %s AND %s"
        return sorted(row[0] for row in province.ask("indicators", query, own, date(2025, 8, 20), date(2025, 8, 21)))

    of_account = f"killed-1-{sha256(b'clerk').hexdigest()[:16]}"  # ids of one account are no other account's
    subjects = [DESK_DOOR.submission(own, "readings", each) for each in (fields_of(page)["lan-gui"], of_account)]
    url = province.stack.servers.nats_url
    [door] = [instance for instance in province.stack.running if instance.service == "portal"]
    with psycopg.connect(province.stack.settings().database_url) as owner, ThreadPoolExecutor() as people:
        owner.execute("LOCK TABLE indicators.indicators_events IN EXCLUSIVE MODE")  # it answers, and records nothing
        form = {"lan-gui": fields_of(page)["lan-gui"], **cells}
        click = people.submit(portal.clerk.client.post, path, data=form)
        request = people.submit(put)
        until(lambda: asyncio.run(is_on_the_desk(url, *subjects)), "the desk holds both")
        door.process.kill()
        door.process.wait()
        assert status_of(click) in (None, 503)
        assert status_of(request) in (None, 202)
        assert recorded() == []
    until(lambda: recorded() == ["77", "78"], "both are recorded, though nobody waits for their receipts")
    assert door.name in province.stack.supervise()
    province.stack.wait_until_ready()
    assert ">77</a>" in portal.clerk.send(path, 303, page, **cells)
    first, again = put(), put()
    assert first.json() == again.json()
    assert (first.status_code, first.json()["accepted"], first.json()["duplicates"]) == (200, 1, 0)
    assert recorded() == ["77", "78"]


def test_while_reporting_is_away_its_pages_say_so_and_the_others_work(portal):
    stack, path = portal.province.stack, f"/bao-cao/{portal.own}"
    [reporting] = [instance for instance in stack.running if instance.service == "reporting"]
    reporting.process.kill()
    reporting.process.wait()
    sentence = text_of(portal.clerk.page(path, 503))
    assert NOBODY in sentence or SILENT in sentence
    assert "Người clerk" in portal.clerk.page(f"/nhiem-vu/{portal.own}")

    def is_seen_away():
        found = portal.operator.client.get("/van-hanh.json").json()["reporting"]
        return not found["answers"] and found["seen"] and not found["seen"]["answers"]

    until(is_seen_away, "the operator's page says since when it is away")
    assert "không trả lời, từ" in text_of(portal.operator.page("/van-hanh"))
    assert "Chưa hỏi được báo cáo" in text_of(portal.operator.page("/van-hanh/bai-gui?ma=op-sent"))
    assert reporting.name in stack.supervise()

    def is_back():
        stack.supervise()  # as `minhbach up` does every second
        return portal.clerk.client.get(path).status_code == 200

    until(is_back, "its pages come back", within=240)
