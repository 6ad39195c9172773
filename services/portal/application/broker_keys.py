"""Issues, replaces and revokes the keys with which communes' machines sign in at the broker: load, decide, save."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.portal.application import Portal
from services.portal.domain.broker_key import BrokerKey
from services.portal.domain.refusal import RequestRefused
from services.portal.read_models.broker_keys import BrokerKeyTable, End, KnownKey
from shared.clock import day_of
from shared.grants import Actor

SEED_BYTES = 32
AT_ONCE = 400  # communes; each has two events where its key is replaced


class NewKey(NamedTuple):
    """The seed is handed over once and kept nowhere."""

    public_key: str
    seed: bytes


class EarlierKey(NamedTuple):
    """A key of the time before the portal recorded them, as the folder of the broker's accounts has it."""

    commune: str
    public_key: str
    issued_at: datetime
    by: Actor
    end: End | None


def new_key() -> NewKey:
    import nkeys  # type: ignore[import-untyped]  # here: it would slow down the start of every process

    seed = nkeys.encode_seed(os.urandom(SEED_BYTES), nkeys.PREFIX_BYTE_USER)
    return NewKey(nkeys.from_seed(bytearray(seed)).public_key.decode(), bytes(seed))


class BrokerKeys:
    """RequestRefused where the rules do not allow it, and nothing is changed then. Every change names who makes it."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._table = BrokerKeyTable(portal.accounts.pool)

    def communes(self) -> list[str]:
        """Those that take part, and those that ever had a key."""
        return sorted({*self._table.communes(), *self._portal.places.all()})

    def of(self, communes: Sequence[str]) -> list[KnownKey]:
        """Every key of these communes, ended ones among them."""
        return self._table.of(communes)

    def in_force(self, communes: Sequence[str]) -> dict[str, list[KnownKey]]:
        found: dict[str, list[KnownKey]] = {}
        for key in self._table.of(communes):
            if key.end is None:
                found.setdefault(key.commune, []).append(key)
        return found

    def communes_of(self, province: str, day: date) -> list[str]:
        """The communes of a province on a day, and those with a key that stood for one of them before."""
        places = self._portal.places.on_all(self._table.communes(), day)
        ended = {each for each, place in places.items() if place.province == province}
        return sorted(ended | set(self._portal.places.of_province(province, day)))

    def issue(self, keys: Mapping[str, str], by: Actor, *, replacing: str | None = None) -> None:
        """By commune the public key of its new one. What it had before ends for the reason `replacing`."""
        self._check_number(keys)

        def attempt(at: datetime) -> None:
            having, changed = self.in_force(list(keys)), list[BrokerKey]()
            # One that is no more still sends its own days: a key that it has may be replaced.
            self._check_exist([each for each in keys if replacing is None or each not in having], day_of(at))
            for known in (each for found in having.values() for each in found):
                if replacing is None:
                    raise RequestRefused(f"Đơn vị {known.commune} đã có khóa; muốn cấp khóa khác thì hãy thay khóa.")
                changed.append(self._revoked(known, End(at, by, replacing), at))
            numbers = self._last_numbers(list(keys))
            changed += [
                BrokerKey.issue(commune, numbers.get(commune, 0) + 1, public, by, at)
                for commune, public in keys.items()
            ]
            self._save(changed, at)

        self._portal.decide(attempt)

    def revoke(self, communes: Iterable[str], reason: str, by: Actor) -> None:
        """Every key of these communes."""
        chosen = list(dict.fromkeys(communes))
        self._check_number(chosen)

        def attempt(at: datetime) -> None:
            having = self.in_force(chosen)
            if without := [each for each in chosen if each not in having]:
                raise RequestRefused(f"Đơn vị {without[0]} không có khóa nào đang có hiệu lực.")
            end = End(at, by, reason)
            self._save([self._revoked(key, end, at) for found in having.values() for key in found], at)

        self._portal.decide(attempt)

    def take_over(self, earlier: Sequence[EarlierKey]) -> int:
        """Record what the folder of the broker's accounts has and the portal does not. How many keys; again: none."""
        changes = 0
        for start in range(0, len(earlier), AT_ONCE):
            part = earlier[start : start + AT_ONCE]
            changes += self._portal.decide(lambda at, part=part: self._take_over(part, at))  # type: ignore[misc]
        return changes

    def _take_over(self, earlier: Sequence[EarlierKey], at: datetime) -> int:
        communes = list({each.commune for each in earlier})
        known = {each.public_key: each for each in self._table.of(communes)}
        numbers, changed = self._last_numbers(communes), list[BrokerKey]()
        for each in earlier:
            found = known.get(each.public_key)
            if found and each.end and not found.end:
                changed.append(self._revoked(found, each.end, at))
            if not found:
                numbers[each.commune] = number = numbers.get(each.commune, 0) + 1
                changed.append(BrokerKey.issue(each.commune, number, each.public_key, each.by, at, each.issued_at))
                if each.end:
                    changed[-1].revoke(each.end.reason, each.end.by, at, each.end.at)
        self._save(changed, at)
        return len(changed)

    def _check_number(self, communes: Iterable[str]) -> None:
        if len(list(communes)) > AT_ONCE:
            raise RequestRefused(f"Mỗi lần chọn nhiều nhất {AT_ONCE} đơn vị.")

    def _check_exist(self, communes: Iterable[str], day: date) -> None:
        for commune, place in self._portal.places.on_all(list(communes), day).items():
            if place.province is None:
                raise RequestRefused(f"Chưa có đơn vị nào đăng ký mang mã {commune}.")
            if place.commune != commune:
                raise RequestRefused(f"Đơn vị {commune} không còn; đơn vị kế thừa mang mã {place.commune}.")

    def _last_numbers(self, communes: Sequence[str]) -> dict[str, int]:
        return {each.commune: each.number for each in self._table.of(communes)}

    def _revoked(self, known: KnownKey, end: End, at: datetime) -> BrokerKey:
        key: BrokerKey = self._portal.repository.get(BrokerKey.create_id(known.commune, known.number))
        key.revoke(end.reason, end.by, at, end.at)
        return key

    def _save(self, changed: Sequence[BrokerKey], at: datetime) -> None:
        self._portal.commit(*changed, at=at, statements=BrokerKeyTable.rows(changed))
