"""Who leads and who supports, among the bodies of a text, by what the text says that each of them does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Said = Literal["lead", "support"]
Role = Literal["lead", "support", "both"]


@dataclass
class Named:
    """A body as the text names it. `said`: its role in the text's own words; `does`: only what it does is told."""

    name: str
    said: Said | None = None
    does: bool = False
    is_known: bool = True


@dataclass(frozen=True)
class Bodies:
    """`warnings` are sentences in Vietnamese, without the place."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def in_their_roles(found: list[Named], role: Role, doubts: Iterable[str]) -> Bodies:
    """The text's words override the role of its column; beside one who leads, one who only does something supports."""
    someone_leads = any(body.said == "lead" for body in found)
    lead: list[str] = []
    support: list[str] = []
    for body in found:
        by_the_column: Said = "support" if role == "support" or (body.does and someone_leads) else "lead"
        (lead if (body.said or by_the_column) == "lead" else support).append(body.name)
    return Bodies(_once(lead), _once(support), _once([*doubts, *_missing_leader(found, lead, role)]))


def _missing_leader(found: list[Named], lead: list[str], role: Role) -> Iterator[str]:
    if role == "support" or not found:
        return
    if not lead:
        yield f"chỉ ghi phối hợp, không có cơ quan chủ trì: {_list(body.name for body in found)}"
    elif len(lead) > 1 and not any(body.said == "lead" for body in found) and any(body.does for body in found):
        reason = (
            "mỗi cơ quan chủ trì một việc" if role == "lead" else "không ghi cơ quan nào chủ trì, đọc tất cả là chủ trì"
        )
        yield f"{reason}: {_list(lead)}"


def _list(names: Iterable[str]) -> str:
    return "; ".join(_once(names))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
