"""Counts enter a rate only where their counterpart was reported too; a measure that was not reported is not zero."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.audit.replayed_counts import ReplayedCounts, ReplayedReading
from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.content.versions import CURRENT, LAYOUT
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Definition, Evidence, PlanTarget
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.regime import regime_on
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.periods import Period, half_of

STOCKS = frozenset({"pending", "overdue"})
SINCE = date(2024, 12, 15)
ONLINE = Definition("online", 1, "Trực tuyến", ("online",), ("files",), "undefined", SINCE)
ON_TIME = Definition("on-time", 1, "Đúng hạn", ("early", "on-time"), ("resolved",), "undefined", SINCE)
OVERDUE = Definition("overdue", 1, "Quá hạn", ("overdue",), ("pending",), "undefined", SINCE)
ALL = [ONLINE, ON_TIME, OVERDUE]
REGIME = regime_on(read_regimes(), "tthc-control", date(2025, 9, 14))
EVE, MERGED_ON = date(2025, 6, 30), date(2025, 7, 1)
FIRST = date(2025, 6, 16)  # a Monday; the window of the quarter begins on 15 June
QUARTER = Period.parse("2025-Q3")


def reading(day, values, field="", commune="a"):
    return ReplayedReading(commune, FIRST + timedelta(days=day), field, values)


def composed(
    readings,
    communes=("a",),
    successions=(),
    map_day=None,
    commune=None,
    period=QUARTER,
    scoped_targets=(),
    kept=None,
    **question,
):
    """The report of the readings, through the auditor's replay, or of the places that were kept by commune."""
    territory = Territory([Commune(c, c, f"Xã {c}", "51", "Tỉnh Quảng Ngãi") for c in communes], successions)
    question = Question("51", period, date(2026, 1, 15), REGIME, map_day=map_day, commune=commune, **question)
    now, before = (ReplayedCounts(window, STOCKS) for window in (question.window, question.window_before))
    now.add(readings)
    before.add(readings)
    reported = now.reported(readings)
    return Composition(
        Evidence(
            question=question,
            map=TerritoryMap(territory, question.shown_on),
            definitions=ALL,
            targets=[],
            sums=now.sums,
            previous=before.sums,
            readings=now.readings,
            tasks=[],
            refused={},
            parked={},
            positions={},
            stocks=STOCKS,
            reported=reported if kept is None else {c: kept[c] for c in communes if c in kept},
            reported_before=before.reported(readings),
            fields=now.by_field,
            scoped_targets=scoped_targets,
        )
    ).report()


def figure(report, indicator="online"):
    (line,) = (line for line in report.indicators if line.indicator == indicator)
    return line.figure.numerator, line.figure.denominator


def coverage(report, indicator="online"):
    return next(line.coverage for line in report.indicators if line.indicator == indicator)


BOTH, FILES = {"files": 100, "online": 50}, {"files": 100}


def test_a_day_without_the_numerator_leaves_the_rate():
    report = composed([reading(0, BOTH), reading(1, FILES)])
    assert figure(report) == (50, 100)
    assert (coverage(report).days, coverage(report).incomplete_days) == (1, 1)


def test_a_day_without_the_denominator_leaves_the_rate():
    assert figure(composed([reading(0, BOTH), reading(1, {"online": 50})])) == (50, 100)


def test_a_reading_of_the_same_day_without_the_numerator_leaves_the_rate():
    assert figure(composed([reading(0, BOTH), reading(0, FILES)])) == (50, 100)


def test_a_field_without_the_numerator_leaves_the_rate():
    readings = [reading(0, BOTH, "land"), reading(0, FILES, "justice"), reading(9, FILES, "justice")]
    assert figure(composed(readings)) == (50, 100)


def test_a_day_with_zero_online_files_counts():
    assert figure(composed([reading(0, BOTH), reading(1, {"files": 100, "online": 0})])) == (50, 200)


