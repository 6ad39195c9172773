"""A commune's code, name and province on a day, from its registration and its later changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar


@dataclass(frozen=True)
class CommuneChange:
    """From `in_force_from` on, a commune has another code, name or province; None where that stays."""

    commune: str
    in_force_from: date
    code: str | None = None
    name: str | None = None
    province: str | None = None
    province_name: str | None = None


class Named(Protocol):
    """A dataclass with the attributes that a change may replace."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def province_name(self) -> str | None: ...


Registered = TypeVar("Registered", bound=Named)


def on_day(registered: Registered, changes: Iterable[CommuneChange], day: date) -> Registered:
    """The commune as it is called on a day; of two changes of one day the later one in `changes` holds."""
    current = registered
    for change in sorted(changes, key=lambda each: each.in_force_from):
        if change.in_force_from <= day:
            current = replace(
                current,
                code=change.code or current.code,
                name=change.name or current.name,
                province=change.province or current.province,
                province_name=change.province_name or current.province_name,
            )
    return current
