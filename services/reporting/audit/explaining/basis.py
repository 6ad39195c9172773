"""The report whose figure is explained: as known at the end of a day, or as an edition has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple

from services.reporting.application import Reporting
from services.reporting.audit.editions import question_of
from services.reporting.audit.explaining.counted_readings import FEW
from services.reporting.domain.content.differences import FigureKey
from services.reporting.domain.content.differences import figures_of as figures_in
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import Amounts
from services.reporting.domain.drafts.evidence import Evidence, FieldSums
from services.reporting.domain.drafts.question import Question, Versions
from services.reporting.domain.forms.form import Form
from services.reporting.domain.refusal import NothingKnown
from shared.beside import beside
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.vietnamese import date_text


class WantedReport(NamedTuple):
    """A report of a commune (its code), or of a province; an edition's number, or the day whose knowledge counts.

    `map_day` is the day of another map than the report's own, `definitions` as in Question; an edition has its own.
    """

    province: str
    period: Period
    commune: str | None = None
    known_at: date | None = None
    edition: int | None = None
    regime: str = DEFAULT_REGIME
    map_day: date | None = None
    definitions: Versions = "then"

    @property
    def has_other_rules(self) -> bool:
        """Whether the map or the formulas are others than those of the period's end."""
        return self.map_day is not None or self.definitions == "now"


@dataclass(frozen=True)
class Basis:
    """`known` is what Reporting's tables hold; `content` is that of the edition, None without one."""

    question: Question
    known: Evidence
    forms: Sequence[Form]
    positions: Mapping[str, int]
    map_version: str
    edition: int | None = None
    content: ReportContent | None = None

    @cached_property
    def published(self) -> Mapping[FigureKey, Amounts] | None:
        """The figures of the edition, None without one."""
        return figures_in(self.content) if self.content else None

    @cached_property
    def sources(self) -> list[str]:
        """The communes, present and former, whose counts the report may contain."""
        return self.question.source_communes(self.known.map)

    def until(self, service: str) -> int:
        """The last position of a service's history that the report knows."""
        return self.positions.get(service, 0)


def basis_of(reporting: Reporting, wanted: WantedReport, today: date, *, by_field: bool, before: bool = False) -> Basis:
    """NothingKnown says what is missing. `before`: with the figures of the period before.

    `by_field`: with every count by field; for commands, since those of a province are read on two cores.
    """
    if wanted.edition is not None:
        return _of_edition(reporting, wanted, by_field=by_field, before=before)
    day = wanted.known_at or today
    question = reporting.question(
        wanted.province,
        wanted.period,
        day,
        wanted.commune,
        regime=wanted.regime,
        by_field=by_field,
        map_day=wanted.map_day,
        definitions=wanted.definitions,
    )
    known = _known(reporting, question, before=before)
    parts = reporting.rulebook.parts_of(question, {})
    return Basis(question, known, parts.forms, known.positions, known.map_version)


def _of_edition(reporting: Reporting, wanted: WantedReport, *, by_field: bool, before: bool) -> Basis:
    edition = reporting.edition(wanted.province, wanted.period, wanted.edition, regime=wanted.regime)
    report = edition.report
    question = question_of(report, reporting.rulebook, reporting.calendar.known_on(report.known_at))
    commune = None if wanted.commune is None else _commune_in(report, wanted.commune)
    question = replace(question, commune=commune, by_field=by_field)
    known = _known(reporting, question, before=before)
    forms = reporting.rulebook.pinned_parts(report.pins, {}).forms
    return Basis(question, known, forms, report.positions, report.pins["map"], edition.number, report)


def _commune_in(report: ReportContent, code: str) -> str:
    for line in report.communes:
        if code in (line.code, line.commune):
            return line.commune
    raise NothingKnown(f"Lần công bố này không có đơn vị nào mang mã {code}; xem danh sách: minhbach commune list")


def _known(reporting: Reporting, question: Question, *, before: bool) -> Evidence:
    if question.by_field and question.commune is None:
        known = _on_two_cores(reporting, question, before=before)
    else:
        known = reporting.knowledge.of_figures(question, before=before)
    shown = {commune.commune for commune in known.communes}
    if not shown:
        raise NothingKnown(known.why_without_communes())
    if question.commune and question.commune not in shown:
        raise NothingKnown(
            f"Đơn vị có mã {question.commune} không có trong báo cáo {question.period.vietnamese}, địa giới ngày"
            f" {date_text(question.shown_on)}; xem danh sách: minhbach commune list"
        )
    return known


def _on_two_cores(reporting: Reporting, question: Question, *, before: bool) -> Evidence:
    """The counts of the quarter before, whose levels forms carry over, are read in a process of their own."""
    with reporting.knowledge.snapshot() as snapshot:
        if len(snapshot.sources_of(question)) < FEW:
            return snapshot.of_figures(question, before=before)
        with beside(partial(_opening, reporting, snapshot.name, question)) as opening:
            known = snapshot.of_figures(question, before=before, opening=False)
            return replace(known, opening=opening())


def _opening(reporting: Reporting, snapshot_name: str, question: Question) -> FieldSums:
    with reporting.knowledge.same_snapshot(snapshot_name) as snapshot:
        return snapshot.opening_of(question)
