"""Contracts: the base classes of all messages between communes and services, one module for each owner."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.grants import Role
from shared.printable import printable

# Ids travel in subjects and primary keys, so they are short and plain.
ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"
Id = Annotated[str, StringConstraints(pattern=ID)]

ProvinceCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,20}$")]

# What people write: no control characters (PostgreSQL keeps no NUL), and an end. C1 controls, direction marks and the
# like come unseen with pasted text: they are taken out, and the text is brought to NFC, before anything is stored.
Text = Annotated[
    str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"), AfterValidator(printable)
]


class Message(BaseModel):
    """Read-only; a reader ignores the fields it does not know yet."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Event(Message):
    """An event that one service announces, with its id and the time at which the event store recorded it."""

    subject: ClassVar[str]

    event_id: str
    recorded_at: datetime


class UnreadableMessageParked(Event):
    """A submission could not be read; its body is kept in the store of the service that announces this."""

    commune: str
    submission_id: str
    kind: str
    reason: str
    sha256: str
    size_bytes: int


class Submission(Message):
    """A message of a commune. Its id and its commune are in the subject, never in the body.

    Sent to `intake.<commune>.<kind>.<submission id>`; the answer is a `Receipt`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    kind: ClassVar[str]
    # The list whose items are decided one by one; None where all are recorded or refused together.
    one_by_one: ClassVar[str | None] = None
    # The roles of accounts that may send it through the portal.
    roles: ClassVar[tuple[Role, ...]] = ()

    def needed_grants(self) -> list[tuple[tuple[Role, ...], str | None]]:
        """The grants that an account needs for it, all of them: one of some roles, and for `office` the body."""
        return [(self.roles, None)]


class Command(Submission):
    """What only accounts of the portal may send, with their role. No commune's machine can."""


class DeskMessage(Message):
    """A submission of an account, sent to `desk.<commune or province>.<kind>.<submission id>` by the portal alone.

    A province is `province-` and its code. The answer is a `Receipt` on `desk-receipt.<the same>.<submission id>`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    actor: Id
    submission: dict[str, Any]


class Refused(Message):
    """A refused item of a submission: its id, the rule's name, and the sentence for the clerk."""

    item: str
    rule: str
    sentence: str
    observed_on: date | None = None


# The reason in the receipt of a body whose id had been given to another one.
ID_USED_BEFORE = "this submission id was used before with another content"


class Receipt(Message):
    """The answer to a submission, sent after the commit. A commune deletes its own copy only when it has the receipt.

    Published on `receipt.<commune>.<submission id>`; a request on `receipts.<owner>.<commune>` gives again the receipt
    of the content that had the id first. `sha256` is of the body: whoever sent another one under that id has no receipt
    with it. `parked` is the reason why the body could not be read, or ID_USED_BEFORE.

    `kept` is False where the body could not be read, or only in part, and the service keeps so many of the commune's
    unreadable bodies already that it did not keep this one. What could not be read at all is not recorded then either.

    To an account, through the portal: `actor` is the account, `event_id` the last event that was recorded, of those
    that are announced where any is; `position` is its place in the history of the service. They are null where nothing
    was recorded, the position also where it is not announced to other services.
    """

    submission_id: str
    commune: str
    kind: str
    sha256: str
    recorded_at: datetime
    accepted: int
    duplicates: int = 0
    refused: tuple[Refused, ...] = ()
    parked: str | None = None
    kept: bool = True
    event_id: str | None = None
    position: int | None = None
    actor: str | None = None


Answer = TypeVar("Answer", bound=Message)


class Question(Message, Generic[Answer]):
    """A question to a service; the answer is `Answered` or `Unanswered`.

    A commune asks on `<subject>.commune.<commune>`, which the broker guards: it is never named in the body. Only the
    portal may ask on `<subject>.portal`, and names in `actor` the account for which it asks. A field that the service
    does not know is refused: without it the answer would be to another question.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    subject: ClassVar[str]
    # The roles of accounts that may ask through the portal.
    roles: ClassVar[tuple[Role, ...]] = ()
    largest: ClassVar[int] = 64 * 1024  # bytes
    answered_within: ClassVar[float] = 10.0  # seconds for which whoever asks waits
    # Whether it has an address of the HTTP API; a question that carries a file has none.
    over_http: ClassVar[bool] = True

    actor: Id | None = None

    @classmethod
    def answer_type(cls) -> type[Answer]:
        """The class of its answer: the parameter of its base class."""
        parameters = (base.__pydantic_generic_metadata__["args"] for base in cls.__mro__ if issubclass(base, Question))
        return cast("type[Answer]", next(filter(None, parameters))[0])


class CommuneQuestion(Question[Answer], Generic[Answer]):
    """A question about one commune. A commune may ask about itself only."""

    commune: Id

    @property
    def body_of(self) -> str | None:
        """The body of the commune that it is about alone, for the role `office`."""
        return None


class ProvinceQuestion(Question[Answer], Generic[Answer]):
    """A question about a province. Accounts ask it with one of its roles in the province or in a commune of it.

    A commune's machine asks, about its own province, what a clerk may ask.
    """

    province: ProvinceCode


class OwnQuestion(Question[Answer], Generic[Answer]):
    """A question of an account about itself; every account that can be used may ask it."""


class Answered(Message, Generic[Answer]):
    """An answer, and the positions that it rests on, by service: everything up to them is in it."""

    positions: dict[str, Annotated[int, Field(ge=0)]]
    answer: Answer


class Unanswered(Message):
    """Why a question has no answer, with the sentence for whoever asked.

    `not-ready` and `busy` may pass; the others come again for the same question.
    """

    problem: Literal[
        "unreadable",
        "unknown-question",
        "not-granted",
        "not-found",
        "refused",
        "not-ready",
        "busy",
        "too-large",
        "failed",
    ]
    sentence: str
