"""What moved between two states of a report: each figure finds its causes, and each cause its words."""

from dataclasses import replace
from datetime import date

import pytest

from services.reporting.domain.content import comparison
from services.reporting.domain.content.comparison import Cause, Comparison, State
from services.reporting.domain.content.restatement import FigureChange, ReadingCorrected, ReadingLate
from services.reporting.rendering.text import comparison as text
from tests.reporting.example import example_report

BEFORE = example_report(communes=3, indicators=2)
COMMUNE, OTHER = (line.commune for line in BEFORE.communes[:2])
DAY, RECORDED = date(2025, 8, 1), date(2025, 9, 20)
CORRECTED = comparison.of_correction(
    ReadingCorrected(7, COMMUNE, "r-1", 2, DAY, "land", {"files": 3, "online": 1}, {"files": 5, "online": 1}, "nhầm",
                     "Lê Văn Tám", "s-9"), "", None
)  # fmt: skip
WITHDRAWN = comparison.of_correction(
    ReadingCorrected(8, COMMUNE, "r-2", 2, DAY, "", {"files": 3}, {}, "trùng", None, "s-10"), "", None
)
LATE = comparison.of_late(ReadingLate(9, COMMUNE, "r-3", DAY, "land", {"files": 4}, "s-11", RECORDED), "")
NEW = Cause("new", commune=COMMUNE, count=12)
FORMULA = Cause("formula", "CT01", service="indicators", position=11, day=DAY, indicators=("CT01",), source="QĐ 5")
MERGED = Cause(
    "territory", "merged", COMMUNE, "Xã A", "planning", 12, RECORDED, DAY, after="Xã B", communes=(OTHER,)
)  # fmt: skip
TARGET = Cause("target", "p-1", COMMUNE, service="planning", position=13, indicators=("CT01",))
RULE = Cause("rule", "computation", before="1", after="2")
FORM = Cause("rule", "form II.06", before="1", after="2")


def moved(commune, item):
    return FigureChange(commune, "", item, item, (1, 2), (1, 3))


@pytest.mark.parametrize(
    ("cause", "moves", "leaves"),
    [
        (NEW, [("", "CT01"), (COMMUNE, "CT02"), (COMMUNE, "II.06/land/3")], [(OTHER, "CT01")]),
        (FORMULA, [("", "CT01"), (COMMUNE, "CT01"), (OTHER, "CT01: đất đai")], [("", "CT02"), (COMMUNE, "CT02")]),
        (MERGED, [("", "CT01"), (COMMUNE, "CT01"), (OTHER, "CT02")], [("c99999", "CT01")]),
        (RULE, [("", "CT01"), (OTHER, "CT02"), ("", "II.06/land/3")], []),
        (FORM, [("", "II.06/land/3")], [("", "CT01")]),
        (TARGET, [], [(COMMUNE, "CT01")]),
    ],
)
def test_a_cause_moves_figures_of_its_communes_and_indicators(cause, moves, leaves):
    others = comparison.other_causes([LATE, cause])
    assert all(comparison.explained(moved(*key), [1], others).causes == (1, 2) for key in moves)
    assert all(comparison.explained(moved(*key), [1], others).causes == (1,) for key in leaves)


def with_target(report, words):
    first, *rest = report.communes
    line = replace(first.indicators[0], target_text=words)
    return replace(report, communes=(replace(first, indicators=(line, *first.indicators[1:])), *rest))


def test_another_target_of_a_commune_is_found_with_the_plan_that_sets_it():
    (change,) = comparison.changed_targets(BEFORE, with_target(BEFORE, "Tối thiểu 99%"))
    indicator = BEFORE.communes[0].indicators[0].indicator
    assert (change.commune, change.item, change.after) == (COMMUNE, indicator, "Tối thiểu 99%")
    plan = replace(TARGET, indicators=(indicator,))
    assert comparison.with_causes(change, [LATE, plan]).causes == (2,)
    assert comparison.with_causes(change, [replace(plan, commune=OTHER)]).causes == ()
    assert comparison.with_causes(change, [replace(plan, indicators=("other",))]).causes == ()


def test_another_version_of_a_formula_and_of_a_rule_is_found():
    line = replace(BEFORE.indicators[0], definition_version=BEFORE.indicators[0].definition_version + 1)
    after = replace(BEFORE, indicators=(line, *BEFORE.indicators[1:]), pins={**BEFORE.pins, "form II.06": "9"})
    assert comparison.revised(BEFORE, after) == {line.indicator: line.definition_version}
    assert ("form II.06", "9") in {(each.subject, each.after) for each in comparison.pinned_rules(BEFORE, after)}
    assert comparison.revised(BEFORE, BEFORE) == {}
    assert comparison.pinned_rules(BEFORE, replace(BEFORE, pins={**BEFORE.pins, "calendar": "x"})) == []


def compared(causes, places=(1,)):
    states = (State(1, date(2025, 9, 15), {}, 10), State(None, RECORDED, {}, 12))
    figure = comparison.explained(moved(COMMUNE, "CT01"), places, [])
    names = {"field/land": "Đất đai", "measure/files": "Số hồ sơ"}
    return Comparison("51", "Tỉnh Quảng Ngãi", "2025-Q3", "quý III/2025", *states, [figure], [], causes, names)


def test_events_and_the_figures_that_they_moved_are_counted_by_kind():
    found = compared([LATE, CORRECTED, NEW], places=(1, 3))
    assert found.by_kind == {"late": (1, 1), "corrected": (1, 0), "new": (12, 1)}
    assert text.kind_rows(found)[0] == ("gửi muộn", "1", "1")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (CORRECTED, ["đính chính: bản r-1", "Đất đai", "Số hồ sơ 3 → 5", "Lê Văn Tám: “nhầm”", "bài gửi s-9",
                     "vị trí 7"]),
        (WITHDRAWN, ["rút số liệu: bản r-2", "Số hồ sơ 3 → –", "không ghi người sửa: “trùng”"]),
        (LATE, ["gửi muộn: bản r-3", "ngày 1/8/2025", "Số hồ sơ 4", "ghi ngày 20/9/2025", "sổ chỉ tiêu"]),
        (NEW, ["12 bản số liệu của những ngày sau"]),
        (FORMULA, ["công thức của CT01 thay đổi từ ngày 1/8/2025 theo QĐ 5"]),
        (MERGED, ["Xã A sáp nhập vào Xã B từ ngày 1/8/2025", "sổ kế hoạch, vị trí 12"]),
        (TARGET, ["kế hoạch p-1"]),
        (RULE, ["phiên bản của computation: 1 → 2"]),
    ],
)  # fmt: skip
def test_each_kind_of_cause_has_its_words(cause, words):
    found = compared([cause])
    assert [each for each in words if each not in text.cause_text(cause, found)] == []


def test_a_figure_without_a_cause_names_the_replay():
    (figure,) = compared([LATE], places=()).figures
    assert "audit replay" in text.moved_text(figure)
    assert [line for line in text.heading(compared([LATE])) if "lần công bố 1" in line] != []
