"""The numbered headings of a report's body, and the texts of the sections that a person writes."""

from services.reporting.domain.content.narrative import ASSESSMENT, NEXT_PERIOD, PROPOSALS, SECTIONS
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.versions import SIGNABLE

INDICATORS, TASKS, SUBMISSIONS, SCORES = "indicators", "tasks", "submissions", "scores"
UNWRITTEN = "(Phần này chưa có nội dung; người lập báo cáo bổ sung trước khi trình ký.)"
_TITLES = {
    ASSESSMENT: "Đánh giá chung",
    INDICATORS: "Kết quả thực hiện chỉ tiêu",
    TASKS: "Nhiệm vụ",
    SUBMISSIONS: "Tình hình gửi số liệu",
    SCORES: "Kết quả chấm điểm",
    NEXT_PERIOD: "Phương hướng, nhiệm vụ kỳ tiếp theo",
    PROPOSALS: "Đề xuất, kiến nghị",
}
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def roman(place: int) -> str:
    return _ROMAN[place - 1] if place <= len(_ROMAN) else str(place)


def title(section: str) -> str:
    return _TITLES[section]


def headings(report: ReportContent) -> dict[str, str]:
    """`II. Nhiệm vụ` by section, in the order of the report. Before layout 3 no section was written by a person."""
    absent: tuple[str, ...] = () if report.scores else (SCORES,)
    absent += SECTIONS if report.layout < SIGNABLE else ()
    present = [section for section in _TITLES if section not in absent]
    return {section: f"{roman(place)}. {_TITLES[section]}" for place, section in enumerate(present, start=1)}


def paragraphs(report: ReportContent, section: str) -> list[str]:
    """The paragraphs that a person wrote for a section; empty where nothing is written."""
    texts = [written.text for written in report.narrative if written.section == section]
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]
