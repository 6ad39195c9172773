"""From what a report rests on to what it says: counts become figures, commune by commune and for all together."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from services.reporting.domain.evidence import Definition, Evidence, PlanTarget, Sums, Task
from services.reporting.domain.footnotes import footnotes
from services.reporting.domain.quarterly_report import CommuneLine, Figure, IndicatorLine, QuarterlyReport, TaskCounts
from shared.territory import Commune
from shared.vietnamese import collation_key

RULES = {
    "unknown-commune": "Đơn vị chưa đăng ký",
    "commune-ended": "Đơn vị không còn vào ngày của số liệu",
    "unknown-measure": "Số đo không có trong danh mục",
    "unknown-field": "Lĩnh vực không có trong danh mục",
    "unknown-reading": "Sửa hoặc rút số liệu chưa gửi",
    "reading-withdrawn": "Sửa số liệu đã rút",
    "reading-id-used": "Mã số liệu đã dùng",
    "negative": "Số liệu âm",
    "future": "Ngày số liệu chưa đến",
    "numerator-over-denominator": "Tử số lớn hơn mẫu số",
    "malformed": "Số liệu không đọc được",
    "span-over": "Kế hoạch đã kết thúc từ lâu",
}


class Composition:
    """One report in the making: of the province, or of the one commune that was asked for. Needs a commune."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._question = evidence.question
        commune = self._question.commune
        self.communes = [c for c in evidence.communes if commune in (None, c.commune)]
        self._targets = {(t.commune, t.indicator): t for t in reversed(evidence.targets)}

    def report(self) -> QuarterlyReport:
        evidence, question, included = self._evidence, self._question, self.communes
        start, until = question.window
        refused = evidence.refused_by_rule(included, whole=question.commune is None)
        readings = evidence.counted_readings
        return QuarterlyReport(
            province=included[0].province,
            province_name=included[0].province_name,
            commune=included[0].code if question.commune else None,
            commune_name=included[0].name if question.commune else None,
            period=question.period.name,
            period_name=question.period.vietnamese,
            counted_from=start,
            counted_until=until,
            known_at=question.known_at,
            indicators=tuple(self._total(definition) for definition in self._reported),
            communes=tuple(self._commune(c) for c in included),
            tasks=self._tasks(),
            readings=sum(readings.get(c.commune, 0) for c in included),
            refused=sum(refused.values()),
            refused_by_rule={RULES.get(rule, rule): count for rule, count in sorted(refused.items())},
            parked=evidence.parked_of(included),
            not_reported=tuple(c.name for c in included if not readings.get(c.commune)),
            positions=dict(evidence.positions),
            regime=question.regime.name,
            regime_name=question.regime.title,
            definitions=question.definitions,
            map_day=question.shown_on,
            scoped=self._scoped(question.commune),
            footnotes=footnotes(evidence),
            pins={"regime": question.regime.version, "map": evidence.map_version},
        )

    @cached_property
    def _reported(self) -> list[Definition]:
        """Indicators that somebody set a target for, or reported."""
        asked = {target.indicator for target in self._evidence.targets}
        here = {c.commune for c in self.communes}
        measured = {measure for commune, measure in self._evidence.counted if commune in here}
        return [
            d for d in self._evidence.definitions if d.indicator in asked or {*d.numerator, *d.denominator} <= measured
        ]

    def _total(self, definition: Definition) -> IndicatorLine:
        """Sums over sums, over the communes that reported both: a mean of rates would be wrong."""
        now, before = self._evidence.counted, self._evidence.counted_before
        return _line(
            definition,
            _sum(definition, [definition.figure(c.commune, now) for c in self.communes]),
            _sum(definition, [definition.figure(c.commune, before) for c in self.communes]),
            self._targets.get((self._question.commune, definition.indicator)),
        )

    def _commune(self, commune: Commune) -> CommuneLine:
        now, before, whose = self._evidence.counted, self._evidence.counted_before, commune.commune
        lines = (
            _line(d, d.figure(whose, now), d.figure(whose, before), self._targets.get((whose, d.indicator)))
            for d in self._reported
        )
        return CommuneLine(
            commune=whose,
            code=commune.code,
            name=commune.name,
            reported=bool(self._evidence.counted_readings.get(whose)),
            indicators=tuple(lines),
            scoped=self._scoped(whose),
            latitude=_degrees(commune.latitude),
            longitude=_degrees(commune.longitude),
        )

    def _scoped(self, commune: str | None) -> tuple[IndicatorLine, ...]:
        """What a plan asks of a part: the figure is of the fields that the part is made of, none where they are not
        known or the measures are not told by field."""
        defined = {d.indicator: d for d in self._evidence.definitions}
        here = [commune] if commune else [c.commune for c in self.communes]
        lines = []
        for target in self._evidence.scoped_targets:
            definition = defined.get(target.indicator)
            if target.commune == commune and definition:
                part = self._part(target.fields)
                figure = _sum(definition, [definition.figure(whose, part) for whose in here])
                none = Figure(None, None, definition.zero_denominator)
                lines.append(_line(definition, figure, none, target, target.scope))
        return tuple(lines)

    def _part(self, fields: Sequence[str]) -> Sums:
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for (commune, measure, name), n in self._evidence.counted_by_field.items():
            if name in fields:
                sums[commune, measure] += n
        return dict(sums)

    def _tasks(self) -> tuple[TaskCounts, ...]:
        names = {c.commune: c.name for c in self.communes}
        counted: dict[tuple[str, str], list[Task]] = defaultdict(list)
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
    definition: Definition, figure: Figure, previous: Figure, target: PlanTarget | None, scope: str | None = None
) -> IndicatorLine:
    return IndicatorLine(
        indicator=definition.indicator,
        name=definition.name,
        definition_version=definition.version,
        figure=figure,
        target=target.target if target else None,
        target_text=target.text if target else None,
        previous=previous,
        scope=scope,
    )


def _sum(definition: Definition, figures: Sequence[Figure]) -> Figure:
    whole = [f for f in figures if f.numerator is not None and f.denominator is not None]
    if not whole:
        return Figure(None, None, definition.zero_denominator)
    return Figure(
        sum(f.numerator or 0 for f in whole), sum(f.denominator or 0 for f in whole), definition.zero_denominator
    )


def _degrees(angle: float | None) -> Decimal | None:
    """As it was registered: the shortest decimal that is that number, since a report's record holds no floats."""
    return None if angle is None else Decimal(repr(angle))
