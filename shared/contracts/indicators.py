"""What Indicators can be sent, and what it announces."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts import Event, Message, Refused, Submission, Text

# Ids travel in subjects and primary keys, so they are short and plain.
ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"
Id = Annotated[str, StringConstraints(pattern=ID)]
# A count fits PostgreSQL's bigint when a million of them are summed.
Count = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]


def _written_day(raw: object) -> object:
    """pydantic takes a number, also one in quotes, for seconds since 1970."""
    if type(raw) is date or (isinstance(raw, str) and raw[4:5] == "-"):
        return raw
    raise ValueError("not a day such as 2025-09-14")


Day = Annotated[date, BeforeValidator(_written_day)]
Values = Annotated[dict[Id, Count], Field(min_length=1, max_length=60)]


class Reading(Message):
    """What one commune says of its measures for one day and, where measures have one, one field.

    `reading_id` is the commune's own, given once. `values` are counts by measure; a rate is never sent.
    """

    reading_id: Id
    observed_on: Day
    field: Id | None = None
    values: Values


class Correction(Message):
    """The values that a recorded reading should have had, why, and who says so. Measures that are not named stay."""

    reading_id: Id
    values: Values
    reason: Text
    by: Text | None = None


class Withdrawal(Message):
    """A recorded reading that should not count, why, and who says so."""

    reading_id: Id
    reason: Text
    by: Text | None = None


class RecordReadings(Submission):
    kind: ClassVar[str] = "readings"
    one_by_one: ClassVar[str | None] = "readings"

    readings: Annotated[tuple[Reading, ...], Field(min_length=1, max_length=1000)]


class CorrectReadings(Submission):
    kind: ClassVar[str] = "corrections"
    one_by_one: ClassVar[str | None] = "corrections"

    corrections: Annotated[tuple[Correction, ...], Field(min_length=1, max_length=1000)]


class WithdrawReadings(Submission):
    kind: ClassVar[str] = "withdrawals"
    one_by_one: ClassVar[str | None] = "withdrawals"

    withdrawals: Annotated[tuple[Withdrawal, ...], Field(min_length=1, max_length=1000)]


class FieldDefined(Event):
    """A field (lĩnh vực) of procedures, by which measures can be counted; `name` is what forms print."""

    subject = "indicators.event.field-defined.v1"

    field: str
    version: int
    name: str
    in_force_from: date


class MeasureDefined(Event):
    """What is counted. A flow and a survey are summed over a window; of a stock the latest in the window counts."""

    subject = "indicators.event.measure-defined.v1"

    measure: str
    version: int
    name: str
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool
    in_force_from: date


class IndicatorDefined(Event):
    """A formula over measures: sums of counts over sums of counts, in percent."""

    subject = "indicators.event.indicator-defined.v1"

    indicator: str
    version: int
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str
    in_force_from: date


class RecordedReading(Message):
    """A reading that counts, in its `version` (1 when recorded, one more for each correction)."""

    reading_id: str
    version: int
    observed_on: date
    field: str | None
    values: dict[str, int]


class ReplacedReading(RecordedReading):
    """A reading corrected (`values` count from now on) or withdrawn (`values` is empty), why, and who said so.

    `before` is what counted until now; an announcement of the time before it was said has none.
    """

    reason: str
    before: dict[str, int] | None = None
    by: str | None = None


class SubmissionReceipted(Event):
    """What became of each reading of one submission: one announcement a submission, each reading on its own in it."""

    subject = "indicators.event.submission-receipted.v1"

    commune: str
    submission_id: str
    recorded: tuple[RecordedReading, ...] = ()
    corrected: tuple[ReplacedReading, ...] = ()
    withdrawn: tuple[ReplacedReading, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: int = 0


class MessageParked(Event):
    """A message nobody could read; its body is kept in the store of the service that parked it."""

    subject = "indicators.event.message-parked.v1"

    commune: str
    submission_id: str
    kind: str
    reason: str
    sha256: str
    size_bytes: int
