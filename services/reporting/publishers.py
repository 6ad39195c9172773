"""Translates each stored event of Reporting into its announcement."""

from services.reporting.domain.lifecycle import commune_report_events, province_report_events
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.submission import UnreadableMessage
from shared.contracts.reporting import (
    CellRemark,
    MessageParked,
    OvertakingCorrection,
    ReportApprovalOvertaken,
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportReminded,
    ReportRestated,
    ReportReturned,
    ReportSubmitted,
)
from shared.messaging.announcing.translations import Translations, announcing
from shared.record.event_store import Envelope, RecordedEvent
from shared.record.unreadable_message import parked_fields

OfCommuneReport = (
    commune_report_events.Due
    | commune_report_events.Late
    | commune_report_events.Reminded
    | commune_report_events.Submitted
    | commune_report_events.Returned
    | commune_report_events.Approved
    | commune_report_events.ApprovalOvertaken
)
OfReport = (
    province_report_events.Due
    | province_report_events.Late
    | province_report_events.Published
    | province_report_events.Restated
)


class _Report(Envelope):
    province: str
    regime: str
    regime_name: str
    period: str


class _CommuneReport(_Report):
    commune: str


def _report(recorded: RecordedEvent, event: OfCommuneReport | OfReport) -> _Report:
    return {
        **recorded.envelope,
        "province": event.province,
        "regime": event.regime,
        "regime_name": event.regime_name,
        "period": event.period,
    }


def _commune_report(recorded: RecordedEvent, event: OfCommuneReport) -> _CommuneReport:
    return {**_report(recorded, event), "commune": event.commune}


def _commune_report_due(recorded: RecordedEvent, event: commune_report_events.Due) -> ReportDue:
    return ReportDue(
        **_commune_report(recorded, event),
        province_name=event.province_name,
        level="commune",
        due_on=event.due_on,
        days_left=event.days_left,
    )


def _commune_report_late(recorded: RecordedEvent, event: commune_report_events.Late) -> ReportLate:
    return ReportLate(
        **_commune_report(recorded, event),
        province_name=event.province_name,
        level="commune",
        due_on=event.due_on,
        days_late=event.days_late,
    )


def _commune_report_reminded(recorded: RecordedEvent, event: commune_report_events.Reminded) -> ReportReminded:
    return ReportReminded(
        **_commune_report(recorded, event),
        province_name=event.province_name,
        due_on=event.due_on,
        days_left=event.days_left,
        note=event.note,
        by=event.by,
        by_account=event.by_account,
    )


def _submitted(recorded: RecordedEvent, event: commune_report_events.Submitted) -> ReportSubmitted:
    return ReportSubmitted(
        **_commune_report(recorded, event),
        submission=event.submission,
        by=event.by,
        by_account=event.by_account,
        due_on=event.due_on,
        days_late=event.days_late,
        content_sha256=event.content_sha256,
    )


def _returned(recorded: RecordedEvent, event: commune_report_events.Returned) -> ReportReturned:
    return ReportReturned(
        **_commune_report(recorded, event),
        submission=event.submission,
        by=event.by,
        by_account=event.by_account,
        reason=event.reason,
        cells=tuple(CellRemark(**each) for each in event.cells),
    )


def _approved(recorded: RecordedEvent, event: commune_report_events.Approved) -> ReportApproved:
    return ReportApproved(
        **_commune_report(recorded, event),
        submission=event.submission,
        by=event.by,
        by_account=event.by_account,
        content_sha256=event.content_sha256,
    )


def _approval_overtaken(
    recorded: RecordedEvent, event: commune_report_events.ApprovalOvertaken
) -> ReportApprovalOvertaken:
    return ReportApprovalOvertaken(
        **_commune_report(recorded, event),
        province_name=event.province_name,
        submission=event.submission,
        approved_by=event.approved_by,
        moved=event.moved,
        figures=tuple(event.figures),
        corrected=event.corrected,
        corrections=tuple(OvertakingCorrection(**each) for each in event.corrections),
        late_readings=event.late_readings,
    )


def _report_due(recorded: RecordedEvent, event: province_report_events.Due) -> ReportDue:
    return ReportDue(
        **_report(recorded, event),
        commune=None,
        province_name=event.province_name,
        level="province",
        due_on=event.due_on,
        days_left=event.days_left,
    )


def _report_late(recorded: RecordedEvent, event: province_report_events.Late) -> ReportLate:
    return ReportLate(
        **_report(recorded, event),
        commune=None,
        province_name=event.province_name,
        level="province",
        due_on=event.due_on,
        days_late=event.days_late,
    )


def _published(recorded: RecordedEvent, event: province_report_events.Published) -> ReportPublished:
    return ReportPublished(
        **_report(recorded, event),
        report_id=str(event.originator_id),
        province_name=event.province_name,
        edition=event.edition,
        known_at=event.known_at,
        content_sha256=event.content_sha256,
        headline=tuple(event.headline),
        unapproved=tuple(event.unapproved),
        by=event.by,
        by_account=event.by_account,
    )


def _restated(recorded: RecordedEvent, event: province_report_events.Restated) -> ReportRestated:
    return ReportRestated(
        **_report(recorded, event),
        report_id=str(event.originator_id),
        province_name=event.province_name,
        edition=event.edition,
        replaces=event.replaces,
        known_at=event.known_at,
        content_sha256=event.content_sha256,
        moved=event.moved,
        corrections=event.corrections,
        headline=tuple(event.headline),
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _parked(recorded: RecordedEvent, _: UnreadableMessage.Parked) -> MessageParked:
    return MessageParked(**parked_fields(recorded))


TRANSLATIONS: Translations = {
    CommuneReport.Due: _commune_report_due,
    CommuneReport.Late: _commune_report_late,
    CommuneReport.Reminded: _commune_report_reminded,
    CommuneReport.Submitted: _submitted,
    CommuneReport.Returned: _returned,
    CommuneReport.Approved: _approved,
    CommuneReport.ApprovalOvertaken: _approval_overtaken,
    Report.Due: _report_due,
    Report.Late: _report_late,
    Report.Published: _published,
    Report.Restated: _restated,
    UnreadableMessage.Parked: _parked,
}
# What was refused of a submission is in its receipt, and not announced.
announce = announcing(TRANSLATIONS)
