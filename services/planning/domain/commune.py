"""A commune that takes part."""

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.event_sourcing import Aggregate, Created


class Commune(Aggregate):
    """`commune` is our own id and never changes; `code`, name and place are attributes that may.

    For communes of the register of 2025-07-01 the id is spelled like the code of that day. Codes were reused for other
    communes before: one that takes over a code later gets an id that no commune ever had.
    """

    TOPIC = "planning.commune"

    class Registered(Created):
        TOPIC = "planning.commune-registered"

        commune: str
        code: str
        name: str
        kind: str
        province: str
        province_name: str
        latitude: float
        longitude: float
        in_force_from: date

    @staticmethod
    def create_id(commune: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"planning/commune/{commune}")

    @classmethod
    def register(cls, at: datetime, **what: Any) -> "Commune":
        """`what` as in Registered, but for the commune's id."""
        return cls._create(cls.Registered, timestamp=at, commune=what["code"], **what)

    def __init__(self, commune: str, code: str, name: str, province: str) -> None:
        self.commune = commune
        self.code = code
        self.name = name
        self.province = province
