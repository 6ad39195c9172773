"""Counts and days in cells, as people and programs write them, are read if only one meaning is possible."""

from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.readings_file.values.cells import CellError
from services.indicators.readings_file.values.days import DayOrder, day_in
from services.indicators.readings_file.values.whole_counts import count_in

NBSP, NARROW, THIN, MINUS = "\u00a0", "\u202f", "\u2009", "\u2212"

COUNTS = {
    "0": 0,
    "-3": -3,
    f"{MINUS}3": -3,
    "+5": 5,
    "'12": 12,
    " 12 ": 12,
    f"{NBSP}12{NBSP}": 12,
    "007": 7,
    "1.234": 1234,
    "1,234": 1234,
    "1 234": 1234,
    f"1{NBSP}234{NBSP}567": 1234567,
    f"1{NARROW}234": 1234,
    f"1{THIN}234": 1234,
    "-12.345.678": -12345678,
    "12.000": 12000,
    "1.234,0": 1234,
    "1.234,00": 1234,
    "1,234.0": 1234,
    "1,234,567.00": 1234567,
    "1 234,00": 1234,
    "12,0": 12,
    "12.0": 12,
    "12.00": 12,
    "0,0": 0,
    "1234.0": 1234,
    "１２３": 123,
    "１．２３４": 1234,
    "1000000000000": 10**12,
    "0" * 5_000 + "1": 1,
}

NO_COUNTS = {
    "3,5": "không phải là số nguyên",
    "3.5": "không phải là số nguyên",
    "1.23": "không phải là số nguyên",
    "0.123": "không phải là số nguyên",
    "0.000": "không phải là số nguyên",
    ",0": "không phải là số nguyên",
    "1.234.5": "không phải là số nguyên",
    "1.234.00": "không phải là số nguyên",
    "12.34.567": "không phải là số nguyên",
    "1.234,567": "không phải là số nguyên",
    "1.2345": "không phải là số nguyên",
    "1234.567": "không phải là số nguyên",
    "1 2345": "không phải là số nguyên",
    "1.234 567": "không phải là số nguyên",
    "1e5": "đã bị rút gọn",
    "1,23E+05": "đã bị rút gọn",
    "1e400": "đã bị rút gọn",
    "50%": "là tỷ lệ",
    "67,4 %": "là tỷ lệ",
    "33 hồ sơ": "có chữ đi kèm",
    "12đ": "có chữ đi kèm",
    "-": "có thể là 0 hoặc là chưa có",
    "–": "có thể là 0 hoặc là chưa có",
    "...": "có thể là 0 hoặc là chưa có",
    "x": "có thể là 0 hoặc là chưa có",
    "NaN": "không phải là số hữu hạn",
    "-Infinity": "không phải là số hữu hạn",
    "#DIV/0!": "là lỗi của bảng tính",
    "#n/a": "là lỗi của bảng tính",
    "true": "không phải là số nguyên",
    "0x10": "có chữ đi kèm",
    "٣": "không phải là số nguyên",
    "²": "không phải là số nguyên",
    "5²": "có chữ đi kèm",
    "1_000": "không phải là số nguyên",
    "=1+1": "không phải là số nguyên",
    "(12)": "không phải là số nguyên",
    "--1": "không phải là số nguyên",
    "+-1": "không phải là số nguyên",
    "1000000000001": "lớn quá mức",
    "-1.000.000.000.001": "lớn quá mức",
    "9" * 10_000: "lớn quá mức",
}

NO_COUNTS_STORED = [
    (3.5, "không phải là số nguyên"),
    (1.234, "dấu chấm, phẩy ngăn hàng nghìn"),
    (float("nan"), "không phải là số hữu hạn"),
    (float("inf"), "không phải là số hữu hạn"),
    (1e300, "lớn quá mức"),
    (-(10**13), "lớn quá mức"),
    (True, "là giá trị đúng/sai"),
    (date(2025, 9, 14), "là một ngày"),
    ([1], "không phải là số đếm"),
    ({}, "không phải là số đếm"),
]

THE_14TH = [
    *["2025-09-14", "2025-9-14", "2025/09/14", "2025.09.14", "14/9/2025", "14-9-2025", "14.9.2025", "14/09/2025"],
    *["ngày 14 tháng 9 năm 2025", "Ngày 14 tháng 09 năm 2025", "14 tháng 9, năm 2025", "ngày 14/9/2025"],
    *[normalize("NFD", "ngày 14 tháng 9 năm 2025"), " 14 / 9 / 2025 ", "'14/9/2025"],
    *["14/9/2025 00:00:00", "14/9/2025 0:00", "2025-09-14T00:00:00", "2025-09-14 08:30:15.000"],
]

