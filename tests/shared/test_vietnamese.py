"""Vietnamese order, numbers and dates."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vietnamese import collation_key, date_text, folded, number, percent, same_person, written_day


def ordered(*names: str) -> bool:
    return all(collation_key(first) < collation_key(second) for first, second in pairwise(names))


def test_letters_follow_the_vietnamese_alphabet() -> None:
    assert ordered(*"aăâbcdđeêghiklmnoôơpqrstuưvxy")


def test_tones_follow_the_dictionary() -> None:
    assert ordered("ma", "mà", "mả", "mã", "má", "mạ")
    assert ordered("âm", "ầm", "ẩm", "ẫm", "ấm", "ậm")


def test_a_letter_weighs_more_than_any_tone_before_it() -> None:
    assert ordered("Bạ An", "Ba Vì")
    assert ordered("Xã Sơn Hà", "Xã Sơn Hạ", "Xã Sơn Kỳ")


def test_d_with_a_bar_comes_after_every_d() -> None:
    assert ordered("Xã Dục Nông", "Xã Đăk Hà", "Xã Đăk Tô", "Xã Đăk Tờ Kan", "Xã Đặng Thùy Trâm", "Xã Đình Cương")


def test_a_shorter_name_and_a_space_come_first() -> None:
    assert ordered("Ba", "Ba Tơ", "Ba Vì", "Bana")


def test_foreign_letters_and_digits_have_a_place() -> None:
    assert ordered("Phường 1", "Phường A", "Phường F", "Phường G", "Phường W", "Phường X")


def test_case_decides_last() -> None:
    assert ordered("đăk tô", "Đăk Tô", "Đăk Tồ")


def test_a_mark_of_another_language_stays_with_its_letter() -> None:
    assert ordered("Đăk T", "Đăk Ŭi", "Đăk Uk")


@given(st.text(alphabet="aăâđeêoôơuưyxXĐÁẠẫờ 12'"))
def test_composed_and_decomposed_spellings_are_the_same(text: str) -> None:
    assert collation_key(normalize("NFC", text)) == collation_key(normalize("NFD", text))


def test_numbers_have_points_and_a_comma() -> None:
    assert number(1234567) == "1.234.567"
    assert number(Decimal("67.4"), decimals=1) == "67,4"
    assert number(0) == "0"


def test_numbers_are_rounded_half_up() -> None:
    assert number(Decimal("0.25"), decimals=1) == "0,3"
    assert number(Decimal("2.5")) == "3"


def test_a_percentage_never_breaks_before_its_sign() -> None:
    assert percent(Decimal("67.4")) == "67,4\u00a0%"
    assert percent(Decimal(0)) == "0,0\u00a0%"


def test_dates_have_no_leading_zeros() -> None:
    assert date_text(date(2025, 9, 6)) == "6/9/2025"


def test_missing_is_a_dash_and_not_a_zero() -> None:
    assert number(None) == percent(None) == date_text(None) == "–"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Hóa đơn", "hoá đơn"),
        ("XÓA, KHỎE, THỦY", "xoá, khoẻ, thuỷ"),
        (normalize("NFD", "Đơn giản hóa"), "đơn giản hoá"),
        ("hoàn  thành\u00a0–\nđúng hạn", "hoàn thành - đúng hạn"),
        ("Ðịnh kỳ quý", "định kỳ quý"),
        ("tòan, hòan, chuyển, quỳnh", "tòan, hòan, chuyển, quỳnh"),
    ],
)
def test_texts_are_compared_without_regard_to_how_they_were_typed(written: str, same: str) -> None:
    assert folded(written) == folded(same) == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thúy Hòa", "Thuý Hoà"),
        ("Phòng Thúy Hòa", normalize("NFD", "Phòng Thúy Hòa")),
        (" nguyễn  thị AN", "Nguyễn Thị An"),
        ("Trần Văn\u00a0Đức", "Trần Văn Đức"),
        ("Ðặng Văn A", "Đặng Văn A"),
        ("Nguyễn Thị An\u200b", "Nguyễn Thị An"),
        ("Nguy\u200dễn\u2060 T\u200ehị\u00ad An", "Nguyễn Thị An"),
        ("Nguyễn Thị \u0410n", "Nguyễn Thị An"),
        ("L\u0435\u0302 V\u0430n \u0421", "Lê Van C"),
        ("\uff21n \u0391n", "An An"),
    ],
)
def test_a_name_typed_in_another_way_is_the_same_person(one: str, other: str) -> None:
    assert same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Lan", "Lân"), ("Hoa", "Hòa"), ("Đức", "Dức"), ("Văn A", "VănA"), ("An", "")]
)
def test_every_diacritic_makes_another_person(one: str, other: str) -> None:
    assert not same_person(one, other)


@pytest.mark.parametrize("text", ["2025-07-05", "5/7/2025", "05/07/2025", "05-07-2025", " 5.7.2025 "])
def test_a_day_is_written_in_the_vietnamese_or_the_iso_form(text: str) -> None:
    assert written_day(text) == date(2025, 7, 5)


@pytest.mark.parametrize("text", ["5/7-2025", "5/7/25", "2025/07/05", "2025-7-5", "", "5 tháng 7"])
def test_another_form_is_no_day(text: str) -> None:
    assert written_day(text) is None


@pytest.mark.parametrize("text", ["31/9/2025", "2025-02-30", "7/13/2025"])
def test_a_day_that_no_calendar_has_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        written_day(text)
