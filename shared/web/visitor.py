"""Who looks at a page: the account that signed in, and what it may do today."""

from dataclasses import dataclass

from starlette.requests import Request

from shared.grants import Grant, Role


@dataclass(frozen=True)
class Visitor:
    """`grants` are those that are in force now: they are looked up again for each request."""

    account: str
    name: str
    grants: tuple[Grant, ...]

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def grants_of(self, *roles: Role) -> list[Grant]:
        return [grant for grant in self.grants if grant.role in roles]


def visitor_of(request: Request) -> Visitor:
    """Of a page that is shown to nobody else; the portal lets nobody there who has not signed in."""
    visitor: Visitor = request.state.visitor
    return visitor


def visitor_if_any(request: Request) -> Visitor | None:
    return getattr(request.state, "visitor", None)
