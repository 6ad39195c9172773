"""Targets of plans bound to indicators: by name and unit, with how sure that is, and what a person is asked."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from services.planning.documents.draft import Draft, DraftTarget
from services.planning.documents.draft_reader import bind_targets
from services.planning.plan_file import TargetBounds, read_plan
from services.planning.target_binding import bind, fields_in, unassessed
from services.planning.target_binding.names import indicator_names

ROOT = Path(__file__).parents[2]


@dataclass
class Asked:
    name: str
    unit: str | None = "%"
    indicator: str | None = None
    scope: str | None = None
    field: tuple[str, ...] | None = None
    target: object | None = TargetBounds(at_least=90)


def test_every_indicator_and_field_of_the_standard_catalogue_has_its_names():
    known = indicator_names()
    catalogue = yaml.safe_load((ROOT / "services/indicators/catalogue.yaml").read_text(encoding="utf-8"))
    assert {each.indicator: each.name for each in known.indicators} == {
        each["indicator"]: each["name"] for each in catalogue["indicators"]
    }
    fields = {each["field"]: each["name"].lower() for each in catalogue["fields"] if each["field"] != "other"}
    assert {each.field: each.names[0] for each in known.fields} == fields


@pytest.mark.parametrize("file", sorted((ROOT / "services/planning/plans").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_target_of_the_shipped_plans_is_bound_as_a_person_bound_it(file):
    for target in read_plan(file).indicators:
        found = bind(target.name, target.unit, has_level=target.target is not None, for_part=target.scope is not None)
        assert found.indicator == target.indicator, target.name
        assert fields_in(target.scope) == target.field


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("Tỷ lệ hồ sơ trực tuyến trên tổng số hồ sơ tiếp nhận, giải quyết TTHC.", "online-files"),
        ("TỶ LỆ HỒ SƠ TRỰC TUYẾN", "online-files"),
        ("Tỉ lệ số hoá HS, kết quả", "digitised-files"),
        ("Tỷ lệ giải quyết PAKN đúng hạn", "petitions-on-time"),
        ("Tỷ lệ hồ sơ TTHC giải quyết đúng và trước hạn", "files-on-time"),
        ("Tỷ lệ giải quyết hồ sơ đúng hạn trên tổng số hồ sơ đến hạn", "files-on-time-of-due"),
        ("Tỷ lệ hồ sơ TTHC thanh toán trực tuyến", "files-paid-online"),
        ("Tỷ lệ cung cấp DVC trực tuyến toàn trình trên tổng số TTHC đủ điều kiện", "fully-online-procedures"),
    ],
)
def test_wordings_of_one_indicator_are_sure(name, indicator):
    assert bind(name, "%").certainty == "sure"
    assert bind(name, None).indicator == indicator


@pytest.mark.parametrize(
    ("name", "unit", "certainty", "indicator"),
    [
        ("Tỷ lệ hồ sơ trực tuyến được giải quyết đúng hạn", "%", "likely", "files-on-time"),
        ("Tỷ lệ hồ sơ nộp trực tuyến của lĩnh vực hộ tịch", "%", "likely", "online-files"),
        ("Tỷ lệ hồ sơ không quá hạn", "%", "likely", "files-on-time"),
        ("Hoàn thành Kế hoạch", "%", "likely", "plan-tasks-completed"),
        ("Tỷ lệ hồ sơ trực tuyến và tỷ lệ thanh toán trực tuyến", "%", "unknown", None),
        ("Tỷ lệ cán bộ, công chức được tập huấn", "%", "unknown", None),
        ("Mức độ hài lòng về dịch vụ y tế", "%", "unknown", None),
        ("Số hồ sơ trực tuyến", "hồ sơ", "no-rate", None),
        ("Chỉ số cải cách hành chính", "điểm", "no-rate", None),
    ],
)
def test_a_doubtful_target_has_a_question(name, unit, certainty, indicator):
    found = bind(name, unit)
    assert (found.certainty, found.indicator) == (certainty, indicator)
    assert found.question


def test_a_target_without_a_level_is_never_sure():
    assert bind("Tỷ lệ hồ sơ trực tuyến", "%", has_level=False).certainty == "likely"


def test_a_draft_is_bound_with_its_fields_and_a_warning_at_the_place_of_each_doubt():
    level = TargetBounds(at_least=90)
    draft = Draft(
        indicators=[
            DraftTarget("Tỷ lệ hồ sơ trực tuyến", "dòng 3", "90%", unit="%", target=level),
            DraftTarget("Hoàn thành Kế hoạch", "dòng 4", "90%", unit="%", target=level),
            DraftTarget("Mức độ hài lòng", "dòng 5", "90%", unit="%", target=level, scope="đất đai, xây dựng"),
            DraftTarget("Tỷ lệ hộ nghèo", "dòng 6", "90%", unit="%", target=level),
        ]
    )
    bind_targets(draft)
    assert [target.indicator for target in draft.indicators] == [
        "online-files", "plan-tasks-completed", "satisfaction", None,
    ]  # fmt: skip
    assert draft.indicators[2].field == ("land", "construction")
    assert [warning.split(" ", 2)[:2] for warning in draft.warnings] == [["dòng", "4:"], ["dòng", "6:"]]
    assert "có lẽ là chỉ số plan-tasks-completed" in draft.warnings[0]


@pytest.mark.parametrize(
    ("targets", "sentence"),
    [
        ([Asked("Tỷ lệ hộ nghèo")], "chưa rõ do chỉ số nào đo"),
        ([Asked("Tỷ lệ hồ sơ trực tuyến")], "hãy ghi online-files"),
        ([Asked("Tỷ lệ hồ sơ trực tuyến", indicator="online-file")], "không có trong danh mục chuẩn"),
        ([Asked("Hài lòng", indicator="satisfaction", scope="trẻ em")], "chỉ giao cho một phần (trẻ em)"),
        ([Asked("Hài lòng", indicator="satisfaction")] * 2, "cùng chỉ số satisfaction với chỉ tiêu thứ 1"),
    ],
)
def test_a_target_that_no_report_would_assess_is_named_with_the_reason(targets, sentence):
    (found,) = unassessed(targets)
    assert (found.place, found.name) == (len(targets), targets[-1].name)
    assert sentence in found.question


def test_bound_targets_are_not_mentioned():
    assert unassessed([Asked("Hài lòng", indicator="satisfaction"), Asked("Hồ sơ", indicator="online-files")]) == []


def test_the_catalogue_of_a_province_has_its_own_indicators_and_not_those_that_it_does_not_count():
    own = indicator_names().of_catalogue(
        {"files-by-drone": "Tỷ lệ hồ sơ giao bằng thiết bị bay"}, {"forest": "Lâm nghiệp"}
    )
    standard = indicator_names().indicators[0]

    assert bind("Tỷ lệ hồ sơ giao bằng thiết bị bay", "%").indicator is None
    bound = bind("Tỷ lệ hồ sơ giao bằng thiết bị bay", "%", names=own)
    assert (bound.certainty, bound.indicator) == ("sure", "files-by-drone")
    assert bind(standard.name, "%", names=own).indicator is None
    assert fields_in("Lâm nghiệp", own) == ("forest",)
    target = Asked("Tỷ lệ hồ sơ giao bằng thiết bị bay", indicator="files-by-drone")
    assert [len(unassessed([target], names)) for names in (own, None)] == [0, 1]
