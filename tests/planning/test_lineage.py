"""The compact lineage file of 2025-07-01, compared with the rows that it was made from."""

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from unicodedata import is_normalized

import pytest

from services.planning.register import communes_of, former_provinces, provinces
from services.planning.register.lineage import lineage_of, predecessors_of
from shared.contracts import ID

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "lineage-2025-07-01.csv"
SHA256 = "442177455b645685a0d7df3da910f7e35585b25a9c56ed1a37062d2db54e0ec2"


@cache
def register():
    return {entry.code: entry for province in provinces() for entry in communes_of(province)}


@cache
def lineage():
    """In the order of today's provinces, the new codes and the old ones."""
    return [row for province in provinces() for row in lineage_of(province)]


def canonical():
    """The rows as the source writes them, one a line."""
    for row in lineage():
        new = register()[row.new_code]
        share, main = "whole" if row.whole else "part", str(int(row.main))
        yield ",".join((*row[:5], new.name, new.province, share, main))


def test_the_lineage_has_every_row_of_the_source():
    assert len(list(canonical())) == 10_602
    assert sha256("\n".join(canonical()).encode()).hexdigest() == SHA256


@pytest.mark.skipif(not SOURCE.exists(), reason="the source is not part of the project")
def test_the_rows_equal_the_source_except_for_six_capital_letters():
    with SOURCE.open(encoding="utf-8", newline="") as file:
        source = [",".join(row) for row in list(csv.reader(file))[1:]]

    assert [row.replace("Thị Trấn ", "Thị trấn ") for row in source] == list(canonical())
    assert sum("Thị Trấn " in row for row in source) == 6


def test_every_commune_that_was_divided_has_one_main_successor_and_every_other_one_successor():
    by_old = defaultdict(list)
    for row in lineage():
        by_old[row.old_code or row.old_district].append(row)

    assert len(by_old) == 10_035 + 5
    assert {sum(row.main for row in rows) for rows in by_old.values()} == {1}
    assert all(rows[0].whole if len(rows) == 1 else not any(r.whole for r in rows) for rows in by_old.values())
    assert Counter(map(len, by_old.values())) == {1: 9569, 2: 397, 3: 58, 4: 15, 5: 1}


def test_every_current_commune_has_predecessors_and_no_row_occurs_twice():
    assert {row.new_code for row in lineage()} == set(register())
    assert len(set(lineage())) == len(lineage())


def test_no_old_province_went_into_two_new_ones():
    today = defaultdict(set)
    for row in lineage():
        today[row.old_province].add(register()[row.new_code].province)

    assert len(today) == 63
    assert all(len(codes) == 1 for codes in today.values())
    assert all(today[name] == {code} for name, code in former_provinces().items() if name in today)


def test_ids_of_former_communes_are_unique_and_never_a_code():
    every = [old for province in provinces() for old in predecessors_of(province)]
    ids = [old.commune for old in every]

    assert len(set(ids)) == len(ids) == 10_040
    assert not set(ids) & set(register())
    assert all(re.fullmatch(ID, commune) for commune in ids)
    assert all(is_normalized("NFC", old.name) and old.name.startswith(f"{old.kind} ") for old in every)


def test_within_a_province_no_two_have_the_same_name():
    for province in provinces():
        assert max(Counter(old.name for old in predecessors_of(province)).values()) == 1, province


def test_quang_ngai_took_in_kon_tum():
    here = predecessors_of("51")

    assert Counter(old.province_name for old in here) == {"Tỉnh Quảng Ngãi": 171, "Tỉnh Kon Tum": 102}
    assert len(lineage_of("51")) == 274


def test_cam_thanh_has_the_code_of_a_ward_that_went_into_it():
    into = [(old.commune, old.name) for old in predecessors_of("51") if "21025" in old.into]

    assert ("21025-until-20250630", "Phường Nguyễn Nghiêm (Thành phố Quảng Ngãi)") in into
    assert len(into) == 4
    assert register()["21025"].name == "Phường Cẩm Thành"


def test_tra_bui_was_divided_between_ca_dam_and_tay_tra_bong():
    (old,) = [old for old in predecessors_of("51") if old.code == "21142"]

    assert [register()[code].name for code in old.into] == ["Xã Cà Đam", "Xã Tây Trà Bồng"]


def test_an_island_district_without_communes_becomes_a_special_zone():
    (old,) = [old for old in predecessors_of("51") if old.into == ("21548",)]

    assert (old.commune, old.code, old.name) == ("21548-until-20250630", "", "Huyện Lý Sơn")


def test_an_unknown_province_has_no_lineage():
    assert (lineage_of("99"), predecessors_of("")) == ([], [])
