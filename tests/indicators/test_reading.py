"""Rules for readings: each refuses with its name and a sentence that a clerk can act on."""

import re
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.indicators.domain.formula import Formula
from services.indicators.domain.reading import Ending, PlanSpan, ReadingVersion, Rules
from shared import refusal_rules

TODAY = date(2025, 9, 10)
COMMUNE = "17200"
ON_TIME = Formula("files-on-time", "Tỷ lệ đúng hạn", ("early", "on-time"), ("resolved",))
RULES = Rules(
    communes=frozenset({COMMUNE}),
    spans={
        COMMUNE: [
            PlanSpan(date(2025, 1, 1), date(2025, 3, 31), date(2025, 6, 30)),
            PlanSpan(date(2025, 3, 1), date(2025, 12, 31), date(2026, 12, 31)),
        ]
    },
    measures={name: f"Số {name}" for name in ("early", "on-time", "resolved")},
    fields=frozenset({"land"}),
    formulas=(ON_TIME,),
)
GOOD = ReadingVersion(1, TODAY, "land", {"early": 1, "on-time": 2, "resolved": 3})
ABOUT = {
    "unknown-commune": (COMMUNE, "chưa đăng ký"),
    "commune-ended": (COMMUNE, "không còn từ ngày 10/9/2025", "phường Mới báo cáo"),
    "unknown-field": ("sea", "không có trong danh mục"),
    "unknown-measure": ("fish", "không có trong danh mục"),
    "negative": ("Số early", "-1", "không được âm"),
    "future": ("11/9/2025", "chưa đến"),
    "numerator-over-denominator": ("Tỷ lệ đúng hạn", "tử số 4 lớn hơn mẫu số 3"),
    "span-over": ("1/5/2024", "31/5/2024", "đã kết thúc", "đến hết ngày 29/8/2024"),
}


def refused(reading: ReadingVersion, rules: Rules = RULES, today: date = TODAY):
    return rules.refusal(COMMUNE, reading, today)


def test_valid_reading_is_accepted():
    assert refused(GOOD) is None


@pytest.mark.parametrize(
    ("rule", "reading", "rules"),
    [
        ("unknown-commune", GOOD, replace(RULES, communes=frozenset({"1720", "172000"}))),
        ("commune-ended", GOOD, replace(RULES, endings={COMMUNE: Ending(TODAY, "Phường Mới")})),
        ("unknown-field", replace(GOOD, field="sea"), RULES),
        ("unknown-measure", replace(GOOD, values={"fish": 1}), RULES),
        ("negative", replace(GOOD, values={"early": -1}), RULES),
        ("future", replace(GOOD, observed_on=TODAY + timedelta(days=1)), RULES),
        ("numerator-over-denominator", replace(GOOD, values={"early": 2, "on-time": 2, "resolved": 3}), RULES),
        (
            "span-over",
            replace(GOOD, observed_on=date(2024, 5, 1)),
            replace(RULES, spans={COMMUNE: [PlanSpan(date(2024, 5, 1), date(2024, 5, 31), date(2024, 8, 29))]}),
        ),
    ],
)
def test_each_rule_refuses_with_its_name_and_a_sentence(rule, reading, rules):
    refusal = refused(reading, rules)
    assert refusal
    assert refusal.rule == rule
    assert refusal.sentence.endswith(".")
    assert all(part in refusal.sentence for part in ABOUT[rule]), refusal.sentence


@pytest.mark.parametrize(
    ("day", "rules", "rule"),
    [
        (TODAY, RULES, None),
        (date(2025, 9, 11), RULES, "future"),
        (TODAY, replace(RULES, endings={COMMUNE: Ending(date(2025, 9, 10), "Phường Mới")}), "commune-ended"),
        (
            date(2025, 5, 1),
            replace(RULES, spans={COMMUNE: [PlanSpan(date(2025, 5, 1), date(2025, 5, 31), date(2025, 8, 29))]}),
            "span-over",
        ),
    ],
)
def test_a_day_is_closed_by_the_rules_that_are_about_the_day_alone(day, rules, rule):
    closed = rules.closed(COMMUNE, day, TODAY)
    assert (closed and closed.rule) == rule


def test_every_rule_is_tested_here():
    written = Path(sys.modules[Rules.__module__].__file__).read_text(encoding="utf-8")
    names = re.findall(r"Refusal\(\s*([A-Z_]+)", written)
    assert {getattr(refusal_rules, name) for name in names} == set(ABOUT)


def test_reading_of_today_or_without_a_field_is_accepted():
    assert refused(replace(GOOD, field=None)) is None
    assert refused(GOOD, today=TODAY) is None


def test_zero_of_zero_is_accepted():
    assert refused(replace(GOOD, values={"early": 0, "on-time": 0, "resolved": 0})) is None


def test_formula_is_checked_only_when_all_its_measures_are_given():
    assert refused(replace(GOOD, values={"early": 9, "resolved": 3})) is None
    assert refused(replace(GOOD, values={"early": 9, "on-time": 9})) is None


def test_the_longest_window_of_the_plans_of_a_day_decides():
    in_both, last = replace(GOOD, observed_on=date(2025, 3, 15)), date(2026, 12, 31)
    assert refused(in_both, today=last) is None
    over = refused(in_both, today=last + timedelta(days=1))
    assert over
    assert over.rule == "span-over"
    assert "31/12/2025" in over.sentence
    in_the_first_only = replace(GOOD, observed_on=date(2025, 2, 28))
    assert refused(in_the_first_only, today=date(2025, 6, 30)) is None
    assert refused(in_the_first_only, today=date(2025, 7, 1))


def test_a_regime_without_a_window_never_ends_it():
    endless = replace(RULES, spans={COMMUNE: [*RULES.spans[COMMUNE], PlanSpan(date(2025, 1, 1), date(2025, 12, 31))]})
    assert refused(GOOD, endless, today=date(2199, 1, 1)) is None


def test_day_or_commune_without_a_plan_has_no_end():
    long_after = date(2199, 1, 1)
    assert refused(replace(GOOD, observed_on=date(2024, 12, 31)), today=long_after) is None
    assert refused(GOOD, replace(RULES, spans={"other": RULES.spans[COMMUNE]}), today=long_after) is None


def test_plan_without_an_end_is_never_over():
    endless = replace(RULES, spans={COMMUNE: [PlanSpan(date(2025, 1, 1), date.max)]})
    assert refused(GOOD, endless) is None


def test_last_date_is_refused_and_first_date_is_accepted():
    assert refused(replace(GOOD, observed_on=date.max)).rule == "future"
    assert refused(replace(GOOD, observed_on=date.min)) is None
