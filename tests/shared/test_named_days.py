"""The days that an option of task list, or a page's address, names in words."""

from datetime import date

import pytest

from shared.calendar.named_days import named_days

TODAY = date(2025, 11, 27)  # a Thursday


@pytest.mark.parametrize(
    ("texts", "first", "last"),
    [
        (["today", "hôm nay", "hom-nay"], (2025, 11, 27), (2025, 11, 27)),
        (["this-week", "tuần này", "TUAN-NAY"], (2025, 11, 24), (2025, 11, 30)),
        (["next week", "tuần sau", "tuan-toi"], (2025, 12, 1), (2025, 12, 7)),
        (
            ["this-month", "tháng này", "thang-nay", "11/2025", "tháng 11/2025", "2025-11"],
            (2025, 11, 1),
            (2025, 11, 30),
        ),
        (["next-month", "tháng sau", "thang-12/2025"], (2025, 12, 1), (2025, 12, 31)),
        (["this-quarter", "quý này", "quy-nay", "quy-4/2025", "Quý IV/2025", "2025-Q4"], (2025, 10, 1), (2025, 12, 31)),
        (["next-quarter", "quý sau"], (2026, 1, 1), (2026, 3, 31)),
        (["this-year", "năm nay", "nam-nay"], (2025, 1, 1), (2025, 12, 31)),
        (["2/2024"], (2024, 2, 1), (2024, 2, 29)),
    ],
)
def test_days_in_words(texts, first, last):
    assert {named_days(text, TODAY) for text in texts} == {(date(*first), date(*last))}


@pytest.mark.parametrize("text", ["", "13/2025", "quy-5/2025", "tháng", "this", "month", "hôm qua", "0/2025", "9/0000"])
def test_a_text_that_names_no_days_has_none(text):
    assert named_days(text, TODAY) is None
