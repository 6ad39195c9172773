"""The sections of a report that people write."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts import Command, Id, Message, ProvinceQuestion
from shared.contracts.indicators import Day
from shared.contracts.reporting.values import PROVINCE_READERS, OfPeriod, PeriodName
from shared.printable import printable
from shared.regimes import DEFAULT_REGIME

Section = Literal["assessment", "next-period", "proposals"]
WrittenText = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(printable)]


class WriteNarrative(Command):
    """The province writes sections of its report; an empty text takes a section's text away. Each text is kept."""

    kind: ClassVar[str] = "narrative"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    sections: Annotated[dict[Section, WrittenText], Field(min_length=1)]


class WrittenSection(Message):
    """A section of a report with who wrote it when; an empty text took the one before away."""

    section: str
    text: str
    by: str
    written_on: date


class RecordedSection(WrittenSection):
    """`by_account`: the account that wrote it; null where a name was typed at the province's terminal."""

    by_account: str | None = None


class Narrative(Message):
    """Every text that was written for a province's report, in the order in which they were; the last one holds.

    `changed_on` are the days on which any was, whatever the day of knowledge.
    """

    written: tuple[RecordedSection, ...]
    changed_on: tuple[date, ...] = ()


class ShowNarrative(OfPeriod, ProvinceQuestion[Narrative]):
    """The sections of a province's report that people write, with their history, as known at the end of a day."""

    subject = "reporting.query.narrative.v1"
    roles = PROVINCE_READERS

    known_at: Day | None = None
