"""Who acts, and what an account may do: roles, scopes, and whether a grant covers a commune on a day."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Role = Literal["clerk", "office", "chair", "provincial-officer", "auditor", "operator"]
ScopeKind = Literal["commune", "body", "province"]
# The kind of scope that each role has.
SCOPE_OF: Mapping[str, ScopeKind] = {
    "clerk": "commune",
    "office": "body",
    "chair": "commune",
    "provincial-officer": "province",
    "auditor": "province",
    "operator": "province",
}


class Actor(NamedTuple):
    """Whoever does something: by an account, or by a name that was typed at the province's own terminal (None)."""

    name: str
    account: str | None = None

    def is_same(self, other: "Actor") -> bool:
        """Two accounts are compared as such; a typed name is compared with the other's name in one normal form."""
        if self.account and other.account:
            return self.account == other.account
        from shared.vietnamese import same_person  # its calendar would slow down every command

        return same_person(self.name, other.name)

    @property
    def key(self) -> str:
        """Equal for whoever is the same: the account, else "=" and the name in one normal form, which is no account."""
        if self.account:
            return self.account
        from shared.vietnamese import folded

        return f"={folded(self.name)}"


class Place(NamedTuple):
    """A commune on a day: itself or its last successor by then, and the province of that one, None where unknown."""

    commune: str
    province: str | None


# Of some communes, by each; asked for all at once, since each is a query.
Places = Callable[[Collection[str], date], Mapping[str, Place]]


@dataclass(frozen=True)
class Scope:
    """A commune, a body of a commune, or a province."""

    commune: str | None = None
    body: str | None = None
    province: str | None = None

    @property
    def kind(self) -> ScopeKind:
        if self.body is not None:
            return "body"
        return "province" if self.commune is None else "commune"

    def covers(self, commune: str, day: date, places: Places, body: str | None = None) -> bool:
        """A merged commune hands its scope to its successor: on a day both stand for the last successor by then.

        The scope of a body covers nothing but that body, and needs its name in `body`.
        """
        if self.commune is None:
            return self.province is not None and self.province == places([commune], day)[commune].province
        if self.commune != commune:
            found = places([self.commune, commune], day)
            if found[self.commune].commune != found[commune].commune:
                return False
        if self.body is None:
            return True
        from shared.vietnamese import same_person

        return body is not None and same_person(self.body, body)


@dataclass(frozen=True)
class Grant:
    """A role of an account in a scope, from a day until a day, which is the last."""

    grant: str
    account: str
    role: Role
    scope: Scope
    in_force_from: date
    until: date | None = None

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.until is None or day <= self.until)


def covering(
    grants: Iterable[Grant],
    roles: Container[str],
    commune: str,
    day: date,
    places: Places,
    *,
    body: str | None = None,
) -> Grant | None:
    """The first grant of one of these roles that is in force on a day and covers a commune, or a body of it."""
    found = (each for each in grants if each.role in roles and each.in_force_on(day))
    return next((each for each in found if each.scope.covers(commune, day, places, body)), None)
