"""A restated report tells what moved: which figures, by which correction, by whom and why, in every format."""

import json
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from lxml import html  # type: ignore[import-untyped]  # lxml has no types of its own
from openpyxl import load_workbook

from services.reporting.domain.content.edition_changes import restated
from services.reporting.domain.content.report_content import Figure
from services.reporting.domain.content.restatement import (
    Causes,
    FigureChange,
    MovedFigure,
    ReadingCorrected,
    ReadingLate,
)
from services.reporting.domain.lifecycle.commune_report_events import APPROVED, SUBMITTED
from services.reporting.domain.lifecycle.report_status import ReportStatus, list_reports
from services.reporting.rendering import FORMATS, render
from services.reporting.rendering.canonical_json import canonical_json, read_report
from services.reporting.rendering.text import restated as text
from tests.reporting.example import example_report

BEFORE = example_report(communes=6, indicators=3)
WHO, WHY = "Lê Văn Tám", "Đối chiếu sổ giấy"


def corrected(commune, before, after, field=None, by=WHO):
    return ReadingCorrected(7, commune, "r-1", 2, date(2025, 8, 1), field, before, after, WHY, by, "s-9")


def moved(report, commune, figure):
    """With another figure of the first indicator, in a commune and in the province."""
    lines = tuple(
        replace(line, indicators=(replace(line.indicators[0], figure=figure), *line.indicators[1:]))
        if line.commune == commune
        else line
        for line in report.communes
    )
    own = replace(report.indicators[0], figure=figure)
    return replace(report, communes=lines, indicators=(own, *report.indicators[1:]), readings=report.readings + 4)


THIRD = BEFORE.communes[3].commune
CORRECTIONS = (
    corrected(THIRD, {"files": 10, "online": 5}, {"files": 12, "online": 5}, "land"),
    corrected("another", {"files": 3}, {}),
)
CAUSES = Causes(
    CORRECTIONS,
    {THIRD: [THIRD]},
    {"CT01": frozenset({"files", "online"}), "CT02": frozenset({"online"})},
    {f"commune/{THIRD}": "Xã Bình Sơn", "field/land": "Đất đai", "measure/files": "Số hồ sơ tiếp nhận"},
)
AFTER = restated(BEFORE, moved(BEFORE, THIRD, Figure(61, 100)), CAUSES, replaces=1, by="Trần Bình", reason="đính chính")


def test_each_moved_figure_names_the_corrections_behind_it():
    causes = {(each.change.commune, each.change.item): each.causes for each in AFTER.restated.moved}
    assert causes == {("", "CT01"): (1, 2), (THIRD, "CT01"): (1,)}
    assert AFTER.restated.late_readings == 4 + 1, "four more are counted although one was withdrawn"


@pytest.mark.parametrize(
    ("commune", "item", "causes"),
    [
        (THIRD, "CT02", ()),  # the measure of its formula was not corrected
        (THIRD, "CT01: đất đai", (1,)),
        (THIRD, "II.06/land/3", (1,)),
        (THIRD, "II.06/justice/3", ()),
        (THIRD, "II.06/total/3", (1,)),
        ("", "CT01", (1, 2)),
        ("c99999", "CT01", ()),
    ],
)
def test_a_correction_is_a_cause_in_its_commune_field_and_formula(commune, item, causes):
    change = FigureChange(commune, "", item, item, (1, 2), (1, 3))
    assert CAUSES.of(change).causes == causes


def test_a_withdrawal_is_a_cause_of_every_measure_of_its_reading():
    assert CORRECTIONS[1].changed == {"files"}


def test_a_restated_report_is_stored_and_read_back_byte_for_byte():
    content = canonical_json(AFTER)
    assert read_report(content) == read_report(canonical_json(read_report(content)))
    assert canonical_json(read_report(content)) == content
    assert json.loads(content)["restated"]["corrections"][0]["by"] == WHO


def test_another_way_of_computing_is_named_as_a_cause():
    later = replace(moved(BEFORE, THIRD, Figure(61, 100)), pins={**BEFORE.pins, "computation": "2"}, readings=12345)
    report = restated(BEFORE, later, Causes((), {}, {}), replaces=1, by="Trần Bình", reason="đính chính")
    assert any("Cách tính đã thay đổi, từ bản 1 sang bản 2" in sentence for sentence in text.sentences(report.restated))
    assert {row[-1] for row in text.moved_rows(report.restated)} == {"cách tính"}


def test_the_annex_is_in_every_format(tmp_path):
    files = {path.suffix[1:]: path for path in render(AFTER, list(FORMATS), tmp_path)}
    page = html.fromstring(files["html"].read_text(encoding="utf-8")).text_content()
    document = Document(str(files["docx"]))
    in_word = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    workbook = load_workbook(files["xlsx"])
    in_sheets = [str(value) for name in ("Số liệu thay đổi", "Lần sửa số liệu") for row in workbook[name].values
                 for value in row]  # fmt: skip
    for found in (page, "\n".join(in_word), "\n".join(in_sheets)):
        assert WHO in found
        assert WHY in found
        assert "Số hồ sơ tiếp nhận: 10 → 12" in found
        assert "61/100 (61,0\u00a0%)" in found
    assert any("SỐ LIỆU THAY ĐỔI SO VỚI LẦN CÔNG BỐ 1" in p.text.upper() for p in document.paragraphs)
    assert b"restated" in files["json"].read_bytes()


