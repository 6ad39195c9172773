"""The coverage of each figure is printed beside it, with a sentence where it is thin or counts were left out."""

from dataclasses import replace

import pytest
from docx import Document
from lxml import html  # type: ignore[import-untyped]  # lxml has no types of its own

from services.reporting.domain.content.report_content import Coverage, Figure
from services.reporting.domain.content.versions import CURRENT, LAYOUT
from services.reporting.rendering import render
from services.reporting.rendering.text.coverage import EXPLANATION, OF_A_COMMUNE, coverage_text, coverage_warnings
from tests.reporting.example import example_commune_report, example_report

TODAY = CURRENT[LAYOUT]
REPORT = example_report(communes=8, indicators=3)
LINE = REPORT.indicators[0]
NONE = Figure(None, None)


def covered(*numbers, line=LINE, **changed):
    return replace(line, coverage=Coverage(*numbers), **changed)


@pytest.mark.parametrize(
    ("coverage", "text"),
    [
        ((61, 96, 5280, 6000), "61/96 xã; 88 % ngày"),
        ((96, 96, 5999, 6000), "96/96 xã; 99 % ngày"),  # rounded down: it is not all
        ((96, 96, 6000, 6000), "96/96 xã; 100 % ngày"),
        ((61, 96, None, 0), "61/96 xã"),  # a level: one day is enough
        ((0, 96, 0, 0), "0/96 xã"),
        ((1, 1, 57, 65), "87 % ngày"),
        ((1, 1, None, 0), "có số liệu"),
        ((0, 1, 0, 0), "–"),
    ],
)
def test_coverage_is_communes_and_the_part_of_their_days(coverage, text):
    assert coverage_text(covered(*coverage), TODAY).replace("\u00a0", " ") == text


def test_coverage_breaks_between_communes_and_days_only():
    assert coverage_text(covered(61, 96, 5280, 6000), TODAY).split(" ") == ["61/96\u00a0xã;", "88\u00a0%\u00a0ngày"]


def test_a_figure_of_before_there_was_coverage_has_a_dash_and_no_warning():
    assert (coverage_text(LINE, TODAY), coverage_warnings(LINE, [], TODAY)) == ("–", [])


@pytest.mark.parametrize(
    ("coverage", "sentences"),
    [
        ((77, 96, 5000, 5000), []),
        ((76, 96, 5000, 5000), ["Độ phủ thấp: 76/96 đơn vị có đủ số liệu, 100 % số ngày làm việc."]),
        ((96, 96, 3999, 5000), ["Độ phủ thấp: 96/96 đơn vị có đủ số liệu, 79 % số ngày làm việc."]),
        ((1, 1, 40, 65), ["Độ phủ thấp: 61 % số ngày làm việc."]),
        ((1, 1, 65, 65, 3, 1), ["Số liệu của 3 ngày thiếu một vế, không được tính."]),
    ],
)
def test_a_thin_coverage_and_counts_left_out_are_sentences(coverage, sentences):
    assert [s.replace("\u00a0", " ") for s in coverage_warnings(covered(*coverage), [], TODAY)] == sentences


def test_communes_with_counts_left_out_are_counted_and_five_of_them_named():
    communes = [(f"Xã {n}", covered(1, 1, 60, 65, n, 1)) for n in range(1, 8)]
    (sentence,) = coverage_warnings(covered(96, 96, 6000, 6000, 28, 7), communes, TODAY)
    assert sentence == (
        "7 đơn vị có số liệu thiếu một vế, không được tính: Xã 1 (1 ngày), Xã 2 (2 ngày), Xã 3 (3 ngày), "
        "Xã 4 (4 ngày), Xã 5 (5 ngày) và 2 đơn vị khác."
    )


def test_communes_that_had_a_figure_in_the_period_before_are_named():
    stopped = covered(0, 1, 0, 0, figure=NONE, previous=Figure(1, 2))
    never = covered(0, 1, 0, 0, figure=NONE, previous=NONE)
    found = coverage_warnings(covered(90, 96, 6000, 6000), [("Xã Nghỉ", stopped), ("Xã Mới", never)], TODAY)
    assert found == ["Kỳ trước có số liệu, kỳ này không có (1 đơn vị): Xã Nghỉ."]
    assert coverage_warnings(stopped, [], TODAY) == ["Kỳ trước có số liệu, kỳ này không có."]


@pytest.mark.parametrize(("report", "note"), [(REPORT, EXPLANATION), (example_commune_report(), OF_A_COMMUNE)])
def test_coverage_and_its_sentences_are_printed_beside_the_figure(report, note, tmp_path):
    thin = covered(*((1, 1, 40, 65) if report.commune else (61, 96, 5280, 6000)), line=report.indicators[0])
    pinned = report.pins | {LAYOUT: str(TODAY)}
    report = replace(report, indicators=(thin, *report.indicators[1:]), pins=pinned)
    files = {path.suffix: path for path in render(report, ["html", "docx"], tmp_path)}
    document = Document(str(files[".docx"]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    printed = {
        "html": html.fromstring(files[".html"].read_text(encoding="utf-8")).text_content(),
        "docx": "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)]),
    }
    for text in printed.values():
        plain = text.replace("\u00a0", " ")
        assert ("(!) 61 % ngày" if report.commune else "(!) 61/96 xã; 88 % ngày") in plain
        assert "(!) Độ phủ thấp: " in plain
        assert note.replace("\u00a0", " ") in plain
