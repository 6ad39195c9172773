"""Definitions as decisions: each records a version, refuses with sentences, and stays quiet when repeated."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.domain.catalogue import Definition
from services.indicators.domain.in_force import Said, formulas_of
from services.indicators.domain.reading import Rules
from services.indicators.domain.refused import DefinitionRefused

AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
DAY = date(2025, 1, 1)
MEASURES = frozenset({"part", "other", "whole"})
FLOW = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
RATE = {
    "name": "Tỷ lệ",
    "numerator": ["part"],
    "denominator": ["whole"],
    "direction": "higher",
    "zero_denominator": "undefined",
    "source": "Quyết định số 766/QĐ-TTg",
}


def rate(in_force_from=DAY):
    return Definition.define("indicator", "rate", RATE, in_force_from, AT, measures=MEASURES)


def revised(definition, day, **said):
    """The versions that it records."""
    definition.collect_events()
    definition.revise({**definition.versions[0].definition, **said}, day, AT, measures=MEASURES)
    return [event.revision for event in definition.collect_events()]


def sentences(*what, **said):
    with pytest.raises(DefinitionRefused) as refused:
        Definition.define(*what, **said)
    return refused.value.sentences


def test_a_version_is_recorded_once():
    definition = rate()
    assert revised(definition, DAY) == []
    assert revised(definition, date(2026, 1, 1)) == [2]
    assert revised(definition, date(2026, 1, 1), name="Tỷ lệ khác") == [3]
    assert (definition.revision, definition.definition["name"]) == (3, "Tỷ lệ khác")
    assert Definition.create_id("measure", "part") != Definition.create_id("indicator", "part")


def test_what_is_said_of_a_day_already_stays_quiet_also_after_a_version_from_a_later_day():
    definition = rate()
    assert revised(definition, date(2026, 1, 1), name="Tỷ lệ khác") == [2]
    assert revised(definition, DAY) == [], "a catalogue that is read again revises nothing"


def test_a_version_that_is_taken_back_is_recorded():
    definition = rate()
    assert revised(definition, DAY, name="Tỷ lệ khác") == [2]
    assert revised(definition, DAY) == [3]


def test_a_later_version_may_be_in_force_from_an_earlier_day():
    definition = rate(date(2025, 7, 1))
    assert definition.in_force_on(date(2025, 6, 30)) is None
    assert revised(definition, date(2025, 3, 1), name="Tỷ lệ trước") == [2]
    in_force = [definition.in_force_on(day) for day in (date(2025, 2, 28), date(2025, 6, 30), date(2025, 7, 1))]
    assert [version and version.revision for version in in_force] == [None, 2, 1]


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ({"kind": "stock"}, "is a flow and cannot become a stock; define another measure"),
        ({"by_field": False}, "is counted by field and cannot be without; define another measure"),
    ],
)
def test_how_a_measure_is_counted_never_changes(said, about):
    measure = Definition.define("measure", "part", FLOW, DAY, AT)
    with pytest.raises(DefinitionRefused) as refused:
        measure.revise({**FLOW, **said}, date(2030, 1, 1), AT)
    assert refused.value.sentences == [f"measure part {about}"]
    assert measure.revision == 1


@pytest.mark.parametrize(("kind", "allowed"), [("flow", True), ("survey", True), ("stock", False)])
def test_only_what_is_summed_can_be_counted_by_field_from_a_day_on(kind, allowed):
    measure = Definition.define("measure", "part", {**FLOW, "kind": kind, "by_field": False}, DAY, AT)
    try:
        measure.revise({**FLOW, "kind": kind}, date(2030, 1, 1), AT)
    except DefinitionRefused:
        assert not allowed
    assert measure.revision == 1 + allowed


def test_name_and_unit_of_a_measure_may_change():
    measure = Definition.define("measure", "part", FLOW, DAY, AT)
    measure.revise({**FLOW, "name": "Phần khác", "unit": "bộ"}, DAY, AT)
    assert measure.revision == 2


@pytest.mark.parametrize("decide", [partial(Definition.define, "indicator", "rate"), rate().revise])
def test_an_indicator_uses_defined_measures_only(decide):
    said = {**RATE, "numerator": ["part", "ghost"], "denominator": ["spectre", "ghost"]}
    with pytest.raises(DefinitionRefused) as refused:
        decide(said, DAY, AT, measures=MEASURES)
    assert refused.value.sentences == [
        f"indicator rate uses the measure {ghost}, which is not defined" for ghost in ("ghost", "spectre")
    ]


@pytest.mark.parametrize(
    ("kind", "name", "said", "day", "about"),
    [
        ("colour", "part", FLOW, DAY, '"colour" is nothing that can be defined'),
        ("measure", "_type_", FLOW, DAY, "an id has up to 80 letters"),
        ("measure", "a b", FLOW, DAY, "an id has"),
        ("measure", "part\n", FLOW, DAY, "an id has"),
        ("measure", "p" * 81, FLOW, DAY, "an id has"),
        ("measure", "part", {**FLOW, "_type_": "date_iso", "_data_": "x"}, DAY, "_type_ is no part of it"),
        ("measure", "part", {"name": "Phần"}, DAY, "kind is missing"),
        ("measure", "part", {**FLOW, "kind": "river"}, DAY, "kind is none of: flow, stock, survey"),
        ("measure", "part", {**FLOW, "by_field": float("nan")}, DAY, "by_field is neither true nor false"),
        ("measure", "part", {**FLOW, "unit": float("nan")}, DAY, "unit is not a text"),
        ("measure", "part", {**FLOW, "unit": " "}, DAY, "unit is not a text"),
        ("measure", "part", {**FLOW, "name": "x" * 301}, DAY, "name has 301 characters; at most 300 are kept"),
        ("measure", "part", {**FLOW, "name": "a\x00b"}, DAY, "name holds a character that cannot be printed"),
        ("measure", "part", {**FLOW, "name": "a\ud800"}, DAY, "name holds a character that cannot be printed"),
        ("measure", "part", FLOW, date(1066, 10, 14), "is no date of effect between 1990 and 2199"),
        ("measure", "part", FLOW, date(2200, 1, 1), "is no date of effect"),
        ("field", "land", FLOW, DAY, "unit is no part of it"),
        ("indicator", "rate", {**RATE, "numerator": []}, DAY, "numerator names no measure"),
        ("indicator", "rate", {**RATE, "numerator": "part"}, DAY, "numerator names no measure"),
        ("indicator", "rate", {**RATE, "numerator": [1]}, DAY, "numerator holds what is no measure's id"),
        ("indicator", "rate", {**RATE, "denominator": ["whole", "whole"]}, DAY, "denominator counts a measure twice"),
        ("indicator", "rate", {**RATE, "direction": "sideways"}, DAY, "direction is none of: higher, lower"),
        ("indicator", "rate", {**RATE, "zero_denominator": None}, DAY, "zero_denominator is none of: zero, full"),
        ("indicator", "rate", {**RATE, "value": 97.5}, DAY, "value is no part of it"),
    ],
)
def test_what_is_no_definition_is_refused(kind, name, said, day, about):
    said = sentences(kind, name, said, day, AT, measures=MEASURES)
    assert any(about in sentence for sentence in said), said
    assert all("\n" not in sentence and "\x00" not in sentence for sentence in said)


dates = st.integers(0, 6).map(lambda months: date(2025, 1 + months, 1))
days = st.integers(-40, 260).map(lambda n: DAY + timedelta(n))


@given(st.lists(st.tuples(dates, st.sampled_from(["part", "other"])), min_size=1, max_size=6), days)
def test_the_formula_that_judges_a_reading_is_the_version_in_force_on_its_day(versions, day):
    (first, measure), *others = versions
    definition = Definition.define("indicator", "rate", {**RATE, "numerator": [measure]}, first, AT, measures=MEASURES)
    for in_force_from, measure in others:
        definition.revise({**RATE, "numerator": [measure]}, in_force_from, AT, measures=MEASURES)
    said = [Said("rate", v.revision, v.definition, v.in_force_from) for v in definition.versions]
    rules = Rules(formulas=formulas_of(reversed(said), dict.fromkeys(MEASURES, "flow")))

    judging = [formula.numerator for found in rules.formulas_on(day).values() for formula in found]

    in_force = definition.in_force_on(day)
    assert judging == ([tuple(in_force.definition["numerator"])] if in_force else [])
    begun = [(begin, place) for place, (begin, _) in enumerate(versions) if begin <= day]
    assert judging == ([(versions[max(begun)[1]][1],)] if begun else [])


def test_a_formula_that_sums_flows_and_stocks_judges_no_reading():
    said = [Said("rate", 1, {**RATE, "numerator": ["part", "other"]}, DAY)]
    kinds = {"part": "flow", "whole": "flow", "other": "stock"}
    assert formulas_of(said, kinds) == []
    assert len(formulas_of(said, {**kinds, "other": "flow"})) == 1
