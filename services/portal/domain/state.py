"""The state of an account, as its events make it."""

from datetime import date
from typing import NamedTuple

from shared.grants import Actor, Grant


class Key(NamedTuple):
    """A key of a program, and the last day on which it opens the account.

    With a `commune` it opens the account for that one alone; `read_only`: only to ask.
    """

    key: str
    program: str
    sha256: str
    until: date
    commune: str | None = None
    read_only: bool = False


class AccountState:
    """`grants` and `keys` are those that were not withdrawn or revoked; the other two hold all that there ever were.

    `opened_by` is the account that opened it, None where that was done at the province's terminal.
    """

    def __init__(
        self, *, account: str, name: str, until: date | None, by_account: str | None = None, **_: object
    ) -> None:
        self.account = account
        self.opened_by = by_account
        self.name = name
        self.until = until
        self.is_closed = False
        self.identities: dict[tuple[str, str], date | None] = {}
        self.grants: dict[str, Grant] = {}
        self.given_by: dict[str, Actor] = {}
        self.keys: dict[str, Key] = {}
        self.key_ids: set[str] = set()

    def is_usable_on(self, day: date) -> bool:
        return not self.is_closed and (self.until is None or day <= self.until)

    def grants_on(self, day: date) -> list[Grant]:
        """The grants that are in force on a day, as far as is known; none where the account ended before it."""
        return [grant for grant in self.grants.values() if grant.in_force_on(day) and self.is_usable_on(day)]

    def keys_on(self, day: date) -> list[Key]:
        """The keys that open the account on a day; none where the account ended before it."""
        return [key for key in self.keys.values() if day <= key.until and self.is_usable_on(day)]
