"""What Reporting announces."""

from typing import Any

from services.reporting.domain.commune_report import CommuneReport
from services.reporting.domain.report import Report
from services.reporting.domain.submission import UnreadableMessage
from shared.contracts import Event
from shared.contracts.reporting import (
    MessageParked,
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportRestated,
    ReportReturned,
    ReportSubmitted,
)
from shared.event_store import StoredFact

# What each stored event is announced as, and what that says besides the event's own words. What was refused of a
# submission, its receipt has told.
ANNOUNCED_AS: dict[type[Any], tuple[type[Event], dict[str, Any]]] = {
    CommuneReport.Due: (ReportDue, {"level": "commune"}),
    CommuneReport.Late: (ReportLate, {"level": "commune"}),
    CommuneReport.Submitted: (ReportSubmitted, {}),
    CommuneReport.Returned: (ReportReturned, {}),
    CommuneReport.Approved: (ReportApproved, {}),
    Report.Due: (ReportDue, {"level": "province", "commune": None}),
    Report.Late: (ReportLate, {"level": "province", "commune": None}),
    Report.Published: (ReportPublished, {}),
    Report.Restated: (ReportRestated, {}),
    UnreadableMessage.Parked: (MessageParked, {}),
}


def announce(fact: StoredFact) -> Event | None:
    """The announcement has the stored event's words; those that it does not know are left out."""
    contract, more = ANNOUNCED_AS.get(type(fact.event), (None, {}))
    if contract is None:
        return None
    place = {
        "event_id": fact.event_id,
        "recorded_at": fact.position.recorded_at,
        "report_id": str(fact.event.originator_id),
    }
    return contract.model_validate({**vars(fact.event), **more, **place})
