"""The role of each body that a text names: who leads and who supports."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from services.planning.phrases.bodies.elements import Element

Role = Literal["lead", "support"]
BodiesRole = Literal["lead", "support", "both"]


@dataclass
class NamedBody:
    """`role`: the one that the text gives to the body; `acts`: the text names an action of the body, but no role."""

    name: str
    role: Role | None = None
    acts: bool = False
    is_known: bool = True
    is_marked: bool = False  # brackets behind its name give it the role: "(chủ trì)"


@dataclass(frozen=True)
class Bodies:
    """`warnings` are sentences in Vietnamese, without the place."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Clauses:
    """The bodies of a text and their roles, clause by clause.

    `found`: every body so far; `next_role`: that of the bodies still to come, after "phối hợp với" or a label.
    """

    def __init__(self) -> None:
        self.found: list[NamedBody] = []
        self.doubts: list[str] = []
        self.next_role: Role | None = None
        self._without_role: list[NamedBody] = []
        self._behind_a_lead: list[NamedBody] = []  # separated by semicolons: "A chủ trì; B; C phối hợp"
        self._until_a_label = False

    @property
    def awaits_a_role(self) -> bool:
        return bool(self._without_role)

    def add(self, body: NamedBody) -> None:
        body.role = self.next_role
        self.found.append(body)
        if body.role is None:
            self._without_role.append(body)

    def assign(self, role: Role, *, only_to_the_last: bool = False) -> None:
        """Gives the role to the bodies without one; to a body that acts only where there is no other."""
        without_action = list(takewhile(lambda body: not body.acts, reversed(self._without_role)))
        for body in self._without_role[-1:] if only_to_the_last else without_action or self._without_role:
            body.role, body.is_marked = role, only_to_the_last
        for body in self._behind_a_lead if role == "support" and not only_to_the_last else ():
            body.role = role
        self._without_role, self._behind_a_lead = [], []

    def mark_action(self) -> None:
        for body in takewhile(lambda body: not body.acts, reversed(self._without_role)):
            body.acts = True

    def expect(self, role: Role | None, *, until_a_label: bool) -> None:
        self._without_role, self.next_role, self._until_a_label = [], role, until_a_label

    def end_clause(self, gap: Element) -> None:
        """A semicolon ends the clause, but not the list after "phối hợp với"."""
        someone_leads = any(body.role == "lead" for body in self.found)
        goes_on = someone_leads and gap.text.strip().startswith(";")
        waiting = [*self._behind_a_lead, *(body for body in self._without_role if not body.acts)]
        self._behind_a_lead, self._without_role = waiting if goes_on else [], []
        if not self._until_a_label and not gap.text.strip().startswith(";"):
            self.next_role = None

    def add_from_brackets(self, inside: "Clauses") -> None:
        """Adds the bodies in brackets; one that acts there supports the body before the brackets."""
        for body in inside.found:
            body.role = body.role or ("support" if body.acts else self.next_role)
        self.found += inside.found
        self.doubts += inside.doubts
        if inside.found:
            names = "; ".join(body.name for body in inside.found)
            self.doubts.append(f"cơ quan ghi trong ngoặc, cần xem lại: {names}")


def in_their_roles(found: list[NamedBody], column: BodiesRole, doubts: Iterable[str]) -> Bodies:
    """The text overrides the role of its column; beside a body that leads, a body that only acts supports."""
    someone_leads = any(body.role == "lead" for body in found)
    is_marked = someone_leads and any(body.is_marked for body in found)
    lead: list[str] = []
    support: list[str] = []
    for body in found:
        is_beside = is_marked or (body.acts and someone_leads)
        by_column: Role = "support" if column == "support" or is_beside else "lead"
        (lead if (body.role or by_column) == "lead" else support).append(body.name)
    return Bodies(_once(lead), _once(support), _once([*doubts, *_missing_leader(found, lead, column)]))


def _missing_leader(found: list[NamedBody], lead: list[str], column: BodiesRole) -> Iterator[str]:
    if column == "support" or not found:
        return
    if not lead:
        yield f"chỉ ghi phối hợp, không có cơ quan chủ trì: {_list(body.name for body in found)}"
    elif len(lead) > 1 and not any(body.role == "lead" for body in found) and any(body.acts for body in found):
        each_its_own = column == "lead"
        unclear = "không ghi cơ quan nào chủ trì, đọc tất cả là chủ trì"
        yield f"{'mỗi cơ quan chủ trì một việc' if each_its_own else unclear}: {_list(lead)}"


def _list(names: Iterable[str]) -> str:
    return "; ".join(_once(names))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
