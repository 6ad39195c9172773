"""Decisions about definitions: a version is recorded, refused with sentences, or ignored as a repetition."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.indicators.domain.definition import Definition
from services.indicators.domain.definition_rules import DefinitionRefused
from services.indicators.domain.formula import DefinitionVersion, formulas_of
from services.indicators.domain.reading import Rules

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


def revised(definition, day, **changes):
    """The versions that it records."""
    definition.collect_events()
    definition.revise({**definition.versions[0].definition, **changes}, day, AT, measures=MEASURES)
    return [event.revision for event in definition.collect_events()]


def sentences(*definition, **options):
    with pytest.raises(DefinitionRefused) as refused:
        Definition.define(*definition, **options)
    return refused.value.sentences


def test_version_is_recorded_once():
    definition = rate()
    assert revised(definition, DAY) == []
    assert revised(definition, date(2026, 1, 1)) == [2]
    assert revised(definition, date(2026, 1, 1), name="Tỷ lệ khác") == [3]
    assert (definition.revision, definition.definition["name"]) == (3, "Tỷ lệ khác")
    assert Definition.create_id("measure", "part") != Definition.create_id("indicator", "part")


def test_repeating_a_definition_is_ignored_after_a_version_of_a_later_day():
    definition = rate()
    assert revised(definition, date(2026, 1, 1), name="Tỷ lệ khác") == [2]
    assert revised(definition, DAY) == [], "a catalogue that is read again revises nothing"


def test_returning_to_an_earlier_definition_is_recorded():
    definition = rate()
    assert revised(definition, DAY, name="Tỷ lệ khác") == [2]
    assert revised(definition, DAY) == [3]


def test_later_version_may_be_in_force_from_an_earlier_day():
    definition = rate(date(2025, 7, 1))
    assert definition.in_force_on(date(2025, 6, 30)) is None
    assert revised(definition, date(2025, 3, 1), name="Tỷ lệ trước") == [2]
    in_force = [definition.in_force_on(day) for day in (date(2025, 2, 28), date(2025, 6, 30), date(2025, 7, 1))]
    assert [version and version.revision for version in in_force] == [None, 2, 1]


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"kind": "stock"}, "thuộc loại flow nên không thể đổi thành stock; hãy định nghĩa một số đo khác"),
        ({"by_field": False}, "đã đếm theo lĩnh vực nên không thể bỏ lĩnh vực; hãy định nghĩa một số đo khác"),
    ],
)
def test_kind_of_a_measure_cannot_change(change, about):
    measure = Definition.define("measure", "part", FLOW, DAY, AT)
    with pytest.raises(DefinitionRefused) as refused:
        measure.revise({**FLOW, **change}, date(2030, 1, 1), AT)
    assert refused.value.sentences == [f"Số đo part {about}"]
    assert measure.revision == 1


@pytest.mark.parametrize(("kind", "allowed"), [("flow", True), ("survey", True), ("stock", False)])
def test_stock_cannot_become_counted_by_field(kind, allowed):
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
def test_undefined_measures_of_an_indicator_are_refused(decide):
    definition = {**RATE, "numerator": ["part", "ghost"], "denominator": ["spectre", "ghost"]}
    with pytest.raises(DefinitionRefused) as refused:
        decide(definition, DAY, AT, measures=MEASURES)
    assert refused.value.sentences == [
        f"Chỉ số rate dùng số đo {ghost}, chưa được định nghĩa" for ghost in ("ghost", "spectre")
    ]


@pytest.mark.parametrize(
    ("kind", "name", "definition", "day", "about"),
    [
        ("colour", "part", FLOW, DAY, '"colour" không phải là loại định nghĩa'),
        ("measure", "_type_", FLOW, DAY, "mã có tối đa 80 chữ cái"),
        ("measure", "a b", FLOW, DAY, "mã có tối đa"),
        ("measure", "part\n", FLOW, DAY, "mã có tối đa"),
        ("measure", "p" * 81, FLOW, DAY, "mã có tối đa"),
        ("measure", "part", {**FLOW, "_type_": "date_iso", "_data_": "x"}, DAY, "_type_ không có trong quy định"),
        ("measure", "part", {"name": "Phần"}, DAY, "kind còn thiếu"),
        ("measure", "part", {**FLOW, "kind": "river"}, DAY, "kind không phải là một trong: flow, stock, survey"),
        ("measure", "part", {**FLOW, "by_field": float("nan")}, DAY, "by_field không phải là true hoặc false"),
        ("measure", "part", {**FLOW, "unit": float("nan")}, DAY, "unit không phải là chữ"),
        ("measure", "part", {**FLOW, "unit": " "}, DAY, "unit không phải là chữ"),
        ("measure", "part", {**FLOW, "name": "x" * 301}, DAY, "name dài 301 ký tự, quá mức 300 ký tự"),
        ("measure", "part", {**FLOW, "name": "a\x00b"}, DAY, "name có ký tự không in được"),
        ("measure", "part", {**FLOW, "name": "a\ud800"}, DAY, "name có ký tự không in được"),
        ("measure", "part", FLOW, date(1066, 10, 14), "14/10/1066 không nằm trong các năm từ 1990 đến 2199"),
        ("measure", "part", FLOW, date(2200, 1, 1), "ngày có hiệu lực 1/1/2200 không nằm trong"),
        ("field", "land", FLOW, DAY, "unit không có trong quy định"),
        ("indicator", "rate", {**RATE, "numerator": []}, DAY, "numerator không nêu số đo nào"),
        ("indicator", "rate", {**RATE, "numerator": "part"}, DAY, "numerator không nêu số đo nào"),
        ("indicator", "rate", {**RATE, "numerator": [1]}, DAY, "numerator có giá trị không phải là mã số đo"),
        ("indicator", "rate", {**RATE, "denominator": ["whole", "whole"]}, DAY, "denominator nêu một số đo hai lần"),
        ("indicator", "rate", {**RATE, "direction": "sideways"}, DAY, "direction không phải là một trong: higher"),
        (
            "indicator",
            "rate",
            {**RATE, "zero_denominator": None},
            DAY,
            "zero_denominator không phải là một trong: zero",
        ),
        ("indicator", "rate", {**RATE, "value": 97.5}, DAY, "value không có trong quy định"),
    ],
)
def test_invalid_definition_is_refused(kind, name, definition, day, about):
    problems = sentences(kind, name, definition, day, AT, measures=MEASURES)
    assert any(about in sentence for sentence in problems), problems
    assert all("\n" not in sentence and "\x00" not in sentence for sentence in problems)


dates = st.integers(0, 6).map(lambda months: date(2025, 1 + months, 1))
days = st.integers(-40, 260).map(lambda n: DAY + timedelta(n))


@given(st.lists(st.tuples(dates, st.sampled_from(["part", "other"])), min_size=1, max_size=6), days)
def test_formula_of_a_day_is_the_version_in_force(versions, day):
    (first, measure), *others = versions
    definition = Definition.define("indicator", "rate", {**RATE, "numerator": [measure]}, first, AT, measures=MEASURES)
    for in_force_from, measure in others:
        definition.revise({**RATE, "numerator": [measure]}, in_force_from, AT, measures=MEASURES)
    rows = [DefinitionVersion("rate", v.revision, v.definition, v.in_force_from) for v in definition.versions]
    rules = Rules(formulas=formulas_of(reversed(rows), dict.fromkeys(MEASURES, "flow")))

    checking = [formula.numerator for found in rules.formulas_on(day).values() for formula in found]

    in_force = definition.in_force_on(day)
    assert checking == ([tuple(in_force.definition["numerator"])] if in_force else [])
    begun = [(begin, place) for place, (begin, _) in enumerate(versions) if begin <= day]
    assert checking == ([(versions[max(begun)[1]][1],)] if begun else [])


def test_formula_of_flows_and_stocks_checks_no_reading():
    rows = [DefinitionVersion("rate", 1, {**RATE, "numerator": ["part", "other"]}, DAY)]
    kinds = {"part": "flow", "whole": "flow", "other": "stock"}
    assert formulas_of(rows, kinds) == []
    assert len(formulas_of(rows, {**kinds, "other": "flow"})) == 1
