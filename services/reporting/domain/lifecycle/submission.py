"""The submission of a commune's report: the rules that refuse it, and the event of its receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.refusal import Refusal
from services.reporting.domain.regime import Regime
from shared.periods import Period
from shared.record import unreadable_message
from shared.record.aggregate import Aggregate, Created, had_no_accounts
from shared.refusal_rules import CHECK_BROKEN, COMMUNE_ENDED, NOTHING_KNOWN, UNKNOWN_COMMUNE
from shared.vietnamese import mid_sentence


def unknown_commune(commune: str) -> Refusal:
    return Refusal(UNKNOWN_COMMUNE, f"Đơn vị có mã {commune} chưa đăng ký tham gia.")


def unknown_period(name: str) -> Refusal:
    return Refusal("unknown-period", f"“{name}” không phải là kỳ báo cáo; ví dụ: 2025-Q3.")


def unknown_regime(name: str, period: Period) -> Refusal:
    return Refusal("unknown-regime", f"Không có chế độ báo cáo “{name}” cho {period.vietnamese}.")


def refusal_of_period(period: Period, regime: Regime, today: date) -> Refusal | None:
    """A refusal for a period that the regime does not report, or that is not over; None for any other."""
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
    return Refusal(NOTHING_KNOWN, f"Chưa có số liệu nào của {period.vietnamese}; hãy gửi số liệu trước.")


def commune_ended(name: str, successor: str, period: Period) -> Refusal:
    return Refusal(
        COMMUNE_ENDED,
        f"{name} không còn vào ngày cuối của kỳ; báo cáo {period.vietnamese} do {mid_sentence(successor)} lập.",
    )


def explained(report: ReportContent, explanations: Mapping[str, str]) -> ReportContent:
    """The report with the commune's explanations of sums that do not add up, given by check, or by check and field."""
    forms = tuple(
        replace(form, broken=tuple(check.with_explanation(explanations) for check in form.broken))
        for form in report.forms
    )
    return replace(report, forms=forms)


def refusals_of_broken_checks(report: ReportContent) -> list[Refusal]:
    """A refusal for each sum that does not add up and has no explanation."""
    return [Refusal(CHECK_BROKEN, check.sentence, check.key) for form in report.forms for check in form.unexplained]


class RefusedPart(TypedDict):
    """`item` is the part of the report that is refused, "" for the whole."""

    item: str
    rule: str
    sentence: str


class ReceiptedFields(TypedDict):
    """The fields of a receipt besides its outcome; `kind` is the kind of the submission."""

    commune: str
    submission_id: str
    kind: str
    regime: str
    period: str
    by: str
    by_account: str | None
    explanations: dict[str, str]
    stated: dict[str, int]
    narrative: dict[str, str]


class ReportSubmission(Aggregate):
    """The receipt of a submission, recorded once. The report's own events have its effects, this one its refusals."""

    TOPIC = "reporting.report-submission"

    class Receipted(Created):
        TOPIC = "reporting.report-submission-receipted"
        class_version = 4

        commune: str
        submission_id: str
        kind: str
        regime: str
        period: str
        by: str
        by_account: str | None
        explanations: dict[str, str]
        stated: dict[str, int]
        narrative: dict[str, str]
        refused: list[RefusedPart]
        duplicates: int

        @staticmethod
        def upcast_v1_v2(state: dict[str, object]) -> None:
            """Version 1 holds neither; those of an accepted report are in the report's own event."""
            state.update(explanations={}, stated={})

        @staticmethod
        def upcast_v2_v3(state: dict[str, object]) -> None:
            """Version 2 had no sections that a person writes."""
            state.update(narrative={})

        upcast_v3_v4 = staticmethod(had_no_accounts)

    @staticmethod
    def create_id(commune: str, submission_id: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"reporting/submission/{commune}/{submission_id}")

    @classmethod
    def settle(
        cls, at: datetime, *, refused: Sequence[Refusal], duplicates: int, **fields: Unpack[ReceiptedFields]
    ) -> "ReportSubmission":
        refusals: list[RefusedPart] = [
            {"item": each.item, "rule": each.rule, "sentence": each.sentence} for each in refused
        ]
        return cls._create(cls.Receipted, timestamp=at, refused=refusals, duplicates=duplicates, **fields)

    def __init__(self, **_: object) -> None:
        """A receipt never changes; a correction is another submission."""


class UnreadableMessage(unreadable_message.UnreadableMessage):
    TOPIC = "reporting.unreadable-message"

    class Parked(unreadable_message.UnreadableMessage.Parked):
        TOPIC = "reporting.message-parked"
