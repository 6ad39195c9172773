"""A key with which a commune's machine signs in at the broker: issued once, perhaps revoked; by whom and why.

The history has the public key alone. The keeper beside the broker follows it (`deploy/credentials/`).
"""

import re
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.portal.domain.refusal import RequestRefused, check_text
from shared.grants import Actor
from shared.record.aggregate import Aggregate, Created, Recorded

PUBLIC_KEY = re.compile(r"U[A-Z2-7]{55}")  # an NKEY of a user


class Issued(Created):
    """`number` counts the keys of a commune. One from before the portal recorded them has the time of that day."""

    TOPIC = "portal.broker-key-issued"

    commune: str
    number: int
    public_key: str
    issued_at: datetime
    by: str
    by_account: str | None


class Revoked(Recorded):
    TOPIC = "portal.broker-key-revoked"

    commune: str
    number: int
    public_key: str
    revoked_at: datetime
    reason: str
    by: str
    by_account: str | None

    def apply(self, aggregate: "BrokerKey") -> None:
        aggregate.is_revoked = True


class BrokerKey(Aggregate):
    """Each key is one: two who issue the next one of a commune at the same time cannot both be the next."""

    TOPIC = "portal.broker-key"

    Issued = Issued
    Revoked = Revoked

    def __init__(self, *, commune: str, number: int, public_key: str, **_: Any) -> None:
        self.commune = commune
        self.number = number
        self.public_key = public_key
        self.is_revoked = False

    @staticmethod
    def create_id(commune: str, number: int) -> UUID:
        return uuid5(NAMESPACE_OID, f"portal/broker-key/{commune}/{number}")

    @classmethod
    def issue(  # noqa: PLR0917  a key has so many parts
        cls, commune: str, number: int, public_key: str, by: Actor, at: datetime, issued_at: datetime | None = None
    ) -> "BrokerKey":
        if not PUBLIC_KEY.fullmatch(public_key):
            raise RequestRefused("Phần công khai của khóa không đúng dạng.")
        check_text(by.name, "Tên người thực hiện")
        return cls._create(
            cls.Issued, timestamp=at, commune=commune, number=number, public_key=public_key, issued_at=issued_at or at,
            by=by.name, by_account=by.account,
        )  # fmt: skip

    def revoke(self, reason: str, by: Actor, at: datetime, revoked_at: datetime | None = None) -> None:
        """Once: the same again is ignored."""
        if self.is_revoked:
            return
        check_text(reason, "Lý do")
        check_text(by.name, "Tên người thực hiện")
        self.trigger_event(
            self.Revoked, timestamp=at, commune=self.commune, number=self.number, public_key=self.public_key,
            revoked_at=revoked_at or at, reason=reason, by=by.name, by_account=by.account,
        )  # fmt: skip
