"""Contents of the first and second layout, of which tests/golden/editions has the bytes of every format."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from services.reporting.domain.content.report_content import Coverage, ReportContent
from services.reporting.domain.content.restatement import FigureChange, MovedFigure, ReadingCorrected, Restatement
from services.reporting.rendering import EditionMark
from services.reporting.rendering.canonical_json import read_report
from tests.reporting.example import example_commune_report, example_report

GOLDEN = Path(__file__).parents[1] / "golden" / "editions"
MARK = EditionMark(2, date(2025, 9, 20), "ab" * 32, 1, "Số liệu đính chính")
SECOND = {"computation": "2", "layout": "2"}


def example_restatement() -> Restatement:
    """Two figures moved, one by a correction, one by late readings."""
    correction = ReadingCorrected(
        position=7,
        commune="c21211",
        reading_id="21211-20250801-land",
        version=2,
        observed_on=date(2025, 8, 1),
        field="land",
        before={"files": 10, "online": 5},
        after={"files": 12, "online": 5},
        reason="Đối chiếu sổ giấy",
        by="Lê Văn Tám",
        submission_id="s-9",
    )
    moved = (
        MovedFigure(FigureChange("", "", "CT01", "Tỷ lệ hồ sơ đúng hạn", (60, 100), (61, 102)), (1,)),
        MovedFigure(FigureChange("c21211", "Xã Tịnh Khê", "II.06/land/3", "II.06, Đất đai, cột 3", (10,), (12,)), ()),
    )
    names = {"commune/c21211": "Xã Tịnh Khê", "field/land": "Đất đai", "measure/files": "Số hồ sơ tiếp nhận"}
    return Restatement(1, "Trần Bình", "Số liệu đính chính", (900, 905), (2, 2), moved, (correction,), names)


def with_coverage(report: ReportContent) -> ReportContent:
    """With a coverage of each line: every third is thin, every fourth had counts left out."""
    lines = tuple(
        replace(line, coverage=Coverage(96 - 30 * (place % 3 == 0), 96, 61 * 60, 61 * 96, place % 4, place % 4))
        for place, line in enumerate(report.indicators)
    )
    return replace(report, indicators=lines)


def _second(report: ReportContent) -> ReportContent:
    return with_coverage(replace(report, pins=report.pins | SECOND))


PRINTED = {
    1: {
        "small": (read_report((GOLDEN / "content-1.json").read_bytes()), MARK),
        "province": (example_report(), MARK),
        "commune": (example_commune_report(), None),
    },
    2: {
        "small": (read_report((GOLDEN / "content-2.json").read_bytes()), MARK),
        "province": (replace(_second(example_report()), restated=example_restatement()), MARK),
        "commune": (_second(example_commune_report()), None),
    },
}