def status(commune, state):
    return ReportStatus(commune, state, 1, "Lan", date(2025, 9, 15), date(2025, 9, 16), 0, "a", {}, "Bình", None)


def test_a_correction_after_an_approval_is_shown_in_the_list():
    lines = BEFORE.communes[:3]
    states = (APPROVED, APPROVED, SUBMITTED)
    statuses = {line.commune: status(line.commune, state) for line, state in zip(lines, states, strict=True)}
    changed = {lines[0].commune: 3, lines[2].commune: 2}
    listed = list_reports(lines, statuses, changed, date(2025, 9, 16), date(2025, 9, 20))
    assert [(each.state, each.changed, each.outdated) for each in listed] == [
        ("approved", 3, True), ("approved", 0, False), ("submitted", 2, False),
    ]  # fmt: skip


def test_a_commune_has_one_row_of_its_moved_figures_with_their_places_in_the_first_table():
    more = (
        MovedFigure(FigureChange(THIRD, "Xã Bình Sơn", "CT02", "CT02", (5, 10), (5, 10)), (1,)),
        MovedFigure(FigureChange(THIRD, "Xã Bình Sơn", "CT01: đất đai", "Phần đất đai", (None, None), (1, 2)), (2,)),
    )
    restatement = replace(AFTER.restated, moved=(*AFTER.restated.moved, *more))
    places = {"CT01": 1, "CT02": 2}
    (whole,) = text.moved_of_the_whole(restatement, places)
    assert whole[0] == "1"
    ((_, figures, causes),) = text.moved_of_communes(restatement, places)
    first, second, part = figures.split("; ")
    assert first.replace("\u00a0", " ") == "(1) 0/40 → 61/100 (0,0 % → 61,0 %)"
    assert second.replace("\u00a0", " ") == "(2) 5/10 → 5/10 (50,0 %)"
    assert part == "Phần đất đai: – → 1/2"
    assert causes == "1, 2"


def test_a_correction_of_the_quarter_before_is_a_cause_of_cells_of_forms_alone():
    earlier = replace(CORRECTIONS[0], observed_on=date(2025, 6, 10))
    causes = replace(CAUSES, corrections=(earlier,), counted_from=date(2025, 6, 15))
    cell = FigureChange(THIRD, "", "II.06/land/6", "II.06", (5,), (6,))
    rate = FigureChange(THIRD, "", "CT01", "CT01", (5, 10), (6, 10))
    assert [causes.of(each).causes for each in (cell, rate)] == [(1,), ()]


def test_a_withdrawal_of_the_quarter_before_hides_no_late_reading():
    withdrawn = replace(CORRECTIONS[1], observed_on=date(2025, 6, 10))
    causes = replace(CAUSES, corrections=(withdrawn,))
    after = replace(moved(BEFORE, THIRD, Figure(61, 100)), counted_from=date(2025, 6, 15))
    report = restated(BEFORE, after, causes, replaces=1, by="Trần Bình", reason="đính chính")
    assert report.restated.late_readings == 4
    assert read_report(canonical_json(report)) == report
    assert b"counted_from" not in canonical_json(AFTER.restated), "content of before has the same bytes"


def late(commune, reading_id="r-late", field="land"):
    return ReadingLate(9, commune, reading_id, date(2025, 8, 2), field, {"files": 4}, "s-11", date(2025, 9, 20))


LATE = replace(CAUSES, late=(late(THIRD), late("another", "r-other")))
NAMED = restated(BEFORE, moved(BEFORE, THIRD, Figure(61, 100)), LATE, replaces=1, by="Trần Bình", reason="đính chính")


def test_a_restatement_names_the_late_readings_behind_each_figure(tmp_path):
    causes = {(each.change.commune, each.change.item): each.late for each in NAMED.restated.moved}
    assert causes == {("", "CT01"): (1, 2), (THIRD, "CT01"): (1,)}
    assert {row[-1] for row in text.moved_rows(NAMED.restated)} == {"1, M1", "1, 2, M1, M2"}
    files = {path.suffix[1:]: path for path in render(NAMED, ["html", "docx", "xlsx"], tmp_path)}
    page = html.fromstring(files["html"].read_text(encoding="utf-8")).text_content()
    sheet = load_workbook(files["xlsx"])["Số liệu gửi muộn"]
    for found in (page, "\n".join(str(value) for row in sheet.values for value in row)):
        assert "r-late" in found
        assert "Số hồ sơ tiếp nhận: 4" in found
        assert "20/9/2025" in found


def test_content_without_named_late_readings_has_the_bytes_that_it_had():
    assert b'"late":[' not in canonical_json(AFTER)
    content = canonical_json(NAMED)
    assert canonical_json(read_report(content)) == content
    assert read_report(content).restated.late == NAMED.restated.late


def test_a_restatement_names_a_thousand_late_readings_and_counts_all():
    many = replace(CAUSES, late=tuple(late(THIRD, f"r-{n}") for n in range(1200)))
    after = replace(moved(BEFORE, THIRD, Figure(61, 100)), readings=BEFORE.readings + 1200)
    report = restated(BEFORE, after, many, replaces=1, by="Trần Bình", reason="đính chính")
    assert (len(report.restated.late), report.restated.late_readings) == (1000, 1201)
