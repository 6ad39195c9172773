"""Finds what a question names: its period, the province of its commune, the day of knowledge, the draft of a report."""

from datetime import date

from services.reporting.application import Reporting
from services.reporting.domain.content.report_content import ReportContent
from shared.clock import day_of
from shared.contracts.reporting import OfDraft
from shared.messaging.questions.questions import NoAnswer
from shared.periods import Period


def period_of(name: str) -> Period:
    """NoAnswer for a text that names none."""
    try:
        return Period.parse(name)
    except ValueError:
        raise NoAnswer(
            f"“{name}” không phải là một kỳ báo cáo; ví dụ: 2025-Q3, 2025-M07, 2025.", "unreadable"
        ) from None


def province_of(reporting: Reporting, commune: str) -> str:
    """Where it is today; NoAnswer for a commune that takes no part."""
    found = reporting.communes.on_day(commune, day_of(reporting.clock()))
    if found is None:
        raise NoAnswer(f"Không có đơn vị nào có mã {commune} đăng ký tham gia.", "not-found")
    return found.province


def known_on(reporting: Reporting, known_at: date | None = None) -> date:
    """The day of knowledge, today without one."""
    return known_at or day_of(reporting.clock())


def draft_of(reporting: Reporting, question: OfDraft, province: str, commune: str | None = None) -> ReportContent:
    """The report that the question is about, of the province or of one commune."""
    return reporting.kept.report(
        province,
        period_of(question.period),
        known_on(reporting, question.known_at),
        commune,
        regime=question.regime,
        definitions=question.definitions,
        map_day=question.map_day,
    )
