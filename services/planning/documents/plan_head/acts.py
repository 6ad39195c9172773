"""The legal acts that a plan names: what it is based on, and what else it cites."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import normalize

from shared.vietnamese import date_text, folded

_WORD = r"[A-ZĐÐÂÊÔƠƯĂ][\w&]*"
_DASH = r"\s?[-–—‑]\s?"
_NUMBER = re.compile(
    rf"""(?<![\w./%-])(?P<number>\d{{1,5}}(?:\.\d{{1,2}}|[a-z])?\s?(?:
        /\s?(?:19|20)\d\d\s?/\s?{_WORD}(?:{_DASH}{_WORD})*   # 45/2020/NĐ-CP, 142/2024/QH15
      | /\s?{_WORD}(?:{_DASH}{_WORD})+                       # 526/QĐ-UBND, 95/SNV-XDCQ&CCHC
      | {_DASH}{_WORD}\s?[/-]\s?{_WORD}(?:{_DASH}{_WORD})*   # 57-NQ/TW
      | /\s?[A-ZĐ]{{2,}}                                     # 123/SNV, after "số" only
    ))(?!\w)""",
    re.VERBOSE,
)
_BARE = re.compile(r"[\d.]+[a-z]?/[A-ZĐ]+")
_AFTER_A_WORD_FOR_NUMBER = re.compile(r"(?:\bsố|\bsố hiệu)\s*:?\s*$", re.IGNORECASE)
_OF_A_FORM = re.compile(r"(?:mẫu|biểu|phiếu|bảng)(?:\s+số)?\s*:?\s*$", re.IGNORECASE)
_LONGEST_LEAD = 30
_DAY = re.compile(
    r"[\s,(]*(?:ban hành\s+)?ngày\s*(\d{1,2})\s*(?:/|-|\.|tháng)\s*(\d{1,2})\s*(?:/|-|\.|,?\s*năm)\s*(\d{4})",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"[\s,]*của\s+(?P<issuer>.+?)"
    r"(?=\s*[,;.:()\n]|\s+(?:về|quy định|ban hành|ngày|thực hiện|triển khai|sửa đổi|phê duyệt|hướng dẫn|và|v/v|tại|để"
    r"|thông qua|công bố|giao|kèm theo|năm|nhằm|có|trong|đã|theo|yêu cầu)(?!\w)|\s*$)",
    re.IGNORECASE,
)
_SHORT_FORMS = (("uỷ ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"), ("thành phố", "tp"))


@dataclass(frozen=True)
class Act:
    """One mention. `number` is without spaces: "57-NQ/TW"; `start` is where it stands in the text."""

    number: str
    issued_on: date | None = None
    issuer: str | None = None
    start: int = 0


def acts_in(text: str) -> list[Act]:
    """The mentions of acts in the order of the text; the number of a form ("mẫu số 02/RS-KSTT") is none."""
    printed = normalize("NFC", text)
    acts = []
    for found in _NUMBER.finditer(printed):
        number = _in_order(found["number"])
        before = printed[max(0, found.start() - _LONGEST_LEAD) : found.start()]
        if _OF_A_FORM.search(before) or (_BARE.fullmatch(number) and not _AFTER_A_WORD_FOR_NUMBER.search(before)):
            continue
        issued_on, issuer = _day_and_issuer(printed[found.end() : found.end() + 200])
        acts.append(Act(number, issued_on, issuer, found.start()))
    return acts


def based_on_and_cited(
    preamble: Iterable[str], body: Iterable[str], own: Act | None = None
) -> tuple[list[str], list[str]]:
    """The acts of the preamble and the further ones of the body, each once; `own` is the plan itself.

    Two acts with one number bear their dates and issuers: "06/KH-UBND ngày 14/7/2025 của UBND tỉnh Thái Nguyên".
    """
    base = _each_once(_mentions(preamble, own), [])
    everything = _each_once(_mentions(body, own), base)
    names = _names(everything)
    return names[: len(base)], names[len(base) :]


def _in_order(number: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"[–—‑]", "-", number)).replace("Ð", "Đ")


def _day_and_issuer(following: str) -> tuple[date | None, str | None]:
    """Both in either order: "ngày 5/9/2025 của UBND tỉnh", "của Thủ tướng Chính phủ ngày 22 tháng 4 năm 2019"."""
    day = _DAY.match(following)
    issuer = _ISSUER.match(following, day.end() if day else 0)
    if issuer and not day:
        day = _DAY.match(following, issuer.end())
    return _date(day) if day else None, issuer["issuer"].strip() if issuer else None


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None


def _mentions(texts: Iterable[str], own: Act | None) -> list[Act]:
    return [act for text in texts for act in acts_in(text) if own is None or not _is_own(act, own)]


def _is_own(act: Act, own: Act) -> bool:
    return _same_number(act, own) and (act.issued_on in (None, own.issued_on))


def _each_once(mentions: Sequence[Act], known: Sequence[Act]) -> list[Act]:
    """The known acts, then the new ones; a later mention adds the date, and the fuller name of the issuer."""
    acts = list(known)
    for mention in mentions:
        place = next((place for place, act in enumerate(acts) if _same(act, mention)), None)
        if place is None:
            acts.append(mention)
        else:
            acts[place] = _fuller(acts[place], mention)
    return acts


def _same_number(one: Act, other: Act) -> bool:
    return folded(one.number) == folded(other.number)


def _same(one: Act, other: Act) -> bool:
    """Whether two mentions mean one act. A number that bears its year is the same act under a misprinted date."""
    if not _same_number(one, other):
        return False
    if one.issued_on and other.issued_on and not re.search(r"/(?:19|20)\d\d/", one.number):
        return one.issued_on == other.issued_on
    return one.issued_on == other.issued_on is not None or _one_issuer(one.issuer, other.issuer)


def _one_issuer(one: str | None, other: str | None) -> bool:
    """Names of which one is the longer form: "UBND tỉnh" and "Chủ tịch UBND tỉnh Thái Nguyên"."""
    if one is None or other is None:
        return True
    words, others = _issuer_words(one), _issuer_words(other)
    return words <= others or others <= words


def _issuer_words(issuer: str) -> set[str]:
    words = folded(issuer)
    for long, short in _SHORT_FORMS:
        words = words.replace(long, short)
    return set(words.split())


def _fuller(act: Act, mention: Act) -> Act:
    issuer = max((name for name in (act.issuer, mention.issuer) if name), key=len, default=None)
    return replace(act, issued_on=act.issued_on or mention.issued_on, issuer=issuer)


def _names(acts: Sequence[Act]) -> list[str]:
    numbers = [folded(act.number) for act in acts]
    return [_in_full(act) if numbers.count(folded(act.number)) > 1 else act.number for act in acts]


def _in_full(act: Act) -> str:
    day = f" ngày {date_text(act.issued_on)}" if act.issued_on else ""
    return act.number + day + (f" của {act.issuer}" if act.issuer else "")
