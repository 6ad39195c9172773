"""A target that is a change is compared with the period before, by how many percent of itself a rate moved."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.planning.publishers.plans import _targets
from services.reporting.domain.content.differences import PROVINCE
from services.reporting.domain.content.edition_changes import headline, headline_of_changes
from services.reporting.domain.content.report_content import Figure, IndicatorLine, Target
from services.reporting.domain.content.restatement import FigureChange
from services.reporting.read_models.plans import target_from
from services.reporting.rendering.answers import province_rows
from services.reporting.rendering.charts.rates import drawn_bound
from services.reporting.rendering.text import sentences
from tests.reporting.example import example_report


def line(target, now, before):
    return IndicatorLine("late", "Tỷ lệ quá hạn", 1, now, target, None, before)


@pytest.mark.parametrize(
    ("target", "now", "before", "met"),
    [
        (Target(at_least=Decimal(30), change="down"), Figure(7, 100), Figure(10, 100), True),
        (Target(at_least=Decimal(30), change="down"), Figure(8, 100), Figure(10, 100), False),
        (Target(at_least=Decimal(30), change="down"), Figure(13, 100), Figure(10, 100), False),
        (Target(at_least=Decimal(10), change="up"), Figure(55, 100), Figure(50, 100), True),
        (Target(at_least=Decimal(10), change="up"), Figure(54, 100), Figure(50, 100), False),
        (Target(at_least=Decimal(1), at_most=Decimal(2), change="up"), Figure(53, 100), Figure(50, 100), False),
        (Target(at_least=Decimal(10), change="up"), Figure(55, 100), Figure(None, None), None),
        (Target(at_least=Decimal(10), change="up"), Figure(None, None), Figure(50, 100), None),
        (Target(at_least=Decimal(10), change="up"), Figure(55, 100), Figure(0, 100), None),
        (Target(at_least=Decimal(55)), Figure(55, 100), Figure(None, None), True),
    ],
)
def test_a_change_is_met_against_the_period_before(target, now, before, met):
    assert line(target, now, before).met is met


@pytest.mark.parametrize(
    ("target", "now", "shown"),
    [
        (Target(at_least=Decimal(100)), Figure(2672, 2673), "99.9"),
        (Target(at_least=Decimal(100)), Figure(2673, 2673), "100.0"),
        (Target(at_least=Decimal(90)), Figure(2672, 2673), "100.0"),
        (Target(at_most=Decimal(5)), Figure(501, 10_000), "5.1"),
        (Target(above=Decimal(50)), Figure(5001, 10_000), "50.1"),
        (Target(at_least=Decimal(10), change="up"), Figure(9999, 10_000), "100.0"),
        (None, Figure(9999, 10_000), "100.0"),
    ],
)
def test_a_rate_is_never_shown_on_the_other_side_of_its_target(target, now, shown):
    assert str(line(target, now, Figure(1, 2)).shown_rate) == shown


@pytest.mark.parametrize(("layout", "rate"), [("2", "100.0"), ("3", "99.9")])
def test_pages_and_programs_have_the_rate_that_the_report_prints(layout, rate):
    missed = line(Target(at_least=Decimal(100)), Figure(2672, 2673), Figure(1, 2))
    report = replace(example_report(communes=1, indicators=1), indicators=(missed,), pins={"layout": layout})
    assert [str(row.rate) for row in province_rows(report)] == [rate]


def test_an_announcement_has_the_rates_that_the_report_shows():
    missed = line(Target(at_least=Decimal(100)), Figure(2672, 2673), Figure(1, 2))
    report = replace(example_report(communes=1, indicators=1), indicators=(missed,))
    assert headline(report) == ["Tỷ lệ quá hạn: 99,9\u00a0%"]
    change = FigureChange(PROVINCE, "", "late", "Tỷ lệ quá hạn", (2671, 2673), (2672, 2673))
    assert headline_of_changes([change], report) == ["Tỷ lệ quá hạn: 99,9\u00a0% → 99,9\u00a0%"]
    nothing = replace(change, before=(0, 0), after=())
    assert headline_of_changes([nothing], report) == ["Tỷ lệ quá hạn: – → –"]


def test_a_change_is_written_with_its_direction_and_not_drawn_as_a_level():
    target = Target(at_least=Decimal(30), change="down")
    assert sentences.target(line(target, Figure(7, 100), Figure(10, 100))) == "giảm ≥ 30\u00a0%"
    assert drawn_bound(target) is None


def test_stored_bounds_with_and_without_a_change_are_read():
    assert target_from({"at_least": "30", "change": "down"}) == Target(at_least=Decimal(30), change="down")
    assert target_from({"at_least": "30", "above": None}) == Target(at_least=Decimal(30))
    assert target_from(None) is None


@pytest.mark.parametrize(("unit", "announced"), [("%", "down"), (None, "down"), ("bậc", None)])
def test_a_change_in_ranks_is_announced_as_text_alone(unit, announced):
    stored = {"indicator": "late", "name": "a", "target_text": "b", "unit": unit}
    (target,) = _targets([{**stored, "target": {"at_least": "30", "change": "down"}}])
    assert (target.target and target.target.change) == announced