def test_both_sides_in_readings_of_their_own_on_one_day_are_paired():
    report = composed([reading(0, FILES), reading(0, {"online": 50}), reading(1, FILES)])
    assert figure(report) == (50, 100)


def test_the_fields_of_a_day_are_paired_each_by_itself():
    readings = [reading(0, FILES, "land"), reading(0, {"online": 50}, "land"), reading(0, FILES, "justice")]
    assert figure(composed(readings)) == (50, 100)


def test_sides_on_different_days_are_paired_in_their_half_month():
    readings = [reading(day, {"files": 10}) for day in range(10)] + [reading(12, {"online": 60})]
    assert figure(composed(readings)) == (60, 100)
    later = [*readings, reading(20, {"files": 500}), reading(21, {"files": 500})]
    assert half_of(FIRST + timedelta(days=20)) != half_of(FIRST)
    assert figure(composed(later)) == (60, 100), "the next half month has no counterpart"


def test_a_half_month_is_paired_by_field_first():
    readings = [
        reading(0, {"files": 10}, "land"), reading(3, {"files": 10}, "justice"), reading(5, {"online": 5}, "justice")
    ]  # fmt: skip
    assert figure(composed(readings)) == (5, 10)


def test_a_count_without_a_field_is_paired_with_all_fields_of_its_half_month():
    readings = [reading(0, FILES, "land"), reading(3, FILES, "justice"), reading(5, {"online": 90})]
    assert figure(composed(readings)) == (90, 200)


def test_a_total_of_the_half_month_is_not_paired_with_the_files_of_its_day():
    """More online than files on the day: the total is of more days."""
    readings = [reading(day, {"files": 10}) for day in range(10)] + [reading(9, {"online": 60})]
    assert figure(composed(readings)) == (60, 100)


OTHER_ON_A_DAY = [
    *(reading(day, {"files": 10}) for day in range(3)),
    *(reading(day, {"online": count}) for day, count in enumerate((2, 12, 9))),
    reading(7, {"files": 40}),
]


@pytest.mark.parametrize("other", [[], [reading(1, {"early": 3})], [reading(7, {"resolved": 3}), reading(1, BOTH)]])
def test_other_measures_of_a_day_change_no_rate(other):
    """Computation 3 looked at the day with other measures apart, and found a part over its whole there."""
    beside = Counter({key: sum(r.values.get(key, 0) for r in other) for key in ("online", "files")})
    assert figure(composed([*OTHER_ON_A_DAY, *other])) == (23 + beside["online"], 30 + beside["files"])


def test_an_edition_of_computation_3_keeps_its_figures():
    early = [*OTHER_ON_A_DAY, reading(1, {"early": 3})]
    assert figure(composed(early, computation=3)) == (11 + 12, 20 + 50)


def kept_places(readings):
    return ReplayedCounts(REGIME.window(QUARTER), STOCKS).reported(readings)


def test_places_that_are_kept_are_paired_by_each_computation():
    early = [*OTHER_ON_A_DAY, reading(1, {"early": 3})]
    kept = kept_places(early)
    for computation in (3, 4, 3):
        assert composed(early, computation=computation, kept=kept) == composed(early, computation=computation)


def test_days_of_places_that_are_kept_stay_apart_beside_a_commune_that_began_earlier():
    later, earlier = reading(31, BOTH, commune="a"), reading(1, BOTH, commune="b")
    into_c = [Succession(commune, MERGED_ON, (Share("c"),)) for commune in "ab"]
    kept = kept_places([later, earlier])
    assert coverage(composed([later], "ac", into_c[:1], kept=kept)).days == 1
    assert coverage(composed([later, earlier], "abc", into_c, kept=kept)).days == 2


