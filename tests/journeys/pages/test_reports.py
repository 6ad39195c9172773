"""Reports in the portal's pages: submitted, returned, approved, written, reminded; editions, and who reads them."""

import html
import re

import httpx
import pytest

from shared.contracts.indicators import RecordReadings
from shared.web.site import RECORDED
from tests.journeys.browsing import text_of
from tests.journeys.pages import PERIOD
from tests.journeys.province import CODE


@pytest.fixture(scope="module", autouse=True)
def _readings(portal):
    """A commune without any reading of a period has no report to submit."""
    reading = {"reading_id": "r-1", "observed_on": "2025-07-15", "field": "land", "values": {"files-received": 4}}
    [receipt] = portal.province.send((portal.own, "r-1", RecordReadings.model_validate({"readings": [reading]})))
    assert receipt.accepted == 1
    portal.province.wait_until_followed()


def test_a_report_is_shown_beside_itself_on_another_map_and_with_the_formulas_of_now(portal):
    path = f"/bao-cao/tinh/{CODE}/{PERIOD}"
    assert "Như báo cáo của kỳ" not in portal.provincial_officer.page(path)
    shown = portal.provincial_officer.page(f"{path}?ban-do=2025-07-02&dinh-nghia=nay")
    assert "công thức hiện nay, theo các đơn vị hành chính của ngày 2/7/2025" in text_of(shown)
    assert "<h3>2/7/2025</h3>" in shown
    assert "<h3>Như báo cáo của kỳ</h3>" in shown
    officer, addresses = portal.provincial_officer.client, re.findall(r'<img src="([^"]+.svg\?[^"]*)"', shown)
    assert [address.partition(f"{PERIOD}/")[2].partition(".")[0] for address in addresses][-2:] == ["ban-do"] * 2
    for address in addresses:
        drawn = officer.get(html.unescape(address))
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
        assert "/ban-do.svg" not in address or drawn.text.count("<title>") == 3
        again = officer.get(html.unescape(address), headers={"If-None-Match": drawn.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


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


def test_a_report_of_another_regime_is_another_report(portal):
    path = f"/bao-cao/{portal.own}/{PERIOD}"
    assert "15/6/2025 đến" in portal.auditor.page(path)
    assert ">1/7/2025 đến" in portal.auditor.page(f"{path}?che-do=service-quality"), "it counts calendar quarters"
