"""A commune's machine as the operator sees it: its keys, recorded and at the broker, and what it sent last."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.portal.read_models.broker_keys import KnownKey
from services.portal.web.names import place_name
from shared.grants import Actor, Place
from shared.messaging.broker_accounts import Held
from shared.vietnamese import collation_key

FILTERS = {
    "co": "có khóa",
    "chua": "chưa có khóa",
    "cho": "máy chủ chưa nhận",
    "la": "có khóa chưa ghi ở cổng",
    "khong-con": "không còn mà có khóa",
}


@dataclass(frozen=True)
class Machine:
    """A commune with its keys; `successor` where it does not exist any more.

    `held` are the keys with which the machine can sign in now, None where the broker could not be asked.
    """

    commune: str
    name: str
    successor: str | None
    keys: list[KnownKey]
    held: Collection[str] | None
    last: Mapping[str, datetime]

    @property
    def in_force(self) -> list[KnownKey]:
        return [each for each in self.keys if each.end is None]

    @property
    def ended(self) -> list[KnownKey]:
        """The last one first."""
        return [each for each in reversed(self.keys) if each.end]

    @property
    def groups(self) -> set[str]:
        """Of FILTERS, those in which it is."""
        states = {self.state_of(each) for each in self.keys}
        return {
            "co" if self.in_force or self.not_recorded else "chua",
            *(["cho"] if states & {"follows", "lingers"} else []),
            *(["la"] if self.not_recorded else []),
            *(["khong-con"] if self.successor else []),
        } - ({"chua"} if self.successor else set())

    @property
    def not_recorded(self) -> int:
        """Keys at the broker that the portal has not recorded."""
        return len(set(self.held or ()) - {each.public_key for each in self.keys})

    def state_of(self, key: KnownKey) -> str:
        """`works`, `follows` (in force, and not at the broker yet), `lingers` (ended, and still there), `unknown`."""
        if self.held is None:
            return "ended" if key.end else "unknown"
        if key.public_key in self.held:
            return "lingers" if key.end else "works"
        return "ended" if key.end else "follows"

    def fields(self) -> dict[str, Any]:
        keys = [
            {
                "number": each.number, "public_key": each.public_key, "state": self.state_of(each),
                "issued_at": each.issued_at.isoformat(), **_by(each.by),
                "end": each.end and {
                    "revoked_at": each.end.at.isoformat(), "reason": each.end.reason, **_by(each.end.by),
                },
            }
            for each in self.keys
        ]  # fmt: skip
        return {
            "commune": self.commune, "name": self.name, "successor": self.successor, "keys": keys,
            "not_recorded": self.not_recorded,
        }  # fmt: skip


def machines_of(
    places: Mapping[str, Place], names: Mapping[str, str], keys: Iterable[KnownKey], held: Held | None,
    last: Mapping[str, Mapping[str, datetime]],
) -> list[Machine]:  # fmt: skip
    """By their names; after them the communes that do not exist any more and have a key still.

    All by commune: where each is today, its name, its keys, those at the broker (None: not known), what it sent last.
    """
    keys_of: dict[str, list[KnownKey]] = defaultdict(list)
    for key in keys:
        keys_of[key.commune].append(key)
    machines = [
        Machine(
            commune,
            names.get(commune, f"Đơn vị {commune}"),
            place_name(place.commune, names) if place.commune != commune else None,
            keys_of[commune],
            None if held is None else held.get(commune, frozenset()),
            last.get(commune, {}),
        )
        for commune, place in places.items()
    ]
    shown = [each for each in machines if not each.successor or each.in_force or each.held]
    return sorted(shown, key=lambda each: (each.successor is not None, collation_key(each.name)))


def _by(by: Actor) -> dict[str, str | None]:
    return {"by": by.name, "by_account": by.account}
