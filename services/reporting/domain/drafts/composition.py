"""From evidence to the figures of a report: counts become rates, by commune and for the whole province."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from services.reporting.domain.content.report_content import (
    CommuneLine,
    Coverage,
    Figure,
    IndicatorLine,
    ReportContent,
    TaskCounts,
)
from services.reporting.domain.content.versions import SIGNABLE, pins_of
from services.reporting.domain.drafts.evidence import Definition, Evidence, KnownTask, PlanTarget
from services.reporting.domain.drafts.footnotes import footnotes
from services.reporting.domain.drafts.indicator_figures import COMPUTATIONS, ReportedDays
from services.reporting.domain.territory.communes import Commune
from shared import refusal_rules
from shared.vietnamese import collation_key

REFUSAL_LABELS = {
    refusal_rules.UNKNOWN_COMMUNE: "Đơn vị chưa đăng ký",
    refusal_rules.COMMUNE_ENDED: "Đơn vị không còn vào ngày của số liệu",
    refusal_rules.UNKNOWN_MEASURE: "Số đo không có trong danh mục",
    refusal_rules.UNKNOWN_FIELD: "Lĩnh vực không có trong danh mục",
    refusal_rules.UNKNOWN_READING: "Sửa hoặc rút số liệu chưa gửi",
    refusal_rules.READING_WITHDRAWN: "Sửa số liệu đã rút",
    refusal_rules.READING_ID_USED: "Mã số liệu đã dùng",
    refusal_rules.NEGATIVE: "Số liệu âm",
    refusal_rules.FUTURE: "Ngày số liệu chưa đến",
    refusal_rules.NUMERATOR_OVER_DENOMINATOR: "Tử số lớn hơn mẫu số",
    refusal_rules.MALFORMED: "Số liệu không đọc được",
    refusal_rules.SPAN_OVER: "Kế hoạch đã kết thúc từ lâu",
}


class Composition:
    """Composes the report of the province, or of the one commune of the question. Needs at least one commune."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._question = evidence.question
        commune = self._question.commune
        self.communes = [c for c in evidence.communes if commune in (None, c.commune)]
        self._now, self._before = (COMPUTATIONS[self._question.computation](evidence, past) for past in (False, True))
        self._targets = {(t.commune, t.indicator): t for t in reversed(evidence.targets)}
        self._scoped_targets: dict[str | None, list[PlanTarget]] = defaultdict(list)
        for target in evidence.scoped_targets:
            self._scoped_targets[target.commune].append(target)

    def report(self) -> ReportContent:
        evidence, question, included = self._evidence, self._question, self.communes
        start, until = question.window
        communes = tuple(self._commune(c) for c in included)
        refused = evidence.refused_by_rule(included, whole=question.commune is None)
        readings = evidence.counted_readings
        return ReportContent(
            province=included[0].province,
            province_name=included[0].province_name,
            commune=included[0].code if question.commune else None,
            commune_name=included[0].name if question.commune else None,
            period=question.period.name,
            period_name=question.period.vietnamese,
            counted_from=start,
            counted_until=until,
            known_at=question.known_at,
            indicators=tuple(
                self._total(definition, [c.indicators[place] for c in communes])
                for place, definition in enumerate(self._reported)
            ),
            communes=communes,
            tasks=self._tasks(),
            readings=sum(readings.get(c.commune, 0) for c in included),
            refused=sum(refused.values()),
            refused_by_rule={REFUSAL_LABELS.get(rule, rule): count for rule, count in sorted(refused.items())},
            parked=evidence.parked_of(included),
            not_reported=tuple(c.name for c in included if not readings.get(c.commune)),
            positions=dict(evidence.positions),
            regime=question.regime.name,
            regime_name=question.regime.title,
            definitions=question.definitions,
            map_day=question.shown_on,
            scoped=self._scoped(question.commune),
            footnotes=footnotes(evidence),
            pins={
                "regime": question.regime.version,
                "map": evidence.map_version,
                **pins_of(question.computation, question.layout),
            },
        )

    @cached_property
    def _defined(self) -> dict[str, Definition]:
        return {d.indicator: d for d in self._evidence.definitions}

    @cached_property
    def _reported(self) -> list[Definition]:
        """The indicators that have a target or figures."""
        with_target = {target.indicator for target in self._evidence.targets}
        here = {c.commune for c in self.communes}
        measured = {measure for commune, measure in self._evidence.counted if commune in here}
        return [
            d
            for d in self._evidence.definitions
            if d.indicator in with_target or {*d.numerator, *d.denominator} <= measured
        ]

    def _total(self, definition: Definition, lines: Sequence[IndicatorLine]) -> IndicatorLine:
        """A province's figure sums numerators and denominators of its communes; a mean of rates would be wrong."""
        return _line(
            definition,
            _sum(definition, [line.figure for line in lines]),
            _sum(definition, [line.previous for line in lines]),
            self._targets.get((self._question.commune, definition.indicator)),
            _added([line.coverage for line in lines]),
        )

    def _commune(self, commune: Commune) -> CommuneLine:
        key = commune.commune
        days = len(self._working_days(commune))
        figures = [(d, self._now.figure(d, key)) for d in self._reported]
        lines = (
            _line(
                d,
                figure,
                self._before.figure(d, key),
                self._targets.get((key, d.indicator)),
                _coverage(figure, self._now.days(d, key), days),
            )
            for d, figure in figures
        )
        return CommuneLine(
            commune=key,
            code=commune.code,
            name=commune.name,
            reported=bool(self._evidence.counted_readings.get(key)),
            indicators=tuple(lines),
            scoped=self._scoped(key),
            latitude=_degrees(commune.latitude),
            longitude=_degrees(commune.longitude),
        )

    def _working_days(self, commune: Commune) -> Sequence[date]:
        """Those of a new commune, which follows no other, begin on its first day."""
        days, began = self._question.working_days, commune.in_force_from
        if began and len(self._evidence.map.sources_of([commune.commune])) == 1:
            return [day for day in days if day >= began]
        return days

    def _scoped(self, commune: str | None) -> tuple[IndicatorLine, ...]:
        """Lines of targets that hold for a part: the figure counts the fields of that part.

        There is no figure where these fields are unknown or the measures are not counted by field.
        """
        targets = self._scoped_targets.get(commune, ())
        communes = [c for c in self.communes if targets and commune in (None, c.commune)]
        here = [c.commune for c in communes]
        lines = []
        for target in targets:
            if definition := self._defined.get(target.indicator):
                figure, previous = (
                    _sum(definition, [figures.part(definition, each, target.fields) for each in here])
                    for figures in (self._now, self._before)
                )
                coverage = self._coverage_of_part(definition, communes, target.fields)
                lines.append(replace(_line(definition, figure, previous, target, coverage), scope=target.scope))
        return tuple(lines)

    def _coverage_of_part(
        self, definition: Definition, communes: Sequence[Commune], fields: Sequence[str]
    ) -> Coverage | None:
        """Since layout 3; None for a part with unknown fields."""
        if not fields or self._question.layout < SIGNABLE:
            return None
        known = [(c, self._now.part(definition, c.commune, fields)) for c in communes]
        return _added(
            [
                _coverage(figure, self._now.days(definition, c.commune, fields), len(self._working_days(c)))
                for c, figure in known
            ]
        )

    def _tasks(self) -> tuple[TaskCounts, ...]:
        names = {c.commune: c.name for c in self.communes}
        counted: dict[tuple[str, str], list[KnownTask]] = defaultdict(list)
        for task in self._evidence.tasks:
            for body in task.lead:
                if task.commune in names:
                    counted[task.commune, body].append(task)
        order = sorted(counted, key=lambda key: (collation_key(names[key[0]]), collation_key(key[1])))
        return tuple(
            TaskCounts(
                commune=commune,
                commune_name=names[commune],
                body=body,
                done=sum(task.done for task in counted[commune, body]),
                open=sum(not task.done for task in counted[commune, body]),
                late=sum(task.late_at(self._question.known_at) for task in counted[commune, body]),
            )
            for commune, body in order
        )


