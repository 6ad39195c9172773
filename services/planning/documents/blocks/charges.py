"""Who leads and until when, where a line says it behind its words: "In tờ rơi: Phòng Kinh tế chủ trì, trong Quý II"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.planning.documents.blocks.deeds import DEEDS
from services.planning.documents.blocks.headings import Heading, Keyed
from services.planning.documents.blocks.markers import Line
from services.planning.documents.blocks.sections import is_general
from services.planning.phrases.bodies import Bodies, read_bodies

_LONGEST = 500  # letters of a charge, at the end of the text
_BEGINS = re.compile(r"[:(\[]\s*|[.;,]\s+|\s[-–—]\s+")
_CHARGE = re.compile(
    r"(?P<who>[^:()\[\]]{2,150}?\s+chủ trì)(?:\s+(?:tham mưu|thực hiện|triển khai))*"
    r"(?P<rest>(?!\w)[^()\[\]]*)[)\]]?[\s.;/]*$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:^|[,;.]|\s)\s*(?P<when>(?:(?:hoàn thành|xong|thực hiện|triển khai|thời gian|thời hạn|hạn|tiến độ)\s+)*"
    r"(?:trước|trong|quý|tháng|ngày|thường xuyên|hằng|hàng|định kỳ|chậm nhất|từ|đến hết|cả năm|năm|\d{1,2}[/.]).*)$",
    re.IGNORECASE | re.DOTALL,
)
_IN_BRACKETS = re.compile(r"\((?P<who>[^();]{2,150});\s*(?P<rest>[^()]*)\)[\s.;/]*$")
_ROLES = re.compile(r"(?:chủ trì|phối hợp(?: với)?|tham mưu|thực hiện|triển khai)(?!\w)\s*:?", re.IGNORECASE)
_BY_SENTENCE = re.compile(
    r"(?:^|(?<=[.;] ))(?:giao|đề nghị)\s+(?P<lead>[^.;:]{2,120}?)\s+chủ trì"
    r"(?:,?\s*phối hợp\s+(?:với|cùng)\s+(?P<support>[^.;:]{2,160}?))?"
    rf"(?=\s*(?:[.;]|$|,\s*hoàn thành|\s{DEEDS}))",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s*(?:$|[,;.]|(?:và\s+)?phối hợp|cùng)", re.IGNORECASE)


@dataclass(frozen=True)
class Charge:
    """What is to be done, by whom, and until when ("" where it is not said)."""

    task: str
    who: str
    when: str


def hear_charges(root: Heading) -> None:
    """Gives the headings without a key of who leads those that their text, or most of their lines, end with."""
    for heading in root.everything_below():
        if any(key.role in ("lead", "both") for key in heading.keys) or is_general(heading):
            continue
        if charged := _charge(heading.text):
            heading.text = charged.task
            heading.items += _keys(charged, heading.line)
        else:
            _hear_lines(heading)


def charged_by_sentence(lines: Sequence[str], beside: Sequence[str]) -> Bodies | None:
    """Who leads by a sentence: "Giao Phòng Kinh tế chủ trì, phối hợp với Văn phòng …"; `beside`: more who support."""
    found = next((one for line in lines if (one := _BY_SENTENCE.search(line))), None)
    if found is None:
        return None
    bodies = read_bodies(f"{found['lead']} chủ trì", "lead")
    if not bodies.lead or bodies.warnings:
        return None
    support = read_bodies("\n".join(filter(None, [found["support"] or "", *beside])), "support")
    told = f"đơn vị chủ trì lấy từ lời văn: {'; '.join(bodies.lead)}"
    return Bodies(bodies.lead, support.support, (told, *support.warnings))


def _hear_lines(heading: Heading) -> None:
    charged = {
        at: found for at, line in enumerate(heading.items) if isinstance(line, Line) and (found := _charge(line.text))
    }
    if charged and 2 * len(charged) >= sum(isinstance(item, Line) for item in heading.items):
        heading.items = list(_with_keys(heading.items, charged))


def _with_keys(items: Sequence[Line | Keyed], charged: dict[int, Charge]) -> Iterator[Line | Keyed]:
    """Each line without its charge, its own lower bullets, and then the keys."""
    waiting: list[Keyed] = []
    style = None
    for at, item in enumerate(items):
        if isinstance(item, Line) and item.style == style:
            yield from waiting
            waiting = []
        if isinstance(item, Line) and at in charged:
            yield from waiting
            waiting, style = _keys(charged[at], item), item.style
            yield replace(item, text=charged[at].task)
        else:
            yield item
    yield from waiting


def _keys(charged: Charge, line: Line) -> list[Keyed]:
    keys = [Keyed("both", charged.who, line.place, line.style)]
    return [*keys, Keyed("schedule", charged.when, line.place, line.style)] if charged.when else keys


def _charge(text: str) -> Charge | None:
    """What a text ends with of who leads and until when; None where it ends with something else."""
    return _charge_in_brackets(text) or _charge_behind(text)


def _charge_behind(text: str) -> Charge | None:
    if "chủ trì" not in text.lower():
        return None
    for begins in _BEGINS.finditer(text, max(0, len(text) - _LONGEST)):
        found = _CHARGE.match(text, begins.end())
        if found and text[: begins.start()].strip() and _names_only_bodies(found["who"]):
            when = _WHEN.search(found["rest"])
            rest = found["rest"][: when.start()] if when else found["rest"]
            if _GOES_ON.match(rest):
                return Charge(text[: begins.start()].strip(), found["who"] + rest.rstrip(" ,;"), _time(when))
    return None


def _charge_in_brackets(text: str) -> Charge | None:
    """ "Trả lời kiến nghị (Phòng Kinh tế; trước 20/3)": bodies, and behind them a time."""
    found = _IN_BRACKETS.search(text, max(0, len(text) - _LONGEST))
    when = _WHEN.fullmatch(found["rest"].strip()) if found else None
    if found is None or when is None or not text[: found.start()].strip() or not _names_only_bodies(found["who"]):
        return None
    return Charge(text[: found.start()].strip(), found["who"].strip(), _time(when))


def _time(when: re.Match[str] | None) -> str:
    return when["when"].strip() if when else ""


def _names_only_bodies(who: str) -> bool:
    bodies = read_bodies(who, "both")
    names = (*bodies.lead, *bodies.support)
    named = sum(len(name) for name in names)
    return not bodies.warnings and bool(bodies.lead) and named >= len(_ROLES.sub("", who).strip()) - 4 * len(names)
