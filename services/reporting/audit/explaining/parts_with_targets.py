"""An indicator of a part for which a plan has a target, as a report holds it: among its lines of parts."""

from dataclasses import replace

from services.reporting.audit.explaining.basis import Basis
from services.reporting.audit.explaining.rules_in_force import Part
from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
from services.reporting.domain.content.restatement import Amounts
from services.reporting.domain.drafts.composition import Composition


def part_of(basis: Basis, indicator: str, scope: str) -> Part:
    """The part of the commune's or the province's target that a plan describes so; NothingKnown names the others."""
    question = basis.question
    own = [t for t in basis.outline.scoped_targets if (t.commune, t.indicator) == (question.commune, indicator)]
    for target in own:
        if target.scope and target.scope.casefold() == scope.casefold():
            return Part.of(target)
    parts = "; ".join(f"“{target.scope}”" for target in own) or "không có phần nào"
    raise basis.missing(f"Chỉ số {indicator} không có mục tiêu cho phần “{scope}”; các phần có mục tiêu: {parts}.")


def part_line(report: ReportContent, commune: str | None, part: Part) -> IndicatorLine | None:
    """None where the report has no such line, as an edition of another day may."""
    own = (line.scoped for line in report.communes if line.commune == commune)
    lines = report.scoped if commune is None else next(own, ())
    return next((line for line in lines if (line.indicator, line.scope) == (part.indicator, part.scope)), None)


def part_amounts(report: ReportContent, commune: str | None, part: Part) -> Amounts | None:
    line = part_line(report, commune, part)
    return (line.figure.numerator, line.figure.denominator) if line else None


def reported_part(basis: Basis, part: Part) -> Amounts | None:
    """As the tables give it; of an edition, as it was published, None where it does not hold such a figure."""
    known, report = basis.known, basis.content
    if report is None:
        definitions = [each for each in known.definitions if each.indicator == part.indicator]
        targets = [target for target in known.scoped_targets if Part.of(target) == part]
        report = Composition(replace(known, definitions=definitions, scoped_targets=targets)).report()
    return part_amounts(report, basis.question.commune, part)
