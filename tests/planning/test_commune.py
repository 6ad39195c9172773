"""What may become of a commune, and from which day on."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.domain.commune import Commune
from services.planning.domain.succession import Life, Part, share_in

AT = datetime(2026, 3, 1, 1, tzinfo=UTC)
FIRST = date(2025, 7, 1)
DAY = date(2026, 7, 1)
ACT = "01/NQ-HĐND"


def commune(commune="a", name="Xã A", **more):
    said = {"code": "21001", "name": name, "kind": "Xã", "province": "51", "province_name": "Tỉnh Quảng Ngãi"}
    place = {"latitude": None, "longitude": None, "in_force_from": FIRST}
    new = Commune.register(AT, commune=commune, **said | place | more)
    new.collect_events()
    return new


def life(commune="b", name="Xã B", province="51", **more):
    return Life(commune, name, province, FIRST, **more)


def events(commune):
    return [(type(event).__name__, event.in_force_from) for event in commune.collect_events()]


def test_a_commune_is_merged_and_there_no_longer_from_that_day_on():
    a = commune()

    assert a.merge(life(), DAY, AT, source=ACT) is None
    assert events(a) == [("Merged", DAY)]
    assert (a.is_there(date(2026, 6, 30)), a.is_there(DAY)) == (True, False)
    assert a.into == (("b", None),)


def test_merged_again_the_same_it_stays_quiet():
    a = commune()
    a.merge(life(), DAY, AT, source=ACT)
    a.collect_events()

    assert a.merge(life(), DAY, AT, source="another act") is None
    assert events(a) == []


def test_a_commune_is_divided_with_its_main_successor_first():
    a = commune()
    parts = [Part(life("c"), Fraction(2, 5)), Part(life("b"), Fraction(3, 5))]

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
def test_what_does_not_go_together_is_refused(ending, into, day, rule):
    refusal = ending.merge(into, day, AT, source=ACT)

    assert refusal.rule == rule
    assert refusal.sentence.endswith(".")
    assert ending.collect_events() == []


def test_a_commune_into_which_another_goes_that_day_or_later_does_not_end_before():
    a = commune()

    assert a.merge(life(), DAY, AT, source=ACT, received_from=DAY).rule == "received-later"
    assert a.merge(life(), DAY, AT, source=ACT, received_from=date(2026, 6, 30)) is None


def test_a_successor_that_goes_on_for_a_while_is_one():
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
def test_shares_are_said_for_all_or_none_and_make_a_whole(shares, rule):
    parts = [Part(life(name), share) for name, share in zip("bc", shares, strict=True)]

    assert commune().divide(parts, DAY, AT, source=ACT).rule == rule


def test_dividing_takes_two_that_differ():
    a = commune()

    assert a.divide([Part(life())], DAY, AT, source=ACT).rule == "one-part"
    assert a.divide([Part(life()), Part(life())], DAY, AT, source=ACT).rule == "named-twice"


def test_an_act_is_named():
    assert commune().merge(life(), DAY, AT, source=" ").rule == "source-missing"
    assert commune().rename("Phường A", DAY, AT, source="").rule == "source-missing"


def test_a_commune_has_another_name_and_code_from_its_day_on():
    a = commune()

    assert a.rename("Phường A", DAY, AT, source=ACT, code="21002") is None
    (event,) = a.collect_events()
    assert (event.name, event.code) == ("Phường A", "21002")
    assert (a.on(date(2026, 6, 30)).name, a.on(DAY).name) == ("Xã A", "Phường A")
    assert (a.on(date(2026, 6, 30)).code, a.on(DAY).code) == ("21001", "21002")
    assert a.rename("Phường A", DAY, AT, source=ACT, code="21002") is None
    assert events(a) == []


def test_a_code_that_stays_is_not_said():
    a = commune()
    a.rename("Phường A", DAY, AT, source=ACT, code="21001")

    assert [event.code for event in a.collect_events()] == [None]


def test_names_are_in_force_by_their_days_in_whichever_order_they_were_told():
    a = commune()
    a.rename("Phường Hai", date(2027, 1, 1), AT, source=ACT)
    a.rename("Xã Một", date(2026, 1, 1), AT, source=ACT)

    assert [said.name for said in a.spells()] == ["Xã A", "Xã Một", "Phường Hai"]
    assert [a.on(date(year, 6, 1)).name for year in (2024, 2025, 2026, 2027)] == [
        "Xã A",
        "Xã A",
        "Xã Một",
        "Phường Hai",
    ]


def test_of_two_names_from_one_day_the_one_told_later_holds():
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
def test_a_name_that_cannot_be_is_refused(name, day, rule):
    a = commune()
    a.merge(life(), date(2026, 8, 1), AT, source=ACT)

    assert a.rename(name, day, AT, source=ACT).rule == rule


def test_a_code_that_another_bears_is_refused():
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


def test_one_of_before_2025_has_no_first_day_and_ends_all_the_same():
    old = commune("21025-until-20250630", in_force_from=None)

    assert old.is_there(date(1990, 1, 1))
    assert old.merge(life(), FIRST, AT, source=ACT) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [("2/5", Fraction(2, 5)), ("0.4", Fraction(2, 5)), ("0,4", Fraction(2, 5)), (" 40 % ", Fraction(2, 5)),
     ("40%", Fraction(2, 5)), ("x", None), ("1/0", None), ("", None), ("nan", None)],
)  # fmt: skip
def test_a_share_is_written_in_four_ways(text, share):
    assert share_in(text) == share


@given(st.lists(st.tuples(st.dates(FIRST, date(2030, 1, 1)), st.sampled_from("ABCD")), max_size=8), st.dates(FIRST))
def test_what_is_said_on_a_day_is_what_was_told_last_of_the_latest_day_before_it(told, day):
    a = commune()
    for since, letter in told:
        a.rename(f"Xã {letter}", since, AT, source=ACT)
    expected = "Xã A"
    for event in sorted(a.collect_events(), key=lambda event: event.in_force_from):
        if event.in_force_from <= day:
            expected = event.name

    assert a.on(day).name == expected
