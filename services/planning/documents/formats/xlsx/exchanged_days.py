"""Notices date cells in which a spreadsheet may have exchanged day and month, by days beside them that stayed text."""

import re
from datetime import date

from openpyxl.utils import get_column_letter

MONTHS = 12
MAX_NAMED = 20
DAY = re.compile(r"(?:(?:trước|đến|hết|từ|ngày) )*([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})\.?")
EXCHANGED = (
    "Trang tính “{title}”: {cells} là ô ngày, còn ô {text} ghi ngày bằng chữ; bảng tính có thể đã đổi ngày với tháng. "
    "Hãy đối chiếu thời hạn ở các ô này với văn bản gốc."
)


class ExchangedDays:
    """The days of one sheet. A spreadsheet that reads months first stores 1/12 as 12 January, and leaves 13/12 text."""

    def __init__(self) -> None:
        self._stored: list[tuple[int, int]] = []
        self._stored_past_12 = False
        self._text_past_12: tuple[int, int] | None = None

    def observe(self, row: int, column: int, value: object) -> None:
        if isinstance(value, date):
            self._stored_past_12 |= value.day > MONTHS
            if value.day <= MONTHS and value.day != value.month:
                self._stored.append((row, column))
        elif self._text_past_12 is None and isinstance(value, str) and len(value) < 40 and _is_past_12(value):
            self._text_past_12 = row, column

    def note(self, title: str) -> str | None:
        """The sentence about the cells in doubt; None where none is."""
        if not self._stored or self._stored_past_12 or self._text_past_12 is None:
            return None
        cells = ", ".join(_name(*place) for place in self._stored[:MAX_NAMED])
        more = len(self._stored) - MAX_NAMED
        named = f"ô {cells} và {more} ô khác" if more > 0 else f"ô {cells}"
        return EXCHANGED.format(title=title, cells=named, text=_name(*self._text_past_12))


def _is_past_12(text: str) -> bool:
    found = DAY.fullmatch(" ".join(text.lower().split()))
    if found is None:
        return False
    first, second = int(found[1]), int(found[3])
    return 1 <= min(first, second) <= MONTHS < max(first, second) <= 31


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"
