"""A task as it is listed: its state, and on a day whether and for how long it is late."""

from collections.abc import Sequence, Set
from datetime import date
from typing import NamedTuple

from services.planning.domain.tasks.event_fields import ShownRequest, StoredObligation
from services.planning.domain.tasks.obligation import Obligation
from services.planning.domain.tasks.state import DONE, WITHDRAWN, is_open
from shared.body_names import names_body, same_body
from shared.vietnamese import has_words


class ListedTask(NamedTuple):
    """`percent` is the one reported last; `deadlines` are the due days that are open, in order.

    What is done owes nothing, and is done to 100 %. `extension_request` is one that is not decided yet. `followers` are
    written as by `following_of`: accounts with their grants, and marked names of those that have none.
    """

    task_id: str
    plan_id: str
    commune: str
    name: str
    place: int
    code: str | None
    content: str
    lead: list[str]
    support: list[str]
    schedule_text: str | None
    deadlines: list[date]
    state: str
    percent: int
    completed_on: date | None
    obligations: list[StoredObligation] | None
    closed: bool
    withdrawn_on: date | None = None
    extension_request: ShownRequest | None = None
    followers: Sequence[str] = ()

    def in_one_state(self) -> "ListedTask":
        """With its obligations and its percentage as its state has them, whoever reported which of them."""
        if not self.is_done:
            return self
        fulfilled = [owed | {"state": "fulfilled"} for owed in self.obligations or ()]
        return self._replace(percent=100, deadlines=[], obligations=fulfilled)

    def is_followed_by(self, followings: Set[str]) -> bool:
        return not followings.isdisjoint(self.followers)

    @property
    def is_open(self) -> bool:
        return is_open(self.state, closed=self.closed)

    @property
    def is_withdrawn(self) -> bool:
        return self.state == WITHDRAWN

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def goes_on(self) -> bool:
        """Whether somebody has something to do with it: it is open, or its result waits to be accepted."""
        return self.is_open or (self.state == "done" and not self.closed)

    @property
    def owed(self) -> list[Obligation]:
        return [Obligation.from_stored(stored) for stored in self.obligations or ()]

    @property
    def unresolved(self) -> list[Obligation]:
        """The open obligations that have no day yet."""
        return [each for each in self.owed if each.unresolved and self.is_open]

    @property
    def first_deadline(self) -> date | None:
        """The first that is open: that from which a late task is late, else the next to come."""
        return min(self.deadlines, default=None)

    def days_late(self, today: date) -> int:
        """Days since the first open deadline, 0 when it has not passed or the task is not open."""
        first = self.first_deadline or today
        return max(0, (today - first).days) if self.is_open else 0

    @property
    def days_late_when_withdrawn(self) -> int:
        first = self.first_deadline
        return max(0, (self.withdrawn_on - first).days) if self.is_withdrawn and self.withdrawn_on and first else 0

    def due_before(self, day: date) -> bool:
        return self.is_open and any(due < day for due in self.deadlines)

    def due_within(self, first: date, last: date) -> bool:
        return self.is_open and any(first <= due <= last for due in self.deadlines)

    def concerns(self, body: str) -> bool:
        """Whether a body, named as people type it, leads or supports it."""
        return any(names_body(named, body) for named in (*self.lead, *self.support))

    def has_words(self, words: str) -> bool:
        """Whether they are in what the task is, who does it, its number or its commune."""
        return has_words(" ".join((self.code or "", self.content, *self.lead, *self.support, self.name)), words)

    def is_of(self, body: str) -> bool:
        """Whether this body, named as a plan names it, leads or supports it."""
        return any(same_body(named, body) for named in (*self.lead, *self.support))
