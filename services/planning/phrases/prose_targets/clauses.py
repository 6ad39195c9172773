"""A text divided into clauses: where they begin and end, and what is quoted or cited."""

from functools import cached_property

from services.planning.phrases.targets.elements import as_printed, elements_of, printed, role_at, touching
from services.planning.phrases.targets.vocabulary import Role
from shared.vietnamese import folded

_BEHIND_A_BULLET = frozenset((Role.AIM, Role.REACH, Role.RATE, Role.HEAD, Role.NUMBER))
_CITING = frozenset(("về", "tại", "quy", "theo"))
_AMOUNT = frozenset((Role.NUMBER, Role.PERCENT, Role.UNIT))


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