def test_a_formula_of_several_measures_needs_each_of_them():
    whole = {"early": 1, "on-time": 2, "resolved": 4}
    report = composed([reading(0, whole), reading(1, {"early": 1, "resolved": 4}), reading(2, {"on-time": 9})])
    assert figure(report, "on-time") == (3 + 1 + 9, 8), "the rest is complete together, in its half month"
    assert figure(composed([reading(0, whole), reading(1, {"early": 1, "resolved": 4})]), "on-time") == (3, 4)


def test_a_level_is_of_the_latest_day_that_has_both_sides():
    readings = [reading(0, {"pending": 100, "overdue": 10}), reading(5, {"pending": 200})]
    assert figure(composed(readings), "overdue") == (10, 100)


def test_levels_never_reported_on_one_day_are_the_latest_of_each():
    readings = [reading(0, {"overdue": 10}), reading(5, {"pending": 200}), reading(40, {"pending": 300})]
    assert figure(composed(readings), "overdue") == (10, 300)


def test_a_level_of_a_field_without_its_counterpart_leaves_the_rate():
    readings = [reading(0, {"pending": 100, "overdue": 10}, "land"), reading(0, {"pending": 900}, "justice")]
    assert figure(composed(readings), "overdue") == (10, 100)


def test_the_period_before_is_paired_too():
    earlier = [reading(-40, BOTH), reading(-39, FILES), reading(0, BOTH)]
    (line,) = (line for line in composed(earlier).indicators if line.indicator == "online")
    assert (line.previous.numerator, line.previous.denominator) == (50, 100)


MERGED = [Succession("b", MERGED_ON, (Share("a"),))]
OF_TWO = [reading(0, BOTH, commune="a"), reading(0, FILES, commune="b")]


@pytest.mark.parametrize("map_day", [EVE, MERGED_ON, None])
def test_a_merged_commune_without_the_numerator_leaves_the_rate_under_any_map(map_day):
    assert figure(composed(OF_TWO, "ab", MERGED, map_day)) == (50, 100)


def test_three_merged_communes_of_which_one_reported_both_sides():
    merged = [Succession(c, MERGED_ON, (Share("a"),)) for c in "bc"]
    readings = [reading(0, {"online": 1}, commune="a"), reading(0, BOTH, commune="b"), reading(0, FILES, commune="c")]
    for map_day in (EVE, MERGED_ON):
        assert figure(composed(readings, "abc", merged, map_day)) == (50, 100)


def test_a_divided_commune_gives_its_successors_both_sides_or_none():
    shares = (Share("b", Fraction(3, 5)), Share("c", Fraction(2, 5)))
    report = composed([reading(0, BOTH), reading(1, FILES)], "abc", [Succession("a", MERGED_ON, shares)])
    (own,) = (c.indicators[0].figure for c in report.communes if c.name == "Xã b")
    assert own == Figure(30, 60, "undefined")
    assert figure(report) == (50, 100)


def test_coverage_counts_communes_and_their_working_days():
    report = composed([reading(day, BOTH) for day in range(30)], "abc")
    assert (coverage(report).communes, coverage(report).of_communes) == (1, 3)
    assert (coverage(report).days, coverage(report).of_days) == (30, 63), "65 weekdays, two of them holidays"
    assert coverage(report).is_thin


def test_a_window_that_is_not_over_has_only_the_days_until_then():
    question = Question("51", QUARTER, date(2025, 6, 17), REGIME)
    assert list(question.working_days) == [FIRST, date(2025, 6, 17)]


def test_a_part_with_a_target_of_its_own_has_the_coverage_of_its_fields():
    part = [PlanTarget(commune, "online", None, "80", scope="đất đai", fields=("land",)) for commune in (None, "a")]
    readings = [reading(0, BOTH, "land"), reading(1, BOTH, "justice"), reading(20, {"files": 5}, "land")]
    readings += [reading(2, BOTH, "justice", "b")]
    for layout, known in ((CURRENT[LAYOUT], True), (2, False)):
        report = composed(readings, "ab", scoped_targets=part, layout=layout)
        (whole,), (own,) = report.scoped, report.communes[0].scoped
        assert bool(whole.coverage) is bool(own.coverage) is known, "content of layout 2 has the same bytes"
        if known:
            assert (whole.coverage.communes, whole.coverage.of_communes) == (1, 2)
            assert (own.coverage.days, own.coverage.incomplete_days, own.coverage.of_days) == (1, 1, 63)


