"""Reads the number of the document and the day of issue, which are blank in a draft."""

import re
from datetime import date

from services.planning.documents.plan_head.acts import Act, acts_in
from services.planning.documents.plan_head.passages import Passage, Passages, is_title_with_number
from shared.vietnamese import folded

_BLANK = r"[\s.…_]{0,60}"
_NUMBER = re.compile(
    rf"(?:^|\s)Số\s*:?(?:{_BLANK}(?P<n>\d{{1,5}}[a-z]?))?{_BLANK}(?P<mark>[/-])\s*"
    r"(?P<symbol>[A-ZĐ][\w&]*(?:\s*[-–/]\s*[A-ZĐ][\w&]*)*)"
)
_DATE = re.compile(
    rf"(?:^|\s{{2,}}|\t|/[\w&-]+\s)(?P<where>[^\W\d_][^,;:\d]{{1,60}}?)\s*,\s*ngày{_BLANK}(?P<day>\d{{1,2}})?{_BLANK}(?:tháng|/){_BLANK}"
    rf"(?P<month>\d{{1,2}})?{_BLANK}(?:năm|/){_BLANK}(?P<year>\d{{4}})?[\s./…_]*(?:(?-i:KẾ HOẠCH)\s*)?$",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(r"\(?\s*(?:ban hành\s+)?kèm theo (?:kế hoạch|quyết định)", re.IGNORECASE)


def number_of(passages: Passages) -> tuple[str | None, list[str]]:
    for passage in passages.header:
        if found := _NUMBER.search(passage.text):
            symbol = re.sub(r"\s+", "", found["symbol"]).replace("–", "-")
            if found["n"]:
                return f"{found['n']}{found['mark']}{symbol}", []
            return None, [
                f'{passage.place}: số văn bản để trống ("{found["mark"]}{symbol}"), bản dự thảo hoặc chưa vào sổ'
            ]
    if act := _named_elsewhere(passages):
        return act.number, []
    return None, ["không có số, ký hiệu của văn bản"]


def date_line_of(passages: Passages) -> tuple[Passage, re.Match[str]] | None:
    """The line with place and date: above the title, else beside the signature at the end."""
    for passage in [*passages.header, *passages.body]:
        if not passage.in_table and (found := _DATE.search(passage.text)):
            return passage, found
    return None


def issued_on(passages: Passages) -> tuple[date | None, list[str]]:
    line = date_line_of(passages)
    if line is None:
        act = _named_elsewhere(passages)
        return (act.issued_on, []) if act and act.issued_on else (None, ["không có ngày ban hành"])
    passage, found = line
    if not (found["day"] and found["month"] and found["year"]):
        return None, [f'{passage.place}: ngày ban hành để trống ("{_shown(found)}"), bản dự thảo']
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])), []
    except ValueError:
        return None, [f'{passage.place}: ngày ban hành không có thật ("{_shown(found)}")']


def place_name_of(passages: Passages) -> str | None:
    """The place before the date, with its kind where it is printed: "Xã Xốp", "Vĩnh Thuận"."""
    line = date_line_of(passages)
    return line[1]["where"].strip() if line else None


def _named_elsewhere(passages: Passages) -> Act | None:
    """The plan itself in a title that bears its number, or in "(Kèm theo Kế hoạch số …)"."""
    titles = [passage.text for passage in passages.title[:1] if is_title_with_number(passage)]
    enclosed = [passage.text for passage in passages.everything if _ENCLOSED.match(passage.text)]
    return next((acts[0] for text in (*titles, *enclosed) if (acts := acts_in(text))), None)


def _shown(found: re.Match[str]) -> str:
    text = " ".join(found[0].split())
    return text[text.index("ngày") :] if "ngày" in folded(text) and "ngày" in text else text
