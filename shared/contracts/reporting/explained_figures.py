"""A figure with everything that it rests on.

Counts are None where nothing was reported, which is not zero. `position` is that of the event in its service's history.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.contracts import CommuneQuestion, Id, Message, ProvinceQuestion
from shared.contracts.indicators.values import Day
from shared.contracts.reporting.values import COMMUNE_READERS, PROVINCE_READERS, EditionNumber, OfDraft


class FigureSource(Message):
    """The event behind a rule: a formula's definition, or the plan that sets a target."""

    service: str
    position: int
    recorded_on: date


class FigureMeasure(Message):
    """A measure of the formula. `sides` are numerator, denominator or both; `total` counts also what is in no rate."""

    measure: str
    name: str
    kind: str
    sides: tuple[str, ...]
    total: int | None


class FigureFormula(Message):
    """The version in force; `act` is the document that defines it."""

    version: int
    in_force_from: date
    act: str
    zero_denominator: str
    source: FigureSource | None


class FigureTarget(Message):
    """The target in force, as its plan wrote it; `met` is None without a rate."""

    text: str
    met: bool | None
    plan_id: str | None
    source: FigureSource | None


class FigurePart(Message):
    """A commune's part in a province's figure."""

    commune: str
    code: str
    name: str
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    readings: int


class FigureUnit(Message):
    """A commune, present or former, of which counts are in the figure."""

    commune: str
    name: str


class Cause(Message):
    """An event that moved figures, or a rule of the program without one.

    `kind` is late, corrected, withdrawn, new, formula, territory, target or rule; `text` says all of it in Vietnamese.
    `count` is more than 1 for `new` only: readings of days that the earlier state could not know. `reading` is the id
    of a reading, `day` the day that it is about or the first day in force.
    """

    place: int
    kind: str
    text: str
    commune: str
    reading: str | None
    service: str | None
    position: int | None
    recorded_on: date | None
    day: date | None
    submission_id: str | None
    reason: str | None
    by: str | None
    count: int


class FigureBefore(Message):
    """The figure as it was known at the end of an earlier day, and what moved it since; empty where nothing did."""

    known_at: date
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    causes: tuple[Cause, ...]
    causes_in_all: int


class ShownFigure(Message):
    """One figure of a commune, or of a province (`commune` None), as known at a day's end or as an edition has it.

    `counted` is numerator and denominator as the tables give them for that day: of an edition they are compared with
    what was published, if nothing was `recorded_later` in the same day. `changed_on` are the days on which something
    that it can rest on was recorded; `positions` how far each history is known in it; `computation` the version of the
    rules of counting.
    """

    province: str
    commune: str | None
    code: str | None
    unit: str
    indicator: str
    name: str
    regime: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    edition: int | None
    edition_sha256: str | None
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    rate_before: Decimal | None
    counted: tuple[int | None, int | None]
    recorded_later: bool
    formula: FigureFormula
    target: FigureTarget | None
    measures: tuple[FigureMeasure, ...]
    units: tuple[FigureUnit, ...]
    parts: tuple[FigurePart, ...]
    readings: int
    left_out: tuple[date, ...]
    map_day: date
    map_version: str
    computation: int
    positions: dict[str, int]
    field_names: dict[str, str]
    changed_on: tuple[date, ...]
    before: FigureBefore | None


class OfFigure(OfDraft):
    """An indicator of a period, as known at the end of a day, today without one, or as an edition has it.

    Another map or other formulas than those of the period's end go neither with an edition nor with `since`.

    `since`: with what moved it since the end of an earlier day. `computation` is the version of the rules of counting,
    today's without one; an edition has its own.
    """

    indicator: Id
    edition: EditionNumber | None = None
    since: Day | None = None
    computation: Annotated[int, Field(ge=1, le=1000)] | None = None


class ExplainFigure(OfFigure, CommuneQuestion[ShownFigure]):
    """A commune's figure with everything that it rests on in Reporting; its readings are a question to Indicators."""

    subject = "reporting.query.figure.v1"
    roles = COMMUNE_READERS


class ExplainProvinceFigure(OfFigure, ProvinceQuestion[ShownFigure]):
    """A province's figure, by commune."""

    subject = "reporting.query.province-figure.v1"
    roles = PROVINCE_READERS