def test_coverage_of_levels_has_no_days():
    assert coverage(composed([reading(0, {"pending": 1, "overdue": 0})]), "overdue").days is None


measures = st.sampled_from([("files", "online"), ("files",), ("online",), ("files", "early"), ("online", "early")])
counts_of_both = st.tuples(st.integers(0, 9), st.integers(0, 9))
a_reading = st.builds(
    lambda day, names, counts, field, commune: reading(day, dict(zip(names, counts, strict=False)), field, commune),
    st.integers(-1, 30), measures, counts_of_both, st.sampled_from(["", "land"]), st.sampled_from("abc"),
)  # fmt: skip


@st.composite
def successions(draw):
    into = draw(st.sampled_from([("b",), ("b", "c"), ("c",)]))
    shares = [Fraction(1, 3), Fraction(2, 3)] if len(into) == 2 and draw(st.booleans()) else [None] * len(into)
    first = Succession("a", MERGED_ON, tuple(map(Share, into, shares)))
    rest = [Succession("b", date(2025, 8, 1), (Share("c"),))] if draw(st.booleans()) else []
    return [first, *rest]


@given(st.lists(a_reading, max_size=12), successions(), st.dates(date(2025, 6, 15), date(2025, 9, 14)))
def test_a_province_has_the_same_figure_under_any_map(readings, changes, map_day):
    kept, moved = (composed(readings, "abc", changes, day) for day in (EVE, map_day))
    assert [line.figure for line in kept.indicators] == [line.figure for line in moved.indicators]


@given(st.lists(a_reading, max_size=12))
def test_pairing_equals_the_written_rule(readings):
    """As docs/figures-and-reports.md has it, reading by reading."""
    report = composed(readings, "abc")
    expected = by_the_rule(readings)
    lines = [line for line in report.indicators if line.indicator == "online"]
    assert [(line.figure.numerator, line.figure.denominator) for line in lines] in ([expected], [])


@given(st.lists(a_reading, max_size=12))
def test_readings_that_have_both_sides_always_count(readings):
    whole = [r for r in readings if r.values.keys() >= {"files", "online"}]
    if whole:
        over, under = figure(composed(readings, "abc"))
        assert over >= sum(r.values["online"] for r in whole)
        assert under >= sum(r.values["files"] for r in whole)


def by_the_rule(readings):
    both = {"files", "online"}
    here = [r for r in readings if FIRST - timedelta(days=1) <= r.observed_on and r.values.keys() & both]
    total, found = Counter(), False
    units = (
        id,
        lambda r: (r.commune, r.observed_on, r.field),
        lambda r: (r.commune, half_of(r.observed_on), r.field),
        lambda r: (r.commune, half_of(r.observed_on)),
    )
    for level, unit in enumerate(units):
        groups, complete = defaultdict(list), defaultdict(Counter)
        for r in here:
            groups[unit(r)].append(r)
        sums = {key: _sums(group) for key, group in groups.items()}
        for key, own in sums.items():
            if own.keys() >= both:
                complete[_place(groups[key])].update(own)
        here = []
        for key, group in groups.items():
            together = complete[_place(group)]
            if sums[key].keys() >= both and not (level == 1 and together["online"] > together["files"]):
                total.update(sums[key])
                found = True
            else:
                here += group
    return (total["online"], total["files"]) if found else (None, None)


def _sums(group):
    sums = Counter()
    for r in group:
        sums.update(r.values)
    return sums


def _place(group):
    """The complete days of a half month and field are looked at as one."""
    return group[0].commune, half_of(group[0].observed_on), group[0].field