def _line(
    definition: Definition,
    figure: Figure,
    previous: Figure,
    target: PlanTarget | None,
    coverage: Coverage | None = None,
) -> IndicatorLine:
    return IndicatorLine(
        indicator=definition.indicator,
        name=definition.name,
        definition_version=definition.version,
        figure=figure,
        target=target.target if target else None,
        target_text=target.text if target else None,
        previous=previous,
        coverage=coverage,
    )


def _sum(definition: Definition, figures: Sequence[Figure]) -> Figure:
    whole = [f for f in figures if f.numerator is not None and f.denominator is not None]
    if not whole:
        return Figure(None, None, definition.zero_denominator)
    return Figure(
        sum(f.numerator or 0 for f in whole), sum(f.denominator or 0 for f in whole), definition.zero_denominator
    )


def _coverage(figure: Figure, days: ReportedDays | None, working_days: int) -> Coverage | None:
    """Of one commune. None where the way of computing does not know the days."""
    if days is None:
        return None
    has_figure = figure.numerator is not None
    of_days = working_days if has_figure and days.complete is not None else 0
    return Coverage(
        communes=int(has_figure),
        of_communes=1,
        days=None if days.complete is None else min(days.complete, of_days),
        of_days=of_days,
        incomplete_days=days.incomplete,
        incomplete_communes=int(days.incomplete > 0),
    )


def _added(coverages: Sequence[Coverage | None]) -> Coverage | None:
    known = [coverage for coverage in coverages if coverage]
    if not known:
        return None
    days = [coverage.days for coverage in known]
    return Coverage(
        communes=sum(coverage.communes for coverage in known),
        of_communes=sum(coverage.of_communes for coverage in known),
        days=None if None in days else sum(n or 0 for n in days),
        of_days=sum(coverage.of_days for coverage in known),
        incomplete_days=sum(coverage.incomplete_days for coverage in known),
        incomplete_communes=sum(coverage.incomplete_communes for coverage in known),
    )


def _degrees(angle: float | None) -> Decimal | None:
    """The shortest decimal of a registered coordinate, because canonical JSON has no floats."""
    return None if angle is None else Decimal(repr(angle))
