"""Plans in the portal's pages: from a document to a plan in force, and its end."""

import re

from tests.journeys.browsing import fields_of, text_of
from tests.journeys.pages import TODAY

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
