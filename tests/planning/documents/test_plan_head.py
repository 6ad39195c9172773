"""The head of plan documents, in the layouts that communes use."""

from datetime import date

import pytest

from services.planning.documents.document import Cell, Document, Paragraph, Row, Table
from services.planning.documents.draft import DraftHead
from services.planning.documents.plan_head import read_head
from services.planning.register import former_provinces, provinces


def document(*lines: str, bold: frozenset[str] = frozenset()) -> Document:
    return Document(tuple(Paragraph(line, f"dòng {at}", bold=line in bold) for at, line in enumerate(lines, 1)))


def table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(Row(tuple(map(Cell, row)), f"hàng {at}") for at, row in enumerate(rows, 1)), "bảng 1")


def head_of(*lines: str) -> DraftHead:
    return read_head(document(*lines))[0]


def test_the_whole_head_of_a_registered_plan_is_read() -> None:
    head, warnings = read_head(
        document(
            "UBND XÃ PHƯỚC GIANG   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Số: 15/KH-UBND",
            "Phước Giang, ngày 05 tháng 02 năm 2026",
            "KẾ HOẠCH",
            "Cải cách hành chính năm 2026 của xã Phước Giang, tỉnh Quảng Ngãi",
            "Căn cứ Kế hoạch số 31/KH-UBND ngày 9/1/2026 của UBND tỉnh Quảng Ngãi;",
            "I. MỤC TIÊU",
            "Làm theo Nghị quyết số 76/NQ-CP ngày 15/7/2021.",
        )
    )

    assert head == DraftHead(
        commune="21370",
        commune_name="Xã Phước Giang",
        province="51",
        title="Cải cách hành chính năm 2026 của xã Phước Giang, tỉnh Quảng Ngãi",
        regime="reform",
        year=2026,
        span=(date(2026, 1, 1), date(2026, 12, 31)),
        number="15/KH-UBND",
        issued_on=date(2026, 2, 5),
        based_on=["31/KH-UBND"],
        cites=["76/NQ-CP"],
    )
    assert warnings == []


def test_the_header_may_stand_in_a_layout_table() -> None:
    header = table(
        (
            "ỦY BAN NHÂN DÂN\nXÃ EA H’LEO\n-------\nSố: 7/KH-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nEa H’Leo, ngày 20 tháng 3 năm 2026",
        )
    )
    body = document("KẾ HOẠCH", "KIỂM SOÁT THỦ TỤC HÀNH CHÍNH NĂM 2026", "UBND tỉnh Đắk Lắk giao như sau.").blocks

    head = read_head(Document((header, *body)))[0]

    assert (head.commune, head.number, head.issued_on) == ("24184", "7/KH-UBND", date(2026, 3, 20))
    assert head.title == "KIỂM SOÁT THỦ TỤC HÀNH CHÍNH NĂM 2026"


def test_a_blank_number_and_date_are_none_with_warnings_and_places() -> None:
    head, warnings = read_head(
        document("Số: ……/KH-UBND", "Kon Tum, ngày … tháng 8 năm 2025", "KẾ HOẠCH", "CCHC năm 2025, tỉnh Quảng Ngãi")
    )

    assert (head.number, head.issued_on) == (None, None)
    assert 'dòng 1: số văn bản để trống ("/KH-UBND"), bản dự thảo hoặc chưa vào sổ.' in warnings
    assert 'dòng 2: ngày ban hành để trống ("ngày … tháng 8 năm 2025"), bản dự thảo.' in warnings


def test_an_impossible_date_is_none_with_a_warning() -> None:
    head, warnings = read_head(document("Sa Huỳnh, ngày 31 tháng 9 năm 2025", "KẾ HOẠCH", "CCHC năm 2025"))

    assert head.issued_on is None
    assert 'dòng 1: ngày ban hành không có thật ("ngày 31 tháng 9 năm 2025").' in warnings


