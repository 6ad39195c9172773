"""The register of communes and provinces has the numbers that the law gives."""

from collections import Counter
from unicodedata import is_normalized

from services.planning.register import RegisterEntry, communes_of, provinces

ALL = [entry for code in provinces() for entry in communes_of(code)]


def test_there_are_34_provinces_and_3321_communes():
    assert len(provinces()) == 34
    assert len(ALL) == 3321


def test_each_kind_of_commune_has_the_number_in_the_law():
    assert Counter(entry.kind for entry in ALL) == {"Xã": 2621, "Phường": 687, "Đặc khu": 13}


def test_a_province_has_its_communes():
    counts = {name: len(communes_of(code)) for code, name in provinces().items()}

    assert counts["Tỉnh Quảng Ngãi"] == len(communes_of("51")) == 96
    assert counts["Thành phố Hải Phòng"] == len(communes_of("31")) == 114
    assert counts["Tỉnh Thái Nguyên"] == len(communes_of("19")) == 92
    assert (min(counts.values()), max(counts.values())) == (38, 168)


def test_an_entry_has_all_attributes_of_its_commune():
    entry = next(entry for entry in communes_of("51") if entry.code == "21211")

    assert entry == RegisterEntry("21211", "Xã Tịnh Khê", "Xã", "51", "Tỉnh Quảng Ngãi", 15.1651, 108.87)


def test_codes_are_unique_and_names_begin_with_their_kind():
    assert len({entry.code for entry in ALL}) == len(ALL)
    assert all(entry.name.startswith(f"{entry.kind} ") and is_normalized("NFC", entry.name) for entry in ALL)


def test_the_name_decides_where_the_source_gives_another_kind():
    kinds = {entry.code: entry.kind for entry in ALL if entry.code in {"10543", "11848", "31213", "31299"}}

    assert kinds == {"10543": "Phường", "11848": "Xã", "31213": "Phường", "31299": "Xã"}


def test_every_commune_lies_in_viet_nam():
    assert all(7 < entry.latitude < 24 and 102 < entry.longitude < 118 for entry in ALL)


def test_an_unknown_province_has_no_communes():
    assert communes_of("99") == []
    assert communes_of("") == []


def test_callers_get_a_list_of_their_own():
    communes_of("51").clear()

    assert len(communes_of("51")) == 96
