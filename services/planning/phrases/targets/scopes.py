"""The part of the whole that a target holds for: "lĩnh vực đất đai, xây dựng", "đối với hồ sơ mới"."""

from collections.abc import Sequence

from services.planning.phrases.targets.level import OPENING
from services.planning.phrases.targets.terms import Term, as_printed
from services.planning.phrases.targets.vocabulary import Role

_ENDS = frozenset((Role.STOP, Role.CLOSE, Role.OPEN, Role.COLON, Role.QUOTE, Role.NUMBER, Role.PART, Role.FIELD))
_VERBS = frozenset(("được", "đã", "có", "do", "thuộc", "của", "tại", "theo", "này", "khác", "mà", "trong", "giải"))


def scope_in(shown: str, terms: Sequence[Term]) -> str | None:
    """The scope that a phrase names; the words behind "lĩnh vực" go before those behind "đối với"."""
    for opening in (Role.FIELD, Role.CONCERNING):
        for at, term in enumerate(terms):
            if term.role is opening:
                last = field_until(terms, at) if opening is Role.FIELD else _until(terms, at)
                if last > at + 1:
                    return as_printed(shown[terms[at + 1].start : terms[last - 1].end])
    return None


def field_until(terms: Sequence[Term], at: int) -> int:
    """Behind the last term of the fields that are named after "lĩnh vực" at a term; next to it when none is."""
    last = _until(terms, at)
    for step in range(at + 1, last):
        if terms[step].text in _VERBS:
            last = step
            break
    while last > at + 1 and terms[last - 1].role in (Role.COMMA, Role.AND):
        last -= 1
    return last


def _until(terms: Sequence[Term], at: int) -> int:
    last = at + 1
    while last < len(terms) and terms[last].role not in _ENDS and terms[last].role not in (OPENING - {Role.AND}):
        last += 1
    while last > at + 1 and terms[last - 1].role in (Role.COMMA, Role.AND):
        last -= 1
    return last
