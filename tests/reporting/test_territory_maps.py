"""Territory maps: under every map the totals stay, no count is negative, and a province has the same total."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.planning.register import IN_FORCE_FROM, communes_of, provinces
from services.planning.register.lineage import predecessors_of
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap, superseded
from shared.communes import CommuneChange

EVE = IN_FORCE_FROM - timedelta(days=1)
FIRST = date(2025, 1, 1)
NAMES = "abcdefgh"
MEASURES = ("received", "late", "pending")
STOCKS = frozenset({"pending"})


def commune(name, province="51", since=None):
    return Commune(name, f"code of {name}", f"Xã {name}", province, f"Tỉnh {province}", in_force_from=since)


def ended(name, day, *into):
    return Succession(name, day, tuple(part if isinstance(part, Share) else Share(part) for part in into))


@st.composite
def divisions(draw, count):
    if draw(st.booleans()):
        return [None] * count
    weights = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    return [Fraction(weight, sum(weights)) for weight in weights]


@st.composite
def territories(draw):
    """Successions as Planning accepts them, one after the other, also several or chains of them on one day."""
    there, day, successions = list(NAMES), FIRST, []
    since = {name: draw(st.sampled_from([None, None, FIRST])) for name in NAMES}
    for _ in range(draw(st.integers(0, len(NAMES) - 3))):
        day += timedelta(days=draw(st.integers(0, 20)))
        gone = there.pop(draw(st.integers(0, len(there) - 1)))
        into = draw(st.lists(st.sampled_from(there), min_size=1, max_size=3, unique=True))
        shares = draw(divisions(len(into))) if len(into) > 1 else [None]
        successions.append(ended(gone, day, *map(Share, into, shares)))
    return Territory([commune(name, since=since[name]) for name in NAMES], successions)


keys = st.tuples(st.sampled_from(NAMES), st.sampled_from(MEASURES))
counts = st.dictionaries(keys, st.integers(0, 1000))
days = st.dates(FIRST - timedelta(days=5), FIRST + timedelta(days=120))


def with_code(shown, code):
    return next((each for each in shown.communes.values() if each.code == code), None)


def totals(counted):
    total = Counter()
    for (_, measure), count in counted.items():
        total[measure] += count
    return total


@given(territories(), counts, days)
def test_under_any_map_the_totals_stay_and_no_count_is_negative(territory, recorded, day):
    shown = TerritoryMap(territory, day)
    counted = shown.counted(recorded)
    here = {c.commune for c in (*shown.of_province("51"), *shown.established_later("51"))}

    assert totals(counted) == totals(recorded)
    assert all(count >= 0 for count in counted.values())
    assert {name for name, _ in counted} <= here
    assert {measure for _, measure in counted} == {measure for _, measure in recorded}


@given(territories(), counts, days, days)
def test_the_total_of_a_province_is_the_same_under_two_maps_levels_included(territory, recorded, one, other):
    standing = superseded(recorded, STOCKS, territory.successions, until=one)

    assert totals(TerritoryMap(territory, one).counted(standing)) == totals(
        TerritoryMap(territory, other).counted(standing)
    )


@given(territories(), st.dictionaries(st.sampled_from(NAMES), st.tuples(st.integers(0, 50), st.integers(0, 50))), days)
def test_a_numerator_never_exceeds_its_denominator_after_mapping(territory, recorded, day):
    late = {(name,): min(pair) for name, pair in recorded.items()}
    received = {(name,): max(pair) for name, pair in recorded.items()}
    shown = TerritoryMap(territory, day)
    counted = shown.counted(received)

    assert shown.counted(late).keys() == counted.keys()
    assert all(count <= counted[name] for name, count in shown.counted(late).items())


@given(st.lists(st.integers(1, 20), min_size=2, max_size=5), st.integers(0, 300), st.integers(0, 300))
@example([2, 9, 9], 19, 20)
def test_a_numerator_never_exceeds_its_denominator_after_division_by_shares(weights, one, other):
    parts = tuple(Share(name, Fraction(weight, sum(weights))) for name, weight in zip("bcdef", weights, strict=False))
    shown = TerritoryMap(Territory((), [ended("a", FIRST, *parts)]), FIRST)
    late, received = (shown.counted({("a",): n}) for n in (min(one, other), max(one, other)))

    assert all(late[name] <= received[name] for name in late)
    assert all(abs(received[part.commune,] - max(one, other) * part.share) < len(parts) for part in parts)


@given(territories(), counts, days, st.sampled_from(NAMES))
def test_the_counts_of_a_commune_come_from_its_sources_only(territory, recorded, day, name):
    shown = TerritoryMap(territory, day)
    sources = shown.sources_of([name])
    own = {key: count for key, count in recorded.items() if key[0] in sources}
    alone, whole = shown.counted(own), shown.counted(recorded)

    assert {k: n for k, n in alone.items() if k[0] == name} == {k: n for k, n in whole.items() if k[0] == name}


@given(territories(), counts, days)
def test_without_shares_counts_go_to_the_last_main_successor(territory, recorded, day):
    plain = Territory(territory.communes, [ended(s.commune, s.in_force_from, s.main) for s in territory.successions])
    main = {s.commune: s.main for s in plain.successions if s.in_force_from <= day}
    expected = Counter()
    for (name, measure), count in recorded.items():
        end = name
        while end in main:
            end = main[end]
        expected[end, measure] += count

    counted = TerritoryMap(plain, day).counted(recorded)
    assert counted == {key: expected[key] for key in counted}
    assert totals(counted) == totals(recorded)


@given(territories(), counts)
def test_flows_are_never_superseded_and_levels_only_by_a_successor(territory, recorded):
    kept = superseded(recorded, STOCKS, territory.successions)
    dropped = recorded.keys() - kept.keys()
    ends = {succession.commune for succession in territory.successions}

    assert all(measure in STOCKS and name in ends for name, measure in dropped)
    assert all(kept[key] == recorded[key] for key in kept)


A_INTO_B = [ended("a", date(2025, 7, 1), "b")]
LEVELS = {("a", "pending"): 5, ("b", "pending"): 7, ("a", "received"): 3}


def test_a_level_reported_later_by_the_successor_is_not_counted_twice():
    assert superseded(LEVELS, STOCKS, A_INTO_B) == {("b", "pending"): 7, ("a", "received"): 3}
    assert superseded({("a", "pending"): 5}, STOCKS, A_INTO_B) == {("a", "pending"): 5}


def test_a_succession_after_the_window_is_ignored():
    assert superseded(LEVELS, STOCKS, A_INTO_B, until=date(2025, 6, 30)) == LEVELS
    assert superseded(LEVELS, STOCKS, A_INTO_B, until=date(2025, 7, 1)) != LEVELS


def test_a_level_of_the_successor_observed_before_the_succession_does_not_supersede():
    pending = ("b", "pending")

    assert superseded(LEVELS, STOCKS, A_INTO_B, observed_on={pending: date(2025, 6, 30)}) == LEVELS
    assert superseded(LEVELS, STOCKS, A_INTO_B, observed_on={pending: date(2025, 7, 1)}) != LEVELS


def test_in_a_chain_of_successions_the_last_reported_level_supersedes_all_before():
    chain = [ended("a", date(2025, 7, 1), "b"), ended("b", date(2025, 8, 1), "c")]
    recorded = {(name, "pending"): 1 for name in "abc"}

    assert superseded(recorded, STOCKS, chain) == {("c", "pending"): 1}
    assert superseded({("a", "pending"): 1, ("c", "pending"): 1}, STOCKS, chain) == {("c", "pending"): 1}


def test_a_zero_is_divided_into_zeros():
    halves = ended("a", FIRST, Share("b", Fraction(1, 2)), Share("c", Fraction(1, 2)))
    shown = TerritoryMap(Territory([commune(name) for name in "abc"], [halves]), FIRST)

    assert shown.counted({("a", "x"): 0}) == {("b", "x"): 0, ("c", "x"): 0}
    assert shown.counted({("a", "x"): 3}) == {("b", "x"): 2, ("c", "x"): 1}


def test_names_codes_and_provinces_are_those_of_the_day_of_the_map():
    changes = [
        CommuneChange("a", date(2026, 1, 1), name="Phường a"),
        CommuneChange("a", date(2026, 7, 1), code="new", province="48", province_name="Thành phố Đà Nẵng"),
    ]
    territory = Territory([commune("a"), commune("b")], (), changes)
    before, then, after = (TerritoryMap(territory, date(year, 12, 31)) for year in (2024, 2025, 2026))

    assert [shown.name_of("a") for shown in (before, then, after)] == ["Xã a", "Xã a", "Phường a"]
    assert [len(shown.of_province("51")) for shown in (before, after)] == [2, 1]
    assert [c.commune for c in after.of_province("48")] == ["a"]
    assert (with_code(before, "new"), with_code(after, "new").commune, after.communes["a"].code) == (None, "a", "new")


def test_of_two_names_from_the_same_day_the_one_recorded_later_holds():
    changes = [CommuneChange("a", FIRST, name="Xã Hai"), CommuneChange("a", FIRST, name="Xã Một")]

    assert TerritoryMap(Territory([commune("a")], (), changes), FIRST).name_of("a") == "Xã Một"


def test_a_circle_of_successions_keeps_the_total():
    circle = [ended("a", FIRST, "b"), ended("b", FIRST, Share("a", Fraction(1, 2)), Share("c", Fraction(1, 2)))]
    shown = TerritoryMap(Territory([commune(name) for name in "abc"], circle), FIRST)

    assert sum(shown.counted({("a",): 9, ("b",): 1}).values()) == 10
    assert (
        sum(
            TerritoryMap(Territory((), [ended("a", FIRST, "b"), ended("b", FIRST, "a")]), FIRST)
            .counted({("a",): 9})
            .values()
        )
        == 9
    )


def of(*codes):
    """Provinces of today with their communes of before."""
    communes, successions = [], []
    for code in codes:
        communes += [commune_of(entry) for entry in communes_of(code)]
        for old in predecessors_of(code):
            communes.append(Commune(old.commune, old.code, old.name, old.province, old.province_name))
            successions.append(ended(old.commune, IN_FORCE_FROM, *old.into))
    return Territory(communes, successions)


def commune_of(entry):
    return Commune(
        entry.code, entry.code, entry.name, entry.province, entry.province_name, entry.latitude, entry.longitude,
        IN_FORCE_FROM,
    )  # fmt: skip


@pytest.fixture(scope="module")
def quang_ngai():
    return of("51")


def test_cam_thanh_takes_the_counts_of_its_four_former_wards(quang_ngai):
    wards = [f"{code}-until-20250630" for code in ("21019", "21022", "21025", "21031")]
    recorded = {(ward, "received"): n for n, ward in enumerate(wards, start=1)} | {("21025", "received"): 100}

    assert TerritoryMap(quang_ngai, IN_FORCE_FROM).counted(recorded) == {("21025", "received"): 110}
    assert TerritoryMap(quang_ngai, EVE).counted(recorded) == recorded
    assert TerritoryMap(quang_ngai, IN_FORCE_FROM).sources_of(code for code in ["21025"]) == {*wards, "21025"}


def test_a_code_belongs_to_another_commune_on_the_day_before(quang_ngai):
    assert with_code(TerritoryMap(quang_ngai, EVE), "21025").commune == "21025-until-20250630"
    today = TerritoryMap(quang_ngai, IN_FORCE_FROM)
    assert with_code(today, "21025").name == "Phường Cẩm Thành"
    assert today.name_of("21025-until-20250630") == "Phường Nguyễn Nghiêm (Thành phố Quảng Ngãi)"


def test_tra_bui_without_shares_is_counted_in_ca_dam_and_both_successors_are_named(quang_ngai):
    today = TerritoryMap(quang_ngai, IN_FORCE_FROM)
    ((old, succession),) = today.divided("51")

    assert today.counted({("21142-until-20250630", "received"): 9}) == {("21136", "received"): 9}
    assert (old.name, [today.name_of(part.commune) for part in succession.into]) == (
        "Xã Trà Bùi",
        ["Xã Cà Đam", "Xã Tây Trà Bồng"],
    )
    assert TerritoryMap(quang_ngai, EVE).divided("51") == []


def test_tra_bui_with_shares_is_counted_in_both_successors():
    parts = (Share("21136", Fraction(3, 5)), Share("21157", Fraction(2, 5)))
    here = of("51")
    divided = [Succession(s.commune, s.in_force_from, parts) if len(s.into) > 1 else s for s in here.successions]
    shared = TerritoryMap(Territory(here.communes, divided), IN_FORCE_FROM)

    assert shared.counted({("21142-until-20250630",): 9}) == {("21136",): 6, ("21157",): 3}


def test_the_communes_of_kon_tum_belong_to_quang_ngai_under_both_maps(quang_ngai):
    yesterday, today = TerritoryMap(quang_ngai, EVE), TerritoryMap(quang_ngai, IN_FORCE_FROM)
    recorded = {(c.commune, "received"): n for n, c in enumerate(quang_ngai.communes)}

    assert Counter(c.province_name for c in yesterday.of_province("51")) == {
        "Tỉnh Quảng Ngãi": 171,
        "Tỉnh Kon Tum": 102,
    }
    assert {c.province_name for c in today.of_province("51")} == {"Tỉnh Quảng Ngãi"}
    assert len(yesterday.established_later("51")) == len(today.of_province("51")) == 96
    assert sum(yesterday.counted(recorded).values()) == sum(today.counted(recorded).values()) == sum(recorded.values())


def test_every_province_has_the_same_total_under_both_maps():
    country = of(*provinces())
    recorded = {(c.commune,): n % 97 for n, c in enumerate(country.communes)}
    yesterday, today = TerritoryMap(country, EVE), TerritoryMap(country, IN_FORCE_FROM)

    def total(shown, province):
        counted = shown.counted(recorded)
        return sum(
            counted.get((c.commune,), 0) for c in (*shown.of_province(province), *shown.established_later(province))
        )

    assert (len(yesterday.communes), len(today.communes)) == (10_040, 3_321)
    assert [total(yesterday, code) for code in provinces()] == [total(today, code) for code in provinces()]
    assert max(len(s.into) for s in today.successions) == 5
