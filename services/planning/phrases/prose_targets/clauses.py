"""Where the clauses of a text begin and end."""

from functools import cached_property

from services.planning.phrases.targets.amounts import role_at, touching
from services.planning.phrases.targets.terms import as_printed, printed, terms_of
from services.planning.phrases.targets.vocabulary import Role
from shared.vietnamese import folded

_BEHIND_A_BULLET = frozenset((Role.AIM, Role.REACH, Role.RATE, Role.HEAD, Role.NUMBER))
_CITING = frozenset(("về", "tại", "quy", "theo"))
_AMOUNT = frozenset((Role.NUMBER, Role.PERCENT, Role.UNIT))


class Text:
    """A text with its terms; places are numbers of terms."""

    def __init__(self, text: str) -> None:
        self.shown = printed(text)
        self.terms = terms_of(self.shown)

    def words(self, first: int, last: int) -> str:
        """The words from a term to before another, as printed."""
        last = min(last, len(self.terms))
        return as_printed(self.shown[self.terms[first].start : self.terms[last - 1].end]) if first < last else ""

    def role(self, at: int) -> Role:
        return role_at(self.terms, at)

    @cached_property
    def stops(self) -> tuple[bool, ...]:
        """For each term, whether it ends a sentence or an item of a list."""
        return tuple(self._stops(at) for at in range(len(self.terms)))

    @cached_property
    def partners(self) -> dict[int, int]:
        """Each bracket and the one that belongs to it, within a sentence."""
        partners: dict[int, int] = {}
        waiting: list[int] = []
        for at, term in enumerate(self.terms):
            if term.text == "\n":
                waiting.clear()
            elif term.role is Role.OPEN:
                waiting.append(at)
            elif term.role is Role.CLOSE and waiting:
                partners[at] = waiting.pop()
                partners[partners[at]] = at
        return partners

    @cached_property
    def quoted(self) -> tuple[bool, ...]:
        """For each term, whether it stands in quotation marks; a mark without its second one quotes nothing."""
        marks = [at for at, term in enumerate(self.terms) if term.role is Role.QUOTE]
        inside = [False] * len(self.terms)
        for first, last in zip(marks[::2], marks[1::2], strict=False):
            inside[first:last] = [True] * (last - first)
        return tuple(inside)

    @cached_property
    def cited(self) -> tuple[bool, ...]:
        """For each term, whether it stands in the preamble or in the title of an act: "Kế hoạch số 06/KH-UBND về …"."""
        cited: list[bool] = []
        preamble = act = titled = False
        for at, term in enumerate(self.terms):
            if at == 0 or self.stops[at - 1]:
                preamble = folded(self.words(at, at + 2)) == "căn cứ"
            if self.stops[at] or term.role in (Role.COMMA, Role.COLON):
                act = titled = False
            act = act or (
                term.role is Role.SLASH and self.role(at - 1) is Role.NUMBER and self.role(at + 1) is Role.WORD
            )
            titled = titled or (act and term.text in _CITING)
            cited.append(preamble or titled)
        return tuple(cited)

    def clause_before(self, at: int, since: int) -> int:
        """Where the clause begins that goes on at a term, not before `since`; a pair of brackets is passed over."""
        while at > since and not self.stops[at - 1]:
            role = self.role(at - 1)
            partner = self.partners.get(at - 1, -1)
            if role in (Role.OPEN, Role.COLON) or (role is Role.CLOSE and partner < since):
                break
            at = partner if role is Role.CLOSE else at - 1
        return at

    def clause_behind(self, at: int, until: int, ends: frozenset[Role]) -> int:
        """Where the clause ends that goes on at a term, not behind `until`."""
        while at < until and not self.stops[at] and self.role(at) not in ends:
            if self.role(at) is Role.CLOSE:
                break
            at = min(self.partners.get(at, at) + 1, until)
        return at

    def _stops(self, at: int) -> bool:
        term, following = self.terms[at], self.role(at + 1)
        if term.role is Role.STOP:
            return term.text != "." or following is Role.STOP or not touching(self.terms, at + 1)
        if term.text not in ("-", "+") or following not in _BEHIND_A_BULLET:
            return False
        return following is not Role.NUMBER or self.role(at - 1) not in _AMOUNT
