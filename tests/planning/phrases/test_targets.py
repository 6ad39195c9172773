"""Target phrases as communes write them, and the bounds that are read from them."""

from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.phrases.targets import read_target, target_in_words
from services.planning.phrases.targets.phrase_to_target import bounds_in_words
from services.planning.plan_file import PlannedTarget, TargetBounds


def bounds(text, unit=None):
    target = read_target(text, unit).target
    return None if target is None else {key: str(bound) for key, bound in target.given().items()}


def the_warning(text, unit=None):
    (warning,) = read_target(text, unit).warnings
    return warning


AT_LEAST = [
    ("100", "100"),
    ("100 %", "100"),
    ("Đạt 100%", "100"),
    ("Phấn đấu 100%", "100"),
    ("Phân đầu đạt 100%", "100"),
    ("Tỷ lệ đạt: 100%", "100"),
    ("**Đạt tỷ lệ 100%**", "100"),
    ("<b>100%</b>", "100"),
    ("(100%)", "100"),
    ("- 100%", "100"),
    ("100% (nếu có)", "100"),
    ("Hoàn thành 100% kế hoạch", "100"),
    ("100%; 100%", "100"),
    ("Tối thiểu 60", "60"),
    ("tối thiểu đạt 60%", "60"),
    ("Tốithiểu60%", "60"),
    ("TỐI THIỂU 60%", "60"),
    ("Tối\xa0thiểu 60\xa0%", "60"),
    ("Tối thiếu 60%", "60"),
    ("ít\nnhất 30%", "30"),
    ("80% (tối thiểu)", "80"),
    ("từ 90 % trở lên", "90"),
    ("đạt từ 90% trở lên", "90"),
    ("tối thiểu 90% trở lên", "90"),
    ("≥ 100", "100"),
    (">= 90", "90"),
    ("> = 90", "90"),
    ("không dưới 80%", "80"),
    ("không thấp hơn 80%", "80"),
    ("Đạt và vượt 85%", "85"),
    ("60 phần trăm", "60"),
    ("60％", "60"),
    ("85,5%", "85.5"),
    ("85.5%", "85.5"),
    ("1.000 hồ sơ", "1000"),
    ("1.234,5", "1234.5"),
    ("1,234.5", "1234.5"),
    ("90/100 điểm", "90"),
    ("95 điểm trở lên", "95"),
    ("ít nhất 02 sáng kiến", "2"),
    ("Năm 2025: 80%", "80"),
    ("Đến cuối năm 2025 đạt 80", "80"),
    ("80% theo Quyết định số 766/QĐ-TTg ngày 23/6/2022", "80"),
    ("tăng từ 60% lên 80%", "80"),
    ("đạt 95% (tăng 2% so với năm 2024)", "95"),
]
OTHERS = [
    ("trên 85 %", {"above": "85"}),
    (">85%", {"above": "85"}),
    ("hơn 80%", {"above": "80"}),
    ("vượt 80%", {"above": "80"}),
    ("Dưới 25%", {"below": "25"}),
    ("<25", {"below": "25"}),
    ("giảm xuống dưới 5%", {"below": "5"}),
    ("≤ 5%", {"at_most": "5"}),
    ("không quá 5%", {"at_most": "5"}),
    ("ko quá 5%", {"at_most": "5"}),
    ("không được vượt quá 5%", {"at_most": "5"}),
    ("tối đa 5%", {"at_most": "5"}),
    ("5% (tối đa)", {"at_most": "5"}),
    ("nhiều nhất 5%", {"at_most": "5"}),
    ("từ 5% trở xuống", {"at_most": "5"}),
    ("giảm còn 5%", {"at_most": "5"}),
    ("không quá 15 ngày", {"at_most": "15"}),
    ("Từ 25% đến dưới 30%", {"at_least": "25", "below": "30"}),
    ("từ 25 đến 30%", {"at_least": "25", "at_most": "30"}),
    ("9-9,5%", {"at_least": "9", "at_most": "9.5"}),
    ("9 – 9,5", {"at_least": "9", "at_most": "9.5"}),
    ("trên 80% đến 90%", {"above": "80", "at_most": "90"}),
    ("≥ 25% và < 30%", {"at_least": "25", "below": "30"}),
    ("Từ 80 - dưới 90 điểm", {"at_least": "80", "below": "90"}),
]


