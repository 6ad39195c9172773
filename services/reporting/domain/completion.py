"""What a report holds besides figures: the forms and scorecards of its regime, and what a reviewer is warned of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.reporting.domain.evidence import Evidence, FieldSums
from services.reporting.domain.form import FilledForm, ReviewWarning
from services.reporting.domain.form_design import Form
from services.reporting.domain.form_filling import fill
from services.reporting.domain.form_totals import add
from services.reporting.domain.quarterly_report import CommuneLine, QuarterlyReport
from services.reporting.domain.review_rules import Measures, Return, Thresholds
from services.reporting.domain.reviewing import STANDARD, review
from services.reporting.domain.scorecard import Answer, Scorecard
from services.reporting.domain.scoring import score

Counts = Mapping[tuple[str, str], int]  # by (measure, field)


@dataclass(frozen=True)
class Said:
    """Why sums of forms do not add up, by check; and the totals that stand on paper, by measure."""

    explanations: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)


NOTHING_SAID = Said()


@dataclass(frozen=True)
class Parts:
    """Those in force for a report. `answers` are to a scorecard's criteria, by the code of the scorecard.

    `said` is what communes say with the reports that they submitted, by our own id; `said_until` is the position of the
    last of those submissions in Reporting's own history.
    """

    forms: Sequence[Form] = ()
    scorecards: Sequence[Scorecard] = ()
    thresholds: Thresholds = STANDARD
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    said_until: int = 0


def complete(report: QuarterlyReport, evidence: Evidence, parts: Parts) -> QuarterlyReport:
    """The report with its parts. Without counts by field there are only scores."""
    level = "commune" if report.commune else "province"
    figures = {line.indicator: line.figure for line in report.indicators}
    now, before = _by_commune(evidence.counted_by_field), _by_commune(evidence.counted_at_opening)
    return replace(
        report,
        forms=tuple(_form(each, report, evidence, now, before, parts) for each in parts.forms if level in each.levels),
        scores=tuple(
            score(each, figures, parts.answers.get(each.code, {})) for each in parts.scorecards if level in each.levels
        ),
        warnings=_warnings(report.communes, evidence, parts, now, before),
        pins=report.pins | _versions(parts),
    )


def _versions(parts: Parts) -> dict[str, str]:
    forms = {f"form {form.code}": form.version for form in parts.forms}
    return forms | {f"scorecard {scorecard.code}": scorecard.version for scorecard in parts.scorecards}


def forms_of_communes(report: QuarterlyReport, evidence: Evidence, parts: Parts) -> dict[str, list[FilledForm]]:
    """Each commune's own forms, by its id, as they are in its own report: out of the evidence of its province."""
    own: dict[str, list[FilledForm]] = {line.commune: [] for line in report.communes}
    now, before = _by_commune(evidence.counted_by_field), _by_commune(evidence.counted_at_opening)
    for form in parts.forms:
        if "commune" in form.levels:
            previous = _previous(form, report, evidence, before)
            for line, filled in _filled(form, report, evidence, now, before, previous=previous, said=parts.said):
                own[line.commune].append(filled)
    return own


def _form(  # noqa: PLR0917  both windows' counts, and what communes say of them
    form: Form,
    report: QuarterlyReport,
    evidence: Evidence,
    now: Mapping[str, Counts],
    before: Mapping[str, Counts],
    parts: Parts,
) -> FilledForm:
    previous, names = _previous(form, report, evidence, before), evidence.field_names
    filled = _filled(form, report, evidence, now, before, previous=previous, said=parts.said)
    if report.commune:
        return filled[0][1]
    known = [(line.name, own) for line in report.communes if (own := previous[line.commune])]
    before_all = add(form, known, None, names) if known else None
    return add(form, [(line.name, own) for line, own in filled], before_all, names)


def _previous(
    form: Form, report: QuarterlyReport, evidence: Evidence, before: Mapping[str, Counts]
) -> dict[str, FilledForm | None]:
    """A quarter follows a quarter; of a longer period what is carried over is its opening balance."""
    communes, nothing = [line.commune for line in report.communes], dict[tuple[str, str], int]()
    if evidence.question.period.kind != "quarter":
        return dict.fromkeys(communes)
    return {c: fill(form, before.get(c, nothing), nothing, None, evidence.field_names) for c in communes}


def _filled(
    form: Form,
    report: QuarterlyReport,
    evidence: Evidence,
    now: Mapping[str, Counts],
    before: Mapping[str, Counts],
    *,
    previous: Mapping[str, FilledForm | None],
    said: Mapping[str, Said],
) -> list[tuple[CommuneLine, FilledForm]]:
    nothing = dict[tuple[str, str], int]()
    return [
        (
            line,
            fill(
                form,
                now.get(line.commune, nothing),
                before.get(line.commune, nothing),
                previous[line.commune],
                evidence.field_names,
                explanations=said.get(line.commune, NOTHING_SAID).explanations,
            ),
        )
        for line in report.communes
    ]


def _warnings(
    lines: Sequence[CommuneLine],
    evidence: Evidence,
    parts: Parts,
    now: Mapping[str, Counts],
    before: Mapping[str, Counts],
) -> tuple[ReviewWarning, ...]:
    """The quarter before is known by field; of the other periods' predecessors only the rates are compared."""
    follows = evidence.question.period.kind == "quarter"
    returns = [
        Return(
            line,
            now.get(line.commune, {}),
            before.get(line.commune, {}) if follows else {},
            parts.said.get(line.commune, NOTHING_SAID).stated,
        )
        for line in lines
        if line.reported
    ]
    return review(returns, Measures(evidence.measure_names, evidence.stocks), parts.thresholds)


def _by_commune(counts: FieldSums) -> dict[str, dict[tuple[str, str], int]]:
    by_commune: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for (commune, measure, name), n in counts.items():
        by_commune[commune][measure, name] = n
    return by_commune
