"""Figures of a period: listed, explained, compared."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.contracts import CommuneQuestion, Id, Message, ProvinceQuestion
from shared.contracts.figures import ComparedReports, ShownFigure
from shared.contracts.indicators import Day
from shared.contracts.reporting.values import (
    COMMUNE_READERS,
    PROVINCE_READERS,
    EditionNumber,
    FigureQuestion,
    PeriodName,
    ProvinceFigureQuestion,
)
from shared.regimes import DEFAULT_REGIME


class FigureRow(Message):
    """One indicator of a commune, or of the province where `commune` is null; `scope` names a part of it.

    Without a numerator or a denominator nothing was reported, which is not zero. `rate` and `rate_before`, of the
    period before, are in percent; `met` is null without a target or a rate.
    """

    commune: str | None
    name: str | None
    indicator: str
    indicator_name: str
    definition_version: int
    scope: str | None
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    rate_before: Decimal | None
    target_text: str | None
    met: bool | None


class Figures(Message):
    """`counted_from` and `counted_until` are inclusive; `not_reported` are the names of communes without readings.

    `changed_on` are the days on which something behind a commune's figures was recorded; none of a province.
    """

    regime: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    not_reported: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    changed_on: tuple[date, ...] = ()


class ListFigures(FigureQuestion[Figures]):
    """The figures of a commune."""

    subject = "reporting.query.figures.v1"


class ListProvinceFigures(ProvinceFigureQuestion[Figures]):
    """The figures of a province and of each of its communes."""

    subject = "reporting.query.province-figures.v1"


class MovedFigure(Message):
    """A figure before and after: numerator and denominator of an indicator, or the count of a form's cell.

    Empty where there was no such figure. `item` as in CellRemark; `commune` is "" for a figure of the province.
    """

    commune: str
    commune_name: str
    item: str
    name: str
    before: tuple[int | None, ...]
    after: tuple[int | None, ...]


class OfFigure(Message):
    """An indicator of a period, as known at the end of a day, today without one, or as an edition has it.

    `since`: with what moved it since the end of an earlier day. `computation` is the version of the rules of counting,
    today's without one; an edition has its own.
    """

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    indicator: Id
    known_at: Day | None = None
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


class OfComparison(Message):
    """Two states of a report: each an edition's number, or a day of which the end counts; the later one may be now.

    `forms`: with the cells of forms and the targets of parts, which takes ten times as long.
    """

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    since: Day | None = None
    since_edition: EditionNumber | None = None
    until: Day | None = None
    until_edition: EditionNumber | None = None
    forms: bool = False


class CompareReport(OfComparison, CommuneQuestion[ComparedReports]):
    """Two states of a commune's figures, with each event that moved one."""

    subject = "reporting.query.comparison.v1"
    roles = COMMUNE_READERS


class CompareProvinceReports(OfComparison, ProvinceQuestion[ComparedReports]):
    """Two states of the figures of a province and its communes, with each event that moved one."""

    subject = "reporting.query.province-comparison.v1"
    roles = PROVINCE_READERS


class PeriodFigures(Message):
    """The province's own figures of one period."""

    period: str
    figures: tuple[FigureRow, ...]


class Trend(Message):
    """The earliest period first; those of which nothing was known are left out."""

    periods: tuple[PeriodFigures, ...]


class ListTrend(ProvinceFigureQuestion[Trend]):
    """The figures of a province over so many periods of one kind, which end with this one."""

    subject = "reporting.query.trend.v1"

    count: Annotated[int, Field(ge=2, le=8)] = 5
