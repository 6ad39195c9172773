"""Messages of Indicators: the submissions that it takes, and the events that it announces."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, FailFast, Field

from shared.contracts import (
    Command,
    CommuneQuestion,
    Event,
    Id,
    Message,
    Refused,
    Submission,
    Text,
    UnreadableMessageParked,
)
from shared.grants import Role

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
    """One commune's counts for one day and, for measures counted by field, one field.

    `reading_id` is the commune's own, given once. `values` are counts by measure; a rate is never sent.
    """

    reading_id: Id
    observed_on: Day
    field: Id | None = None
    values: Values


class Correction(Message):
    """The right values of a recorded reading, the reason, and who corrects. Measures that are not named stay."""

    reading_id: Id
    values: Values
    reason: Text
    by: Text | None = None


class Withdrawal(Message):
    """A recorded reading that shall not count, the reason, and who withdraws it."""

    reading_id: Id
    reason: Text
    by: Text | None = None


class RecordReadings(Submission):
    kind: ClassVar[str] = "readings"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "readings"

    readings: Annotated[tuple[Reading, ...], Field(min_length=1, max_length=1000), FailFast()]


class CorrectReadings(Submission):
    """Corrections; each is decided on its own."""

    kind: ClassVar[str] = "corrections"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "corrections"

    corrections: Annotated[tuple[Correction, ...], Field(min_length=1, max_length=1000), FailFast()]


class WithdrawReadings(Submission):
    """Withdrawals; each is decided on its own."""

    kind: ClassVar[str] = "withdrawals"
    roles = ("clerk",)
    one_by_one: ClassVar[str | None] = "withdrawals"

    withdrawals: Annotated[tuple[Withdrawal, ...], Field(min_length=1, max_length=1000), FailFast()]


class Definition(Message):
    """A field, a measure or an indicator from a day on; `definition` has the parts that its kind has."""

    kind: Literal["field", "measure", "indicator"]
    name: Id
    definition: Annotated[dict[str, Any], Field(max_length=20)]
    in_force_from: Day


class DefineIndicators(Command):
    """The province defines or revises fields, measures and indicators; all of them or none."""

    kind: ClassVar[str] = "definitions"
    roles = ("provincial-officer",)

    definitions: Annotated[tuple[Definition, ...], Field(min_length=1, max_length=500), FailFast()]


class DefinitionEvent(Event):
    """A definition in its `version`, from a day on. `by` defined it, by the account `by_account`.

    `by_account` is null where a name was typed at the province's terminal, `by` where nobody was named.
    """

    version: int
    name: str
    in_force_from: date
    by: str | None = None
    by_account: str | None = None


class FieldDefined(DefinitionEvent):
    """A field (lĩnh vực) of procedures, by which measures can be counted; `name` is printed in forms."""

    subject = "indicators.event.field-defined.v1"

    field: str


class MeasureDefined(DefinitionEvent):
    """A measure. A flow and a survey are summed over a window; of a stock the latest count in the window is taken."""

    subject = "indicators.event.measure-defined.v1"

    measure: str
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool


class IndicatorDefined(DefinitionEvent):
    """A formula over measures: sums of counts over sums of counts, in percent."""

    subject = "indicators.event.indicator-defined.v1"

    indicator: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str


class RecordedReading(Message):
    """A reading that counts, in its `version` (1 when recorded, one more for each correction)."""

    reading_id: str
    version: int
    observed_on: date
    field: str | None
    values: dict[str, int]


class ReplacedReading(RecordedReading):
    """A reading corrected (`values` count from now on) or withdrawn (`values` is empty), the reason, and by whom.

    `before` are the values until now; old announcements have none.
    """

    reason: str
    before: dict[str, int] | None = None
    by: str | None = None


class SubmissionReceipted(Event):
    """The result for each reading of one submission: recorded, corrected, withdrawn or refused."""

    subject = "indicators.event.submission-receipted.v1"

    commune: str
    submission_id: str
    recorded: tuple[RecordedReading, ...] = ()
    corrected: tuple[ReplacedReading, ...] = ()
    withdrawn: tuple[ReplacedReading, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: int = 0


class MessageParked(UnreadableMessageParked):
    subject = "indicators.event.message-parked.v1"


ReadingState = Literal["recorded", "corrected", "withdrawn", "refused"]
MOST_READINGS = 1000  # of one answer
COMMUNES_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")


class ReadingVersion(Message):
    """One version of a reading, or one that was refused, with the submission that made it.

    A withdrawn one has no `values`; `before` are the values of the version before. `reason` and `by` are those of a
    correction or a withdrawal, `rule` and `sentence` those of a refusal. A refused item that could not be read has only
    these and its id. `position` is that of the event, `leaf` the hash (hex) of its leaf in the sealed tree.
    """

    reading_id: str
    state: ReadingState
    version: int | None
    observed_on: date | None
    field: str | None
    values: dict[str, int]
    before: dict[str, int]
    submission_id: str
    recorded_at: datetime
    reason: str | None
    by: str | None
    rule: str | None = None
    sentence: str | None = None
    position: int | None = None
    leaf: str | None = None


class ListedReadings(Message):
    """Some of the readings that match, by the day that they are about, and how many match in all.

    `name` is the commune's; null where no registration of it is known yet.
    """

    total: int
    readings: tuple[ReadingVersion, ...]
    name: str | None = None


class ListReadings(CommuneQuestion[ListedReadings]):
    """A commune's readings, each in its last version, and what was refused.

    `observed_from` and `observed_until` are the first and the last day; `field` keeps those of a field, `indicator`
    those that hold one of its measures; `known_at` is as at the end of that day in Viet Nam. The first `skip` are left
    out. `leaves`: with the hash of each event.
    """

    subject = "indicators.query.readings.v1"
    roles = COMMUNES_READERS

    observed_from: Day | None = None
    observed_until: Day | None = None
    field: Id | None = None
    indicator: Id | None = None
    state: ReadingState | None = None
    known_at: Day | None = None
    leaves: bool = False
    skip: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    most: Annotated[int, Field(ge=1, le=MOST_READINGS)] = MOST_READINGS


class ReadingHistory(Message):
    """All versions of a reading in the order in which they were recorded, and what was refused under its id."""

    versions: tuple[ReadingVersion, ...]


class ShowReading(CommuneQuestion[ReadingHistory]):
    """One reading with its history, as known at the end of a day in Viet Nam."""

    subject = "indicators.query.reading.v1"
    roles = COMMUNES_READERS

    reading_id: Annotated[str, Field(max_length=200)]
    known_at: Day | None = None


class NamedField(Message):
    """A field of procedures, by its id."""

    field: str
    name: str


class NamedMeasure(Message):
    measure: str
    name: str
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool


class NamedIndicator(Message):
    """`numerator` and `denominator` are the measures whose sums are divided; `source` is the act of the formula."""

    indicator: str
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str


class Catalogue(Message):
    """The definitions that are in force on a day, in the order of their ids."""

    fields: tuple[NamedField, ...]
    measures: tuple[NamedMeasure, ...]
    indicators: tuple[NamedIndicator, ...]


class ShowCatalogue(CommuneQuestion[Catalogue]):
    """What a commune counts on a day, today without one, as known at the end of another in Viet Nam."""

    subject = "indicators.query.catalogue.v1"
    roles = COMMUNES_READERS

    on: Day | None = None
    known_at: Day | None = None


class FileColumn(Message):
    """A column of a file: its place, its headings as one text, and the measure or part of a reading that it holds.

    `meaning` is a measure, `observed_on`, `field` or `reading_id`, "" if it is passed over, None if it is unknown.
    """

    place: str
    heading: str
    meaning: str | None


class FileReading(Message):
    """A reading of a file at its place, and whether it is recorded already.

    `same`: under its id with these values; `changed`: under its id with others, which is for a correction; `elsewhere`:
    its day and field have one of its measures under another id, so that sending it counts twice.
    """

    place: str
    reading: Reading
    recorded: Literal["no", "same", "changed", "elsewhere"] = "no"


class FileRow(Message):
    """A row that is no reading, with the reasons and its cells as texts by column."""

    place: str
    reasons: tuple[str, ...]
    texts: dict[str, str]


class FileRead(Message):
    """What a file holds. With `problems` of the file as a whole it has no readings.

    `mistakes` are the reasons of all refused rows, one sentence for each mistake; `unknown_fields` are names of fields
    in them that nobody knows.
    """

    columns: tuple[FileColumn, ...] = ()
    readings: tuple[FileReading, ...] = ()
    refused: tuple[FileRow, ...] = ()
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unknown_fields: tuple[str, ...] = ()


class ReadFile(CommuneQuestion[FileRead]):
    """How a file of readings is understood. Nothing is recorded.

    `content` is the file in base64. `columns` are measures by heading, "" for a column to pass over, and `fields` the
    fields of names, where the commune's office writes its own. `mended` has the right texts of rows by their place.
    `hidden`, `sheet` and `day` are the choices for a file that could mean two things.
    """

    subject = "indicators.query.file.v1"
    roles = ("clerk",)
    largest = 4 * 1024 * 1024
    over_http = False

    format: Literal["csv", "xlsx"]
    content: Annotated[str, Field(max_length=3 * 1024 * 1024)]
    columns: Annotated[dict[Text, Id | Literal[""]], Field(max_length=200, default_factory=dict)]
    fields: Annotated[dict[Text, Id], Field(max_length=200, default_factory=dict)]
    mended: Annotated[dict[Text, dict[Id, Text]], Field(max_length=200, default_factory=dict)]
    hidden: Literal["refuse", "include", "skip"] = "refuse"
    sheet: Text | None = None
    day: Day | None = None
