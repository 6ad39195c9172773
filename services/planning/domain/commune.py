"""A commune that takes part, and what may become of it: another name, another province, its end in others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain import commune_events
from services.planning.domain.step import Refusal
from services.planning.domain.succession import Life, Part, ending_refusals
from shared.event_sourcing import Aggregate, Recorded

KINDS = ("Xã", "Phường", "Đặc khu")


@dataclass(frozen=True)
class Attributes:
    """What is said of a commune from a day on."""

    in_force_from: date | None
    code: str
    name: str
    province: str
    province_name: str


class Commune(Aggregate):
    """`commune` is our own id and never changes; `code`, name and place are attributes that may, each from a day on.

    For communes of the register of 2025-07-01 the id is spelled like the code of that day. Codes were reused for other
    communes before: those of before, and one that takes over a code later, have an id that no commune ever had.
    """

    TOPIC = "planning.commune"

    Registered = commune_events.Registered
    Merged = commune_events.Merged
    Divided = commune_events.Divided
    Renamed = commune_events.Renamed
    MovedToProvince = commune_events.MovedToProvince

    @staticmethod
    def create_id(commune: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"planning/commune/{commune}")

    @classmethod
    def register(cls, at: datetime, *, commune: str | None = None, **what: Any) -> "Commune":
        """`what` as in Registered; without an id of its own the commune's id is spelled like its code."""
        return cls._create(cls.Registered, timestamp=at, commune=commune or what["code"], **what)

    @staticmethod
    def establish_refusal(name: str, day: date, bearer: Life | None) -> Refusal | None:
        """Why a commune of this name may not come; `bearer` is one that has its code already."""
        return next(iter((*_misnamed(name), *_code_used(day, bearer))), None)

    def __init__(
        self, commune: str, *, code: str, name: str, province: str, province_name: str, in_force_from: date | None
    ) -> None:
        self.commune = commune
        self.registered = Attributes(in_force_from, code, name, province, province_name)
        self.changes: list[tuple[date, dict[str, str]]] = []
        self.gone_from: date | None = None
        self.into: tuple[tuple[str, str | None], ...] = ()

    def change(self, day: date, **what: str | None) -> None:
        """Of two changes from the same day, the one recorded later holds."""
        self.changes.append((day, {name: said for name, said in what.items() if said is not None}))
        self.changes.sort(key=lambda change: change[0])

    def spells(self) -> list[Attributes]:
        """What was said of it, each from its day on, the first one first."""
        spells = [self.registered]
        for day, what in self.changes:
            spells.append(replace(spells[-1], in_force_from=day, **what))
        return spells

    def on(self, day: date) -> Attributes:
        """What is said of it on a day; before its first day, and after its end, what was said last or first."""
        first, *later = self.spells()
        return next((each for each in reversed(later) if each.in_force_from and each.in_force_from <= day), first)

    def is_there(self, day: date) -> bool:
        begun = self.registered.in_force_from is None or self.registered.in_force_from <= day
        return begun and (self.gone_from is None or day < self.gone_from)

    def life(self, day: date, received_from: date | None = None) -> Life:
        """As the rules of a day see it."""
        said = self.on(day)
        start = self.registered.in_force_from
        return Life(self.commune, said.name, said.province, start, self.gone_from, received_from)

    def merge(
        self, into: Life, day: date, at: datetime, *, source: str, received_from: date | None = None
    ) -> Refusal | None:
        if self._ends_so(day, [(into.commune, None)]):
            return None
        refusal = self._end_refusal([Part(into)], day, source, received_from)
        if refusal is None:
            self._record(self.Merged, at, in_force_from=day, into=into.commune, source=source)
        return refusal

    def divide(
        self, parts: Sequence[Part], day: date, at: datetime, *, source: str, received_from: date | None = None
    ) -> Refusal | None:
        """The main successor first; with shares for all of them, or for none."""
        into = [(part.successor.commune, None if part.share is None else str(part.share)) for part in parts]
        if self._ends_so(day, into):
            return None
        if len(parts) < 2:
            return Refusal("one-part", "Chia một đơn vị phải có ít nhất hai đơn vị tiếp nhận.")
        refusal = self._end_refusal(parts, day, source, received_from)
        if refusal is None:
            stored = [{"commune": commune, "share": share} for commune, share in into]
            self._record(self.Divided, at, in_force_from=day, into=stored, source=source)
        return refusal

    def rename(
        self, name: str, day: date, at: datetime, *, source: str, code: str | None = None, bearer: Life | None = None
    ) -> Refusal | None:
        """`bearer` is another commune that has the code on that day."""
        said = self.on(day)
        if (name, code or said.code) == (said.name, said.code):
            return None
        refusal = next(self._rename_refusals(name, day, source, bearer), None)
        if refusal is None:
            what = {"name": name, "code": code if code != said.code else None}
            self._record(self.Renamed, at, in_force_from=day, source=source, **what)
        return refusal

    def move(
        self,
        province: str,
        province_name: str,
        day: date,
        at: datetime,
        *,
        source: str,
        code: str | None = None,
        bearer: Life | None = None,
    ) -> Refusal | None:
        """Asked again as it was decided, it stays quiet."""
        said = self.on(day)
        if (day, province, code or said.code) == (said.in_force_from, said.province, said.code) and self.changes:
            return None
        refusal = next(self._move_refusals(province, said, day, source, bearer), None)
        if refusal is None:
            what = {"province": province, "province_name": province_name, "code": code if code != said.code else None}
            self._record(self.MovedToProvince, at, in_force_from=day, source=source, **what)
        return refusal

    def _ends_so(self, day: date, into: Sequence[tuple[str, str | None]]) -> bool:
        return self.gone_from == day and tuple(into) == self.into

    def _end_refusal(self, parts: Sequence[Part], day: date, source: str, received_from: date | None) -> Refusal | None:
        refusals = (*self._refusals(day, source), *ending_refusals(self.life(day, received_from), parts, day))
        return next(iter(refusals), None)

    def _rename_refusals(self, name: str, day: date, source: str, bearer: Life | None) -> Iterator[Refusal]:
        yield from _misnamed(name)
        yield from self._refusals(day, source)
        yield from self._change_refusals(day, bearer)

    def _move_refusals(
        self, province: str, said: Attributes, day: date, source: str, bearer: Life | None
    ) -> Iterator[Refusal]:
        yield from self._refusals(day, source)
        yield from self._change_refusals(day, bearer)
        if province == said.province:
            yield Refusal("same-province", f"{said.name} đã thuộc {said.province_name} vào ngày {_day(day)}.")

    def _refusals(self, day: date, source: str) -> Iterator[Refusal]:
        start = self.registered.in_force_from
        if not source.strip():
            yield Refusal("source-missing", "Chưa ghi văn bản làm căn cứ.")
        if start is not None and day < start:
            yield Refusal("before-its-start", f"{self.registered.name} chỉ có từ ngày {_day(start)}.")

    def _change_refusals(self, day: date, bearer: Life | None) -> Iterator[Refusal]:
        if self.gone_from is not None and day >= self.gone_from:
            yield Refusal("already-gone", f"{self.on(day).name} không còn từ ngày {_day(self.gone_from)}.")
        yield from _code_used(day, bearer)

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        self.trigger_event(event, timestamp=at, commune=self.commune, **what)


def kind_of(name: str) -> str | None:
    return next((kind for kind in KINDS if name.startswith(f"{kind} ")), None)


def _misnamed(name: str) -> Iterator[Refusal]:
    if kind_of(name) is None:
        yield Refusal("kind-missing", f"Tên “{name}” phải bắt đầu bằng Xã, Phường hoặc Đặc khu.")


def _code_used(day: date, bearer: Life | None) -> Iterator[Refusal]:
    if bearer is not None:
        yield Refusal("code-used", f"Mã này đã là mã của {bearer.name} vào ngày {_day(day)}.")


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
