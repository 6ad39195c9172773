"""Files of readings: how they are understood, before anything is sent."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts import CommuneQuestion, Id, Message, Text
from shared.contracts.indicators.reading_lists import UsualRange
from shared.contracts.indicators.readings import Reading
from shared.contracts.indicators.values import Day


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
    its day and field have one of its measures under another id, so that sending it counts twice. `unusual` are the
    usual ranges that its counts are far from.
    """

    place: str
    reading: Reading
    recorded: Literal["no", "same", "changed", "elsewhere"] = "no"
    unusual: tuple[UsualRange, ...] = ()


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
    answered_within = 40.0
    over_http = False

    format: Literal["csv", "xlsx"]
    content: Annotated[str, Field(max_length=3 * 1024 * 1024)]
    columns: Annotated[dict[Text, Id | Literal[""]], Field(max_length=200, default_factory=dict)]
    fields: Annotated[dict[Text, Id], Field(max_length=200, default_factory=dict)]
    mended: Annotated[dict[Text, dict[Id, Text]], Field(max_length=200, default_factory=dict)]
    hidden: Literal["refuse", "include", "skip"] = "refuse"
    sheet: Text | None = None
    day: Day | None = None


class OwnNames(Message):
    """What a commune's office calls its columns, with the measure or "" for one to pass over, and its fields."""

    columns: dict[str, str]
    fields: dict[str, str]


class KeepOwnNames(CommuneQuestion[OwnNames]):
    """The names that a commune's office uses in its files, after these were kept too and those of `forget` were not;
    without any it only asks.

    They hold for every file that it sends afterwards, where the question about the file gives no others.
    """

    subject = "indicators.query.own-names.v1"
    roles = ("clerk",)
    over_http = False

    columns: Annotated[dict[Text, Id | Literal[""]], Field(max_length=200, default_factory=dict)]
    fields: Annotated[dict[Text, Id], Field(max_length=200, default_factory=dict)]
    forget: Annotated[tuple[Text, ...], Field(max_length=500)] = ()
