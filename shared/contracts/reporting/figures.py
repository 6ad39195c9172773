"""Figures of a period: listed, explained, compared."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shared.contracts import Message
from shared.contracts.reporting.forms import ShownForm
from shared.contracts.reporting.values import FigureQuestion, ProvinceFigureQuestion


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

    `changed_on` are the days on which something behind a commune's figures was recorded; none of a province. `forms`
    are the commune's own where the question wants them, `stated` the totals on paper of its report, by measure.
    """

    regime: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    not_reported: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    changed_on: tuple[date, ...] = ()
    forms: tuple[ShownForm, ...] = ()
    stated: dict[str, int] = Field(default_factory=dict)


class ListFigures(FigureQuestion[Figures]):
    """The figures of a commune; `forms`: with its filled forms and the totals that its report states."""

    subject = "reporting.query.figures.v1"

    forms: bool = False


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


class PeriodFigures(Message):
    """The province's own figures of one period."""

    period: str
    figures: tuple[FigureRow, ...]


class Trend(Message):
    """The earliest period first; those of which nothing was known are left out. `changed_on` are the days on which
    something behind these figures was recorded.
    """

    periods: tuple[PeriodFigures, ...]
    changed_on: tuple[date, ...] = ()


class ListTrend(ProvinceFigureQuestion[Trend]):
    """The figures of a province over so many periods of one kind, which end with this one."""

    subject = "reporting.query.trend.v1"

    count: Annotated[int, Field(ge=2, le=8)] = 5
