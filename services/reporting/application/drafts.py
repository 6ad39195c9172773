"""The contents of a report as known on any day: a draft until somebody submits or publishes it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import NamedTuple, TypedDict, Unpack

from psycopg_pool import ConnectionPool

from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.content.differences import FigureKey, figures_of, figures_of_commune, form_cells
from services.reporting.domain.content.narrative import written_by
from services.reporting.domain.content.report_content import CommuneLine, ReportContent
from services.reporting.domain.content.restatement import Amounts
from services.reporting.domain.drafts.completion import (
    CommuneRemarks,
    CompletionInputs,
    complete,
    forms_of_communes,
    with_counts_of_forms,
)
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.drafts.question import Question, Versions
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.refusal import NothingKnown
from services.reporting.domain.regime import Regime
from services.reporting.domain.scorecards.scorecard import Answer
from services.reporting.read_models import Knowledge
from services.reporting.read_models.knowledge import Snapshot
from services.reporting.read_models.territory import Communes
from shared.calendar.set_calendar import SetCalendar
from shared.clock import end_of
from shared.periods import Period
from shared.record.event_store import EventStore
from shared.regimes import DEFAULT_REGIME

Figures = Mapping[FigureKey, Amounts]


class Options(TypedDict, total=False):
    """Choices for a report, as in Question. `answers` are to the criteria of scorecards, by the scorecard's code.

    `forms`: with its statutory forms, which take a quarter of the time.
    """

    regime: str
    definitions: Versions
    map_day: date | None
    by_field: bool
    answers: Mapping[str, Mapping[str, Answer]]
    forms: bool


class Composed(NamedTuple):
    """A report before its forms, scores and warnings, and what these are made of."""

    report: ReportContent
    evidence: Evidence
    parts: CompletionInputs


class Drafts:
    def __init__(
        self,
        store: EventStore,
        pool: ConnectionPool,
        knowledge: Knowledge | Snapshot,
        rulebook: Rulebook,
        calendar: SetCalendar,
    ) -> None:
        self._store = store
        self._pool = pool
        self._communes = Communes(pool)
        self._knowledge = knowledge
        self.rulebook = rulebook
        self.calendar = calendar

    @contextmanager
    def in_one_snapshot(self, name: str | None = None) -> "Iterator[Drafts]":
        """Drafts of one state of the tables. Many of a province take less time so than each by itself.

        `name` is that of a snapshot which another process has.
        """
        assert isinstance(self._knowledge, Knowledge)
        with self._knowledge.same_snapshot(name) if name else self._knowledge.snapshot() as snapshot:
            yield Drafts(self._store, self._pool, snapshot, self.rulebook, self.calendar)

    @property
    def snapshot_name(self) -> str:
        assert isinstance(self._knowledge, Snapshot)
        return self._knowledge.name

    def report(
        self, province: str, period: Period, known_at: date, commune_code: str | None = None, **options: Unpack[Options]
    ) -> ReportContent:
        """A province's report, or one commune's, as known at the end of a day. NothingKnown says what is missing."""
        composed = self._composed(province, period, known_at, commune_code, **options)
        return complete(*composed, forms=options.get("forms", True))

    def question(
        self, province: str, period: Period, known_at: date, commune_code: str | None = None, **options: Unpack[Options]
    ) -> Question:
        """The question in full: with the regime in force and the commune's id. NothingKnown for an unknown one."""
        commune = None
        if commune_code is not None:
            found = self._communes.registered(commune_code)
            if found is None:
                raise NothingKnown(f"Không có đơn vị nào có mã {commune_code} đăng ký tham gia.")
            commune, province = found
        return Question(
            province,
            period,
            known_at,
            self.rulebook.regime(options.get("regime", DEFAULT_REGIME), period),
            commune,
            definitions=options.get("definitions", "then"),
            map_day=options.get("map_day"),
            by_field=options.get("by_field", True),
            calendar=self.calendar.known_on(known_at),
        )

    def drafted(
        self, regime: Regime, province: str, period: Period, known_at: date, code: str | None = None
    ) -> ReportContent:
        """A report with every version that an edition or a submission pins, without the warnings for reviewers.

        NothingKnown as in `report`.
        """
        return self._pinned(*self._composed(province, period, known_at, code, regime=regime.name))

    def drafted_with_figures(
        self, regime: Regime, province: str, period: Period, known_at: date
    ) -> tuple[ReportContent, Figures, Evidence]:
        """A province's draft, all figures of all its communes with the cells of their own forms, and the evidence."""
        composed = self._composed(province, period, known_at, regime=regime.name)
        content = self._pinned(*composed)
        own = forms_of_communes(*composed)
        cells = {key: n for commune, forms in own.items() for key, n in form_cells(commune, forms).items()}
        return content, figures_of(content) | cells, composed.evidence

    def figures_of_communes(
        self, regime: Regime, province: str, period: Period, known_at: date, code: str | None = None
    ) -> tuple[dict[str, CommuneLine], dict[str, Figures], dict[str, frozenset[str]]]:
        """Of each commune, or of one: its line, its figures with the cells of its forms, and the sources of its counts.

        Without what people wrote, of which no figure is made. NothingKnown as in `report`.
        """
        question = self.question(province, period, known_at, code, regime=regime.name)
        evidence = self._knowledge.of(question)
        composition = Composition(evidence)
        if not composition.communes:
            raise NothingKnown(evidence.why_without_communes())
        report = composition.report()
        forms = forms_of_communes(report, evidence, self.rulebook.parts_of(question, {}))
        lines = {line.commune: line for line in report.communes}
        figures: dict[str, Figures] = {
            commune: {**figures_of_commune(line), **form_cells(commune, forms[commune])}
            for commune, line in lines.items()
        }
        return lines, figures, {commune: evidence.map.sources_of([commune]) for commune in lines}

    def compared(
        self, regime: Regime, province: str, period: Period, known_at: date, code: str | None = None, *, forms: bool
    ) -> tuple[ReportContent, Evidence]:
        """Figures as in `drafted`, with the cells of its `forms`, and the evidence; in a part of its time.

        Without the figures of the period before, checks, scores, tasks, refusals, and what people wrote.
        """
        question = self.question(province, period, known_at, code, regime=regime.name, by_field=forms)
        parts = self.rulebook.parts_of(question, {})
        evidence = self._knowledge.of_figures_and_cells(question, parts.forms)
        composition = Composition(evidence)
        if not composition.communes:
            raise NothingKnown(evidence.why_without_communes())
        content = composition.report()
        if forms:
            content = with_counts_of_forms(content, evidence, parts)
        return replace(content, pins=self._calendar_pin(known_at) | content.pins), evidence

    def evidence_of(self, published: ReportContent, regime: Regime, period: Period) -> Evidence:
        """What was known of its figures at the end of the day of an edition, under its map."""
        choices: Options = {"regime": regime.name, "map_day": published.map_day}
        choices["definitions"] = "now" if published.definitions == "now" else "then"
        question = self.question(published.province, period, published.known_at, **choices)
        return self._knowledge.of_figures(question, before=False)

    def again(self, published: ReportContent, question: Question) -> ReportContent:
        """An edition's content from the tables of today, in the versions that it pins, as known at the end of its day.

        Which reports were approved, and what moved since the edition before, are taken from the edition.
        """
        evidence = replace(self._knowledge.of(question), positions=published.positions)
        parts = self._with_remarks(self.rulebook.pinned_parts(published.pins, {}), evidence)
        content = self._pinned(Composition(evidence).report(), evidence, parts)
        return replace(
            content, positions=published.positions, unapproved=published.unapproved, restated=published.restated
        )

    def draft_of(
        self, regime: Regime, province: str, period: Period, known_at: date, commune: str
    ) -> ReportContent | None:
        """A commune's draft; None for a commune without readings."""
        try:
            content = self.drafted(regime, province, period, known_at, commune)
        except NothingKnown:
            return None
        return None if content.not_reported else content

    def _composed(
        self, province: str, period: Period, known_at: date, code: str | None = None, **options: Unpack[Options]
    ) -> Composed:
        question = self.question(province, period, known_at, code, **options)
        evidence = self._knowledge.of(question)
        composition = Composition(evidence)
        if not composition.communes:
            raise NothingKnown(evidence.why_without_communes())
        parts = self.rulebook.parts_of(question, options.get("answers", {}))
        if question.by_field:
            parts = self._with_remarks(parts, evidence)
        return Composed(composition.report(), evidence, parts)

    def _with_remarks(self, parts: CompletionInputs, evidence: Evidence) -> CompletionInputs:
        """With what people wrote, known by the end of the day: in submitted reports, and in the province's own."""
        question = evidence.question
        regime, period = question.regime.name, question.period.name
        own = Report.create_id(question.province, period, regime)
        identities = [CommuneReport.create_id(commune.commune, regime, period) for commune in evidence.communes]
        until = end_of(question.known_at)
        position = max(
            self._store.last_position(identities, CommuneReport.Submitted.TOPIC, until),
            self._store.last_position([own], Report.SectionWritten.TOPIC, until),
        )
        found = list(self._store.at_position([*identities, own], position))
        remarks = {each.identity["commune"]: _remarks(each) for each in found if isinstance(each, CommuneReport)}
        narrative = next((each.narrative for each in found if isinstance(each, Report)), ())
        return replace(parts, remarks=remarks, narrative=narrative, remarks_position=position)

    def _pinned(self, report: ReportContent, evidence: Evidence, parts: CompletionInputs) -> ReportContent:
        """Complete, with every version and position that it rests on."""
        content = complete(report, evidence, parts)
        return replace(
            content,
            pins=self._calendar_pin(content.known_at) | content.pins,
            positions={**content.positions, "reporting": parts.remarks_position},
            warnings=(),
        )

    def _calendar_pin(self, known_at: date) -> dict[str, str]:
        return {"calendar": self.calendar.known_on(known_at).version}


def _remarks(report: CommuneReport) -> CommuneRemarks:
    return CommuneRemarks(
        report.explanations,
        report.stated,
        written_by(report.submitted_by, report.submitted_on, report.narrative) if report.submitted_on else (),
    )
