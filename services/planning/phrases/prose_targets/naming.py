"""What a target in a sentence is about: the subject before it, or the noun that it counts behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.planning.phrases.prose_targets.clauses import Text
from services.planning.phrases.prose_targets.nouns import BREAKS, NAMES, SEPARATES, opens_a_name, with_its_score
from services.planning.phrases.targets.statement import Statement
from services.planning.phrases.targets.vocabulary import Role

_NOUNLESS = SEPARATES | {Role.CLOSE, Role.QUOTE}
_ADVERBIAL_ROLES = frozenset((Role.ABOVE, Role.TO, Role.COMPARED, Role.CONCERNING, Role.REFERENCE, Role.FROM))
_ADVERBIAL = frozenset(("trong", "theo", "vào", "tại", "khi", "tính", "nếu", "trước", "sau", "hàng năm", "hằng năm"))
_NOT_COUNTED = ("điểm", "bậc", "lần")
_BEHIND_A_SUBJECT = frozenset((Role.COMMA, Role.PART))


@dataclass(frozen=True, slots=True)
class Place:
    """A statement with the terms of its name: those before it and those behind it."""

    statement: Statement
    since: int  # where the statement before it ends
    before: tuple[int, int]
    behind: tuple[int, int]
    part: bool  # "trong đó", "riêng": a part of what the statement before is about
    named: bool  # a noun such as "tỷ lệ" opens the name
    within: bool  # stated inside what another statement counts


def places_of(text: Text, statements: Sequence[Statement]) -> tuple[Place, ...]:
    places: list[Place] = []
    for at, statement in enumerate(statements):
        since = statements[at - 1].last if at else 0
        before, within = _before(text, statement, since)
        places.append(_place(text, statement, before, since, within))
    return _with_what_follows(text, places)


def _place(text: Text, statement: Statement, before: tuple[int, int], since: int, within: bool) -> Place:
    opening = range(max(since, before[0] - 1), statement.first)
    return Place(
        statement=statement,
        since=since,
        before=before,
        behind=(statement.last, statement.last),
        part=any(text.role(at) is Role.PART for at in opening),
        named=opens_a_name(text, *before),
        within=within,
    )


def counts_a_noun(text: Text, statement: Statement) -> bool:
    """ "100% hồ sơ …", unlike "đạt 100% trong năm"."""
    following = text.role(statement.last)
    if statement.last >= len(text.terms) or text.stops[statement.last] or following in _NOUNLESS:
        return False
    return following not in _ADVERBIAL_ROLES and text.terms[statement.last].text not in _ADVERBIAL


def _before(text: Text, statement: Statement, since: int) -> tuple[tuple[int, int], bool]:
    if statement.forbidding:
        return (statement.first + 1, statement.last), False
    last = _before_the_verbs_of_intent(text, statement.first, since)
    introduced = text.role(last - 1) is Role.COLON and last > since
    last -= introduced
    start = text.clause_before(last, since)
    follows = start == since and since > 0
    if not counts_a_noun(text, statement) or statement.reached:
        first = _subject(text, start, last, follows)
    elif introduced:
        first = _subject(text, start, last, follows)
        first = first if opens_a_name(text, first, last) else last
    else:
        last = statement.first
        first = _after_the_last(text, start, last, SEPARATES)
    within = follows and first > since and not _separated(text, first, since)
    return (first, last), within


def _before_the_verbs_of_intent(text: Text, at: int, since: int) -> int:
    while at > since and text.role(at - 1) is Role.AIM:
        at -= 1
    return at


def _separated(text: Text, first: int, since: int) -> bool:
    return text.role(first - 1) in SEPARATES or text.role(since) in SEPARATES or text.stops[since]


def _after_the_last(text: Text, first: int, last: int, roles: frozenset[Role]) -> int:
    for at in range(last, first, -1):
        if text.role(at - 1) in roles:
            return at
    return first


def _subject(text: Text, first: int, last: int, follows: bool) -> int:
    """The noun that opens the subject: behind "để", "bảo đảm" and the like, unless these are a part of its name."""
    start, named = first, False
    last_name = max((at for at in range(first, last) if text.role(at) in NAMES), default=first)
    for at in range(first, last):
        role = text.role(at)
        if role is Role.SO_THAT and at > last_name:
            continue
        if role in BREAKS and (not named or text.role(at - 1) is Role.COMMA):
            start, named = at + 1, False
        elif role in NAMES and not named:
            start, named = with_its_score(text, at, start), True
    if follows and not named and text.role(first) is not Role.COMMA:
        return max(start, _after_the_last(text, first, last, frozenset((Role.COMMA, Role.AND))))
    return start


def _with_what_follows(text: Text, places: Sequence[Place]) -> tuple[Place, ...]:
    """A name goes on behind its number up to the next name; that of a target with another inside it, beyond."""
    finished: list[Place] = []
    following = beyond = len(text.terms)
    for place in reversed(places):
        until = max(following if place.within else beyond, place.statement.last)
        finished.append(replace(place, behind=(_counted(text, place.statement), _behind(text, place, until))))
        following = place.before[0]
        beyond = beyond if place.within else following
    return tuple(reversed(finished))


def _counted(text: Text, statement: Statement) -> int:
    """Where the name behind the number begins: of "02 sáng kiến …" with the unit."""
    counts = text.role(statement.last - 1) is Role.UNIT and statement.unit not in _NOT_COUNTED
    return statement.last - counts


def _behind(text: Text, place: Place, until: int) -> int:
    last = place.statement.last
    if place.statement.forbidding or text.role(last) in _NOUNLESS:
        return last
    counts = counts_a_noun(text, place.statement)
    if place.before[0] < place.before[1] and (place.statement.reached or not counts):
        return text.clause_behind(last, until, _BEHIND_A_SUBJECT)
    return _before_an_outcome(text, last, text.clause_behind(last, until, frozenset((Role.PART,))))


def _before_an_outcome(text: Text, first: int, last: int) -> int:
    """ "…, bảo đảm chất lượng" says what else comes of it, not what is counted."""
    for at in range(first, last - 1):
        if text.role(at) is Role.COMMA and text.role(at + 1) in BREAKS:
            return at
    return last