@pytest.mark.parametrize(("text", "bound"), AT_LEAST)
def test_a_plain_number_and_every_word_for_at_least_are_a_lower_bound(text, bound):
    assert bounds(text) == {"at_least": bound}


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_other_comparisons_and_ranges_keep_their_bounds(text, expected):
    assert bounds(text) == expected
    assert read_target(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "change", "expected", "unit"),
    [
        ("Giảm tối thiểu 30%", "down", {"at_least": "30"}, "%"),
        ("cắt giảm ít nhất: 30%", "down", {"at_least": "30"}, "%"),
        ("Cắt giảm ít nhất 30% thời gian giải quyết", "down", {"at_least": "30"}, "%"),
        ("giảm 10%", "down", {"at_least": "10"}, "%"),
        ("giảm thêm trên 5 % so với cùng kỳ", "down", {"above": "5"}, "%"),
        ("Tăng 10% so với năm 2024", "up", {"at_least": "10"}, "%"),
        ("tăng không quá 5%", "up", {"at_most": "5"}, "%"),
        ("tăng ít nhất 120% so với năm 2024", "up", {"at_least": "120"}, "%"),
        ("tăng ít nhất 01 bậc so với năm 2024", "up", {"at_least": "1"}, "bậc"),
        ("tăng thứ hạng từ 01-02 bậc", "up", {"at_least": "1", "at_most": "2"}, "bậc"),
        ("tăng từ 01-02 bậc so với 2024", "up", {"at_least": "1", "at_most": "2"}, "bậc"),
    ],
)
def test_a_change_has_its_direction_and_bounds_and_a_warning(text, change, expected, unit):
    reading = read_target(text)
    assert reading.target
    assert (reading.target.change, bounds(text), reading.unit) == (change, expected, unit)
    assert reading.target_text == text, "what it is compared with stays in the text"
    assert "mức thay đổi, được so với kỳ trước" in the_warning(text)


def test_two_changes_have_no_target():
    assert read_target("tăng 5%, giảm 3%").target is None


@pytest.mark.parametrize(("text", "expected"), [("Tối đa: 5%", {"at_most": "5"}), ("Dưới: 5%", {"below": "5"})])
def test_a_colon_between_comparison_and_number_changes_nothing(text, expected):
    assert bounds(text) == expected


def test_a_change_in_words():
    assert target_in_words(read_target("Giảm tối thiểu 30%")) == "giảm ít nhất 30 %"


def test_a_level_beside_a_change_is_the_target():
    reading = read_target("Đạt từ 85 % trở lên, tăng 3 % so với năm 2024")
    assert reading.target
    assert (reading.target.change, bounds("Đạt từ 85 % trở lên")) == (None, {"at_least": "85"})


@pytest.mark.parametrize("text", [text for text, _ in (*AT_LEAST, *OTHERS)])
def test_nfd_and_capitals_give_the_same_bounds(text):
    assert bounds(normalize("NFD", text)) == bounds(text)
    assert bounds(text.upper()) == bounds(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("vượt 5% so với kế hoạch", "mức thay đổi"),
        ("gấp 2 lần", "mức thay đổi"),
        ("không có", "không nêu con số"),
        ("Đạt chỉ tiêu đề ra", "không nêu con số"),
        ("Tốt", "không nêu con số"),
        ("năm 2025", "Không con số nào"),
        ("766/QĐ-TTg", "Không con số nào"),
        ("trước ngày 15/12/2025", "Không con số nào"),
        ("15/15 thôn", "Không con số nào"),
        ("02 cấp", "Không rõ con số trong “02”"),
        ("2025", "Không rõ con số trong “2025”"),
        ("Năm 2025: 80%; năm 2026: 90%", "“80%”, “90%”"),
        ("100% đơn vị có tỷ lệ xử lý từ 90 % trở lên", "“100%”, “từ 90 % trở lên”"),
        ("120%", "không phải tỷ lệ"),
        ("15 ngày", "không nói là nhiều nhất hay ít nhất"),
        ("khoảng 80%", "ước chừng"),
        ("Mức độ 4", "Không con số nào"),
        ("Thuộc nhóm 20 xã dẫn đầu", "Không con số nào"),
        ("top 10", "Không con số nào"),
        ("tối đa 90% trở lên", "trái ngược"),
        ("30-25%", "mức dưới không nhỏ hơn mức trên"),
        ("1,000 hồ sơ", "không đọc được con số"),
        ("1.2.3", "không đọc được con số"),
        ("9" * 30, "không đọc được con số"),
        ("không 5%", "so sánh thế nào"),
        ("", "để trống"),
        ("**", "để trống"),
    ],
)
def test_a_text_without_exactly_one_level_has_no_target_and_gives_the_reason(text, reason):
    assert bounds(text) is None
    assert reason in the_warning(text)


