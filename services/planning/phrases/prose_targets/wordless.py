"""Targets without a number: one that was set elsewhere ("đạt chỉ tiêu"), and what must not happen at all."""

from collections.abc import Sequence

from services.planning.phrases.prose_targets.clauses import Text
from services.planning.phrases.targets.statement import Statement
from services.planning.phrases.targets.vocabulary import Role

NO_NUMBER = "chỉ tiêu không nêu con số"
_MEETING = frozenset((Role.REACH, Role.ABOVE, Role.LOWER))
_LONGEST = 60  # terms; what goes on for longer is no target
_ENDS = frozenset((Role.PART, Role.COLON, Role.QUOTE))
_MISHAPS = frozenset(("quá hạn", "trễ", "chậm", "tồn", "bị"))
_FORBIDDING = frozenset(("không có", "không để"))


def with_those_without_a_number(text: Text, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """In the order of the text; what reaches into a statement with a number is a part of that one."""
    found = list(statements)
    limits = [*(statement.first for statement in statements), len(text.terms)]
    since, upcoming = 0, 0
    while since < len(text.terms):
        while limits[upcoming] < since:
            upcoming += 1
        last = _until(text, since, limits[upcoming])
        if last > since:
            forbidding = text.terms[since].text in _FORBIDDING
            found.append(Statement(None, None, since, last, NO_NUMBER, reached=True, forbidding=forbidding))
        since = max(last, since + 1)
    return tuple(sorted(found, key=lambda statement: statement.first))


def _until(text: Text, at: int, limit: int) -> int:
    """Where the target that begins at a term ends, or the term itself when none begins there."""
    last = at
    if text.quoted[at]:
        return at
    if text.role(at) in _MEETING and text.role(at + 1) is Role.GIVEN and "chỉ tiêu" in text.terms[at + 1].text:
        last = _clause_end(text, at, at + 1, _ENDS | {Role.COMMA})
    elif text.terms[at].text in _FORBIDDING:
        last = _behind_the_mishap(text, at)
    return last if last <= limit else at


def _behind_the_mishap(text: Text, at: int) -> int:
    """ "không có cán bộ, công chức … bị kỷ luật": commas before the mishap are in the name of those concerned."""
    end = _clause_end(text, at, at + 1, _ENDS | {Role.OUTCOME})
    for mishap in range(at + 2, end):
        if text.terms[mishap].text in _MISHAPS:
            return text.clause_behind(mishap, end, frozenset((Role.COMMA,)))
    return at


def _clause_end(text: Text, at: int, first: int, ends: frozenset[Role]) -> int:
    last = text.clause_behind(first, min(at + _LONGEST, len(text.terms)), ends)
    return at if last == at + _LONGEST else last
