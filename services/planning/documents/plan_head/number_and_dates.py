"""Reads the number of the document, its day of issue (both blank in a draft), the year of the plan and its span."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date

from services.planning.documents.plan_head.acts import Act, acts_in
from services.planning.documents.plan_head.passages import Passage, Passages, is_title_with_number
from shared.periods import quarter_number
from shared.vietnamese import folded

_BLANK = r"[\s.…_]{0,60}"
_NUMBER = re.compile(
    rf"(?:^|\s)Số\s*:?(?:{_BLANK}(?P<n>\d{{1,5}}[a-z]?))?{_BLANK}(?P<mark>[/-])\s*"
    r"(?P<symbol>[A-ZĐ][\w&]*(?:\s*[-–/]\s*[A-ZĐ][\w&]*)*)"
)
_DATE = re.compile(
    rf"(?:^|\s{{2,}}|\t|/[\w&-]+\s)(?P<where>[^\W\d_][^,;:\d]{{1,60}}?(?:\s\d{{1,2}})?)\s*,\s*ngày{_BLANK}"
    rf"(?P<day>\d{{1,2}})?{_BLANK}(?:tháng|/){_BLANK}"
    rf"(?P<month>\d{{1,2}})?{_BLANK}(?:năm|/){_BLANK}(?P<year>\d{{4}})?[\s./…_]*(?:(?-i:KẾ HOẠCH)\s*)?$",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(r"\(?\s*(?:ban hành\s+)?kèm theo (?:kế hoạch|quyết định)", re.IGNORECASE)
Span = tuple[date, date]
_QUARTER = r"(?:iv|i{1,3}|[1-4])"
_SEVERAL_QUARTERS = rf"quý ({_QUARTER}(?:\s*(?:,|và|-|đến)\s*(?:quý )?{_QUARTER})*)(?!\w)"
_YEAR = re.compile(rf"(?:(?<!đến )(?<!hết )năm|{_SEVERAL_QUARTERS} ?/|tháng \d{{1,2}} ?/)\s*(?P<year>20\d\d)(?!\d)")
_YEAR_ALONE = re.compile(r"(?<![\w/.-])(?P<year>20[2-4]\d)(?![\w/-])")
_DAY = re.compile(r"ngày \d{1,2}(?: tháng | ?/ ?)\d{1,2}(?:,? năm | ?/ ?)\d{4}")
_DAYS = re.compile(
    r"từ (?:ngày )?(\d{1,2})[/.](\d{1,2})[/.](20\d\d) ?(?:đến|-)(?: hết)?(?: ngày)? (\d{1,2})[/.](\d{1,2})[/.](20\d\d)"
)
_STAGE = re.compile(
    r"(?:giai đoạn|từ năm|(?:trong )?(?:\d+|hai|ba) năm|năm)\s*(?P<year>20\d\d)\s*(?:-|đến(?: năm)?)\s*(?P<last>20\d\d)"
    r"|các năm (?P<first>20\d\d)(?:(?:, | và )20\d\d)*(?:, | và )(?P<until>20\d\d)"
)
_TIME = re.compile(
    r"(?:(?:quý|tháng) [\divx]{1,3} ?(?:/|năm|-) ?|(?:trước|nhất|đến|hết|trong|xong|hạn|từ)\b[^.;:\n(]{0,24}?"
    r"|^\W{0,3}(?:ngày )?(?:\d{1,2}[/.-]){1,2})(?P<year>20\d\d)(?!\d)"
)
_OF_AN_ACT = re.compile(
    r"[\w/.-]*\d[\w.]*/[\w/&-]+,? (?:ban hành )?ngày \d{1,2}(?: tháng |[/.-])\d{1,2}(?:,? năm |[/.-])\d{4}"
)
_AHEAD = re.compile(r"(?:định hướng|phương hướng|tầm nhìn|dự kiến)[^,;.]{0,40}?(?:đến )?năm 20\d\d")
_AIM = re.compile(r"(?:đến|hết) năm (20\d\d)")
_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
_COUNT = rf"(\d{{1,2}}|{'|'.join(_WORDS)})"
_LAST_MONTHS = re.compile(rf"{_COUNT} tháng cuối năm")
_FIRST_MONTHS = re.compile(rf"{_COUNT} tháng (?:đầu năm|năm)")
_HALF = re.compile(r"nửa (đầu|cuối) năm")
_QUARTERS = re.compile(_SEVERAL_QUARTERS)
_FROM_MONTH = re.compile(r"tháng (\d{1,2})(?: năm 20\d\d| ?/ ?20\d\d)? ?(?:-|đến)(?: hết)? tháng (\d{1,2})")
_MONTH = re.compile(r"(?<!\d )tháng (\d{1,2})\s*(?:năm|/)")
_SOME_MONTHS = re.compile(r"(?:những|các|mấy) tháng (?:cuối|đầu|còn lại)")


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


def year_of(passages: Passages, title: str | None, issued_on: date | None) -> tuple[int | None, list[str]]:
    """The year of the title; of several, or of a year that was over on the day of issue, the one that its times name.

    Without a year in the title: that of the words over tables, else of the date line, else the one named most.
    """
    named = _years_of_title(folded(title or ""))
    if len(named) == 1 and not (issued_on and named[0] < issued_on.year):
        return named[0], []
    if named:
        return _year_by_times(passages, named, issued_on)
    for source, texts in _other_sources(passages):
        found = (year for text in texts for year in _years_in(text))
        years = Counter(year for year in found if issued_on is None or int(year) >= issued_on.year)
        if years:
            year = int(max(years, key=lambda one: (years[one], one)))
            return year, [f"tên kế hoạch không ghi năm; đọc là năm {year} theo {source}"]
    return None, ["không rõ năm của kế hoạch"]


def _years_of_title(text: str) -> list[int]:
    """Of a stage such as "2026 - 2030" the first."""
    if found := _DAYS.search(text):
        return [int(found[3])]
    if years := [int(found["year"]) for found in _YEAR.finditer(_AHEAD.sub("", _STAGE.sub("", text)))]:
        return sorted(set(years))
    if found := _STAGE.search(text):
        return [int(found["year"] or found["first"])]
    found = _YEAR_ALONE.search(_AIM.sub("", text))
    return [int(found["year"])] if found else []


def _year_by_times(passages: Passages, named: Sequence[int], issued_on: date | None) -> tuple[int, list[str]]:
    ordered = Counter(year for passage in passages.body for year in _years_of_times(passage.text))
    likely = [*named, *([issued_on.year] if issued_on else [])]
    counts = {year: ordered[year] for year in likely}
    year = max(counts, key=lambda one: (counts[one], one == (issued_on.year if issued_on else 0), one))
    if not counts[year] and not (issued_on and issued_on.year in named):
        year = named[-1]
    if len(named) == 1 and year == named[0]:
        return year, []
    printed = ", ".join(map(str, named))
    source = "thời hạn trong bài" if counts[year] else "ngày ban hành" if issued_on else "tên kế hoạch"
    return year, [f"tên kế hoạch ghi năm {printed}; đọc là kế hoạch năm {year} theo {source}, cần người xác nhận"]


def _years_of_times(text: str) -> list[int]:
    """The years of quarters, months and days to come, without those of cited acts."""
    return [int(found["year"]) for found in _TIME.finditer(_OF_AN_ACT.sub("", folded(text)))]


def _other_sources(passages: Passages) -> list[tuple[str, list[str]]]:
    line = date_line_of(passages)
    dated = line[1]["year"] if line else None
    in_tables = [passage.text for passage in passages.body if passage.in_table and len(passage.text) < 60]
    return [
        ("phần mở đầu", [passage.text for passage in passages.preamble if "kế hoạch" in folded(passage.text)][-1:]),
        ("tên cột, tên phụ lục", in_tables),
        ("ngày ban hành", [f"năm {dated}"] if dated else []),
        ("nội dung", [passage.text for passage in passages.everything]),
    ]


def _years_in(text: str) -> list[str]:
    return [found["year"] for found in _YEAR.finditer(_DAY.sub("", folded(text)))]


def span_of(year: int, title: str | None) -> tuple[Span, list[str]]:
    """The part of the year that the title names, or several years; the whole year where it names none."""
    text = folded(title or "")
    if days := _days(text):
        return days, []
    if (stage := _STAGE.search(text)) and not _YEAR.search(_STAGE.sub("", text)):
        first, last = sorted((int(stage["year"] or stage["first"]), int(stage["last"] or stage["until"])))
        return (date(first, 1, 1), date(last, 12, 31)), []
    if (aim := _AIM.search(text)) and not _YEAR.search(text) and int(aim[1]) > year:
        return (date(year, 1, 1), date(int(aim[1]), 12, 31)), []
    first_month, last_month = _months(text)
    vague = _SOME_MONTHS.search(text) if (first_month, last_month) == (1, 12) else None
    warnings = [f'tên kế hoạch ghi "{vague[0]} …", không rõ từ tháng nào; đọc là cả năm {year}'] if vague else []
    return (date(year, first_month, 1), date(year, last_month, monthrange(year, last_month)[1])), warnings


def _days(text: str) -> Span | None:
    if not (found := _DAYS.search(text)):
        return None
    first_day, first_month, first_year, day, month, year = map(int, found.groups())
    try:
        first, last = date(first_year, first_month, first_day), date(year, month, day)
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _months(text: str) -> tuple[int, int]:
    """The first and the last month that the text names; the whole year if it names none or an impossible one."""
    first, last = _printed_months(text) or (1, 12)
    return (first, last) if 1 <= first <= last <= 12 else (1, 12)


def _printed_months(text: str) -> tuple[int, int] | None:
    if found := _LAST_MONTHS.search(text):
        return 13 - _count(found[1]), 12
    if found := _FIRST_MONTHS.search(text):
        return 1, _count(found[1])
    if found := _HALF.search(text):
        return (1, 6) if found[1] == "đầu" else (7, 12)
    if (found := _FROM_MONTH.search(text)) or (found := _MONTH.search(text)):
        return int(found[1]), int(found[found.lastindex or 1])
    if found := _QUARTERS.search(text):
        quarters = [quarter_number(one) for one in re.findall(r"iv|i{1,3}|[1-4]", found[1])]
        return 3 * min(quarters) - 2, 3 * max(quarters)
    return None


def _count(printed: str) -> int:
    return _WORDS.get(printed) or int(printed)
