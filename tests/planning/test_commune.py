"""The changes of a commune: merger, division, another name, code or province."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.communes.commune import Commune
from services.planning.domain.communes.rules import Life, SuccessorShare, share_in
from services.planning.register import communes_of

AT = datetime(2026, 3, 1, 1, tzinfo=UTC)
FIRST = date(2025, 7, 1)
DAY = date(2026, 7, 1)
ACT = "01/NQ-HĐND"


def commune(commune="a", name="Xã A", **more):
    attributes = {"code": "21001", "name": name, "kind": "Xã", "province": "51", "province_name": "Tỉnh Quảng Ngãi"}
    place = {"latitude": None, "longitude": None, "in_force_from": FIRST}
    new = Commune.register(AT, commune=commune, **attributes | place | more)
    new.collect_events()
    return new


def life(commune="b", name="Xã B", province="51", **more):
    return Life(commune, name, province, FIRST, **more)


def events(commune):
    return [(type(event).__name__, event.in_force_from) for event in commune.collect_events()]


def test_a_commune_is_registered_under_an_id_of_our_own():
    entry = next(entry for entry in communes_of("51") if entry.code == "21211")
    commune = Commune.register(AT, in_force_from=date(2025, 7, 1), **vars(entry))
    (event,) = commune.collect_events()

    assert (event.commune, event.code, event.name) == ("21211", "21211", "Xã Tịnh Khê")
    assert commune.id == Commune.create_id("21211")


def test_a_merged_commune_no_longer_exists_from_that_day_on():
    a = commune()

    assert a.merge(life(), DAY, AT, source=ACT) is None
    assert events(a) == [("Merged", DAY)]
    assert (a.exists_on(date(2026, 6, 30)), a.exists_on(DAY)) == (True, False)
    assert a.into == (("b", None),)


def test_repeating_a_merger_is_ignored():
    a = commune()
    a.merge(life(), DAY, AT, source=ACT)
    a.collect_events()

    assert a.merge(life(), DAY, AT, source="another act") is None
    assert events(a) == []


def test_a_commune_is_divided_with_its_main_successor_first():
    a = commune()
    parts = [SuccessorShare(life("c"), Fraction(2, 5)), SuccessorShare(life("b"), Fraction(3, 5))]

    assert a.divide(parts, DAY, AT, source=ACT) is None
    (event,) = a.collect_events()
    assert event.into == [{"commune": "c", "share": "2/5"}, {"commune": "b", "share": "3/5"}]
    assert a.divide(parts, DAY, AT, source=ACT) is None
    assert events(a) == []


GONE = commune()
GONE.merge(life("z"), date(2026, 1, 1), AT, source=ACT)
GONE.collect_events()


@pytest.mark.parametrize(
    ("ending", "into", "day", "rule"),
    [
        (commune(), life(), date(2025, 6, 30), "before-its-start"),
        (commune(), life(), FIRST, "before-its-start"),
        (GONE, life(), DAY, "already-gone"),
        (commune(), life("a"), DAY, "into-itself"),
        (commune(), life(gone_from=DAY), DAY, "successor-gone"),
        (commune(), Life("b", "Xã B", "51", date(2026, 7, 2)), DAY, "successor-to-come"),
        (commune(), life(province="48"), DAY, "other-province"),
    ],
)
def test_a_merger_against_the_rules_is_refused(ending, into, day, rule):
    refusal = ending.merge(into, day, AT, source=ACT)

    assert refusal.rule == rule
    assert refusal.sentence.endswith(".")
    assert ending.collect_events() == []


def test_a_commune_cannot_end_before_or_on_the_day_another_merges_into_it():
    a = commune()

    assert a.merge(life(), DAY, AT, source=ACT, received_from=DAY).rule == "received-later"
    assert a.merge(life(), DAY, AT, source=ACT, received_from=date(2026, 6, 30)) is None


def test_a_successor_that_ends_later_is_accepted():
    assert commune().merge(life(gone_from=date(2027, 1, 1)), DAY, AT, source=ACT) is None


@pytest.mark.parametrize(
    ("shares", "rule"),
    [
        ((Fraction(1, 2), Fraction(1, 3)), "shares-not-whole"),
        ((Fraction(1, 2), None), "share-missing"),
        ((Fraction(3, 2), Fraction(-1, 2)), "share-not-positive"),
        ((Fraction(1), Fraction(0)), "share-not-positive"),
    ],
)
def test_shares_are_given_for_all_successors_or_none_and_sum_to_one(shares, rule):
    parts = [SuccessorShare(life(name), share) for name, share in zip("bc", shares, strict=True)]

    assert commune().divide(parts, DAY, AT, source=ACT).rule == rule


def test_a_division_needs_two_different_successors():
    a = commune()

    assert a.divide([SuccessorShare(life())], DAY, AT, source=ACT).rule == "one-part"
    assert a.divide([SuccessorShare(life()), SuccessorShare(life())], DAY, AT, source=ACT).rule == "named-twice"


def test_a_change_needs_a_source():
    assert commune().merge(life(), DAY, AT, source=" ").rule == "source-missing"
    assert commune().rename("Phường A", DAY, AT, source="").rule == "source-missing"


def test_a_new_name_and_code_apply_from_their_day_on():
    a = commune()

    assert a.rename("Phường A", DAY, AT, source=ACT, code="21002") is None
    (event,) = a.collect_events()
    assert (event.name, event.code) == ("Phường A", "21002")
    assert (a.on(date(2026, 6, 30)).name, a.on(DAY).name) == ("Xã A", "Phường A")
    assert (a.on(date(2026, 6, 30)).code, a.on(DAY).code) == ("21001", "21002")
    assert a.rename("Phường A", DAY, AT, source=ACT, code="21002") is None
    assert events(a) == []


def test_an_unchanged_code_is_stored_as_null():
    a = commune()
    a.rename("Phường A", DAY, AT, source=ACT, code="21001")

    assert [event.code for event in a.collect_events()] == [None]


def test_names_apply_by_their_days_whatever_the_order_of_recording():
    a = commune()
    a.rename("Phường Hai", date(2027, 1, 1), AT, source=ACT)
    a.rename("Xã Một", date(2026, 1, 1), AT, source=ACT)

    assert [spell.name for spell in a.spells()] == ["Xã A", "Xã Một", "Phường Hai"]
    assert [a.on(date(year, 6, 1)).name for year in (2024, 2025, 2026, 2027)] == [
        "Xã A",
        "Xã A",
        "Xã Một",
        "Phường Hai",
    ]


def test_of_two_names_from_one_day_the_one_recorded_later_applies():
    a = commune()
    a.rename("Phường Hai", DAY, AT, source=ACT)
    a.rename("Phường Ba", DAY, AT, source=ACT)

    assert a.on(DAY).name == "Phường Ba"


@pytest.mark.parametrize(
    ("name", "day", "rule"),
    [
        ("A", DAY, "kind-missing"),
        ("Phường A", date(2025, 6, 30), "before-its-start"),
        ("Phường A", date(2026, 8, 1), "already-gone"),
    ],
)
def test_an_impossible_name_is_refused(name, day, rule):
    a = commune()
    a.merge(life(), date(2026, 8, 1), AT, source=ACT)

    assert a.rename(name, day, AT, source=ACT).rule == rule


def test_a_code_in_use_is_refused():
    assert commune().rename("Xã A", DAY, AT, source=ACT, code="21009", bearer=life()).rule == "code-used"
    assert Commune.establish_refusal("Xã Mới", DAY, life()).rule == "code-used"
    assert Commune.establish_refusal("Mới", DAY, None).rule == "kind-missing"
    assert Commune.establish_refusal("Đặc khu Mới", DAY, None) is None


def test_a_commune_moves_to_another_province_with_or_without_another_code():
    a = commune()

    assert a.move("48", "Thành phố Đà Nẵng", DAY, AT, source=ACT) is None
    assert (a.on(date(2026, 6, 30)).province, a.on(DAY).province, a.on(DAY).code) == ("51", "48", "21001")
    assert events(a) == [("MovedToProvince", DAY)]
    assert a.move("48", "Thành phố Đà Nẵng", DAY, AT, source=ACT) is None
    assert events(a) == []
    assert a.move("48", "Thành phố Đà Nẵng", date(2026, 9, 1), AT, source=ACT).rule == "same-province"
    assert commune().move("51", "Tỉnh Quảng Ngãi", DAY, AT, source=ACT).rule == "same-province"


def test_a_commune_without_a_first_day_can_end():
    old = commune("21025-until-20250630", in_force_from=None)

    assert old.exists_on(date(1990, 1, 1))
    assert old.merge(life(), FIRST, AT, source=ACT) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [("2/5", Fraction(2, 5)), ("0.4", Fraction(2, 5)), ("0,4", Fraction(2, 5)), (" 40 % ", Fraction(2, 5)),
     ("40%", Fraction(2, 5)), ("x", None), ("1/0", None), ("", None), ("nan", None)],
)  # fmt: skip
def test_a_share_is_written_in_four_ways(text, share):
    assert share_in(text) == share


@given(st.lists(st.tuples(st.dates(FIRST, date(2030, 1, 1)), st.sampled_from("ABCD")), max_size=8), st.dates(FIRST))
def test_the_name_on_a_day_is_the_last_recorded_of_the_latest_day_up_to_it(renamings, day):
    a = commune()
    for since, letter in renamings:
        a.rename(f"Xã {letter}", since, AT, source=ACT)
    expected = "Xã A"
    for event in sorted(a.collect_events(), key=lambda event: event.in_force_from):
        if event.in_force_from <= day:
            expected = event.name

    assert a.on(day).name == expected
