"""The report's tables as rows of text, which the page and the document share; a spreadsheet takes the counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.reporting.domain.quarterly_report import CommuneLine, IndicatorLine, QuarterlyReport, TaskCounts
from services.reporting.rendering import wording
from shared.vietnamese import collation_key, number, percent


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of the report's territory; `below` names the communes that miss their target.

    `place` is its number; a row of a part of the indicator above it has none, and its part (`scope`) for a name.
    """

    place: str
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
    scope: str | None

    @property
    def is_part(self) -> bool:
        return self.scope is not None


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
    """A row per indicator, and under it one for each part of it that has a target of its own."""
    below = _communes_below(report, lambda commune: commune.indicators)
    below_in_part = _communes_below(report, lambda commune: commune.scoped)
    rows: list[IndicatorRow] = []
    for place, line in enumerate(report.indicators, start=1):
        rows.append(_indicator_row(str(place), line, below))
        rows += [_part_row(part, below_in_part) for part in report.scoped if part.indicator == line.indicator]
    known = {line.indicator for line in report.indicators}
    return rows + [_part_row(part, below_in_part) for part in report.scoped if part.indicator not in known]


def _communes_below(
    report: QuarterlyReport, lines: Callable[[CommuneLine], Iterable[IndicatorLine]]
) -> dict[tuple[str, str | None], list[str]]:
    """`report.below` for all indicators in one pass, since it walks through every commune for each."""
    below: dict[tuple[str, str | None], list[str]] = {}
    for commune in report.communes:
        for line in lines(commune):
            if line.met is False:
                below.setdefault((line.indicator, line.scope), []).append(commune.name)
    return below


def _part_row(line: IndicatorLine, below: dict[tuple[str, str | None], list[str]]) -> IndicatorRow:
    return replace(_indicator_row("", line, below), name=line.scope or line.name)


def _indicator_row(place: str, line: IndicatorLine, below: dict[tuple[str, str | None], list[str]]) -> IndicatorRow:
    return IndicatorRow(
        place=place,
        code=line.indicator,
        name=line.name,
        numerator=number(line.figure.numerator),
        denominator=number(line.figure.denominator),
        rate=percent(line.figure.rate),
        target=wording.target(line),
        verdict=wording.verdict(line),
        missed=line.met is False,
        previous=percent(line.previous.rate),
        below=tuple(below.get((line.indicator, line.scope), ())),
        scope=line.scope,
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
