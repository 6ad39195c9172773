"""Communes: which take part, and how a province registers and changes them."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from shared.contracts import Command, Event, Message, ProvinceCode, ProvinceQuestion, Text
from shared.contracts.planning.values import Day, Key


class RegisterCommunes(Command):
    """The province registers its communes of the register in force: those with these codes, or all.

    `with_predecessors` registers those of before 2025-07-01 as well, with their end, whose successors take part.
    """

    kind: ClassVar[str] = "register"
    roles = ("provincial-officer",)

    codes: Annotated[tuple[Key, ...], Field(min_length=1, max_length=1000)] | None = None
    with_predecessors: bool = False


class EstablishCommune(Command):
    """A commune that the register does not know takes part in the province from a day on."""

    kind: ClassVar[str] = "establish"
    roles = ("provincial-officer",)

    code: ProvinceCode
    name: Annotated[Text, Field(min_length=1)]
    in_force_from: Day


class ChangeCommune(Command):
    """A change of the commune in the subject from a day on, by the act `source`. Communes are named by their ids."""

    roles = ("provincial-officer",)

    in_force_from: Day
    source: Annotated[Text, Field(min_length=1)]


class MergeCommune(ChangeCommune):
    """The commune becomes a part of another one."""

    kind: ClassVar[str] = "merge"

    into: Key


class DividedPart(Message):
    """A successor, and the share that it takes over, such as "2/5" or "40%"; null where it is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    commune: Key
    share: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}([/.,][0-9]{1,6})? ?%?$")] | None = None


class DivideCommune(ChangeCommune):
    """The commune is divided among several, the main one first; with shares for all of them or for none."""

    kind: ClassVar[str] = "divide"

    into: Annotated[tuple[DividedPart, ...], Field(min_length=2, max_length=50)]


class RenameCommune(ChangeCommune):
    """Another name, another code, or both; null is what stays."""

    kind: ClassVar[str] = "rename"

    name: Annotated[Text, Field(min_length=1)] | None = None
    code: ProvinceCode | None = None


class MoveCommune(ChangeCommune):
    """The commune belongs to another province; its code stays where `code` is null."""

    kind: ClassVar[str] = "move"

    province: ProvinceCode
    code: ProvinceCode | None = None


class CommuneRegistered(Event):
    """A commune takes part. `commune` is our own id and never changes; `code` is an attribute that may.

    Of a commune that is gone by now its place may be unknown, and its first day; its code is empty where it had none.
    """

    subject = "planning.event.commune-registered.v1"

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float | None
    longitude: float | None
    in_force_from: date | None
    by: str | None = None
    by_account: str | None = None


class CommuneEvent(Event):
    """A change of a commune from `in_force_from` on, by the act `source`. Its earlier counts stay as they are.

    In this event and those below `by` did it, by the account `by_account`, which is null where a name was typed at the
    province's terminal and in announcements of the time before accounts; `by` is null where nobody was named.
    """

    commune: str
    in_force_from: date
    source: str
    by: str | None = None
    by_account: str | None = None


class CommuneMerged(CommuneEvent):
    """From that day on the commune is a part of another one."""

    subject = "planning.event.commune-merged.v1"

    into: str


class SuccessorPart(Message):
    """A successor, and the share of the counts that it takes over, such as "2/5"; null where none was given."""

    commune: str
    share: str | None = None


class CommuneDivided(CommuneEvent):
    """From that day on the commune is divided among several, the main successor first."""

    subject = "planning.event.commune-divided.v1"

    into: Annotated[tuple[SuccessorPart, ...], Field(min_length=2)]


class CommuneRenamed(CommuneEvent):
    """The commune has another name, code or both; `code` is null where it stays."""

    subject = "planning.event.commune-renamed.v1"

    name: str
    code: str | None


class CommuneMovedToProvince(CommuneEvent):
    """The commune belongs to another province; `code` is null where it stays."""

    subject = "planning.event.commune-moved-to-province.v1"

    province: str
    province_name: str
    code: str | None


class CommuneRow(Message):
    """`commune` is our own id and never changes; the code and the name are those of the day that was asked for."""

    commune: str
    code: str
    name: str
    province: str
    in_force_from: date | None
    gone_from: date | None


class ListedCommunes(Message):
    """`province_name` is empty where the register does not know the province."""

    communes: tuple[CommuneRow, ...]
    province_name: str = ""


class ListCommunes(ProvinceQuestion[ListedCommunes]):
    """The communes of a province that exist on a day, and those to come; without one today, or the day of knowledge.

    `known_at`: as known at the end of that day in Viet Nam.
    """

    subject = "planning.query.communes.v1"
    roles = ("clerk", "office", "chair", "provincial-officer", "auditor", "operator")

    on: Day | None = None
    known_at: Day | None = None
