"""Readings as they stand, many or one, with their versions."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts import CommuneQuestion, Id, Message, ProvinceQuestion
from shared.contracts.indicators.values import COMMUNES_READERS, PROVINCES_READERS, Day

ReadingState = Literal["recorded", "corrected", "withdrawn", "refused"]
MOST_READINGS = 1000  # of one answer


class ReadingVersion(Message):
    """One version of a reading, or one that was refused, with the submission that made it.

    A withdrawn one has no `values`; `before` are the values of the version before. `reason` is that of a correction or
    a withdrawal, `by` whoever it names, or the account's name; `by_account` is null where a commune's machine sent it.
    `rule` and `sentence` are those of a refusal. A refused item that could not be read has only these and its id.
    `position` is that of the event, `leaf` the hash (hex) of its leaf in the sealed tree.
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
    by_account: str | None = None
    rule: str | None = None
    sentence: str | None = None
    position: int | None = None
    leaf: str | None = None


class ClosedDay(Message):
    """A day of which no reading is recorded, corrected or withdrawn now: the rule, and the sentence for the clerk."""

    observed_on: date
    rule: str
    sentence: str


class UsualRange(Message):
    """From `least` to `most` are the commune's usual counts of a measure in a field (null: without one).

    `name` is that of the measure, with that of the field before it; `sentence` what a person reads behind a count that
    is far from them.
    """

    field: str | None
    measure: str
    name: str
    least: int
    most: int
    sentence: str


def far_from_usual(usual: Iterable[UsualRange], field: str | None, values: Mapping[str, int]) -> list[UsualRange]:
    """The ranges that counts of a field, by measure, are outside of."""
    return [
        each
        for each in usual
        if each.field == field and not each.least <= values.get(each.measure, each.least) <= each.most
    ]


class ListedReadings(Message):
    """Some of the readings that match, by the day that they are about, and how many match in all.

    `name` is the commune's; null where no registration of it is known yet. `closed` are the days of the question, where
    it names at most 31 and no day of knowledge, for which no reading is taken today. `changed_on` are the days on which
    something of these days was recorded or refused, whatever the day of knowledge. `usual` are the usual ranges of the
    twelve months up to the last day of the question, where it asks for them and there are counts enough.
    """

    total: int
    readings: tuple[ReadingVersion, ...]
    name: str | None = None
    closed: tuple[ClosedDay, ...] = ()
    changed_on: tuple[date, ...] = ()
    usual: tuple[UsualRange, ...] = ()


class ListReadings(CommuneQuestion[ListedReadings]):
    """A commune's readings, each in its last version, and what was refused.

    `observed_from` and `observed_until` are the first and the last day; `field` keeps those of a field, `indicator`
    those that hold one of its measures; `known_at` is as at the end of that day in Viet Nam. The first `skip` are left
    out. `leaves`: with the hash of each event. `usual`: with the usual ranges; `unusual`: also only readings that count
    and have a count far from them.
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
    usual: bool = False
    unusual: bool = False
    skip: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    most: Annotated[int, Field(ge=1, le=MOST_READINGS)] = MOST_READINGS


class UnusualReadings(Message):
    """By commune of a province, how many of its readings have a count far from its usual ones.

    `uncounted` are the communes of which nothing is known yet: they are being counted, and known some seconds later.
    """

    totals: dict[str, int]
    uncounted: tuple[str, ...] = ()


class CountUnusualReadings(ProvinceQuestion[UnusualReadings]):
    """How many readings of some days `ListReadings` would list as `unusual`, as known now; of at most 366 days."""

    subject = "indicators.query.unusual-readings.v1"
    roles = PROVINCES_READERS

    observed_from: Day
    observed_until: Day


class ReadingHistory(Message):
    """All versions of a reading in the order in which they were recorded, and what was refused under its id."""

    versions: tuple[ReadingVersion, ...]


class ShowReading(CommuneQuestion[ReadingHistory]):
    """One reading with its history, as known at the end of a day in Viet Nam."""

    subject = "indicators.query.reading.v1"
    roles = COMMUNES_READERS

    reading_id: Annotated[str, Field(max_length=200)]
    known_at: Day | None = None
