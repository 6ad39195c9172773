"""What a commune sent as its report, the rules by which it is taken, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.form import BrokenCheck
from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.domain.refusal import Refusal
from services.reporting.domain.regime import Regime
from shared import unreadable
from shared.event_sourcing import Aggregate, Created
from shared.periods import Period


def unknown_commune(commune: str) -> Refusal:
    return Refusal("unknown-commune", f"Đơn vị có mã {commune} chưa đăng ký tham gia.")


def unknown_period(name: str) -> Refusal:
    return Refusal("unknown-period", f"“{name}” không phải là kỳ báo cáo; ví dụ: 2025-Q3.")


def unknown_regime(name: str, period: Period) -> Refusal:
    return Refusal("unknown-regime", f"Không có chế độ báo cáo “{name}” cho {period.vietnamese}.")


def refusal_of_period(period: Period, regime: Regime, today: date) -> Refusal | None:
    """The first rule that a report breaks whatever it says, None when its content is worth looking at."""
    if "commune" not in regime.deadlines or not regime.reports(period):
        return Refusal(
            "period-not-reported", f"Chế độ “{regime.title}” không yêu cầu cấp xã báo cáo {period.vietnamese}."
        )
    last = regime.window(period)[1]
    if today <= last:
        return Refusal(
            "period-not-over", f"Kỳ báo cáo {period.vietnamese} đến hết ngày {last:%-d/%-m/%Y} mới kết thúc."
        )
    return None


def nothing_known(period: Period) -> Refusal:
    return Refusal("nothing-known", f"Chưa có số liệu nào của {period.vietnamese}; hãy gửi số liệu trước.")


def explained(report: QuarterlyReport, explanations: Mapping[str, str]) -> QuarterlyReport:
    """With what the commune says to each sum that does not add up: by check, or by check and field."""
    forms = tuple(
        replace(form, broken=tuple(_explained(check, explanations) for check in form.broken)) for form in report.forms
    )
    return replace(report, forms=forms)


def unexplained(report: QuarterlyReport) -> list[Refusal]:
    """A refusal for each sum that does not add up and that nobody explained."""
    return [
        Refusal("check-broken", check.sentence, check.key)
        for form in report.forms
        for check in form.broken
        if not (check.explanation or "").strip()
    ]


def _explained(check: BrokenCheck, explanations: Mapping[str, str]) -> BrokenCheck:
    return replace(check, explanation=explanations.get(check.key) or explanations.get(check.check))


class ReportSubmission(Aggregate):
    """Settled once. What it did is in the report's own events; what was refused of it is only here."""

    TOPIC = "reporting.report-submission"

    class Receipted(Created):
        TOPIC = "reporting.report-submission-receipted"

        commune: str
        submission_id: str
        kind: str
        regime: str
        period: str
        by: str
        refused: list[dict[str, Any]]
        duplicates: int

    @staticmethod
    def create_id(commune: str, submission_id: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"reporting/submission/{commune}/{submission_id}")

    @classmethod
    def settle(cls, at: datetime, *, refused: Sequence[Refusal], duplicates: int, **what: Any) -> "ReportSubmission":
        """`what` as in Receipted."""
        said = [{"item": each.item, "rule": each.rule, "sentence": each.sentence} for each in refused]
        return cls._create(cls.Receipted, timestamp=at, refused=said, duplicates=duplicates, **what)

    def __init__(self, **_: Any) -> None:
        """Nothing changes afterwards: what should be otherwise is said in another submission."""


class UnreadableMessage(unreadable.UnreadableMessage):
    TOPIC = "reporting.unreadable-message"

    class Parked(unreadable.UnreadableMessage.Parked):
        TOPIC = "reporting.message-parked"
