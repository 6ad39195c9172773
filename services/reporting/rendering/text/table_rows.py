"""Rows of the report's tables as text, for the page, Word and PDF."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from services.reporting.domain.content.report_content import CommuneLine, IndicatorLine, ReportContent, TaskCounts
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.rendering.text import coverage, sentences
from shared.vietnamese import collation_key, number, percent


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of the whole report; `below` are the names of the communes that miss their target.

    `place` is the row's number. The row of a part has none, and the part's name (`scope`) as its name. `warnings` are
    sentences about the coverage.
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
    coverage: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_part(self) -> bool:
        return self.scope is not None


@dataclass(frozen=True)
class TaskRow:
    """The numbers of tasks of one commune, of one body, or of all."""

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


def indicator_rows(report: ReportContent) -> list[IndicatorRow]:
    """A row per indicator, and under it one for each part of it that has a target of its own."""
    below = _communes_below(report, lambda commune: commune.indicators)
    below_in_part = _communes_below(report, lambda commune: commune.scoped)
    rows: list[IndicatorRow] = []
    for place, line in enumerate(report.indicators, start=1):
        rows.append(_with_coverage(_indicator_row(str(place), line, below, report), place, line, report))
        rows += [_part_row(part, below_in_part, report) for part in report.scoped if part.indicator == line.indicator]
    known = {line.indicator for line in report.indicators}
    return rows + [_part_row(part, below_in_part, report) for part in report.scoped if part.indicator not in known]


def _communes_below(
    report: ReportContent, lines: Callable[[CommuneLine], Iterable[IndicatorLine]]
) -> dict[tuple[str, str | None], list[str]]:
    """The names of `report.below` by indicator and scope, in one pass over all communes."""
    below: dict[tuple[str, str | None], list[str]] = {}
    for commune in report.communes:
        for line in lines(commune):
            if line.met is False:
                below.setdefault((line.indicator, line.scope), []).append(commune.name)
    return below


def _part_row(
    line: IndicatorLine, below: dict[tuple[str, str | None], list[str]], report: ReportContent
) -> IndicatorRow:
    row = replace(_indicator_row("", line, below, report), name=line.scope or line.name)
    communes = [(c.name, own) for c in report.communes for own in c.scoped if _is_same_part(own, line)]
    return _covered(row, line, [] if report.commune else communes, report) if line.coverage else row


def _is_same_part(one: IndicatorLine, other: IndicatorLine) -> bool:
    return (one.indicator, one.scope) == (other.indicator, other.scope)


def _with_coverage(row: IndicatorRow, place: int, line: IndicatorLine, report: ReportContent) -> IndicatorRow:
    """A commune's lines are in the order of the report's indicators."""
    communes = [] if report.commune else [(c.name, c.indicators[place - 1]) for c in report.communes]
    return _covered(row, line, communes, report)


def _covered(
    row: IndicatorRow, line: IndicatorLine, communes: list[tuple[str, IndicatorLine]], report: ReportContent
) -> IndicatorRow:
    warnings = coverage.coverage_warnings(line, communes, report.layout)
    mark = f"{coverage.WARNED} " if warnings else ""
    return replace(row, coverage=mark + coverage.coverage_text(line, report.layout), warnings=tuple(warnings))


def _indicator_row(
    place: str, line: IndicatorLine, below: dict[tuple[str, str | None], list[str]], report: ReportContent
) -> IndicatorRow:
    return IndicatorRow(
        place=place,
        code=line.indicator,
        name=line.name,
        numerator=number(line.figure.numerator),
        denominator=number(line.figure.denominator),
        rate=percent(printed_rate(line, report)),
        target=sentences.target(line),
        verdict=sentences.verdict(line),
        missed=line.met is False,
        previous=percent(line.previous.rate),
        below=tuple(below.get((line.indicator, line.scope), ())),
        scope=line.scope,
    )


def task_rows(report: ReportContent) -> list[TaskRow]:
    """A row per commune in a province's report, per body in a commune's, in Vietnamese order."""
    return _summed(report.tasks, (lambda task: task.body) if report.commune else (lambda task: task.commune_name))


def all_tasks(report: ReportContent) -> TaskRow:
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


def rate_rows(report: ReportContent) -> list[RateRow]:
    """The matrix of a province's report: a row per commune, a cell per indicator."""
    return [
        RateRow(commune.name, commune.reported, tuple(_rate_cell(line, report) for line in commune.indicators))
        for commune in report.communes
    ]


def _rate_cell(line: IndicatorLine, report: ReportContent) -> RateCell:
    return RateCell(percent(printed_rate(line, report)), line.met is False)


def printed_rate(line: IndicatorLine, report: ReportContent) -> Decimal | None:
    """Since layout 3 a rate that misses its target is not printed as one that meets it."""
    return line.shown_rate if report.layout >= SIGNABLE else line.figure.rate
