"""The differences between two contents of one report, figure by figure, and the hash of its figures."""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from services.reporting.domain.content.filled_form import FilledForm
from services.reporting.domain.content.report_content import CommuneLine, Figure, IndicatorLine, ReportContent
from services.reporting.domain.content.restatement import Amounts, FigureChange

# (commune, item): an item is an indicator, or a form's cell as form/field/column. Figures of the province: no commune.
FigureKey = tuple[str, str]
PROVINCE = ""


def figures_of(report: ReportContent) -> dict[FigureKey, Amounts]:
    """The primary figures of a report: numerators, denominators and form cells, no rates or scores."""
    figures = {(PROVINCE, line.indicator): _amounts(line.figure) for line in report.indicators}
    for commune in report.communes:
        figures |= figures_of_commune(commune)
    commune_of_forms = report.communes[0].commune if report.commune else PROVINCE
    return figures | form_cells(commune_of_forms, report.forms)


def figures_of_commune(commune: CommuneLine) -> dict[FigureKey, Amounts]:
    """Those of its line in a report, without the cells of forms."""
    lines = (*commune.indicators, *commune.scoped)
    return {(commune.commune, _item(line)): _amounts(line.figure) for line in lines}


def form_cells(commune: str, forms: Iterable[FilledForm]) -> dict[FigureKey, Amounts]:
    return {
        (commune, f"{form.code}/{row.field}/{column.number}"): (count,)
        for form in forms
        for row in (*form.rows, form.total)
        for column, count in zip(form.columns, row.counts, strict=True)
    }


def figure_changes(before: ReportContent, after: ReportContent) -> list[FigureChange]:
    """The figures that differ, in the order of the later content; those that only the earlier one has come last."""
    old, new = figures_of(before), figures_of(after)
    names = _names(before) | _names(after)
    communes = {c.commune: c.name for report in (before, after) for c in report.communes}
    return [
        FigureChange(
            commune, communes.get(commune, ""), item, names.get(item, item), old.get(key, ()), new.get(key, ())
        )
        for key in dict.fromkeys([*new, *old])
        if _differ(old.get(key, ()), new.get(key, ()))
        for commune, item in [key]
    ]


def count_changed_figures(
    submitted: Mapping[FigureKey, Amounts], now: Mapping[FigureKey, Amounts], commune: str
) -> int:
    """How many figures of a commune's submitted report, form cells included, differ from those of today."""
    return sum(_differ(amounts, now.get(key, ())) for key, amounts in submitted.items() if key[0] == commune)


def figures_sha256(
    report: ReportContent,
    explanations: Mapping[str, str],
    stated: Mapping[str, int],
    narrative: Mapping[str, str] | None = None,
) -> str:
    """A hash of the figures, explanations, stated totals and written sections: independent of the submission's day."""
    figures = [[*key, *amounts] for key, amounts in sorted(figures_of(report).items())]
    people_wrote = [figures, dict(explanations), dict(stated), *([dict(narrative)] if narrative else [])]
    text = json.dumps(people_wrote, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _differ(before: Amounts, after: Amounts) -> bool:
    """A figure without amounts equals an indicator that is not in the report."""
    return before != after and any(amount is not None for amount in (*before, *after))


def _amounts(figure: Figure) -> Amounts:
    return (figure.numerator, figure.denominator)


def _item(line: IndicatorLine) -> str:
    return f"{line.indicator}: {line.scope}" if line.scope else line.indicator


def _names(report: ReportContent) -> dict[str, str]:
    return dict(_named_items(report))


def _named_items(report: ReportContent) -> Iterator[tuple[str, str]]:
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
