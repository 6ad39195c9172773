"""What differs between two contents of one report: figure by figure, before and after."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from services.reporting.domain.form import FilledForm
from services.reporting.domain.quarterly_report import Figure, IndicatorLine, QuarterlyReport

# (commune, what): an indicator, or a form's cell as form/field/column. The province's own figures have no commune.
Key = tuple[str, str]
Amounts = tuple[int | None, ...]
PROVINCE = ""


@dataclass(frozen=True)
class Move:
    """One figure that moved: numerator and denominator of an indicator, or the count of a form's cell."""

    commune: str
    commune_name: str
    item: str
    name: str
    before: Amounts
    after: Amounts


def figures_of(report: QuarterlyReport) -> dict[Key, Amounts]:
    """What a report says in numbers, but for those that follow from these."""
    figures = {(PROVINCE, line.indicator): _amounts(line.figure) for line in report.indicators}
    for commune in report.communes:
        for line in (*commune.indicators, *commune.scoped):
            figures[commune.commune, _item(line)] = _amounts(line.figure)
    whose = report.communes[0].commune if report.commune else PROVINCE
    return figures | cells_of(whose, report.forms)


def cells_of(whose: str, forms: Iterable[FilledForm]) -> dict[Key, Amounts]:
    return {
        (whose, f"{form.code}/{row.field}/{column.number}"): (count,)
        for form in forms
        for row in (*form.rows, form.total)
        for column, count in zip(form.columns, row.counts, strict=True)
    }


def moved(before: QuarterlyReport, after: QuarterlyReport) -> list[Move]:
    """In the order of the later content; what only the earlier one has comes last."""
    said, says = figures_of(before), figures_of(after)
    names = _names(before) | _names(after)
    communes = {c.commune: c.name for report in (before, after) for c in report.communes}
    return [
        Move(commune, communes.get(commune, ""), item, names.get(item, item), said.get(key, ()), says.get(key, ()))
        for key in dict.fromkeys([*says, *said])
        if _differ(said.get(key, ()), says.get(key, ()))
        for commune, item in [key]
    ]


def changed_of_commune(submitted: QuarterlyReport, now: Mapping[Key, Amounts], commune: str) -> int:
    """How many figures that a commune submitted, its forms' cells included, are others in those of today."""
    own = {key: amounts for key, amounts in figures_of(submitted).items() if key[0] == commune}
    return sum(_differ(amounts, now.get(key, ())) for key, amounts in own.items())


def figures_sha256(report: QuarterlyReport, explanations: Mapping[str, str], stated: Mapping[str, int]) -> str:
    """The same for the same figures said with the same words, on whatever day."""
    figures = [[*key, *amounts] for key, amounts in sorted(figures_of(report).items())]
    said = json.dumps([figures, dict(explanations), dict(stated)], ensure_ascii=False, sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _differ(before: Amounts, after: Amounts) -> bool:
    """A figure that nobody had, and an indicator that is not in the report, are the same: nothing."""
    return before != after and any(amount is not None for amount in (*before, *after))


def _amounts(figure: Figure) -> Amounts:
    return (figure.numerator, figure.denominator)


def _item(line: IndicatorLine) -> str:
    return f"{line.indicator}: {line.scope}" if line.scope else line.indicator


def _names(report: QuarterlyReport) -> dict[str, str]:
    return dict(_named(report))


def _named(report: QuarterlyReport) -> Iterator[tuple[str, str]]:
    for commune in report.communes:
        yield from ((_item(line), line.name) for line in (*commune.indicators, *commune.scoped))
    yield from ((line.indicator, line.name) for line in report.indicators)
    for form in report.forms:
        for row in (*form.rows, form.total):
            for column in form.columns:
                yield (
                    f"{form.code}/{row.field}/{column.number}",
                    f"{form.code}, {row.name}, cột {column.number}",
                )
