"""Completes a report with the forms and scorecards of its regime, and with warnings for its reviewer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from services.reporting.domain.content.filled_form import FilledForm
from services.reporting.domain.content.narrative import WrittenSection
from services.reporting.domain.content.report_content import CommuneLine, ReportContent, ReviewWarning
from services.reporting.domain.content.scores import Scored
from services.reporting.domain.content.versions import SIGNABLE
from services.reporting.domain.drafts.evidence import Evidence, FieldSums
from services.reporting.domain.forms.filling import fill, needs_opening_flows, rows_of
from services.reporting.domain.forms.form import Counts, Form
from services.reporting.domain.forms.totals import add, counts_alone
from services.reporting.domain.reviewing.review import STANDARD, review
from services.reporting.domain.reviewing.review_input import CommuneCounts, Measures, Thresholds
from services.reporting.domain.scorecards.scorecard import Answer, Scorecard
from services.reporting.domain.scorecards.scoring import score


@dataclass(frozen=True)
class CommuneRemarks:
    """From a commune's submitted report: why sums of forms do not add up, by check; signed totals, by measure.

    `narrative` are the sections that a person wrote.
    """

    explanations: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, int] = field(default_factory=dict)
    narrative: tuple[WrittenSection, ...] = ()


NO_REMARKS = CommuneRemarks()


@dataclass(frozen=True)
class CompletionInputs:
    """The forms, scorecards and thresholds in force for a report, and what people gave for it.

    `answers` are to a scorecard's criteria, by the scorecard's code. `remarks` come with the communes' submitted
    reports, by our own id; `narrative` are the sections that a person wrote for the province's own report.
    `remarks_position` is the position of the last of all these in Reporting's events.
    """

    forms: Sequence[Form] = ()
    scorecards: Sequence[Scorecard] = ()
    thresholds: Thresholds = STANDARD
    answers: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    remarks: Mapping[str, CommuneRemarks] = field(default_factory=dict)
    narrative: tuple[WrittenSection, ...] = ()
    remarks_position: int = 0


def complete(
    report: ReportContent, evidence: Evidence, inputs: CompletionInputs, *, forms: bool = True
) -> ReportContent:
    """The report with forms, scores, warnings and their pins. Without counts by field there are only scores.

    Without `forms` all but these.
    """
    completion = _Completion(report, evidence, inputs)
    return replace(
        report,
        forms=completion.forms() if forms else (),
        scores=completion.scores(),
        warnings=completion.warnings(),
        narrative=completion.narrative(),
        pins=report.pins | completion.versions(),
    )


def forms_of_communes(
    report: ReportContent, evidence: Evidence, inputs: CompletionInputs
) -> dict[str, list[FilledForm]]:
    """Each commune's own forms by its id, the same as in its own report, from the evidence of its province."""
    completion = _Completion(report, evidence, inputs)
    own: dict[str, list[FilledForm]] = {line.commune: [] for line in report.communes}
    for form in inputs.forms:
        if "commune" in form.levels:
            for line, filled in completion.filled(form, completion.previous(form)):
                own[line.commune].append(filled)
    return own


def with_counts_of_forms(report: ReportContent, evidence: Evidence, inputs: CompletionInputs) -> ReportContent:
    """A province's report with the counts of its forms and the pins of `complete`; no scores, no warnings."""
    completion = _Completion(report, evidence, inputs)
    return replace(report, forms=completion.counted_forms(), pins=report.pins | completion.versions())


def communes_with_opening_flows(evidence: Evidence, forms: Sequence[Form]) -> set[str]:
    """Those whose forms need more of the quarter before than its levels, of evidence that has these alone."""
    now, levels = counts_by_commune(evidence.counted_by_field), counts_by_commune(evidence.counted_at_opening)
    return {
        commune
        for commune, own in levels.items()
        if any(needs_opening_flows(form, now.get(commune, {}), own) for form in forms)
    }


