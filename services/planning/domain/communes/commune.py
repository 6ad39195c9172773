"""A commune that takes part, and its changes: another name or code, another province, its end in other communes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.planning.domain.communes import events, rules
from services.planning.domain.communes.events import EventFields
from services.planning.domain.communes.rules import Life, SuccessorShare
from services.planning.domain.communes.state import CommuneState
from services.planning.domain.refusal import Refusal
from shared.grants import Actor
from shared.record.aggregate import Aggregate, Recorded
from shared.vietnamese import date_text


class Commune(CommuneState, Aggregate):
    """`commune` is our own id and never changes; `code`, name and place are attributes that may, each from a day on.

    For communes of the register of 2025-07-01 the id is spelled like the code of that day. Codes were reused for other
    communes before: those of before, and one that takes over a code later, have an id that no commune ever had.
    """

    TOPIC = "planning.commune"

    Registered = events.Registered
    Merged = events.Merged
    Divided = events.Divided
    Renamed = events.Renamed
    MovedToProvince = events.MovedToProvince

    @staticmethod
    def create_id(commune: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"planning/commune/{commune}")

    @classmethod
    def register(
        cls,
        at: datetime,
        *,
        code: str,
        name: str,
        kind: str,
        province: str,
        province_name: str,
        in_force_from: date | None,
        latitude: float | None = None,
        longitude: float | None = None,
        commune: str | None = None,
        by: Actor | None = None,
    ) -> "Commune":
        """Without an id of its own the commune's id is spelled like its code."""
        return cls._create(
            cls.Registered,
            timestamp=at,
            commune=commune or code,
            code=code,
            name=name,
            kind=kind,
            province=province,
            province_name=province_name,
            latitude=latitude,
            longitude=longitude,
            in_force_from=in_force_from,
            by=by and by.name,
            by_account=by and by.account,
        )

    @staticmethod
    def establish_refusal(name: str, day: date, bearer: Life | None) -> Refusal | None:
        """Why a commune of this name may not be established; `bearer` is another that has its code already."""
        return next(iter((*rules.name_refusals(name), *rules.code_refusals(day, bearer))), None)

    def life(self, day: date, received_from: date | None = None) -> Life:
        """What the rules for a change on a day look at."""
        attributes = self.on(day)
        start = self.registered.in_force_from
        return Life(self.commune, attributes.name, attributes.province, start, self.gone_from, received_from)

    def merge(
        self,
        into: Life,
        day: date,
        at: datetime,
        *,
        source: str,
        received_from: date | None = None,
        by: Actor | None = None,
    ) -> Refusal | None:
        if self._ends_so(day, [(into.commune, None)]):
            return None
        refusal = self._end_refusal([SuccessorShare(into)], day, source, received_from)
        if refusal is None:
            self._record(self.Merged, at, by, in_force_from=day, into=into.commune, source=source)
        return refusal

    def divide(
        self,
        successors: Sequence[SuccessorShare],
        day: date,
        at: datetime,
        *,
        source: str,
        received_from: date | None = None,
        by: Actor | None = None,
    ) -> Refusal | None:
        """The main successor first; with shares for all of them, or for none."""
        into = [(each.successor.commune, None if each.share is None else str(each.share)) for each in successors]
        if self._ends_so(day, into):
            return None
        if len(successors) < 2:
            return Refusal("one-part", "Chia một đơn vị phải có ít nhất hai đơn vị tiếp nhận.")
        refusal = self._end_refusal(successors, day, source, received_from)
        if refusal is None:
            stored = [{"commune": commune, "share": share} for commune, share in into]
            self._record(self.Divided, at, by, in_force_from=day, into=stored, source=source)
        return refusal

    def rename(
        self,
        name: str,
        day: date,
        at: datetime,
        *,
        source: str,
        code: str | None = None,
        bearer: Life | None = None,
        by: Actor | None = None,
    ) -> Refusal | None:
        """`bearer` is another commune that has the code on that day."""
        before = self.on(day)
        if (name, code or before.code) == (before.name, before.code):
            return None
        refusals = (*rules.name_refusals(name), *self._change_refusals(day, source, bearer))
        if refusals:
            return refusals[0]
        self._record(self.Renamed, at, by, in_force_from=day, source=source, name=name, code=_other(code, before.code))
        return None

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
        by: Actor | None = None,
    ) -> Refusal | None:
        """The same decision again is ignored."""
        before = self.on(day)
        if (day, province, code or before.code) == (
            before.in_force_from,
            before.province,
            before.code,
        ) and self.changes:
            return None
        refusals = self._change_refusals(day, source, bearer)
        if province == before.province:
            sentence = f"{before.name} đã thuộc {before.province_name} vào ngày {date_text(day)}."
            refusals.append(Refusal("same-province", sentence))
        if refusals:
            return refusals[0]
        self._record(
            self.MovedToProvince,
            at,
            by,
            in_force_from=day,
            source=source,
            province=province,
            province_name=province_name,
            code=_other(code, before.code),
        )
        return None

    def _ends_so(self, day: date, into: Sequence[tuple[str, str | None]]) -> bool:
        return self.gone_from == day and tuple(into) == self.into

    def _end_refusal(
        self, successors: Sequence[SuccessorShare], day: date, source: str, received_from: date | None
    ) -> Refusal | None:
        life = self.life(day, received_from)
        refusals = (*self._refusals(day, source), *rules.ending_refusals(life, successors, day))
        return next(iter(refusals), None)

    def _refusals(self, day: date, source: str) -> list[Refusal]:
        return list(rules.act_refusals(self.registered.name, self.registered.in_force_from, day, source))

    def _change_refusals(self, day: date, source: str, bearer: Life | None) -> list[Refusal]:
        gone = rules.gone_refusals(self.on(day).name, self.gone_from, day)
        return [*self._refusals(day, source), *gone, *rules.code_refusals(day, bearer)]

    def _record(self, event: type[Recorded], at: datetime, by: Actor | None, **fields: Unpack[EventFields]) -> None:
        self.trigger_event(
            event, timestamp=at, commune=self.commune, **fields, by=by and by.name, by_account=by and by.account
        )


def _other(code: str | None, before: str) -> str | None:
    return code if code != before else None