NO_DAYS = {
    "31/9/2025": "không có trong lịch",
    "29-02-2025": "không có trong lịch",
    "2025-02-29": "không có trong lịch",
    "0000-01-01": "không có trong lịch",
    "0/9/2025": "không có trong lịch",
    "9/14/2025": "không có tháng 14 (ngày viết trước tháng)",
    "2025-14-09": "không có tháng 14",
    "14/9/25": "viết năm hai chữ số",
    "14.9.25": "viết năm hai chữ số",
    "45914": "là một con số",
    "20250914": "là một con số",
    "2025-09-14T17:00:00Z": "có múi giờ",
    "2025-09-14T00:00:00+07:00": "có múi giờ",
    "14/9/2025 25:00": "không phải là ngày",
    "14/9-2025": "không phải là ngày",
    "14/9": "không phải là ngày",
    "14/9/2025 và 15/9/2025": "không phải là ngày",
    "quý III": "không phải là ngày",
    "١٤/٩/٢٠٢٥": "không phải là ngày",
    "#REF!": "là lỗi của bảng tính",
}


@pytest.mark.parametrize("text", COUNTS, ids=lambda text: ascii(text)[:20])
def test_a_whole_number_is_read_however_it_is_written(text: str) -> None:
    assert count_in(text) == COUNTS[text]


@pytest.mark.parametrize("text", NO_COUNTS, ids=lambda text: ascii(text)[:20])
def test_an_ambiguous_number_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(CellError) as refused:
        count_in(text)
    assert NO_COUNTS[text] in str(refused.value)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(("raw", "why"), NO_COUNTS_STORED, ids=lambda raw: str(raw)[:20])
def test_a_stored_value_that_is_no_count_is_refused_with_its_reason(raw: object, why: str) -> None:
    with pytest.raises(CellError, match=why):
        count_in(raw)


@given(
    count=st.integers(-(10**12), 10**12),
    thousands=st.sampled_from([".", ",", " ", NBSP, NARROW, ""]),
    decimals=st.sampled_from(["", ",0", ".0", ",00", ".00"]),
)
def test_a_count_is_read_back_from_either_convention(count: int, thousands: str, decimals: str) -> None:
    if decimals[:1] == thousands:
        decimals = ""
    assert count_in(f"{count:,}".replace(",", thousands) + decimals) == count
    assert count_in(float(count)) == count


@given(text=st.text(alphabet="0123456789., -+e%\u00a0", max_size=12))
def test_text_is_read_as_its_digits_or_refused(text: str) -> None:
    """Never as other digits than the written ones, except for decimals that are zero."""
    try:
        count = count_in(text)
    except CellError:
        return
    digits = "".join(char for char in text if char.isdigit())
    meant = [digits[: len(digits) - zeros] for zeros in (0, 1, 2) if set(digits[len(digits) - zeros :]) <= {"0"}]
    assert str(abs(count)) in [left.lstrip("0") or "0" for left in meant]


@pytest.mark.parametrize("text", THE_14TH)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert day_in(text) == date(2025, 9, 14)


@pytest.mark.parametrize("text", NO_DAYS)
def test_an_ambiguous_or_impossible_day_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(CellError) as refused:
        day_in(text)
    assert NO_DAYS[text] in str(refused.value)


@pytest.mark.parametrize("raw", [45914, 45914.0, True, [], {}])
def test_a_number_is_no_day(raw: object) -> None:
    with pytest.raises(CellError):
        day_in(raw)


@given(
    day=st.dates(date(1, 1, 1), date(9999, 12, 31)),
    form=st.sampled_from(
        [
            *["{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{d}/{m}/{y:04}", "{d:02}-{m:02}-{y:04}", "{d}.{m}.{y:04}"],
            *["ngày {d} tháng {m} năm {y:04}", "{d}/{m}/{y:04} 23:59:59"],
        ]
    ),
)
def test_every_day_is_read_back_from_every_form(day: date, form: str) -> None:
    assert day_in(form.format(y=day.year, m=day.month, d=day.day)) == day


@pytest.mark.parametrize(
    ("days", "in_doubt", "either"),
    [
        (["9/14/2025", "9/1/2025"], True, [False, True]),
        (["9/1/2025", "9/14/2025"], True, [True, False]),
        (["9/14/2025", "14/9/2025", "9/1/2025"], False, [False, False, True]),
        (["14/9/2025", "9/1/2025", "9/9/2025"], False, [False, True, False]),
        (["2025-09-01", date(2025, 9, 1), 9, "9/31/2025"], True, [False, False, False, False]),
    ],
)
def test_a_month_before_the_day_puts_the_other_days_in_doubt(
    days: list[object], in_doubt: bool, either: list[bool]
) -> None:
    order = DayOrder()
    assert [order.observe(day, "hàng 2") for day in days] == either
    assert order.in_doubt is in_doubt
