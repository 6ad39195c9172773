"""The stored events of a commune, and the change of its state that each makes."""

from datetime import date
from typing import TypedDict

from services.planning.domain.communes.state import CommuneState
from shared.communes import CommuneChange
from shared.record.aggregate import Created, Recorded


class EventFields(TypedDict, total=False):
    """The fields that changes of a commune have besides the commune and whoever decided it."""

    in_force_from: date
    source: str
    into: str | list[dict[str, str | None]]
    name: str
    code: str | None
    province: str
    province_name: str


class Registered(Created):
    """Unknown coordinates and an unknown first day are null. `by` as in `ByPerson`."""

    TOPIC = "planning.commune-registered"
    class_version = 2

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float | None
    longitude: float | None
    in_force_from: date | None
    by: str | None
    by_account: str | None

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored |= {"by": None, "by_account": None}


class ByPerson(Recorded):
    """`by` did it, by the account `by_account`; null where nobody was named, as before version 2."""

    class_version = 2

    by: str | None
    by_account: str | None

    @staticmethod
    def upcast_v1_v2(stored: dict[str, object]) -> None:
        stored |= {"by": None, "by_account": None}


class Merged(ByPerson):
    """From a day on it is a part of another commune and no longer exists itself."""

    TOPIC = "planning.commune-merged"

    commune: str
    in_force_from: date
    into: str
    source: str

    def apply(self, aggregate: CommuneState) -> None:
        aggregate.gone_from = self.in_force_from
        aggregate.into = ((self.into, None),)


class Divided(ByPerson):
    """From a day on it is parts of several, the main one first. A share is text ("2/5"), null where unknown."""

    TOPIC = "planning.commune-divided"

    commune: str
    in_force_from: date
    into: list[dict[str, str | None]]
    source: str

    def apply(self, aggregate: CommuneState) -> None:
        aggregate.gone_from = self.in_force_from
        aggregate.into = tuple((str(part["commune"]), part["share"]) for part in self.into)


class Renamed(ByPerson):
    """`code` is null where it stays."""

    TOPIC = "planning.commune-renamed"

    commune: str
    in_force_from: date
    name: str
    code: str | None
    source: str

    def apply(self, aggregate: CommuneState) -> None:
        aggregate.change(CommuneChange(self.commune, self.in_force_from, self.code, self.name))


class MovedToProvince(ByPerson):
    """`code` is null where it stays."""

    TOPIC = "planning.commune-moved-to-province"

    commune: str
    in_force_from: date
    province: str
    province_name: str
    code: str | None
    source: str

    def apply(self, aggregate: CommuneState) -> None:
        province, province_name = self.province, self.province_name
        aggregate.change(
            CommuneChange(self.commune, self.in_force_from, self.code, province=province, province_name=province_name)
        )
