"""What a commune says of one day, and the rules by which it counts."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

# A plan's span is long over when nobody could still be completing its last report. No act gives a number of days.
SPAN_OVER_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Refusal:
    """Why a reading does not count: the rule's name, and the sentence a clerk reads."""

    rule: str
    sentence: str


@dataclass(frozen=True)
class Standing:
    """How a reading stands: the version that counts now. A withdrawn reading has no values."""

    version: int
    observed_on: date
    field: str | None
    values: Mapping[str, int]


@dataclass(frozen=True)
class Ending:
    """From which day on a commune is there no longer, and who tells its figures from then on."""

    gone_from: date
    successor: str


@dataclass(frozen=True)
class Formula:
    """The measures whose sum is part of the sum of others, from a day on and until another version is in force."""

    indicator: str
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    in_force_from: date = date.min
    in_force_until: date = date.max

    @cached_property
    def measures(self) -> frozenset[str]:
        return frozenset((*self.numerator, *self.denominator))

    def judges_one_reading(self, kinds: Mapping[str, str]) -> bool:
        """Not where flows and stocks are summed: what came in on one day is no limit to what is pending on it."""
        return len({kinds.get(measure) for measure in self.measures}) == 1


@dataclass(frozen=True)
class Rules:
    """What a reading is judged by: the register, the ends and plans' spans by commune, and the catalogue."""

    communes: frozenset[str] = frozenset()
    spans: Mapping[str, Sequence[tuple[date, date]]] = field(default_factory=dict)
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
        """The days from which other formulas are in force, and those of each: a reading costs a search and look-ups."""
        days = sorted({date.min, *(f.in_force_from for f in self.formulas), *(f.in_force_until for f in self.formulas)})
        in_force: list[dict[str, list[Formula]]] = [{} for _ in days]
        for formula in self.formulas:
            for day, by_measure in zip(days, in_force, strict=True):
                if formula.in_force_from <= day < formula.in_force_until:
                    by_measure.setdefault(formula.numerator[0], []).append(formula)
        return days, in_force

    def refusal(self, commune: str, reading: Standing, today: date) -> Refusal | None:
        """The first rule a reading breaks, None when it counts."""
        return next(self._refusals(commune, reading, today), None)

    def _refusals(self, commune: str, reading: Standing, today: date) -> Iterator[Refusal]:
        if commune not in self.communes:
            yield Refusal("unknown-commune", f"Đơn vị có mã {commune} chưa đăng ký tham gia.")
        if (ending := self.endings.get(commune)) and reading.observed_on >= ending.gone_from:
            gone = f"Đơn vị có mã {commune} không còn từ ngày {_day(ending.gone_from)}"
            yield Refusal("commune-ended", f"{gone}; số liệu từ ngày đó do {ending.successor} báo cáo.")
        if reading.field is not None and reading.field not in self.fields:
            yield Refusal("unknown-field", f"Lĩnh vực “{reading.field}” không có trong danh mục.")
        for measure, count in reading.values.items():
            if measure not in self.measures:
                yield Refusal("unknown-measure", f"Số đo “{measure}” không có trong danh mục.")
            elif count < 0:
                yield Refusal("negative", f"“{self.measures[measure]}” là {count}; số liệu không được âm.")
        if reading.observed_on > today:
            yield Refusal("future", f"Ngày {_day(reading.observed_on)} chưa đến nên chưa thể có số liệu.")
        yield from self._parts_over_wholes(reading)
        if over := self._span_long_over(commune, reading.observed_on, today):
            yield Refusal("span-over", f"Kế hoạch cho ngày {_day(reading.observed_on)} đã kết thúc từ {_day(over)}.")

    def _parts_over_wholes(self, reading: Standing) -> Iterator[Refusal]:
        values, formulas = reading.values, self.formulas_on(reading.observed_on)
        for measure in values:
            for formula in formulas.get(measure, ()):
                if values.keys() >= formula.measures:
                    part = sum(values[measure] for measure in formula.numerator)
                    whole = sum(values[measure] for measure in formula.denominator)
                    if part > whole:
                        sentence = f"{formula.name}: tử số {part} lớn hơn mẫu số {whole}."
                        yield Refusal("numerator-over-denominator", sentence)

    def _span_long_over(self, commune: str, day: date, today: date) -> date | None:
        ends = [until for start, until in self.spans.get(commune, ()) if start <= day <= until]
        return max(ends) if ends and today - max(ends) > SPAN_OVER_AFTER else None


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
