"""What happens to a commune, as it is stored for ever, and what each changes."""

from datetime import date
from typing import TYPE_CHECKING

from shared.event_sourcing import Created, Recorded

if TYPE_CHECKING:
    from services.planning.domain.commune import Commune


class Registered(Created):
    """Where nobody said it, coordinates and the first day are null."""

    TOPIC = "planning.commune-registered"

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float | None
    longitude: float | None
    in_force_from: date | None


class Merged(Recorded):
    """From a day on it is a part of another; that day it is there no longer."""

    TOPIC = "planning.commune-merged"

    commune: str
    in_force_from: date
    into: str
    source: str

    def apply(self, aggregate: "Commune") -> None:
        aggregate.gone_from = self.in_force_from
        aggregate.into = ((self.into, None),)


class Divided(Recorded):
    """From a day on it is parts of several, the main one first. A share is text: "2/5", null where nobody said."""

    TOPIC = "planning.commune-divided"

    commune: str
    in_force_from: date
    into: list[dict[str, str | None]]
    source: str

    def apply(self, aggregate: "Commune") -> None:
        aggregate.gone_from = self.in_force_from
        aggregate.into = tuple((str(part["commune"]), part["share"]) for part in self.into)


class Renamed(Recorded):
    """`code` is null where it stays."""

    TOPIC = "planning.commune-renamed"

    commune: str
    in_force_from: date
    name: str
    code: str | None
    source: str

    def apply(self, aggregate: "Commune") -> None:
        aggregate.change(self.in_force_from, name=self.name, code=self.code)


class MovedToProvince(Recorded):
    """`code` is null where it stays."""

    TOPIC = "planning.commune-moved-to-province"

    commune: str
    in_force_from: date
    province: str
    province_name: str
    code: str | None
    source: str

    def apply(self, aggregate: "Commune") -> None:
        aggregate.change(self.in_force_from, province=self.province, province_name=self.province_name, code=self.code)
