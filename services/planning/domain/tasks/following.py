"""Who follows a task: an account by the grant with which it did so, and no longer than that grant; or a typed name.

An account that gets another grant later follows again only when it says so.
"""

from collections.abc import Iterable

from shared.grants import Actor


def following_of(actor: Actor, grant: str | None) -> str:
    """As a task keeps it; `grant` is None for a name, and for an account of before grants were kept."""
    return f"{actor.key} {grant}" if grant else actor.key


def without(followers: Iterable[str], actor: Actor) -> list[str]:
    """Those of everybody else, by whatever grant."""
    own = f"{actor.account} " if actor.account else None
    return [each for each in followers if each != actor.key and not (own and each.startswith(own))]
