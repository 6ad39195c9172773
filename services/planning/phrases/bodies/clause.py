"""What is said of the bodies that a text has named so far, clause by clause."""

from itertools import takewhile

from services.planning.phrases.bodies.roles import Named, Said
from services.planning.phrases.bodies.tokens import Token


class Clause:
    """`found`: every body so far; `next_says`: the role of those still to come, after "phối hợp với" or a label."""

    def __init__(self) -> None:
        self.found: list[Named] = []
        self.doubts: list[str] = []
        self.next_says: Said | None = None
        self._untold: list[Named] = []
        self._until_a_label = False

    @property
    def awaits_a_role(self) -> bool:
        return bool(self._untold)

    def name(self, body: Named) -> None:
        body.said = self.next_says
        self.found.append(body)
        if body.said is None:
            self._untold.append(body)

    def say(self, said: Said, of_the_last: bool = False) -> None:
        """The role of those of whom nothing is said, but of one that does something only where there is no other."""
        of_nothing_else = list(takewhile(lambda body: not body.does, reversed(self._untold)))
        for body in self._untold[-1:] if of_the_last else of_nothing_else or self._untold:
            body.said = said
        self._untold = []

    def does(self) -> None:
        for body in takewhile(lambda body: not body.does, reversed(self._untold)):
            body.does = True

    def expect(self, said: Said | None, until_a_label: bool) -> None:
        self._untold, self.next_says, self._until_a_label = [], said, until_a_label

    def end(self, gap: Token) -> None:
        """A semicolon ends the clause, but not the list after "phối hợp với"."""
        self._untold = []
        if not self._until_a_label and not gap.text.strip().startswith(";"):
            self.next_says = None

    def add_aside(self, inside: "Clause") -> None:
        """Bodies in brackets; who does something there helps the one before the brackets."""
        for body in inside.found:
            body.said = body.said or ("support" if body.does else self.next_says)
        self.found += inside.found
        self.doubts += inside.doubts
        if inside.found:
            names = "; ".join(body.name for body in inside.found)
            self.doubts.append(f"cơ quan ghi trong ngoặc, cần xem lại: {names}")
