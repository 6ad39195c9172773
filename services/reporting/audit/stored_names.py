"""The stored events that the auditor reads: their names, and the fields of each that it uses.

Reporting names other services' stored events here and nowhere else; its own are named by their classes. The auditor
needs no upcaster while none changes one of these fields: tests/reporting/test_stored_fields.py reads each version of an
event as its store loads it.
"""

from collections.abc import Mapping

from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report

COMMUNE_REGISTERED = "planning.commune-registered"
COMMUNE_MERGED = "planning.commune-merged"
COMMUNE_DIVIDED = "planning.commune-divided"
COMMUNE_RENAMED = "planning.commune-renamed"
COMMUNE_MOVED_TO_PROVINCE = "planning.commune-moved-to-province"
PLAN_ISSUED = "planning.plan-issued"
PLAN_AMENDED = "planning.plan-amended"
PLAN_CLOSED = "planning.plan-closed"
TASK_ASSIGNED = "planning.task-assigned"
TASK_COMPLETED = "planning.task-completed"
TASK_REOPENED = "planning.task-reopened"
TASK_RETURNED = "planning.task-returned"
TASK_WITHDRAWN = "planning.task-withdrawn"
TASK_OBLIGATION_FULFILLED = "planning.task-obligation-fulfilled"
TASK_EXTENDED = "planning.task-extended"
TASK_RESOLVED = "planning.task-resolved"
TASK_RESCHEDULED = "planning.task-rescheduled"
TASK_REVISED = "planning.task-revised"
TASK_STEP_REFUSED = "planning.task-step-refused"
PROGRESS_RECEIPTED = "planning.progress-submission-receipted"
PARKED_BY_PLANNING = "planning.message-parked"
DEFINITION_DEFINED = "indicators.definition-defined"
DEFINITION_REVISED = "indicators.definition-revised"
SUBMISSION_RECEIPTED = "indicators.submission-receipted"
PARKED_BY_INDICATORS = "indicators.message-parked"
# Shown in a timeline only.
TASK_ACKNOWLEDGED = "planning.task-acknowledged"
TASK_PROGRESS_REPORTED = "planning.task-progress-reported"
TASK_EVIDENCE_ATTACHED = "planning.task-evidence-attached"
TASK_COMMENTED = "planning.task-commented"
TASK_FOLLOWED = "planning.task-followed"
TASK_UNFOLLOWED = "planning.task-unfollowed"
TASK_ACCEPTED = "planning.task-accepted"
TASK_EXTENSION_REQUESTED = "planning.task-extension-requested"
TASK_EXTENSION_DECLINED = "planning.task-extension-declined"
TASK_RENUMBERED = "planning.task-renumbered"
TASK_CLOSED = "planning.task-closed"
TASK_DEADLINE_APPROACHED = "planning.task-deadline-approached"
TASK_DEADLINE_MISSED = "planning.task-deadline-missed"
PLAN_CHANGE_REFUSED = "planning.plan-change-refused"
# Its own.
COMMUNE_REPORT_SUBMITTED = CommuneReport.Submitted.TOPIC
REPORT_SECTION_WRITTEN = Report.SectionWritten.TOPIC

_PLAN = (
    "plan_id",
    "commune",
    "province",
    "span_from",
    "span_until",
    "targets",
    "title",
    "number",
    "issued_on",
    "based_on",
)
_DEFINITION = ("kind", "name", "definition", "in_force_from")

FIELDS: Mapping[str, tuple[str, ...]] = {
    COMMUNE_REGISTERED: (
        "commune",
        "code",
        "name",
        "province",
        "province_name",
        "latitude",
        "longitude",
        "in_force_from",
    ),
    COMMUNE_MERGED: ("commune", "in_force_from", "into", "source"),
    COMMUNE_DIVIDED: ("commune", "in_force_from", "into", "source"),
    COMMUNE_RENAMED: ("commune", "in_force_from", "code", "name"),
    COMMUNE_MOVED_TO_PROVINCE: ("commune", "in_force_from", "code", "province", "province_name"),
    PLAN_ISSUED: _PLAN,
    PLAN_AMENDED: (*_PLAN, "amended_on"),
    PLAN_CLOSED: ("plan_id", "closed_on"),
    TASK_ASSIGNED: ("task_id", "plan_id", "commune", "lead", "deadlines"),
    TASK_COMPLETED: ("task_id",),
    TASK_REOPENED: ("task_id",),
    TASK_RETURNED: ("task_id",),
    TASK_WITHDRAWN: ("task_id",),
    TASK_OBLIGATION_FULFILLED: ("task_id", "deadlines"),
    TASK_EXTENDED: ("task_id", "deadlines"),
    TASK_RESOLVED: ("task_id", "deadlines"),
    TASK_RESCHEDULED: ("task_id", "deadlines"),
    TASK_REVISED: ("task_id", "deadlines", "lead"),
    PARKED_BY_PLANNING: ("commune",),
    DEFINITION_DEFINED: _DEFINITION,
    DEFINITION_REVISED: (*_DEFINITION, "revision"),
    SUBMISSION_RECEIPTED: ("commune", "submission_id", "recorded", "corrected", "withdrawn", "refused"),
    PARKED_BY_INDICATORS: ("commune",),
    COMMUNE_REPORT_SUBMITTED: ("commune", "regime", "period", "explanations", "stated"),
    REPORT_SECTION_WRITTEN: ("province", "regime", "period", "section", "text", "by", "written_on"),
}
