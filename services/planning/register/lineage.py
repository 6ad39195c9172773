"""The lineage of 2025-07-01: 10,602 rows of old communes and their successors, and the communes before that day.

Compiled from the Python package vietnamadminunits 1.0.4 (MIT, Tran Ngoc Minh Hieu).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from services.planning.register import FOLDER, RegisterEntry, communes_of

FILE = "lineage-2025-07-01.txt"
KINDS = {"X": "Xã", "P": "Phường", "T": "Thị trấn"}
# A code may be that of another commune before and after, so the communes of before have ids that never were a code.
UNTIL = "until-20250630"
HEADING = re.compile(r"\[(.+), (.+)\]")
MEMBER = re.compile(r"(?P<code>[0-9]{5})(?P<mark>[+-]?)(?: (?P<kind>[XPT]) (?P<name>.+))?|-")


class Descent(NamedTuple):
    """One row: an old commune, whole or a part of it, in a new one; `main` where most of the old one went.

    Five island districts had no communes: code and name of the old commune are empty there.
    """

    old_code: str
    old_name: str
    old_district: str
    old_province: str
    new_code: str
    whole: bool
    main: bool


@dataclass(frozen=True)
class Predecessor:
    """A commune until 2025-06-30. `province` is the code of today's, `province_name` the name of that time.

    `into` are the codes of its successors, the main one first; the shares of a divided commune are unknown.
    """

    commune: str
    code: str
    name: str
    kind: str
    province: str
    province_name: str
    into: tuple[str, ...]


def lineage_of(province: str) -> list[Descent]:
    """The rows of one of today's provinces, in the order of the new codes and the old ones; none for another code."""
    new = {entry.code for entry in communes_of(province)}
    return [descent for descent in _read() if descent.new_code in new]


def predecessors_of(province: str) -> list[Predecessor]:
    """The communes until 2025-06-30 in the area of one of today's provinces, in the order of their codes."""
    successors: dict[str, list[Descent]] = defaultdict(list)
    for descent in lineage_of(province):
        successors[descent.old_code or descent.new_code].append(descent)
    olds = [rows[0] for rows in successors.values()]
    named = Counter(old.old_name for old in olds) + Counter(f"{old.old_name}/{old.old_district}" for old in olds)
    entries = {entry.code: entry for entry in communes_of(province)}
    return [
        _predecessor(code, sorted(rows, key=lambda d: (not d.main, d.new_code)), entries[rows[0].new_code], named)
        for code, rows in sorted(successors.items())
    ]


def _predecessor(code: str, rows: list[Descent], successor: RegisterEntry, named: Counter[str]) -> Predecessor:
    old = rows[0]
    name = _named(old, named)
    kind = next((kind for kind in KINDS.values() if name.startswith(f"{kind} ")), "Huyện")
    into = tuple(row.new_code for row in rows)
    return Predecessor(f"{code}-{UNTIL}", old.old_code, name, kind, successor.province, old.old_province, into)


def _named(old: Descent, named: Counter[str]) -> str:
    """With its district where others had its name ("Phường 1"), and that one's province where that is not enough."""
    if not old.old_name:
        return old.old_district
    if named[old.old_name] == 1:
        return old.old_name
    alone = named[f"{old.old_name}/{old.old_district}"] == 1
    return (
        f"{old.old_name} ({old.old_district})" if alone else f"{old.old_name} ({old.old_district}, {old.old_province})"
    )


@cache
def _read() -> tuple[Descent, ...]:
    members = list(_members())
    names = {old["code"]: f"{KINDS[old['kind']]} {old['name']}" for *_, old in members if old["name"]}
    rows = [
        Descent(
            old["code"] or "",
            names[old["code"]] if old["code"] else "",
            district,
            province,
            new,
            whole=not old["mark"],
            main=old["mark"] != "-",
        )
        for district, province, new, old in members
    ]
    return tuple(sorted(rows, key=lambda row: (row.new_code, row.old_code)))


def _members() -> Iterator[tuple[str, str, str, re.Match[str]]]:
    """Former district and province, the new code, and the match of one old commune."""
    district = province = ""
    for line in (FOLDER / FILE).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if heading := HEADING.fullmatch(line):
            district, province = heading.groups()
            continue
        new, members = line.split(": ", 1)
        for member in members.split(", "):
            match = MEMBER.fullmatch(member)
            assert match, line
            yield district, province, new, match