def test_zero_is_an_upper_bound_with_a_warning():
    assert bounds("0%") == {"at_most": "0"}
    assert "không quá 0" in the_warning("0%")


def test_more_than_together_with_or_more_is_the_stricter_bound_with_a_warning():
    assert bounds("trên 90% trở lên") == {"above": "90"}
    assert "chặt hơn" in the_warning("trên 90% trở lên")


@pytest.mark.parametrize(
    ("text", "column", "unit"),
    [
        ("60%", None, "%"),
        ("60", "%", "%"),
        ("60", "Tỷ lệ (%)", "%"),
        ("60", "Tỷ lệ", "%"),
        ("60", None, None),
        ("60", "-", None),
        ("95 điểm", "Điểm", "điểm"),
        ("Tối thiểu 95 (%)", None, "%"),
        ("02 lần/năm", None, "lần/năm"),
        ("2025", "Hồ sơ", "Hồ sơ"),
        ("Tốt", "%", "%"),
    ],
)
def test_the_unit_is_read_from_the_text_or_else_from_the_column(text, column, unit):
    assert read_target(text, column).unit == unit


def test_a_unit_that_differs_from_the_column_is_kept_with_a_warning():
    reading = read_target("Tối thiểu 60 hồ sơ", "%")

    assert reading.unit == "hồ sơ"
    assert "“hồ sơ”" in reading.warnings[0]
    assert "“%”" in reading.warnings[0]


def test_a_number_over_100_in_a_column_of_percentages_is_no_target():
    assert bounds("120", "%") is None
    assert bounds("120", "Hồ sơ") == {"at_least": "120"}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("85% đối với lĩnh vực đất đai, xây dựng", "đất đai, xây dựng"),
        ("Lĩnh vực hộ tịch: tối thiểu 85%", "hộ tịch"),
        ("90% đối với hồ sơ mới", "hồ sơ mới"),
        ("90%", None),
    ],
)
def test_the_words_that_limit_a_target_are_its_scope(text, scope):
    assert read_target(text).scope == scope


def test_the_text_is_kept_as_printed_without_asterisks():
    assert read_target(normalize("NFD", "  **Tối thiểu 60%** ")).target_text == "Tối thiểu 60%"
    assert read_target(None).target_text is None
    assert read_target(None).warnings == ()


def test_too_long_a_text_is_not_read():
    assert "dài quá" in the_warning("10% " * 5000)


_bound = st.decimals(0, 100, places=2)
_targets = st.one_of(
    st.builds(lambda key, bound: {key: bound}, st.sampled_from(["at_least", "above", "below", "at_most"]), _bound),
    st.builds(
        lambda low, high, first, second: {first: min(low, high), second: max(low, high) + 1},
        *(st.decimals(0, 99, places=1), st.decimals(0, 99, places=1)),
        *(st.sampled_from(["at_least", "above"]), st.sampled_from(["below", "at_most"])),
    ),
)


@given(_targets, st.sampled_from(["%", "điểm", "hồ sơ", None]))
def test_bounds_written_in_words_are_read_as_the_same(target, unit):
    written = TargetBounds(**target)
    reading = read_target(bounds_in_words(written, unit))

    assert reading.target == written
    assert reading.unit == unit


_pieces = st.sampled_from(
    [
        *("tối thiểu", "đạt", "60", "%", "-", "1.000", "1,5", "từ", "đến", "trở lên", "không", "quá", "tăng", "so với"),
        *("năm 2025", "(", ")", "/", "lĩnh vực", "bậc", ";", ":", "\n", ",", "“", "và", "lên", "x"),
    ]
)


@given(st.one_of(st.text(), st.lists(_pieces).map(" ".join), st.lists(_pieces).map("".join)), st.none() | st.text())
def test_any_text_gives_a_target_that_a_plan_can_hold_or_a_warning(text, unit):
    reading = read_target(text, unit)

    assert reading.target is not None or reading.warnings
    if reading.target_text is not None:
        PlannedTarget(name="x", unit=reading.unit, target=reading.target, target_text=reading.target_text)


def test_a_bound_is_exact():
    assert read_target("85,1%").target == TargetBounds(at_least=Decimal("85.1"))