def test_an_annex_alone_has_the_number_and_date_of_its_plan() -> None:
    head = head_of(
        "PHỤ LỤC", "(Kèm theo Kế hoạch số 22/KH-UBND ngày 10/3/2026 của UBND đặc khu Lý Sơn)", "CCHC năm 2026"
    )

    assert (head.number, head.issued_on) == ("22/KH-UBND", date(2026, 3, 10))
    assert (head.commune, head.commune_name, head.province) == ("21548", "Đặc khu Lý Sơn", "51")
    assert head.cites == []


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("KẾ HOẠCH", "Thực hiện CCHC năm 2026", "trên địa bàn xã Xốp"), "Thực hiện CCHC năm 2026 trên địa bàn xã Xốp"),
        (("KẾ HOẠCH", "CẢI CÁCH NĂM 2026", "CỦA XÃ XỐP", "UBND xã xây dựng kế hoạch:"), "CẢI CÁCH NĂM 2026 CỦA XÃ XỐP"),
        (("KẾ HOẠCH CẢI CÁCH", "NĂM 2026", "I. MỤC ĐÍCH"), "KẾ HOẠCH CẢI CÁCH NĂM 2026"),
        (("KẾ HOẠCH", "Cải cách năm 2026", "(Kèm theo Quyết định số 1/QĐ-UBND)"), "Cải cách năm 2026"),
        (("KẾ HOẠCH", "Căn cứ Quyết định số 1/QĐ-UBND;", "I. MỤC ĐÍCH"), None),
        (("KẾ HOẠCH", "Thực hiện Kế hoạch số 2/KH-UBND của tỉnh, UBND xã làm như sau:"), None),
    ],
)  # fmt: skip
def test_the_title_is_the_text_between_the_word_plan_and_the_preamble(
    lines: tuple[str, ...], title: str | None
) -> None:
    assert head_of(*lines).title == title


