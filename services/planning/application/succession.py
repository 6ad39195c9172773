"""Records the changes of communes: merged, divided, renamed, moved, established, and the communes before 2025-07-01."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import cast

from services.planning.application.past_lists import PastLists
from services.planning.domain.communes.commune import Commune
from services.planning.domain.communes.rules import Life, SuccessorShare, kind_of
from services.planning.domain.refusal import UNKNOWN_PROVINCE, Refusal, RequestRefused
from services.planning.read_models import Communes, RegisteredCommune
from services.planning.register import IN_FORCE_FROM, provinces
from services.planning.register.lineage import Predecessor, predecessors_of
from shared.clock import end_of
from shared.grants import Actor
from shared.record.event_store import AggregateNotFoundError, EventStore

AT_ONCE = 200  # each is registered and ends: 400 events of the 1,000 that one transaction may hold
SOURCE = "Sắp xếp đơn vị hành chính cấp xã năm 2025, theo dữ liệu mở vietnamadminunits 1.0.4"

Decide = Callable[[Commune, datetime], Refusal | None]


@dataclass(frozen=True)
class CommuneHistory:
    """A commune, those that went into it, and those that it went into with their shares."""

    commune: Commune
    predecessors: Sequence[Commune]
    successors: Sequence[tuple[Commune, str | None]]


class CommuneSuccession:
    """Communes are named by their own ids; `identity` finds the id of a name. `by` is whoever decided it."""

    def __init__(self, store: EventStore, communes: Communes) -> None:
        self._store = store
        self._communes = communes
        self._past = PastLists[RegisteredCommune](store)

    def identity(self, name: str, day: date | None = None) -> str:
        """The id of the commune that has a code on a day (today), else of the one with that id. RequestRefused."""
        found = self._communes.named(name, day)
        if found is None:
            raise RequestRefused(_no_commune(name))
        return found.commune

    def merge(self, commune: str, into: str, day: date, source: str, by: Actor | None = None) -> bool:
        """False when it was decided so before. RequestRefused where the rules do not allow it, here and below."""

        def decide(ending: Commune, at: datetime) -> Refusal | None:
            received = self._received(ending)
            return ending.merge(self._life(into, day), day, at, source=source, received_from=received, by=by)

        return self._decided(commune, decide)

    def divide(
        self,
        commune: str,
        into: Sequence[tuple[str, Fraction | None]],
        day: date,
        source: str,
        by: Actor | None = None,
    ) -> bool:
        def decide(ending: Commune, at: datetime) -> Refusal | None:
            successors = [SuccessorShare(self._life(each, day), share) for each, share in into]
            received = self._received(ending)
            return ending.divide(successors, day, at, source=source, received_from=received, by=by)

        return self._decided(commune, decide)

    def rename(  # noqa: PLR0917  what an act of renaming has
        self, commune: str, name: str | None, code: str | None, day: date, source: str, by: Actor | None = None
    ) -> bool:
        """Another name, another code, or both."""

        def decide(renamed: Commune, at: datetime) -> Refusal | None:
            bearer, new = self._bearer(code, renamed, day), name or renamed.on(day).name
            return renamed.rename(new, day, at, source=source, code=code, bearer=bearer, by=by)

        return self._decided(commune, decide)

    def move(  # noqa: PLR0917  as above
        self, commune: str, province: str, code: str | None, day: date, source: str, by: Actor | None = None
    ) -> bool:
        name = provinces().get(province)
        if name is None:
            raise RequestRefused(_no_province(province))

        def decide(moved: Commune, at: datetime) -> Refusal | None:
            bearer = self._bearer(code, moved, day)
            return moved.move(province, name, day, at, source=source, code=code, bearer=bearer, by=by)

        return self._decided(commune, decide)

    def establish(self, code: str, name: str, province: str, day: date, by: Actor | None = None) -> bool:
        """A commune that the register does not know takes part from a day on, with an id that no commune ever had."""
        if province not in provinces():
            raise RequestRefused(_no_province(province))
        with self._communes.alone():
            at, identity = self._store.present(), established_id(code, day)
            if identity in self._communes.ids():
                return False
            refusal = Commune.establish_refusal(name, day, self._bearer(code, None, day))
            if refusal:
                raise RequestRefused(refusal)
            new = Commune.register(
                at, commune=identity, code=code, name=name, kind=kind_of(name) or "", province=province,
                province_name=provinces()[province], in_force_from=day, by=by,
            )  # fmt: skip
            self._store.commit(new, at=at, statements=Communes.rows([new]))
        return True

    def register_predecessors(self, province: str, by: Actor | None = None) -> int:
        """Register the communes of before 2025-07-01 whose successors take part, with their end; how many are new.

        In transactions of a bounded size: run again, it goes on where it was interrupted.
        """
        known = self._communes.ids()
        new = [old for old in predecessors_of(province) if old.commune not in known and known.issuperset(old.into)]
        for start in range(0, len(new), AT_ONCE):
            with self._communes.alone():
                at, known = self._store.present(), self._communes.ids()
                olds = [
                    self._predecessor(old, at, by) for old in new[start : start + AT_ONCE] if old.commune not in known
                ]
                if olds:
                    self._store.commit(*olds, at=at, statements=Communes.rows(olds))
        return len(new)

    def listed(self, day: date, province: str | None = None, known_at: date | None = None) -> list[RegisteredCommune]:
        """The communes that exist on a day, as known at the end of another (now), in the order of codes."""
        found = self.not_gone(day, province, known_at)
        return [c for c in found if c.in_force_from is None or c.in_force_from <= day]

    def not_gone(
        self, day: date | None, province: str | None = None, known_at: date | None = None
    ) -> list[RegisteredCommune]:
        """The same, and those that are to come; without a day those of the day of knowledge."""
        if known_at is None:
            return self._communes.of(province, day)
        on = day or known_at

        def read(position: int) -> list[RegisteredCommune]:
            identities = [Commune.create_id(commune) for commune in sorted(self._communes.ids(province))]
            then = cast("Iterator[Commune]", self._store.at_position(identities, position))
            found = [RegisteredCommune.on(on, c) for c in then if c.gone_from is None or on < c.gone_from]
            return sorted((c for c in found if province in (None, c.province)), key=lambda c: (c.code, c.commune))

        return self._past.of((province, on), known_at, read)

    def heirs(self, day: date, known_at: date | None = None) -> dict[str, RegisteredCommune]:
        """By commune with tasks that is gone by a day: its last successor by then; both as known at a day."""
        heirs = self._communes.heirs(day)
        if known_at is None:
            return heirs
        found: dict[str, RegisteredCommune] = {}
        following = {former: former for former in heirs}
        while following:
            identities = [Commune.create_id(each) for each in sorted(set(following.values()))]
            then = {c.commune: c for c in cast("Iterator[Commune]", self._store.known_at(identities, end_of(known_at)))}
            ended = {each: c for each, c in then.items() if c.gone_from and c.gone_from <= day}
            found |= {
                former: RegisteredCommune.on(day, then[commune])
                for former, commune in following.items()
                if commune in then and commune not in ended and commune != former
            }
            following = {former: ended[each].into[0][0] for former, each in following.items() if each in ended}
        return found

    def history(self, name: str) -> CommuneHistory:
        commune = self._load(self.identity(name))
        return CommuneHistory(
            commune,
            [self._load(predecessor) for predecessor in self._communes.predecessors_of(commune.commune)],
            [(self._load(successor), share) for successor, share in commune.into],
        )

    def _decided(self, identity: str, decide: Decide) -> bool:
        def attempt(at: datetime) -> bool:
            with self._communes.alone():
                commune = self._known(identity)
                refusal = decide(commune, at)
                if refusal:
                    raise RequestRefused(refusal)
                if not commune.pending_events:
                    return False
                self._store.commit(commune, at=at, statements=Communes.rows([commune]))
                return True

        return self._store.decide(attempt)

    def _predecessor(self, old: Predecessor, at: datetime, by: Actor | None) -> Commune:
        commune = Commune.register(
            at, commune=old.commune, code=old.code, name=old.name, kind=old.kind, province=old.province,
            province_name=old.province_name, in_force_from=None, by=by,
        )  # fmt: skip
        into = [self._load(code).life(IN_FORCE_FROM) for code in old.into]
        if len(into) == 1:
            refusal = commune.merge(into[0], IN_FORCE_FROM, at, source=SOURCE, by=by)
        else:
            refusal = commune.divide(
                [SuccessorShare(successor) for successor in into], IN_FORCE_FROM, at, source=SOURCE, by=by
            )
        if refusal:
            raise RequestRefused(refusal)
        return commune

    def _life(self, identity: str, day: date) -> Life:
        return self._known(identity).life(day)

    def _bearer(self, code: str | None, commune: Commune | None, day: date) -> Life | None:
        """Another commune that has a code on a day, or will have it."""
        but = commune.commune if commune else None
        bearer = self._communes.with_code(code, day, but=but) if code else None
        return self._load(bearer.commune).life(day) if bearer else None

    def _received(self, commune: Commune) -> date | None:
        return self._communes.received_from(commune.commune)

    def _known(self, identity: str) -> Commune:
        try:
            return self._load(identity)
        except AggregateNotFoundError:
            raise RequestRefused(_no_commune(identity)) from None

    def _load(self, commune: str) -> Commune:
        return cast(Commune, self._store.repository.get(Commune.create_id(commune)))


def established_id(code: str, day: date) -> str:
    return f"{code}-from-{day:%Y%m%d}"


def _no_commune(name: str) -> Refusal:
    return Refusal("no-such-commune", f"Không có đơn vị nào mang mã {name}.")


def _no_province(code: str) -> Refusal:
    return Refusal(UNKNOWN_PROVINCE, f'"{code}" không phải là mã của một tỉnh.')
