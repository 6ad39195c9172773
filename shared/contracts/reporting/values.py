"""Values that the messages of Reporting share, and who may ask them."""

from typing import Annotated, Generic, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts import Answer, CommuneQuestion, Id, Message, ProvinceQuestion, Text
from shared.contracts.indicators import Day
from shared.grants import Role
from shared.printable import printable
from shared.regimes import DEFAULT_REGIME

Signed = Annotated[
    str,
    StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f]*$"),
    AfterValidator(printable),
    StringConstraints(min_length=1),
]
Explanation = Annotated[Text, Field(min_length=1)]
Level = Literal["commune", "province"]
PeriodName = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
Versions = Literal["then", "now"]
EditionNumber = Annotated[int, Field(ge=1, le=100_000)]
COMMUNE_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")
PROVINCE_READERS: tuple[Role, ...] = ("provincial-officer", "auditor")
# An edition is published: whoever has a role with figures in the province may read it.
EDITION_READERS: tuple[Role, ...] = ("clerk", "office", "chair", "provincial-officer", "auditor")


class OfReport(Message):
    """The key of a report: province or commune, regime and period. `commune` is None for the province's own."""

    province: str
    commune: str | None
    regime: str
    regime_name: str
    period: str


class OfPeriod(Message):
    """A period such as 2025-Q3 under a regime."""

    regime: Id = DEFAULT_REGIME
    period: PeriodName


class OfDraft(OfPeriod):
    """A period as known at the end of a day in Viet Nam, today without one.

    `definitions`: formulas in force at the end of the period ("then") or on `known_at` ("now"). `map_day` is the day
    whose communes are shown, the last of the period without one.
    """

    known_at: Day | None = None
    definitions: Versions = "then"
    map_day: Day | None = None


class FigureQuestion(OfDraft, CommuneQuestion[Answer], Generic[Answer]):
    roles = COMMUNE_READERS


class ProvinceFigureQuestion(OfDraft, ProvinceQuestion[Answer], Generic[Answer]):
    roles = PROVINCE_READERS


class EditionQuestion(OfPeriod, ProvinceQuestion[Answer], Generic[Answer]):
    """About an edition of a province's report, the last one without a number."""

    roles = EDITION_READERS

    edition: EditionNumber | None = None
