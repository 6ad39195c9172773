"""A reading: the counts of one commune for one day, and the rules by which it is recorded or refused."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from services.indicators.domain.formula import Formula
from shared.refusal_rules import (
    COMMUNE_ENDED,
    FUTURE,
    NEGATIVE,
    NUMERATOR_OVER_DENOMINATOR,
    SPAN_OVER,
    UNKNOWN_COMMUNE,
    UNKNOWN_FIELD,
    UNKNOWN_MEASURE,
)
from shared.vietnamese import date_text, mid_sentence


@dataclass(frozen=True)
class Refusal:
    """Why a reading does not count: the rule's name, and the sentence a clerk reads."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class ReadingVersion:
    """One version of a reading; the last one counts. A withdrawn reading has no values."""

    version: int
    observed_on: date
    field: str | None
    values: Mapping[str, int]


@dataclass(frozen=True)
class Ending:
    """From which day on a commune exists no longer, and the name of the commune that reports from then on."""

    gone_from: date
    successor: str


class PlanSpan(NamedTuple):
    """The days of a commune's plan, and the last day on which readings of them are accepted; None without a limit."""

    start: date
    until: date
    accepted_until: date | None = None


@dataclass(frozen=True)
class Rules:
    """The facts by which a reading is checked: the register, the ends and plans' spans by commune, the catalogue."""

    communes: frozenset[str] = frozenset()
    spans: Mapping[str, Sequence[PlanSpan]] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    formulas: Sequence[Formula] = ()
    endings: Mapping[str, Ending] = field(default_factory=dict)

    def formulas_on(self, day: date) -> Mapping[str, Sequence[Formula]]:
        """The formulas in force on a day, by the first measure of their numerator."""
        days, in_force = self._formulas_by_day
        return in_force[bisect_right(days, day) - 1]

    @cached_property
    def _formulas_by_day(self) -> tuple[list[date], list[dict[str, list[Formula]]]]:
        """The days from which other formulas are in force, and the formulas of each; a reading costs one search."""
        days = sorted({date.min, *(f.in_force_from for f in self.formulas), *(f.in_force_until for f in self.formulas)})
        in_force: list[dict[str, list[Formula]]] = [{} for _ in days]
        for formula in self.formulas:
            for day, by_measure in zip(days, in_force, strict=True):
                if formula.in_force_from <= day < formula.in_force_until:
                    by_measure.setdefault(formula.numerator[0], []).append(formula)
        return days, in_force

    def refusal(self, commune: str, reading: ReadingVersion, today: date) -> Refusal | None:
        """The first rule a reading breaks, None when it counts."""
        return next(self._refusals(commune, reading, today), None)

    def closed(self, commune: str, day: date, today: date) -> Refusal | None:
        """The first rule that every reading of a day breaks, None where readings of it are taken."""
        return next(
            (
                each
                for each in (self._ended(commune, day), _future(day, today), self._span_over(commune, day, today))
                if each
            ),
            None,
        )

    def _refusals(self, commune: str, reading: ReadingVersion, today: date) -> Iterator[Refusal]:
        if commune not in self.communes:
            yield Refusal(UNKNOWN_COMMUNE, f"Đơn vị có mã {commune} chưa đăng ký tham gia.")
        if ended := self._ended(commune, reading.observed_on):
            yield ended
        if reading.field is not None and reading.field not in self.fields:
            yield Refusal(UNKNOWN_FIELD, f"Lĩnh vực “{reading.field}” không có trong danh mục.")
        for measure, count in reading.values.items():
            if measure not in self.measures:
                yield Refusal(UNKNOWN_MEASURE, f"Số đo “{measure}” không có trong danh mục.")
            elif count < 0:
                yield Refusal(NEGATIVE, f"“{self.measures[measure]}” là {count}; số liệu không được âm.")
        if future := _future(reading.observed_on, today):
            yield future
        yield from self._parts_over_wholes(reading)
        if over := self._span_over(commune, reading.observed_on, today):
            yield over

    def _ended(self, commune: str, day: date) -> Refusal | None:
        if not (ending := self.endings.get(commune)) or day < ending.gone_from:
            return None
        gone = f"Đơn vị có mã {commune} không còn từ ngày {date_text(ending.gone_from)}"
        return Refusal(COMMUNE_ENDED, f"{gone}; số liệu từ ngày đó do {mid_sentence(ending.successor)} báo cáo.")

    def _span_over(self, commune: str, day: date, today: date) -> Refusal | None:
        if not (over := self._span_long_over(commune, day, today)):
            return None
        return Refusal(
            SPAN_OVER,
            f"Kế hoạch cho ngày {date_text(day)} đã kết thúc từ {date_text(over.until)}; "
            f"số liệu của kế hoạch chỉ được gửi, sửa hoặc rút đến hết ngày {date_text(over.accepted_until)}.",
        )

    def _parts_over_wholes(self, reading: ReadingVersion) -> Iterator[Refusal]:
        values, formulas = reading.values, self.formulas_on(reading.observed_on)
        for measure in values:
            for formula in formulas.get(measure, ()):
                if values.keys() >= formula.measures:
                    part = sum(values[measure] for measure in formula.numerator)
                    whole = sum(values[measure] for measure in formula.denominator)
                    if part > whole:
                        sentence = f"{formula.name}: tử số {part} lớn hơn mẫu số {whole}."
                        yield Refusal(NUMERATOR_OVER_DENOMINATOR, sentence)

    def _span_long_over(self, commune: str, day: date, today: date) -> PlanSpan | None:
        """The plan of a day whose readings are accepted longest, if no longer today."""
        spans = [span for span in self.spans.get(commune, ()) if span.start <= day <= span.until]
        if not spans or any(span.accepted_until is None for span in spans):
            return None
        last = max(spans, key=lambda span: span.accepted_until or date.max)
        return last if last.accepted_until and today > last.accepted_until else None


def _future(day: date, today: date) -> Refusal | None:
    return Refusal(FUTURE, f"Ngày {date_text(day)} chưa đến nên chưa thể có số liệu.") if day > today else None
