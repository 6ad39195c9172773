"""What a report says of whatever day is asked for: a draft until somebody submits or publishes it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Unpack

from psycopg_pool import ConnectionPool

from services.reporting.asking import Asked, NothingKnown, Rulebook
from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.completion import Parts, Said, complete, forms_of_communes
from services.reporting.domain.composition import Composition
from services.reporting.domain.evidence import Evidence, Question
from services.reporting.domain.moves import Amounts, Key, cells_of, figures_of
from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.domain.regime import Regime
from services.reporting.domain.report import FIRST_REGIME
from services.reporting.read_models import Knowledge
from services.reporting.read_models.reports import Reporter
from shared.calendar.set_calendar import SetCalendar
from shared.clock import end_of
from shared.event_store import EventStore
from shared.periods import Period
from shared.settings import Settings


class Drafts(EventStore):
    name = "reporting"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self.knowledge = Knowledge(pool)
        self.rulebook = Rulebook(settings.env)
        self.calendar = SetCalendar(settings.env)

    def report(
        self, province: str, period: Period, known_at: date, commune_code: str | None = None, **how: Unpack[Asked]
    ) -> QuarterlyReport:
        """A province's report, or one commune's, as known at the end of a day. NothingKnown says what is missing."""
        return complete(*self._composed(province, period, known_at, commune_code, **how))

    def question(
        self, province: str, period: Period, known_at: date, commune_code: str | None = None, **how: Unpack[Asked]
    ) -> Question:
        """What is asked for, in full. NothingKnown for a commune or regime that there is not."""
        commune = None
        if commune_code is not None:
            found = self.knowledge.commune(commune_code)
            if found is None:
                raise NothingKnown(f"No commune with the code {commune_code} is registered.")
            commune, province = found
        regime = self.rulebook.regime(how.get("regime", FIRST_REGIME), period)
        return Question(
            province,
            period,
            known_at,
            regime,
            commune,
            definitions=how.get("definitions", "then"),
            map_day=how.get("map_day"),
            by_field=how.get("by_field", True),
        )

    def drafted(
        self, regime: Regime, province: str, period: Period, known_at: date, code: str | None = None
    ) -> QuarterlyReport:
        """A report with every version that an edition or a submission pins, without what only its reviewer is told.

        NothingKnown as in `report`.
        """
        return self._pinned(*self._composed(province, period, known_at, code, regime=regime.name))

    def drafted_with_figures(
        self, regime: Regime, province: str, period: Period, known_at: date
    ) -> tuple[QuarterlyReport, Mapping[Key, Amounts]]:
        """A province's draft, and every figure of every one of its communes, the cells of their own forms included."""
        composed = self._composed(province, period, known_at, regime=regime.name)
        content = self._pinned(*composed)
        own = forms_of_communes(*composed)
        cells = {key: n for commune, forms in own.items() for key, n in cells_of(commune, forms).items()}
        return content, figures_of(content) | cells

    def draft_of(self, regime: Regime, reporter: Reporter, period: Period, known_at: date) -> QuarterlyReport | None:
        """A commune's draft; None where nothing is known of it."""
        try:
            content = self.drafted(regime, reporter.province, period, known_at, reporter.commune)
        except NothingKnown:
            return None
        return None if content.not_reported else content

    def _composed(
        self, province: str, period: Period, known_at: date, code: str | None = None, **how: Unpack[Asked]
    ) -> tuple[QuarterlyReport, Evidence, Parts]:
        """A report as it is before its forms, scores and warnings, and what these are made of."""
        answers = how.pop("answers", {})
        question = self.question(province, period, known_at, code, **how)
        evidence = self.knowledge.of(question)
        composition = Composition(evidence)
        if not composition.communes:
            raise NothingKnown(f"Nothing was known of province {question.province} on {known_at}.")
        parts = self.rulebook.parts_of(question, answers)
        return (
            composition.report(),
            evidence,
            self._with_what_communes_said(parts, evidence) if question.by_field else parts,
        )

    def _with_what_communes_said(self, parts: Parts, evidence: Evidence) -> Parts:
        """By the end of the day, with the reports that they submitted."""
        question = evidence.question
        whose = (question.regime.name, question.period.name)
        identities = [CommuneReport.create_id(commune.commune, *whose) for commune in evidence.communes]
        submitted = CommuneReport.Submitted.TOPIC
        position = self.last_position(identities, submitted, end_of(question.known_at))
        reports = self.at_position(identities, position)
        said = {report.whose["commune"]: Said(report.explanations, report.stated) for report in reports}
        return replace(parts, said=said, said_until=position)

    def _pinned(self, report: QuarterlyReport, evidence: Evidence, parts: Parts) -> QuarterlyReport:
        """Complete, with every version and position that it rests on."""
        content = complete(report, evidence, parts)
        pins = {"calendar": self.calendar.known_on(content.known_at).version, **content.pins}
        return replace(content, pins=pins, positions={**content.positions, "reporting": parts.said_until}, warnings=())
