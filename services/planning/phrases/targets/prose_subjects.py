"""Finds the subject of a target in a sentence, divided into clauses: the noun before it, or the one that it counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from services.planning.phrases.targets.elements import as_printed, elements_of, printed, role_at, touching
from services.planning.phrases.targets.statements import Statement
from services.planning.phrases.targets.vocabulary import Role
from services.planning.phrases.tokens import listed
from shared.vietnamese import folded

_BEHIND_A_BULLET = frozenset((Role.AIM, Role.REACH, Role.RATE, Role.HEAD, Role.NUMBER))
_CITING = frozenset(("về", "tại", "quy", "theo"))
_AMOUNT = frozenset((Role.NUMBER, Role.PERCENT, Role.UNIT))
_BREAKS = frozenset((Role.AIM, Role.SO_THAT, Role.PART, Role.OUTCOME))
_SEPARATES = _BREAKS | {Role.COMMA, Role.AND, Role.STOP, Role.COLON, Role.OPEN}
_NAMES = frozenset((Role.RATE, Role.HEAD))
_LONGEST_SCORE = 4  # words of "điểm đánh giá chỉ số" before its noun
_NOUNLESS = _SEPARATES | {Role.CLOSE, Role.QUOTE}
_ADVERBIAL_ROLES = frozenset((Role.ABOVE, Role.TO, Role.COMPARED, Role.CONCERNING, Role.REFERENCE, Role.FROM))
_ADVERBIAL = frozenset(listed("trong|theo|vào|tại|khi|tính|nếu|trước|sau|hàng năm|hằng năm"))
_NOT_COUNTED = ("điểm", "bậc", "lần")
_BEHIND_A_SUBJECT = frozenset((Role.COMMA, Role.PART))


class Text:
    """A text with its elements. Places are numbers of elements, from 0."""

    def __init__(self, text: str) -> None:
        self.shown = printed(text)
        self.elements = elements_of(self.shown)

    def words(self, first: int, last: int) -> str:
        """The words from one element to before another, as printed."""
        last = min(last, len(self.elements))
        return as_printed(self.shown[self.elements[first].start : self.elements[last - 1].end]) if first < last else ""

    def role(self, at: int) -> Role:
        return role_at(self.elements, at)

    @cached_property
    def stops(self) -> tuple[bool, ...]:
        """For each element, whether it ends a sentence or an item of a list."""
        return tuple(self._stops(at) for at in range(len(self.elements)))

    @cached_property
    def partners(self) -> dict[int, int]:
        """For each bracket the place of its partner."""
        partners: dict[int, int] = {}
        waiting: list[int] = []
        for at, element in enumerate(self.elements):
            if element.text == "\n":
                waiting.clear()
            elif element.role is Role.OPEN:
                waiting.append(at)
            elif element.role is Role.CLOSE and waiting:
                partners[at] = waiting.pop()
                partners[partners[at]] = at
        return partners

    @cached_property
    def quoted(self) -> tuple[bool, ...]:
        """For each element, whether it is in quotation marks; a mark without a second one quotes nothing."""
        marks = [at for at, element in enumerate(self.elements) if element.role is Role.QUOTE]
        inside = [False] * len(self.elements)
        for first, last in zip(marks[::2], marks[1::2], strict=False):
            inside[first:last] = [True] * (last - first)
        return tuple(inside)

    @cached_property
    def cited(self) -> tuple[bool, ...]:
        """Whether each element is in the preamble or in the title of an act: "Kế hoạch số 06/KH-UBND về …"."""
        cited: list[bool] = []
        preamble = act = titled = False
        for at, element in enumerate(self.elements):
            if at == 0 or self.stops[at - 1]:
                preamble = folded(self.words(at, at + 2)) == "căn cứ"
            if self.stops[at] or element.role in (Role.COMMA, Role.COLON):
                act = titled = False
            act = act or (
                element.role is Role.SLASH and self.role(at - 1) is Role.NUMBER and self.role(at + 1) is Role.WORD
            )
            titled = titled or (act and element.text in _CITING)
            cited.append(preamble or titled)
        return tuple(cited)

    def clause_before(self, at: int, since: int) -> int:
        """Where the clause of an element begins, not before `since`; a pair of brackets is skipped."""
        while at > since and not self.stops[at - 1]:
            role = self.role(at - 1)
            partner = self.partners.get(at - 1, -1)
            if role in (Role.OPEN, Role.COLON) or (role is Role.CLOSE and partner < since):
                break
            at = partner if role is Role.CLOSE else at - 1
        return at

    def clause_behind(self, at: int, until: int, ends: frozenset[Role]) -> int:
        """Where the clause of an element ends, not behind `until`."""
        while at < until and not self.stops[at] and self.role(at) not in ends:
            if self.role(at) is Role.CLOSE:
                break
            at = min(self.partners.get(at, at) + 1, until)
        return at

    def _stops(self, at: int) -> bool:
        element, following = self.elements[at], self.role(at + 1)
        if element.role is Role.STOP:
            return element.text != "." or following is Role.STOP or not touching(self.elements, at + 1)
        if element.text not in ("-", "+") or following not in _BEHIND_A_BULLET:
            return False
        return following is not Role.NUMBER or self.role(at - 1) not in _AMOUNT


@dataclass(frozen=True, slots=True)
class Subject:
    """A statement with the elements of its name, before and behind it."""

    statement: Statement
    since: int  # where the previous statement ends
    before: tuple[int, int]
    behind: tuple[int, int]
    part: bool  # "trong đó", "riêng": a part of the previous subject
    named: bool  # a noun such as "tỷ lệ" opens the name
    within: bool  # inside the name of another statement


def subjects_of(text: Text, statements: Sequence[Statement]) -> tuple[Subject, ...]:
    subjects: list[Subject] = []
    for at, statement in enumerate(statements):
        since = statements[at - 1].last if at else 0
        before, within = _before(text, statement, since)
        subjects.append(_subject_of(text, statement, before, since, within))
    return _with_the_names_behind(text, subjects)


def _subject_of(text: Text, statement: Statement, before: tuple[int, int], since: int, within: bool) -> Subject:
    opening = range(max(since, before[0] - 1), statement.first)
    return Subject(
        statement=statement,
        since=since,
        before=before,
        behind=(statement.last, statement.last),
        part=any(text.role(at) is Role.PART for at in opening),
        named=_opens_a_name(text, *before),
        within=within,
    )


def _with_its_score(text: Text, head: int, since: int) -> int:
    """ "Điểm chỉ số …", "điểm đánh giá chỉ số …": the score is a part of the name of the index."""
    for at in range(head - 1, max(since, head - _LONGEST_SCORE) - 1, -1):
        if _is_a_score(text, at):
            return at - (at > since and text.elements[at - 1].text == "tổng")
        if text.role(at) is not Role.WORD:
            break
    return head


def _is_a_score(text: Text, at: int) -> bool:
    """Not the points of "5 điểm", and no place, as in "địa điểm" and "các điểm"."""
    if text.elements[at].text != "điểm":
        return False
    return text.role(at - 1) in _SEPARATES or text.role(at - 1) is Role.REACH or text.elements[at - 1].text == "tổng"


def _opens_a_name(text: Text, first: int, last: int) -> bool:
    if first >= last:
        return False
    head = next((at for at in range(first, min(first + _LONGEST_SCORE, last)) if text.role(at) in _NAMES), -1)
    return head >= 0 and _with_its_score(text, head, first) == first


def counts_a_noun(text: Text, statement: Statement) -> bool:
    """ "100% hồ sơ …", unlike "đạt 100% trong năm"."""
    following = text.role(statement.last)
    if statement.last >= len(text.elements) or text.stops[statement.last] or following in _NOUNLESS:
        return False
    return following not in _ADVERBIAL_ROLES and text.elements[statement.last].text not in _ADVERBIAL


def _before(text: Text, statement: Statement, since: int) -> tuple[tuple[int, int], bool]:
    if statement.forbidding:
        return (statement.first + 1, statement.last), False
    last = _before_the_verbs_of_intent(text, statement.first, since)
    introduced = text.role(last - 1) is Role.COLON and last > since
    last -= introduced
    start = text.clause_before(last, since)
    follows = start == since and since > 0
    if not counts_a_noun(text, statement) or statement.reached:
        first = _subject_start(text, start, last, follows)
    elif introduced:
        first = _subject_start(text, start, last, follows)
        first = first if _opens_a_name(text, first, last) else last
    else:
        last = statement.first
        first = _after_the_last(text, start, last, _SEPARATES)
    within = follows and first > since and not _separated(text, first, since)
    return (first, last), within


def _before_the_verbs_of_intent(text: Text, at: int, since: int) -> int:
    while at > since and text.role(at - 1) is Role.AIM:
        at -= 1
    return at


def _separated(text: Text, first: int, since: int) -> bool:
    return text.role(first - 1) in _SEPARATES or text.role(since) in _SEPARATES or text.stops[since]


def _after_the_last(text: Text, first: int, last: int, roles: frozenset[Role]) -> int:
    for at in range(last, first, -1):
        if text.role(at - 1) in roles:
            return at
    return first


def _subject_start(text: Text, first: int, last: int, follows: bool) -> int:
    """Where the subject begins: behind "để", "bảo đảm" and similar words, unless they are a part of its name."""
    start, named = first, False
    last_name = max((at for at in range(first, last) if text.role(at) in _NAMES), default=first)
    for at in range(first, last):
        role = text.role(at)
        if role is Role.SO_THAT and at > last_name:
            continue
        if role in _BREAKS and (not named or text.role(at - 1) is Role.COMMA):
            start, named = at + 1, False
        elif role in _NAMES and not named:
            start, named = _with_its_score(text, at, start), True
    if follows and not named and text.role(first) is not Role.COMMA:
        return max(start, _after_the_last(text, first, last, frozenset((Role.COMMA, Role.AND))))
    return start


def _with_the_names_behind(text: Text, subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """A name ends before the next one; the name of a target with another target inside it goes on behind that."""
    finished: list[Subject] = []
    following = beyond = len(text.elements)
    for subject in reversed(subjects):
        until = max(following if subject.within else beyond, subject.statement.last)
        finished.append(replace(subject, behind=(_counted(text, subject.statement), _behind(text, subject, until))))
        following = subject.before[0]
        beyond = beyond if subject.within else following
    return tuple(reversed(finished))


def _counted(text: Text, statement: Statement) -> int:
    """Where the name behind the number begins; in "02 sáng kiến …" it includes the unit."""
    counts = text.role(statement.last - 1) is Role.UNIT and statement.unit not in _NOT_COUNTED
    return statement.last - counts


def _behind(text: Text, subject: Subject, until: int) -> int:
    last = subject.statement.last
    if subject.statement.forbidding or text.role(last) in _NOUNLESS:
        return last
    counts = counts_a_noun(text, subject.statement)
    if subject.before[0] < subject.before[1] and (subject.statement.reached or not counts):
        return text.clause_behind(last, until, _BEHIND_A_SUBJECT)
    return _before_an_outcome(text, last, text.clause_behind(last, until, frozenset((Role.PART,))))


def _before_an_outcome(text: Text, first: int, last: int) -> int:
    """ "…, bảo đảm chất lượng" is an outcome, not a part of the name."""
    for at in range(first, last - 1):
        if text.role(at) is Role.COMMA and text.role(at + 1) in _BREAKS:
            return at
    return last
