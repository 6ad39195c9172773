"""Rows of indicator tables as targets, and targets in the cells of task tables."""

from datetime import date
from decimal import Decimal

from services.planning.documents.tables import find_tables, read_indicators, read_tasks
from services.planning.documents.tables.targets import TargetsRead
from services.planning.plan_file import TargetBounds
from tests.planning.documents.drawn import document, table

HEADER = ["TT", "Nội dung chỉ tiêu", "ĐVT", "Chỉ tiêu năm 2026", "Cơ quan thực hiện"]


def read(*rows: list[str], header: list[str] = HEADER) -> TargetsRead:
    (headed,) = find_tables(document(table(header, *rows))).tables
    assert headed.kind == "indicators"
    return read_indicators(headed, 2026)


def test_a_row_has_its_name_unit_bounds_and_owners() -> None:
    read_ = read(
        ["1", "Đơn được trả lời\nđúng hẹn", "%", "Tối thiểu 95", "- Phòng Kinh tế chủ trì;\n- Công an xã phối hợp"]
    )
    (target,) = read_.targets
    assert (target.code, target.name, target.unit) == ("1", "Đơn được trả lời đúng hẹn", "%")
    assert (target.target, target.target_text) == (TargetBounds(at_least=Decimal(95)), "Tối thiểu 95")
    assert target.owners == ["Phòng Kinh tế", "Công an xã"]
    assert read_.warnings == []


def test_owners_outside_the_commune_and_supporting_owners_are_warnings() -> None:
    warnings = read(
        ["1", "Đơn trả lời đúng hẹn", "%", "95", "Sở Nội vụ"],
        ["2", "Hồ sơ qua mạng", "%", "60", "Phòng Kinh tế phối hợp"],
    ).warnings
    assert "dòng 2: cơ quan ngoài xã, phường được giao chỉ tiêu: Sở Nội vụ." in warnings
    assert any(warning.startswith("dòng 3: ") and "phối hợp" in warning for warning in warnings)


def test_of_several_years_the_plan_year_is_read_and_the_others_are_named() -> None:
    read_ = read(
        ["1", "Hồ sơ qua mạng", "%", "40", "60", "80", "Phòng Kinh tế"],
        header=["TT", "Chỉ tiêu", "ĐVT", "Năm 2025", "Năm 2026", "Năm 2027", "Đơn vị thực hiện"],
    )
    assert read_.targets[0].target == TargetBounds(at_least=Decimal(60))
    assert read_.warnings == ["dòng 1: lấy chỉ tiêu ở cột “Năm 2026”, chưa đọc cột “Năm 2025”, “Năm 2027”."]


def test_groups_are_no_targets_and_an_empty_target_is_a_warning() -> None:
    read_ = read(["I", "Trực tuyến", "", "", ""], ["1", "Hồ sơ qua mạng", "%", "", "Phòng Kinh tế"])
    (target,) = read_.targets
    assert (target.name, target.target, target.target_text) == ("Hồ sơ qua mạng", None, "(để trống)")
    assert read_.warnings == ["dòng 3: chỉ tiêu “Hồ sơ qua mạng” không ghi mức phải đạt."]


def test_the_level_may_be_within_the_name() -> None:
    first, second = read(
        ["1", "Tối thiểu 80% hồ sơ nộp qua mạng", "Phòng Kinh tế"],
        ["2", "Mọi đơn có trả lời", "Phòng Kinh tế"],
        header=["STT", "Chỉ tiêu", "Cơ quan thực hiện"],
    ).targets
    assert (first.code, first.name) == ("1", "Tối thiểu 80% hồ sơ nộp qua mạng")
    assert (first.target, first.target_text, first.unit) == (
        TargetBounds(at_least=Decimal(80)),
        "Tối thiểu 80%",
        "%",
    )
    assert (second.target, second.target_text) == (None, "(để trống)")


def test_a_part_of_an_indicator_has_a_warning_that_names_the_whole() -> None:
    read_ = read(
        ["1", "Hồ sơ qua mạng", "", "", ""],
        ["a", "Toàn trình", "%", "≥ 70", "Phòng Kinh tế"],
    )
    assert read_.targets[0].name == "Toàn trình"
    assert read_.warnings == ["dòng 3: chỉ tiêu “Toàn trình” nằm dưới “Hồ sơ qua mạng”."]


def test_levels_by_quarter_beside_that_of_the_year_are_warnings() -> None:
    read_ = read(
        ["1", "Hồ sơ qua mạng", "%", "80", "60", "70"],
        header=["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch năm 2026", "Quý I", "Quý II"],
    )
    assert read_.targets[0].target == TargetBounds(at_least=Decimal(80))
    assert read_.warnings == ["dòng 2: cột “Quý I”: 60.", "dòng 2: cột “Quý II”: 70."]


def test_a_header_in_percent_gives_the_unit_without_a_unit_column() -> None:
    read_ = read(["1", "Hồ sơ qua mạng", "60", "Phòng Kinh tế"], header=["TT", "Tên chỉ tiêu", "Tỷ lệ (%)", "Đơn vị"])
    assert read_.targets[0].unit == "%"


def test_targets_in_a_table_of_tasks_are_owned_by_the_leading_bodies() -> None:
    drawn = table(
        ["TT", "Nhiệm vụ", "Yêu cầu", "Chủ trì", "Thời hạn"],
        ["1", "Trả lời đơn", "Phấn đấu 95% đơn được trả lời đúng hẹn", "Phòng Kinh tế", "Quý I"],
    )
    (headed,) = find_tables(document(drawn)).tables
    _, (target,), _ = read_tasks(headed, 2026, (date(2026, 1, 1), date(2026, 12, 31)))
    assert (target.code, target.unit, target.owners) == (None, "%", ["Phòng Kinh tế"])
    assert target.target == TargetBounds(at_least=Decimal(95))