@pytest.mark.parametrize(
    ("title", "year", "span"),
    [
        ("CCHC năm 2026", 2026, (date(2026, 1, 1), date(2026, 12, 31))),
        ("CCHC 6 tháng cuối năm 2025", 2025, (date(2025, 7, 1), date(2025, 12, 31))),
        ("CCHC 06 tháng đầu năm 2026", 2026, (date(2026, 1, 1), date(2026, 6, 30))),
        ("CCHC 3 tháng cuối năm 2025", 2025, (date(2025, 10, 1), date(2025, 12, 31))),
        ("CCHC 9 tháng năm 2026", 2026, (date(2026, 1, 1), date(2026, 9, 30))),
        ("CCHC quý IV/2025", 2025, (date(2025, 10, 1), date(2025, 12, 31))),
        ("CCHC quý III và quý IV năm 2025", 2025, (date(2025, 7, 1), date(2025, 12, 31))),
        ("CCHC tháng 2/2028", 2028, (date(2028, 2, 1), date(2028, 2, 29))),
        ("CCHC giai đoạn 2025 - 2030", 2025, (date(2025, 1, 1), date(2030, 12, 31))),
        ("CCHC từ năm 2026 đến năm 2028", 2026, (date(2026, 1, 1), date(2028, 12, 31))),
        ("CCHC năm 2025-2026", 2025, (date(2025, 1, 1), date(2026, 12, 31))),
        ("CCHC các năm 2026, 2027", 2026, (date(2026, 1, 1), date(2027, 12, 31))),
        ("CCHC quý III, IV/2025", 2025, (date(2025, 7, 1), date(2025, 12, 31))),
        ("CCHC nửa cuối năm 2025", 2025, (date(2025, 7, 1), date(2025, 12, 31))),
        ("CCHC năm tháng cuối năm 2025", 2025, (date(2025, 8, 1), date(2025, 12, 31))),
        ("CCHC từ tháng 7 đến tháng 12 năm 2025", 2025, (date(2025, 7, 1), date(2025, 12, 31))),
        ("CCHC từ ngày 15/7/2025 đến ngày 31/12/2025", 2025, (date(2025, 7, 15), date(2025, 12, 31))),
        ("CCHC năm 2025 và định hướng năm 2026", 2025, (date(2025, 1, 1), date(2025, 12, 31))),
        ("CCHC 2026", 2026, (date(2026, 1, 1), date(2026, 12, 31))),
        ("CCHC 14 tháng cuối năm 2026", 2026, (date(2026, 1, 1), date(2026, 12, 31))),
        ("CCHC năm 2026 theo Chương trình giai đoạn 2021-2030", 2026, (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_year_and_span_are_those_of_the_title(title: str, year: int, span: tuple[date, date]) -> None:
    head = head_of("KẾ HOẠCH", title)

    assert (head.year, head.span) == (year, span)


def test_a_title_with_only_a_final_year_has_a_span_from_the_year_of_issue() -> None:
    head = head_of("Xốp, ngày 5 tháng 1 năm 2026", "KẾ HOẠCH", "CCHC đến năm 2030")

    assert (head.year, head.span) == (2026, (date(2026, 1, 1), date(2030, 12, 31)))


def test_an_uncounted_number_of_months_is_the_whole_year_with_a_warning() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC những tháng cuối năm 2025"))

    assert head.span == (date(2025, 1, 1), date(2025, 12, 31))
    assert 'Tên kế hoạch ghi "những tháng cuối …", không rõ từ tháng nào; đọc là cả năm 2025.' in warnings


def test_without_a_year_in_the_title_tables_come_before_the_date_line() -> None:
    lines = document("Xốp, ngày 30 tháng 12 năm 2025", "KẾ HOẠCH", "Cải cách hành chính").blocks
    head, warnings = read_head(Document((*lines, table(("STT", "Chỉ tiêu năm 2026"), ("1", "90")))))

    assert head.year == 2026
    assert "Tên kế hoạch không ghi năm; đọc là năm 2026 theo tên cột, tên phụ lục." in warnings


@pytest.mark.parametrize(
    ("lines", "regime"),
    [
        (("KẾ HOẠCH", "Kiểm soát thủ tục hành chính năm 2026"), "tthc-control"),
        (("KẾ HOẠCH", "Thực hiện cơ chế một cửa năm 2026"), "tthc-control"),
        (("KẾ HOẠCH", "Cải cách thủ tục hành chính năm 2026"), "tthc-control"),
        (("KẾ HOẠCH", "Nâng cao Chỉ số CCHC năm 2026"), "reform"),
        (
            ("KẾ HOẠCH", "Công tác năm 2026", "- Rà soát TTHC", "- Số hóa hồ sơ TTHC", "- Chấm điểm CCHC"),
            "tthc-control",
        ),
        (("KẾ HOẠCH", "Chuyển đổi số năm 2026", "- Mua máy tính"), None),
    ],
)
def test_the_regime_follows_the_subject_of_the_title_or_else_of_the_text(
    lines: tuple[str, ...], regime: str | None
) -> None:
    assert head_of(*lines).regime == regime


def test_a_title_with_both_regimes_warns() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "Cải cách hành chính, kiểm soát TTHC năm 2026"))

    assert head.regime == "reform"
    assert any("nêu cả cải cách hành chính và thủ tục hành chính" in warning for warning in warnings)


def test_a_name_of_several_provinces_is_found_in_the_named_province() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Vĩnh Thuận, tỉnh An Giang"))

    assert (head.commune, head.province) == ("31069", "91")
    assert any(warning.startswith("Xã Vĩnh Thuận còn có ở Hải Phòng; chọn mã") for warning in warnings)


def test_a_name_of_several_provinces_without_a_province_is_left_to_a_person() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Vĩnh Thuận"))

    assert (head.commune, head.commune_name, head.province) == (None, "Xã Vĩnh Thuận", None)
    assert any("có ở nhiều tỉnh" in warning for warning in warnings)


def test_a_name_of_only_one_province_decides_the_province() -> None:
    head, warnings = read_head(document("UBND XÃ XỐP", "KẾ HOẠCH", "CCHC năm 2026"))

    assert (head.commune, head.commune_name, head.province) == ("23356", "Xã Xốp", "51")
    assert "Văn bản không nêu tỉnh; Xã Xốp chỉ có ở Tỉnh Quảng Ngãi." in warnings


def test_a_spelling_error_is_repaired_within_the_province_with_a_warning() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Tỉnh Khê, tỉnh Quảng Ngãi"))

    assert (head.commune, head.commune_name) == ("21211", "Xã Tịnh Khê")
    assert 'Văn bản viết tên là "Xã Tỉnh Khê"; danh mục có Xã Tịnh Khê, mã 21211.' in warnings


def test_a_name_unknown_in_the_province_is_kept_without_a_code() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Không Tên Nào, tỉnh Quảng Ngãi"))

    assert (head.commune, head.commune_name, head.province) == (None, "Xã Không Tên Nào", "51")
    assert any("không có trong danh mục của Tỉnh Quảng Ngãi" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("ỦY BAN NHÂN DÂN XÃ TỊNH KHÊ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Xã Tịnh Khê"),
        ("XÃ TỊNH KHÊ Độc lập - Tự do - Hạnh phúc", "Xã Tịnh Khê"),
        ("UBND Xã Tịnh Khê", "Xã Tịnh Khê"),
        ("UBND xã Tịnh Khê Nam", "Xã Tịnh Khê Nam"),
    ],
)
def test_a_name_in_capitals_ends_by_the_register_and_another_at_small_letters(header: str, name: str) -> None:
    assert head_of(header, "KẾ HOẠCH", "CCHC năm 2026, tỉnh Quảng Ngãi").commune_name == name


def test_the_commune_of_the_title_goes_before_others_in_the_text() -> None:
    head = head_of("KẾ HOẠCH", "CCHC năm 2026 xã Xốp, tỉnh Quảng Ngãi", *["- Học tập xã Tịnh Khê"] * 5)

    assert head.commune == "23356"


def test_a_ward_without_a_name_is_no_commune() -> None:
    head, warnings = read_head(document("- Đăng tin trên trang của UBND phường", "- Báo cáo UBND tỉnh Quảng Ngãi"))

    assert (head.commune, head.commune_name, head.province) == (None, None, "51")
    assert 'Không tìm thấy tên xã, phường, đặc khu của kế hoạch; trong bài chỉ ghi "phường".' in warnings


def test_words_with_xa_that_name_no_commune_are_ignored() -> None:
    head = head_of(
        "PHÒNG VĂN HÓA - XÃ HỘI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "UBND PHƯỜNG CẨM THÀNH", "KẾ HOẠCH", "CCHC"
    )

    assert head.commune_name == "Phường Cẩm Thành"


def test_a_city_within_a_province_decides_the_province_with_a_warning() -> None:
    head, warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Tịnh Khê, thành phố Quảng Ngãi"))

    assert head.province == "51"
    assert any(warning.startswith('Văn bản chỉ ghi "thành phố Quảng Ngãi"') for warning in warnings)


@pytest.mark.parametrize(
    ("printed", "commune", "province", "name"),
    [
        ("xã Đăk Hà, tỉnh Kon Tum", "23500", "51", "Tỉnh Kon Tum"),
        ("xã Chợ Rã, tỉnh Bắc Kạn", "01912", "19", "Tỉnh Bắc Kạn"),
        ("đặc khu Côn Đảo, tỉnh Bà Rịa – Vũng Tàu", "26732", "79", "Tỉnh Bà Rịa - Vũng Tàu"),
        ("Thị trấn Đăk Tô, tỉnh Kon Tum", "23401", "51", "Tỉnh Kon Tum"),
    ],
)
def test_a_former_province_is_read_as_its_successor(printed: str, commune: str, province: str, name: str) -> None:
    head, warnings = read_head(document("KẾ HOẠCH", f"CCHC năm 2026 {printed}"))

    assert (head.commune, head.province) == (commune, province)
    assert any(warning.startswith(f"Văn bản ghi {name}, tỉnh này không còn") for warning in warnings)


def test_each_former_province_has_one_successor() -> None:
    assert len(former_provinces()) == 30
    assert set(former_provinces().values()) <= set(provinces())
    assert not set(former_provinces()) & set(provinces().values())


@pytest.mark.parametrize(
    ("header", "title", "commune", "name"),
    [
        ("UBND PHƯỜNG XUÂN HƯƠNG - ĐÀ LẠT", "CCHC năm 2026, tỉnh Lâm Đồng", "24781", "Phường Xuân Hương - Đà Lạt"),
        ("UBND xã A LƯỚI 2", "CCHC năm 2026, thành phố Huế", "20044", "Xã A Lưới 2"),
        ("UBND xã Châu Thành", "CCHC năm 2026, tỉnh Vĩnh Long", "29374", "Xã Châu Thành"),
        ("UBND xã Châu Thành - Tỉnh Vĩnh Long", "CCHC năm 2026", "29374", "Xã Châu Thành"),
        ("UBND thị xã Sơn Tây", "CCHC năm 2026, thành phố Hà Nội", None, None),
        ("Hợp tác xã Bình Minh", "CCHC năm 2026, thành phố Hà Nội", None, None),
    ],
)
def test_names_with_dashes_numbers_and_words_that_may_end_a_name(
    header: str, title: str, commune: str | None, name: str | None
) -> None:
    head = head_of(header, "KẾ HOẠCH", title)

    assert (head.commune, head.commune_name) == (commune, name)


def test_a_name_of_another_province_is_not_taken_for_a_spelling_error() -> None:
    head = head_of("KẾ HOẠCH", "CCHC năm 2026 phường An Bình, Thành phố Hồ Chí Minh")

    assert (head.commune, head.commune_name) == (None, "Phường An Bình")


LAO_CAI = "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2025 của UBND tỉnh Lào Cai, UBND xã ban hành Kế hoạch:"


@pytest.mark.parametrize(
    ("lines", "commune", "warning"),
    [
        (["UBND XÃ KHÁNH YÊN THƯỢNG", "KẾ HOẠCH", "CCHC năm 2025"], None, "đã nhập vào Xã Văn Bàn"),
        (["KẾ HOẠCH", "CCHC năm 2025 xã Khánh Yên Thượng"], None, "không còn từ ngày 01/7/2025"),
        (["UBND XÃ KHÁNH YÊN", "KẾ HOẠCH", "CCHC năm 2025"], "03103", ""),
        (["UBND XÃ KHÁNH YÊN BẮC SƠN", "KẾ HOẠCH", "CCHC năm 2025"], None, "không có trong danh mục"),
        (["UBND XÃ KHÁNH YÊN THỰC HIỆN", "KẾ HOẠCH", "CCHC năm 2025"], "03103", ""),
    ],
)
def test_a_name_is_never_cut_to_that_of_another_commune(lines: list[str], commune: str | None, warning: str) -> None:
    head, warnings = read_head(document(*lines, LAO_CAI))

    assert head.commune == commune
    assert any(warning in one for one in warnings) if warning else not any("cần người chọn" in one for one in warnings)


@pytest.mark.parametrize(
    ("title", "dated", "times", "year"),
    [
        ("Khắc phục hạn chế Chỉ số CCHC năm 2025 và nâng cao Chỉ số năm 2026", "15 tháng 02 năm 2026", "Quý II", 2026),
        ("Khắc phục hạn chế của Chỉ số CCHC năm 2025", "15 tháng 02 năm 2026", "Trước ngày 30/6/2026", 2026),
        ("Khắc phục hạn chế của Chỉ số CCHC năm 2025", "15 tháng 02 năm 2026", "Quý IV/2025", 2025),
        ("Tổng kết CCHC năm 2025, nhiệm vụ năm 2026", "10 tháng 12 năm 2025", "Quý I/2026", 2026),
        ("Cải cách hành chính năm 2026", "25 tháng 12 năm 2025", "Quý I", 2026),
    ],
)
def test_the_year_is_the_one_that_the_plan_orders(title: str, dated: str, times: str, year: int) -> None:
    assert head_of(f"Xuân Hòa, ngày {dated}", "KẾ HOẠCH", title, "1. Rà soát", f"- Thời gian: {times}").year == year


@pytest.mark.parametrize("kind", ["CHƯƠNG TRÌNH CÔNG TÁC", "CHƯƠNG TRÌNH", "PHƯƠNG ÁN", "BẢNG PHÂN CÔNG NHIỆM VỤ"])
def test_a_programme_has_the_head_of_a_plan(kind: str) -> None:
    head = head_of("UBND XÃ XUÂN HÒA", "Số: 02/CTr-UBND", "Xuân Hòa, ngày 08 tháng 01 năm 2026", kind, "CCHC năm 2026")

    assert (head.number, head.title, head.based_on) == ("02/CTr-UBND", "CCHC năm 2026", [])
    assert head.issued_on == date(2026, 1, 8)


def test_a_district_in_the_head_has_a_warning() -> None:
    warnings = read_head(document("KẾ HOẠCH", "CCHC năm 2026 xã Xốp, huyện Đăk Glei, tỉnh Quảng Ngãi"))[1]

    assert "Đơn vị cấp huyện được nêu không còn từ ngày 01/7/2025: huyện Đăk Glei." in warnings


def test_the_number_keeps_its_dash() -> None:
    assert head_of("ĐẢNG ỦY XÃ XỐP", "Số 12-KH/ĐU", "KẾ HOẠCH", "CCHC năm 2026").number == "12-KH/ĐU"


def test_number_and_date_may_share_a_line() -> None:
    head = head_of("Số: 126/KH-UBND Đại Lộc, ngày 25 tháng 7 năm 2025", "KẾ HOẠCH", "CCHC năm 2025, thành phố Đà Nẵng")

    assert (head.number, head.issued_on, head.commune) == ("126/KH-UBND", date(2025, 7, 25), "20500")


def test_a_title_may_bear_the_number_and_the_day() -> None:
    head = head_of("UBND XÃ XỐP", "Kế hoạch số 15/KH-UBND ngày 3/2/2026 về CCHC năm 2026", "I. MỤC ĐÍCH")

    assert (head.number, head.issued_on, head.based_on) == ("15/KH-UBND", date(2026, 2, 3), [])
    assert head.title == "Kế hoạch số 15/KH-UBND ngày 3/2/2026 về CCHC năm 2026"


def test_a_part_in_capitals_ends_the_title() -> None:
    assert head_of("KẾ HOẠCH CCHC", "NĂM 2026", "PHẦN I. MỤC TIÊU").title == "KẾ HOẠCH CCHC NĂM 2026"


@pytest.mark.parametrize(
    ("province", "bodies"),
    [
        ("tỉnh Quảng Ngãi", "UBND thành phố, Phòng Nội vụ huyện"),
        ("thành phố Đà Nẵng", "Phòng Nội vụ huyện"),
    ],
)
def test_each_body_of_the_district_level_has_one_warning(province: str, bodies: str) -> None:
    lines = ["- Báo cáo UBND thành phố", "- Gửi Phòng Nội vụ huyện", "- Trình UBND thành phố"]
    warnings = read_head(document("KẾ HOẠCH", f"CCHC năm 2026, {province}", *lines))[1]

    assert f"Cơ quan cấp huyện được nêu không còn từ ngày 01/7/2025: {bodies}." in warnings


def test_a_first_section_of_grounds_is_the_preamble() -> None:
    head = head_of(
        "KẾ HOẠCH", "CCHC năm 2026", "I. CĂN CỨ", "- Nghị quyết số 76/NQ-CP;", "II. NHIỆM VỤ", "- Theo 8/KH-UBND"
    )

    assert (head.based_on, head.cites) == (["76/NQ-CP"], ["8/KH-UBND"])


def test_acts_in_the_cells_of_a_table_are_cited() -> None:
    lines = document("KẾ HOẠCH", "CCHC năm 2026", "Căn cứ Quyết định số 1/QĐ-UBND;").blocks
    head = read_head(Document((*lines, table(("STT", "Nội dung"), ("1", "Theo Quyết định số 9/QĐ-TTg")))))[0]

    assert (head.based_on, head.cites) == (["1/QĐ-UBND"], ["9/QĐ-TTg"])


def test_an_empty_document_has_an_empty_head_with_warnings() -> None:
    head, warnings = read_head(Document(()))

    assert head == DraftHead()
    assert len(warnings) == 7


def test_the_place_before_the_date_may_end_with_a_number() -> None:
    head, _ = read_head(
        document("Số: 04/CTr-UBND", "A Lưới 3, ngày 08 tháng 01 năm 2026", "CHƯƠNG TRÌNH", "Cải cách hành chính 2026")
    )
    assert head.issued_on == date(2026, 1, 8)


@pytest.mark.parametrize(
    ("head", "end"),
    [
        (["ỦY BAN NHÂN DÂN TỈNH NINH BÌNH", "UBND P. HOA LƯ"], "Nơi nhận"),
        (["ỦY BAN NHÂN DÂN", "TỈNH NINH BÌNH"], "TM. UBND PHƯỜNG HOA LƯ"),
    ],
)
def test_a_plan_below_the_name_of_a_province_may_be_that_of_a_commune(head: list[str], end: str) -> None:
    lines = [
        *head,
        "KẾ HOẠCH",
        "Cải cách hành chính năm 2026",
        "II. NHIỆM VỤ",
        "1. Công an phường Hoa Lư rà soát.",
        end,
    ]
    found, warnings = read_head(document(*lines))
    assert not any("cấp tỉnh ban hành" in each for each in warnings)
    assert found.commune == "14329"
