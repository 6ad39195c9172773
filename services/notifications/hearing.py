"""From what others announce to the notices it asks for, in the transaction in which it is heard."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from psycopg import Connection

from services.notifications.domain import telling
from services.notifications.domain.notice import MAIL, Notice
from services.notifications.domain.recipients import AddressBook, Commune
from services.notifications.domain.telling import Told
from services.notifications.read_models import communes, reminders
from services.notifications.read_models.outbox import Waiting, queue
from services.notifications.words import words_of
from shared.clock import day_of
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import (
    CommuneDivided,
    CommuneEvent,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    DeadlineApproaching,
    DeadlineMissed,
    TaskAssigned,
    TaskExtended,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)
from shared.contracts.reporting import (
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportRestated,
    ReportReturned,
)
from shared.tracking import Heard
from shared.vietnamese import mid_sentence

HEARD: Mapping[str, tuple[type[Event], ...]] = {
    "planning": (
        CommuneRegistered,
        CommuneMerged,
        CommuneDivided,
        CommuneRenamed,
        CommuneMovedToProvince,
        TaskAssigned,
        TaskRevised,
        TaskWithdrawn,
        TaskReturned,
        TaskExtended,
        TaskResolved,
        TaskRescheduled,
        DeadlineApproaching,
        DeadlineMissed,
    ),
    "indicators": (SubmissionReceipted,),
    "reporting": (ReportDue, ReportLate, ReportReturned, ReportApproved, ReportPublished, ReportRestated),
}
# What is told of a task, and the template in whose words.
OF_TASK: Mapping[type[Event], str] = {
    TaskAssigned: "task_assigned",
    TaskRevised: "task_revised",
    TaskWithdrawn: "task_withdrawn",
    TaskReturned: "task_returned",
    TaskExtended: "task_extended",
    TaskResolved: "task_resolved",
    TaskRescheduled: "task_rescheduled",
}
# What is told of a report, a commune's or the province's own.
OF_REPORT: Mapping[type[Event], str] = {
    ReportDue: "report_due",
    ReportLate: "report_late",
    ReportReturned: "report_returned",
    ReportApproved: "report_approved",
    ReportRestated: "report_restated",
}
AboutTask = TaskAssigned | TaskRevised | TaskWithdrawn | TaskReturned | TaskExtended | TaskResolved | TaskRescheduled
AboutReport = ReportDue | ReportLate | ReportReturned | ReportApproved
AboutCommune = AboutTask | DeadlineApproaching | DeadlineMissed | SubmissionReceipted | AboutReport

_BY_SUBJECT = {event.subject: event for events in HEARD.values() for event in events}


class Hearing:
    def __init__(self, book: AddressBook) -> None:
        self._book = book

    def remember(self, connection: Connection[Any], heard: Sequence[Heard]) -> None:
        # One source at a time: otherwise a commune's registration and a fact about it, heard in two transactions at
        # once, would each not see the other.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('notifications hear'))")
        events = [event for _, event in heard]
        notices: list[Waiting] = []
        registered = [event for event in events if isinstance(event, CommuneRegistered)]
        new = communes.register(connection, registered) if registered else []
        for position, event in heard:
            if isinstance(event, CommuneEvent):
                communes.remember_change(connection, position, event)
        if new:
            notices += self._newly_registered(connection, new)
        notices += self._about_communes(connection, [event for event in events if _is_about_commune(event)])
        for event in events:
            if isinstance(event, ReportPublished):
                notices += self._published(connection, event)
            elif isinstance(event, ReportDue | ReportLate | ReportRestated) and not _is_about_commune(event):
                notices += self._about_province(event)
        queue(connection, notices)

    def _newly_registered(self, connection: Connection[Any], new: Sequence[Commune]) -> list[Waiting]:
        """What was announced before the registrations were heard."""
        kept = [_BY_SUBJECT[subject].model_validate_json(body) for subject, body in communes.take_kept(connection, new)]
        notices = self._about_communes(connection, [event for event in kept if _is_about_commune(event)])
        known = communes.known(connection, (commune.commune for commune in new))
        for body in communes.kept_reports(connection, (commune.province for commune in new)):
            report = ReportPublished.model_validate_json(body)
            notices += self._published_in(report, [known[commune.commune] for commune in new])
        return notices

    def _about_communes(self, connection: Connection[Any], events: Sequence[AboutCommune]) -> list[Waiting]:
        concerning = [event for event in events if not isinstance(event, SubmissionReceipted) or event.refused]
        concerning = reminders.without_repeated(connection, concerning)
        if not concerning:
            return []
        known = communes.known(connection, (event.commune for event in concerning if event.commune))
        early = [event for event in concerning if event.commune not in known]
        communes.keep(connection, early, communes=[event.commune for event in early], provinces=[None] * len(early))
        notices = []
        for event in concerning:
            if commune := known.get(event.commune or ""):
                day = day_of(event.recorded_at)
                told = self._told(event, commune.on(day))
                heir = commune.heir(day, known)
                notices += _notices(
                    event, telling.in_place_of(self._book, told, heir) if heir else told, commune.on(day)
                )
        return notices

    def _told(self, event: AboutCommune, commune: Commune) -> list[Told]:
        match event:
            case DeadlineApproaching(lead=lead, support=support, tell=tell, days_left=left):
                return telling.deadline_approaching(self._book, commune, lead, support, tell=tell, days_left=left)
            case DeadlineMissed(lead=lead, support=support, tell=tell, days_late=late):
                said = tell if "tell" in event.model_fields_set else None
                return telling.deadline_missed(self._book, commune, lead, support, tell=said, days_late=late)
            case SubmissionReceipted(refused=refused):
                return telling.reading_refused(self._book, commune, len(refused))
            case ReportLate():
                return telling.commune_report(self._book, commune, OF_REPORT[ReportLate], to_chair=True)
            case ReportDue() | ReportReturned() | ReportApproved():
                return telling.commune_report(self._book, commune, OF_REPORT[type(event)])
            case _:
                return telling.of_task(self._book, commune, OF_TASK[type(event)], event.lead, event.support)

    def _about_province(self, event: ReportDue | ReportLate | ReportRestated) -> list[Waiting]:
        told = telling.province_report(self._book, event.province, event.province_name, OF_REPORT[type(event)])
        return _notices(event, told, None)

    def _published(self, connection: Connection[Any], report: ReportPublished) -> list[Waiting]:
        communes.keep(connection, [report], communes=[None], provinces=[report.province])
        office = telling.report_published(self._book, report.province, report.province_name)
        notices = _notices(report, office, None)
        in_province = communes.of_province(connection, report.province, day_of(report.recorded_at))
        return notices + self._published_in(report, in_province)

    def _published_in(self, report: ReportPublished, candidates: Iterable[Commune]) -> list[Waiting]:
        notices, day = [], day_of(report.recorded_at)
        for commune in candidates:
            if commune.on(day).province == report.province and not commune.is_gone(day):
                told = telling.report_published_in(self._book, commune, report.recorded_at)
                notices += _notices(report, told, commune)
        return notices


def _is_about_commune(event: Event) -> TypeGuard[AboutCommune]:
    """A report that is due or late may be the province's own."""
    return isinstance(event, AboutCommune) and event.commune is not None


def _notices(event: Event, told: Iterable[Told], commune: Commune | None) -> list[Waiting]:
    words = words_of(event)
    if commune:
        words["commune_name"] = mid_sentence(commune.name)
    return [
        Waiting(
            notice_id=Notice.create_id(event.event_id, recipient.address, MAIL),
            about_event=event.event_id,
            commune=commune.commune if commune else None,
            recipient=recipient.address,
            channel=MAIL,
            template=template,
            context={**words, "recipient_name": recipient.name, "role": role},
            created_at=event.recorded_at,
        )
        for recipient, template, role in told
    ]
