"""The report's tables as rows of text, which the page and the document share; a spreadsheet takes the counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport, TaskCounts
from services.reporting.rendering import wording
from shared.vietnamese import collation_key, number, percent


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of the report's territory; `below` names the communes that miss their target."""

    code: str
    name: str
    numerator: str
    denominator: str
    rate: str
    target: str
    verdict: str
    missed: bool
    previous: str
    below: tuple[str, ...]


@dataclass(frozen=True)
class TaskRow:
    """Tasks of one commune, of one body, or of all."""

    name: str
    done: int
    open: int
    late: int

    @property
    def total(self) -> int:
        return self.done + self.open


@dataclass(frozen=True)
class RateCell:
    """A commune's rate; `missed` when it is below the commune's own target."""

    rate: str
    missed: bool


@dataclass(frozen=True)
class RateRow:
    """One commune's rates, in the order of the report's indicators."""

    commune: str
    reported: bool
    cells: tuple[RateCell, ...]


def indicator_rows(report: QuarterlyReport) -> list[IndicatorRow]:
    below = _communes_below(report)
    return [_indicator_row(line, tuple(below.get(line.indicator, ()))) for line in report.indicators]


def _communes_below(report: QuarterlyReport) -> dict[str, list[str]]:
    """`report.below` for all indicators in one pass, since it walks through every commune for each."""
    below: dict[str, list[str]] = {}
    for commune in report.communes:
        for line in commune.indicators:
            if line.met is False:
                below.setdefault(line.indicator, []).append(commune.name)
    return below


def _indicator_row(line: IndicatorLine, below: tuple[str, ...]) -> IndicatorRow:
    return IndicatorRow(
        code=line.indicator,
        name=line.name,
        numerator=number(line.figure.numerator),
        denominator=number(line.figure.denominator),
        rate=percent(line.figure.rate),
        target=wording.target(line),
        verdict=wording.verdict(line),
        missed=line.met is False,
        previous=percent(line.previous.rate),
        below=below,
    )


def task_rows(report: QuarterlyReport) -> list[TaskRow]:
    """A row per commune in a province's report, per body in a commune's, in Vietnamese order."""
    return _summed(report.tasks, (lambda task: task.body) if report.commune else (lambda task: task.commune_name))


def all_tasks(report: QuarterlyReport) -> TaskRow:
    return _sum("Tổng cộng", report.tasks)


def _summed(tasks: Iterable[TaskCounts], name: Callable[[TaskCounts], str]) -> list[TaskRow]:
    groups: dict[str, list[TaskCounts]] = {}
    for task in tasks:
        groups.setdefault(name(task), []).append(task)
    return [_sum(group, groups[group]) for group in sorted(groups, key=collation_key)]


def _sum(name: str, tasks: Iterable[TaskCounts]) -> TaskRow:
    counted = list(tasks)
    return TaskRow(
        name=name,
        done=sum(task.done for task in counted),
        open=sum(task.open for task in counted),
        late=sum(task.late for task in counted),
    )


def rate_rows(report: QuarterlyReport) -> list[RateRow]:
    """The matrix of a province's report: a row per commune, a cell per indicator."""
    return [
        RateRow(commune.name, commune.reported, tuple(_rate_cell(line) for line in commune.indicators))
        for commune in report.communes
    ]


def _rate_cell(line: IndicatorLine) -> RateCell:
    return RateCell(percent(line.figure.rate), line.met is False)
