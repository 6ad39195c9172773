"""Readings in the portal's pages: cells, forms of a day, corrections, files, and what is refused."""

import html
import re

from tests.journeys.browsing import text_of
from tests.journeys.province import CODE, until


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
    wrong = portal.clerk.send(path, 422, **{"files-received.2025-09-12": "chín"})
    assert "Số hồ sơ TTHC tiếp nhận, 12/9/2025: “chín” phải là một số nguyên" in wrong
    assert ">7</a>" in portal.clerk.page(path)


def test_a_count_that_is_far_from_the_usual_is_sent_once_it_was_seen_and_shown_to_the_reviewer(portal):
    clerk, address = portal.neighbour, f"/so-lieu/{portal.other}?tuan=2025-07-{{}}&linh-vuc=agriculture"
    for monday in (7, 14):
        days = {f"files-received.2025-07-{monday + day:02}": "6" for day in range(5)}
        clerk.send(address.format(f"{monday:02}"), 303, **days)
    path, cells = address.format("21"), {"files-received.2025-07-22": "70"}
    page = clerk.send(path, 200, **cells)
    assert "Chưa gửi: có số khác xa mức thường có" in page
    seen = html.unescape(re.search(r'name="khac-thuong" value="([^"]+)"', page)[1])
    sentence = "Nông nghiệp và môi trường: Số hồ sơ TTHC tiếp nhận, 22/7/2025: 70 khác xa mức thường có của đơn vị"
    assert seen.startswith(f"{sentence}: từ 0 đến 13")
    assert sentence in clerk.send(path, 303, page, **cells, **{"khac-thuong": seen})
    report = text_of(portal.provincial_officer.page(f"/bao-cao/{portal.other}/2025-Q3"))
    assert "22/7/2025 , Nông nghiệp và môi trường: Số hồ sơ TTHC tiếp nhận: 70 khác xa mức thường có" in report
    reading = f"/so-lieu/{portal.other}/ma/web-agriculture-20250722-0"
    mended = {"step": "correct", "files-received": "71", "correct-reason": "đếm thiếu"}
    page = clerk.send(reading, 200, **mended)
    assert "22/7/2025: 71 khác xa mức thường có" in text_of(page)
    seen = html.unescape(re.search(r'name="khac-thuong" value="([^"]+)"', page)[1])
    assert "<del>70</del>" in clerk.send(reading, 303, page, **mended, **{"khac-thuong": seen})
    officer, board = portal.provincial_officer, f"/bao-cao/tinh/{CODE}?ky=2025-Q3&loc=khac-thuong"
    row = f'<a href="/bao-cao/{portal.other}/2025-Q3#khac-thuong">1</a>'
    until(lambda: row in officer.page(board), "the board counts it")


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


def test_a_refused_reading_comes_back_with_its_reason_until_it_is_mended(portal):
    week = f"/so-lieu/{portal.other}?tuan=2025-09-10&linh-vuc=land"
    portal.neighbour.send(week, 422, **{"files-received.2025-09-10": "5", "files-received-online.2025-09-10": "9"})
    refused = portal.neighbour.page("/")
    assert "Số liệu bị từ chối" in refused
    reading = re.search(rf'href="(/so-lieu/{portal.other}/ma/[^"]+)"', refused)[1]
    counts = {"files-received": "8", "files-received-online": "9"}
    assert "lớn hơn" in portal.neighbour.send(reading, 422, step="resend", **counts)
    mended = portal.neighbour.send(reading, 303, step="resend", **counts | {"files-received": "9"})
    assert "Đã ghi nhận" in mended
    assert "Bị từ chối" in mended
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
