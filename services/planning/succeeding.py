"""What becomes of communes: loaded, decided and saved, one change at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import cast

from services.planning.domain.commune import Commune, kind_of
from services.planning.domain.refused import PlanRefused
from services.planning.domain.step import Refusal
from services.planning.domain.succession import Life, Part
from services.planning.lineage import Predecessor, predecessors_of
from services.planning.read_models import Communes, RegisteredCommune
from services.planning.register import IN_FORCE_FROM, provinces
from shared.clock import end_of
from shared.event_store import EventStore, IntegrityError
from shared.intake import TRIES

AT_ONCE = 200  # each is registered and ends: 400 events of the 1,000 that one transaction may hold
SOURCE = "Sắp xếp đơn vị hành chính cấp xã năm 2025, theo dữ liệu mở vietnamadminunits 1.0.4"

Decide = Callable[[Commune, datetime], Refusal | None]


@dataclass(frozen=True)
class Biography:
    """All that was said of a commune, those that went into it, and those that it went into with their shares."""

    commune: Commune
    predecessors: Sequence[Commune]
    successors: Sequence[tuple[Commune, str | None]]


class Succeeding:
    """A commune is named by its code, or by its own id; its code is that of the day before the change."""

    def __init__(self, store: EventStore, communes: Communes) -> None:
        self._store = store
        self._communes = communes

    def merge(self, commune: str, into: str, day: date, source: str) -> bool:
        """False when it was decided so before. PlanRefused for what the rules do not allow, here and below."""
        return self._decided(
            commune,
            day,
            lambda ending, at: ending.merge(
                self._life(into, day), day, at, source=source, received_from=self._received(ending)
            ),
        )

    def divide(self, commune: str, into: Sequence[tuple[str, Fraction | None]], day: date, source: str) -> bool:
        def decide(ending: Commune, at: datetime) -> Refusal | None:
            parts = [Part(self._life(said, day), share) for said, share in into]
            return ending.divide(parts, day, at, source=source, received_from=self._received(ending))

        return self._decided(commune, day, decide)

    def rename(self, commune: str, name: str | None, code: str | None, day: date, source: str) -> bool:
        """Another name, another code, or both."""
        return self._decided(
            commune,
            day,
            lambda renamed, at: renamed.rename(
                name or renamed.on(day).name, day, at, source=source, code=code, bearer=self._bearer(code, renamed, day)
            ),
        )

    def move(self, commune: str, province: str, code: str | None, day: date, source: str) -> bool:
        name = provinces().get(province)
        if name is None:
            raise PlanRefused(f'"{province}" không phải là mã của một tỉnh.')
        return self._decided(
            commune,
            day,
            lambda moved, at: moved.move(
                province, name, day, at, source=source, code=code, bearer=self._bearer(code, moved, day)
            ),
        )

    def establish(self, code: str, name: str, province: str, day: date) -> bool:
        """A commune that the register does not know takes part from a day on, with an id that no commune ever had."""
        if province not in provinces():
            raise PlanRefused(f'"{province}" không phải là mã của một tỉnh.')
        with self._communes.alone():
            at, identity = self._store.clock(), f"{code}-from-{day:%Y%m%d}"
            if identity in self._communes.ids():
                return False
            refusal = Commune.establish_refusal(name, day, self._bearer(code, None, day))
            if refusal:
                raise PlanRefused(refusal.sentence)
            new = Commune.register(
                at, commune=identity, code=code, name=name, kind=kind_of(name), province=province,
                province_name=provinces()[province], latitude=None, longitude=None, in_force_from=day,
            )  # fmt: skip
            self._store.commit(new, at=at, statements=Communes.rows([new]))
        return True

    def register_predecessors(self, province: str) -> int:
        """Register the communes of before 2025-07-01 whose successors take part, with their end; how many are new.

        In transactions of a bounded size: run again, it goes on where it was interrupted.
        """
        known = self._communes.ids()
        new = [old for old in predecessors_of(province) if old.commune not in known and known.issuperset(old.into)]
        for start in range(0, len(new), AT_ONCE):
            with self._communes.alone():
                at, known = self._store.clock(), self._communes.ids()
                olds = [self._predecessor(old, at) for old in new[start : start + AT_ONCE] if old.commune not in known]
                if olds:
                    self._store.commit(*olds, at=at, statements=Communes.rows(olds))
        return len(new)

    def listed(self, day: date, province: str | None = None, known_at: date | None = None) -> list[RegisteredCommune]:
        """The communes that there are on a day, as it was known at the end of another (now), in the order of codes."""
        if known_at is None:
            return [c for c in self._communes.of(province, day) if c.in_force_from is None or c.in_force_from <= day]
        identities = [Commune.create_id(commune) for commune in sorted(self._communes.ids())]
        then = cast("Iterator[Commune]", self._store.known_at(identities, end_of(known_at)))
        listed = [RegisteredCommune.on(day, commune) for commune in then if commune.is_there(day)]
        return sorted((c for c in listed if province in (None, c.province)), key=lambda c: (c.code, c.commune))

    def biography(self, said: str) -> Biography:
        commune = self._found(said)
        return Biography(
            commune,
            [self._load(predecessor) for predecessor in self._communes.predecessors_of(commune.commune)],
            [(self._load(successor), share) for successor, share in commune.into],
        )

    def _decided(self, said: str, day: date, decide: Decide) -> bool:
        for _ in range(TRIES):
            with self._communes.alone():
                at = self._store.clock()
                commune = self._found(said, day - timedelta(days=1))
                refusal = decide(commune, at)
                if refusal:
                    raise PlanRefused(refusal.sentence)
                if not commune.pending_events:
                    return False
                try:
                    self._store.commit(commune, at=at, statements=Communes.rows([commune]))
                except IntegrityError:  # stored although the answer was lost: decided again, it stays quiet
                    continue
                return True
        raise TimeoutError(f"{TRIES} times another instance was first")

    def _predecessor(self, old: Predecessor, at: datetime) -> Commune:
        commune = Commune.register(
            at, commune=old.commune, code=old.code, name=old.name, kind=old.kind, province=old.province,
            province_name=old.province_name, latitude=None, longitude=None, in_force_from=None,
        )  # fmt: skip
        into = [self._load(code).life(IN_FORCE_FROM) for code in old.into]
        if len(into) == 1:
            refusal = commune.merge(into[0], IN_FORCE_FROM, at, source=SOURCE)
        else:
            refusal = commune.divide([Part(successor) for successor in into], IN_FORCE_FROM, at, source=SOURCE)
        if refusal:
            raise PlanRefused(refusal.sentence)
        return commune

    def _life(self, said: str, day: date) -> Life:
        return self._found(said, day).life(day)

    def _bearer(self, code: str | None, commune: Commune | None, day: date) -> Life | None:
        """Another commune that has a code on a day, or will have it."""
        but = commune.commune if commune else None
        bearer = self._communes.with_code(code, day, but=but) if code else None
        return self._load(bearer.commune).life(day) if bearer else None

    def _received(self, commune: Commune) -> date | None:
        return self._communes.received_from(commune.commune)

    def _found(self, said: str, day: date | None = None) -> Commune:
        found = self._communes.named(said, day)
        if found is None:
            raise PlanRefused(f"Không có đơn vị nào mang mã {said}.")
        return self._load(found.commune)

    def _load(self, commune: str) -> Commune:
        return cast(Commune, self._store.repository.get(Commune.create_id(commune)))