@dataclass(frozen=True)
class _Completion:
    """One report to complete. Only a quarter is compared with the period before it: the quarter before.

    A longer period is compared with its opening balance, which is the level at the end of the quarter before it.
    """

    report: ReportContent
    evidence: Evidence
    inputs: CompletionInputs

    @property
    def level(self) -> str:
        return "commune" if self.report.commune else "province"

    @property
    def follows_a_quarter(self) -> bool:
        return self.evidence.question.period.kind == "quarter"

    @cached_property
    def now(self) -> Mapping[str, Counts]:
        return counts_by_commune(self.evidence.counted_by_field)

    @cached_property
    def opening(self) -> Mapping[str, Counts]:
        return counts_by_commune(self.evidence.counted_at_opening)

    def forms(self) -> tuple[FilledForm, ...]:
        return tuple(self._form(form) for form in self.inputs.forms if self.level in form.levels)

    def counted_forms(self) -> tuple[FilledForm, ...]:
        names = self.evidence.field_names
        communes = [(self.now.get(c.commune, {}), self.opening.get(c.commune, {})) for c in self.report.communes]
        return tuple(
            counts_alone(form, [rows_of(form, now, opening, names) for now, opening in communes], names)
            for form in self.inputs.forms
            if self.level in form.levels
        )

    def scores(self) -> tuple[Scored, ...]:
        figures = {line.indicator: line.figure for line in self.report.indicators}
        return tuple(
            score(scorecard, figures, self.inputs.answers.get(scorecard.code, {}))
            for scorecard in self.inputs.scorecards
            if self.level in scorecard.levels
        )

    def warnings(self) -> tuple[ReviewWarning, ...]:
        communes = [
            CommuneCounts(
                line,
                self.now.get(line.commune, {}),
                self.opening.get(line.commune, {}) if self.follows_a_quarter else {},
                self._remarks(line).stated,
            )
            for line in self.report.communes
            if line.reported
        ]
        return review(
            communes,
            Measures(self.evidence.measure_names, self.evidence.stocks),
            self.inputs.thresholds,
            computation=self.evidence.question.computation,
        )

    def narrative(self) -> tuple[WrittenSection, ...]:
        if self.report.layout < SIGNABLE:
            return ()
        if self.report.commune:
            return self._remarks(self.report.communes[0]).narrative
        return self.inputs.narrative

    def versions(self) -> dict[str, str]:
        forms = {f"form {form.code}": form.version for form in self.inputs.forms}
        return forms | {f"scorecard {scorecard.code}": scorecard.version for scorecard in self.inputs.scorecards}

    def previous(self, form: Form) -> dict[str, FilledForm | None]:
        """Each commune's form of the quarter before; None for a period that is no quarter."""
        communes = [line.commune for line in self.report.communes]
        if not self.follows_a_quarter:
            return dict.fromkeys(communes)
        return {c: fill(form, self.opening.get(c, {}), {}, None, self.evidence.field_names) for c in communes}

    def filled(self, form: Form, previous: Mapping[str, FilledForm | None]) -> list[tuple[CommuneLine, FilledForm]]:
        """Each commune's form of this period."""
        return [
            (
                line,
                fill(
                    form,
                    self.now.get(line.commune, {}),
                    self.opening.get(line.commune, {}),
                    previous[line.commune],
                    self.evidence.field_names,
                    explanations=self._remarks(line).explanations,
                ),
            )
            for line in self.report.communes
        ]

    def _form(self, form: Form) -> FilledForm:
        previous, names = self.previous(form), self.evidence.field_names
        filled = self.filled(form, previous)
        if self.report.commune:
            return filled[0][1]
        known = [(line.name, own) for line in self.report.communes if (own := previous[line.commune])]
        previous_sum = add(form, known, None, names) if known else None
        return add(form, [(line.name, own) for line, own in filled], previous_sum, names)

    def _remarks(self, line: CommuneLine) -> CommuneRemarks:
        return self.inputs.remarks.get(line.commune, NO_REMARKS)


def counts_by_commune(counts: FieldSums) -> dict[str, dict[tuple[str, str], int]]:
    """By commune, the counts by (measure, field) from which its forms are filled in."""
    by_commune: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for (commune, measure, name), n in counts.items():
        by_commune[commune][measure, name] = n
    return by_commune
