"""The report whose figure is explained: as known at the end of a day, or as an edition has it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from services.reporting.application import Reporting
from services.reporting.audit.editions import question_of
from services.reporting.domain.content.differences import FigureKey
from services.reporting.domain.content.differences import figures_of as figures_in
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import Amounts
from services.reporting.domain.drafts.evidence import Definition, Evidence
from services.reporting.domain.drafts.question import Question, Versions
from services.reporting.domain.forms.form import Form
from services.reporting.domain.refusal import NothingKnown
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
    """`outline` is what Reporting's tables hold besides the counts; `content` is that of the edition, None without one.

    `read` gives the counts of some measures, or of all.
    """

    question: Question
    outline: Evidence
    read: Callable[[frozenset[str] | None], Evidence]
    forms: Sequence[Form]
    positions: Mapping[str, int]
    edition: int | None = None
    content: ReportContent | None = None
    measures: frozenset[str] | None = None

    @cached_property
    def known(self) -> Evidence:
        """What Reporting's tables hold of the measures, all without any; read when it is asked for.

        NothingKnown for a commune that is not in it.
        """
        return _with_communes(self.read(self.measures))

    def missing(self, sentence: str) -> NothingKnown:
        """To be raised, for a report that is known with its commune; raises another one where it is not."""
        _with_communes(self.known)
        return NothingKnown(sentence)

    def definition(self, indicator: str) -> Definition | None:
        return next((each for each in self.outline.definitions if each.indicator == indicator), None)

    def of_formula(self, definition: Definition) -> "Basis":
        """With the counts of its measures alone."""
        return replace(self, measures=frozenset((*definition.numerator, *definition.denominator)))

    @property
    def map_version(self) -> str:
        return self.content.pins["map"] if self.content else self.outline.map_version

    @cached_property
    def published(self) -> Mapping[FigureKey, Amounts] | None:
        """The figures of the edition, None without one."""
        return figures_in(self.content) if self.content else None

    @cached_property
    def sources(self) -> list[str]:
        """The communes, present and former, whose counts the report may contain."""
        return self.question.source_communes(self.outline.map)

    def until(self, service: str) -> int:
        """The last position of a service's history that the report knows."""
        return self.positions.get(service, 0)


@contextmanager
def open_basis(
    reporting: Reporting, wanted: WantedReport, today: date, *, by_field: bool, before: bool = False
) -> Iterator[Basis]:
    """As long as it is open, what is known can be read, from the state of the tables of which the outline is.

    `by_field`: with the counts by field; `before`: with the figures of the period before. NothingKnown says what is
    missing.
    """
    if wanted.edition is not None:
        edition = reporting.edition(wanted.province, wanted.period, wanted.edition, regime=wanted.regime)
        report = edition.report
        question = question_of(report, reporting.rulebook, reporting.calendar.known_on(report.known_at))
        commune = None if wanted.commune is None else _commune_in(report, wanted.commune)
        question = replace(question, commune=commune, by_field=by_field)
        forms = reporting.rulebook.pinned_parts(report.pins, {}).forms
    else:
        edition, report = None, None
        question = reporting.question(
            wanted.province,
            wanted.period,
            wanted.known_at or today,
            wanted.commune,
            regime=wanted.regime,
            by_field=by_field,
            map_day=wanted.map_day,
            definitions=wanted.definitions,
        )
        forms = reporting.rulebook.parts_of(question, {}).forms
    with reporting.knowledge.snapshot() as snapshot:
        outline = snapshot.outline(question)
        yield Basis(
            question,
            outline,
            lambda measures: snapshot.of_figures(question, before=before, measures=measures),
            forms,
            report.positions if report else outline.positions,
            edition.number if edition else None,
            report,
        )


def _commune_in(report: ReportContent, code: str) -> str:
    for line in report.communes:
        if code in (line.code, line.commune):
            return line.commune
    raise NothingKnown(f"Lần công bố này không có đơn vị nào mang mã {code}; xem danh sách: minhbach commune list")


def _with_communes(known: Evidence) -> Evidence:
    """NothingKnown without the commune of the question, or any."""
    question, shown = known.question, {commune.commune for commune in known.communes}
    if not shown:
        raise NothingKnown(known.why_without_communes())
    if question.commune and question.commune not in shown:
        raise NothingKnown(
            f"Đơn vị có mã {question.commune} không có trong báo cáo {question.period.vietnamese}, địa giới ngày"
            f" {date_text(question.shown_on)}; xem danh sách: minhbach commune list"
        )
    return known
