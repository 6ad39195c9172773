"""Numbers of legal acts in running text; which of them are the basis of a plan."""

from datetime import date

import pytest

from services.planning.documents.plan_head.acts import Act, acts_in, based_on_and_cited


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("theo Quyết định số 811/QĐ-UBND ngày 3/4/2026 của tỉnh", ["811/QĐ-UBND"]),
        ("Nghị quyết số 71-NQ/TW và Chỉ thị 08-CT/TU", ["71-NQ/TW", "08-CT/TU"]),
        ("Nghị quyết số: 11/NQ-CP ngày 2/1/2026, 12/NQ-CP ngày 2/1/2026", ["11/NQ-CP", "12/NQ-CP"]),
        ("Luật số 64/2025/QH15; Thông tư số 05/2024/TT-VPCP.", ["64/2025/QH15", "05/2024/TT-VPCP"]),
        ("Công văn số 77/SNV-CCHC&TCBC, số 2010/UBND-KSTTHC", ["77/SNV-CCHC&TCBC", "2010/UBND-KSTTHC"]),
        ("Thông tư liên tịch 03/2019/TTLT-BNV-VPCP", ["03/2019/TTLT-BNV-VPCP"]),
        ("Quyết định số 44/QĐ-TCTCCTTHC, Nghị quyết 31/NQ-HĐND", ["44/QĐ-TCTCCTTHC", "31/NQ-HĐND"]),
        ("số 57 - NQ/TW; số 526 /QĐ – UBND; số 9/QÐ-TTg", ["57-NQ/TW", "526/QĐ-UBND", "9/QĐ-TTg"]),
        ("01/NQ-CP,02/NQ-CP", ["01/NQ-CP", "02/NQ-CP"]),
        ("Công văn số 314/SNV gửi các xã", ["314/SNV"]),
        ("Kế hoạch số 05a/KH-UBND", ["05a/KH-UBND"]),
        ("Nghị quyết số 66.7/2025/NQ-CP, Quyết định 1085/QĐ-TTg", ["66.7/2025/NQ-CP", "1085/QĐ-TTg"]),
        ("Kế hoạch số 12-KH/ĐU, Hướng dẫn số 05-HD/BTGTW, 15-CTr/TU", ["12-KH/ĐU", "05-HD/BTGTW", "15-CTr/TU"]),
        ("văn bản hợp nhất số 01/VBHN-VPCP; Công điện 131/CĐ-TTg", ["01/VBHN-VPCP", "131/CĐ-TTg"]),
        ("Nghị quyết liên tịch số 403/2017/NQLT-UBTVQH14-CP", ["403/2017/NQLT-UBTVQH14-CP"]),
        ("lập theo biểu mẫu 03/RS-KSTT và mẫu số 06/BC-TTHC", []),
        ("Kế hoạch số /KH-UBND ngày tháng 9", []),
        ("hạn 31/12/2026, đạt 12/TTHC, quý I/2026, giai đoạn 2021-2030", []),
        ("tiêu chuẩn ISO 9001:2015, mẫu II.06a/VPCP-KSTT", []),
    ],
)
def test_act_numbers_are_read_without_spaces_and_other_numbers_are_ignored(text: str, numbers: list[str]) -> None:
    assert [act.number for act in acts_in(text)] == numbers


@pytest.mark.parametrize(
    ("text", "issued_on", "issuer"),
    [
        ("số 8/KH-UBND ngày 05/9/2025 của UBND tỉnh Gia Lai về việc", date(2025, 9, 5), "UBND tỉnh Gia Lai"),
        ("số 8/KH-UBND ngày 5 tháng 9 năm 2025 của Ủy ban nhân dân xã;", date(2025, 9, 5), "Ủy ban nhân dân xã"),
        ("số 8/CT-TTg của Thủ tướng Chính phủ ngày 22 tháng 4 năm 2019", date(2019, 4, 22), "Thủ tướng Chính phủ"),
        ("số 8-CT/TU, ngày 26/4/2023 của Ban Thường vụ Tỉnh ủy về", date(2023, 4, 26), "Ban Thường vụ Tỉnh ủy"),
        ("số 8/KH-UBND ngày 31/9/2025 của tỉnh", None, "tỉnh"),
        ("số 8/KH-UBND.", None, None),
    ],
)
def test_day_and_issuer_are_read_in_either_order(text: str, issued_on: date | None, issuer: str | None) -> None:
    (act,) = acts_in(text)

    assert (act.issued_on, act.issuer) == (issued_on, issuer)


def test_acts_of_the_preamble_are_the_basis_and_only_further_acts_are_cited() -> None:
    preamble = ["Căn cứ Nghị định số 10/2024/NĐ-CP ngày 1/2/2024;", "Căn cứ Quyết định số 3/QĐ-UBND;"]
    body = ["theo Nghị định số 10/2024/NĐ-CP", "và Kế hoạch số 4/KH-UBND", "Kế hoạch số 4/KH-UBND ngày 6/3/2026"]

    assert based_on_and_cited(preamble, body) == (["10/2024/NĐ-CP", "3/QĐ-UBND"], ["4/KH-UBND"])


def test_two_acts_with_one_number_are_named_with_date_and_full_issuer() -> None:
    body = [
        "Kế hoạch số 09/KH-UBND ngày 1/7/2026 của UBND tỉnh Cà Mau;",
        "Kế hoạch số 09/KH-UBND ngày 8/7/2026 của UBND Đất Mũi;",
        "Kế hoạch số 09/KH-UBND ngày 8/7/2026 của UBND xã Đất Mũi",
    ]

    assert based_on_and_cited([], body)[1] == [
        "09/KH-UBND ngày 1/7/2026 của UBND tỉnh Cà Mau",
        "09/KH-UBND ngày 8/7/2026 của UBND xã Đất Mũi",
    ]


def test_one_number_with_two_issuers_is_two_acts_without_a_date_too() -> None:
    cites = based_on_and_cited([], ["Kế hoạch 9/KH-UBND của UBND tỉnh; Kế hoạch 9/KH-UBND của UBND xã"])[1]

    assert cites == ["9/KH-UBND của UBND tỉnh", "9/KH-UBND của UBND xã"]


def test_a_number_with_a_year_and_another_date_is_the_same_act() -> None:
    body = ["Nghị định số 45/2020/NĐ-CP ngày 8/4/2020", "Nghị định số 45/2020/NĐ-CP ngày 8/4/2015"]

    assert based_on_and_cited([], body)[1] == ["45/2020/NĐ-CP"]


def test_the_plan_does_not_cite_itself_but_may_cite_another_act_with_its_number() -> None:
    body = ["(Kèm theo Kế hoạch số 5/KH-UBND ngày 2/3/2026)", "Kế hoạch số 5/KH-UBND ngày 9/1/2026 của UBND tỉnh"]

    assert based_on_and_cited([], body, Act("5/KH-UBND", date(2026, 3, 2)))[1] == ["5/KH-UBND"]
