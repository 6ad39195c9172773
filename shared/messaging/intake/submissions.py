"""One submission as the intake read it, how a service decides it, and how an unreadable one is parked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from shared.contracts import Receipt, Refused, Submission
from shared.grants import Actor
from shared.messaging.intake.bodies import Malformed, Unreadable
from shared.record.aggregate import Aggregate
from shared.record.event_store import Statement
from shared.record.unreadable_message import UnreadableMessage

PARKED_TABLE = """
CREATE TABLE IF NOT EXISTS parked (
    commune text, submission_id text, sha256 text, body bytea NOT NULL, PRIMARY KEY (commune, submission_id, sha256)
);
"""


@dataclass(frozen=True)
class Submitted:
    """One submission as a commune sent it. Commune, kind and id come from the subject, which the broker guards.

    `content` holds the items that can be read; `malformed` are the others. `has_room`: its body would be kept.
    `actor` is the account that sent it through the portal, None where a commune's machine did.
    """

    commune: str
    kind: str
    submission_id: str
    body: bytes
    sha256: str
    content: Submission | Unreadable
    malformed: tuple[Malformed, ...] = ()
    has_room: bool = True
    actor: Actor | None = None

    def by(self, named: str | None) -> Actor | None:
        """Who acts: the account, whatever the submission says, else whoever it names."""
        return self.actor or (None if named is None else Actor(named))

    @property
    def key(self) -> tuple[str, str]:
        return self.commune, self.submission_id

    @property
    def content_key(self) -> tuple[str, str, str]:
        return self.commune, self.submission_id, self.sha256

    def receipt(
        self,
        at: datetime,
        accepted: int,
        *,
        duplicates: int = 0,
        refused: Sequence[Refused] = (),
        parked: str | None = None,
    ) -> Receipt:
        return Receipt(
            submission_id=self.submission_id,
            commune=self.commune,
            kind=self.kind,
            sha256=self.sha256,
            recorded_at=at,
            accepted=accepted,
            duplicates=duplicates,
            refused=tuple(refused),
            parked=parked,
            kept=self.has_room,
        )


class Outcome(NamedTuple):
    """The decision about one submission: events, statements for the same transaction, and the receipt."""

    aggregates: Sequence[Aggregate]
    statements: Sequence[Statement]
    receipt: Receipt


Batch = TypeVar("Batch")
Functions = Mapping[type[Submission], Callable[[Batch, Submitted], Outcome]]


@dataclass(frozen=True)
class Decisions(Generic[Batch]):
    """How a service decides submissions: `load` reads the state for a batch, then each has the function of its message.

    A submission that cannot be read is parked as `unreadable`, the service's own class. `most` is the number that the
    intake lets one call decide. `of_accounts` are the functions of what only accounts of the portal may send.
    """

    load: Callable[[Sequence[Submitted], datetime], Batch]
    functions: Functions[Batch]
    unreadable: type[UnreadableMessage]
    most: int = 500
    of_accounts: Functions[Batch] = field(default_factory=dict)

    def __call__(self, submitted: Sequence[Submitted], at: datetime) -> list[Outcome]:
        batch = self.load(submitted, at)
        return [
            parked(self.unreadable, each, each.content, at)
            if isinstance(each.content, Unreadable)
            else self.functions[type(each.content)](batch, each)
            for each in submitted
        ]


def parked(message: type[UnreadableMessage], submitted: Submitted, unreadable: Unreadable, at: datetime) -> Outcome:
    """The outcome for a submission that nobody could read; `message` is the service's own class."""
    event = message.park(
        at,
        commune=submitted.commune,
        submission_id=submitted.submission_id,
        kind=submitted.kind,
        reason=unreadable.reason,
        sha256=submitted.sha256,
        size_bytes=len(submitted.body),
    )
    return Outcome([event], park(submitted), submitted.receipt(at, accepted=0, parked=unreadable.reason))


def park(submitted: Submitted) -> list[Statement]:
    """Keep the body of a message that could not be read, or only in part, in the transaction of its event."""
    if not submitted.has_room:
        return []
    row = (submitted.commune, submitted.submission_id, submitted.sha256, submitted.body)
    return [("INSERT INTO parked VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", row)]
