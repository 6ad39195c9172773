"""The register of communes and provinces in force from 2025-07-01 (34 provinces, 3,321 communes, no districts).

Compiled from the Python package vietnamadminunits 1.0.4 (MIT, Tran Ngoc Minh Hieu). A code is not an identity across
time: `lineage` has the communes before that day; later changes are recorded as events.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

IN_FORCE_FROM = date(2025, 7, 1)
FOLDER = Path(__file__).parent
KINDS = {"X": "Xã", "P": "Phường", "D": "Đặc khu"}


@dataclass(frozen=True)
class RegisterEntry:
    """`name` bears the kind ("Xã Tịnh Khê"); `province` is its code of two digits; coordinates in degrees."""

    code: str
    name: str
    kind: str
    province: str
    province_name: str
    latitude: float
    longitude: float


def provinces() -> dict[str, str]:
    """Names by code of two digits, in the order of the codes."""
    return {row[0]: row[1] for row in _rows("provinces.csv")}


def former_provinces() -> dict[str, str]:
    """Today's code by the name of a province that there no longer is ("Tỉnh Kon Tum": "51")."""
    return {row[0]: row[1] for row in _rows("former-provinces.csv")}


def communes_of(province_code: str) -> list[RegisterEntry]:
    """The communes of a province in the order of their codes; none for a code that no province has."""
    return list(_communes().get(province_code, ()))


@cache
def _communes() -> dict[str, tuple[RegisterEntry, ...]]:
    names = provinces()
    communes: dict[str, list[RegisterEntry]] = {code: [] for code in names}
    for province, code, name, letter, latitude, longitude in _rows("communes.csv"):
        kind = KINDS[letter]
        communes[province].append(
            RegisterEntry(code, f"{kind} {name}", kind, province, names[province], float(latitude), float(longitude))
        )
    return {province: tuple(entries) for province, entries in communes.items()}


def _rows(file_name: str) -> list[list[str]]:
    with (FOLDER / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(line for line in file if not line.startswith("#")))
