"""Plans notices: finds whom a received event concerns, words their notices and puts them into the outbox.

Everything happens in the transaction in which the event is received.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard, get_args

from psycopg import Connection

from services.notifications.contents import contents_of
from services.notifications.domain import recipients
from services.notifications.domain.address_book import AddressBook
from services.notifications.domain.commune import Commune
from services.notifications.domain.notice import MAIL, Notice
from services.notifications.domain.recipients import Notification, Person
from services.notifications.domain.schedule import MailSchedule
from services.notifications.read_models import communes, early_announcements, followers, reminders
from services.notifications.read_models.outbox import FollowedBy, WaitingNotice, queue
from services.notifications.task_contents import FromTask
from shared.clock import day_of
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import (
    CommuneRegistered,
    DeadlineApproaching,
    DeadlineMissed,
    TaskAssigned,
    TaskCommented,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskWithdrawn,
)
from shared.contracts.reporting import (
    ReportApprovalOvertaken,
    ReportApproved,
    ReportDue,
    ReportLate,
    ReportPublished,
    ReportReminded,
    ReportRestated,
    ReportReturned,
)
from shared.messaging.following.follower import ReceivedEvent
from shared.vietnamese import mid_sentence

TASK_TEMPLATES: Mapping[type[Event], str] = {
    TaskAssigned: "task_assigned",
    TaskRevised: "task_revised",
    TaskWithdrawn: "task_withdrawn",
    TaskReturned: "task_returned",
    TaskExtended: "task_extended",
    TaskExtensionDeclined: "task_extension_declined",
    TaskResolved: "task_resolved",
    TaskRescheduled: "task_rescheduled",
}
REPORT_TEMPLATES: Mapping[type[Event], str] = {
    ReportDue: "report_due",
    ReportLate: "report_late",
    ReportReminded: "report_reminded",
    ReportReturned: "report_returned",
    ReportApproved: "report_approved",
    ReportApprovalOvertaken: "report_approval_overtaken",
    ReportRestated: "report_restated",
}
TaskEvent = (
    TaskAssigned
    | TaskRevised
    | TaskWithdrawn
    | TaskReturned
    | TaskExtended
    | TaskExtensionDeclined
    | TaskResolved
    | TaskRescheduled
)
ReportEvent = ReportDue | ReportLate | ReportReminded | ReportReturned | ReportApproved | ReportApprovalOvertaken
CommuneNews = (
    TaskEvent
    | TaskCommented
    | TaskExtensionRequested
    | DeadlineApproaching
    | DeadlineMissed
    | SubmissionReceipted
    | ReportEvent
)

_BY_SUBJECT: Mapping[str, type[CommuneNews]] = {event.subject: event for event in get_args(CommuneNews)}


class NotificationPlanner:
    """Each public function takes the received events of its kinds, as `subscribers.py` lists them."""

    def __init__(self, book: AddressBook, schedule: MailSchedule) -> None:
        self._book = book
        self._schedule = schedule

    def notify_commune(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        self._notify(connection, [event for _, event in received if _concerns_commune(event)])

    def remind_of_deadline(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        """One reminder of a deadline a day.

        After an outage Planning announces all steps before a deadline that it missed, each with the days that are left.
        """
        steps = [event for _, event in received if isinstance(event, DeadlineApproaching)]
        first = reminders.first_of_day(connection, steps)
        self._notify(connection, [step for step in steps if step.event_id in first])

    def notify_of_refusals(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        receipted = [event for _, event in received if isinstance(event, SubmissionReceipted)]
        self._notify(connection, [event for event in receipted if event.refused])

    def notify_of_report(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        """A report that is due, late or restated may be the province's own."""
        self.notify_commune(connection, received)
        for _, event in received:
            if isinstance(event, ReportDue | ReportLate | ReportRestated) and not _concerns_commune(event):
                template = REPORT_TEMPLATES[type(event)]
                office = recipients.of_province_report(self._book, event.province, event.province_name, template)
                queue(connection, _waiting(event, office, None), self._schedule)

    def notify_of_published_report(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        for _, report in received:
            assert isinstance(report, ReportPublished)
            early_announcements.keep_for_province(connection, report, report.province)
            office = recipients.of_province_report(
                self._book, report.province, report.province_name, "report_published"
            )
            queue(connection, _waiting(report, office, None), self._schedule)
            self._notify_of_edition(connection, report, communes.ever_in_province(connection, report.province))

    def release_kept(self, connection: Connection, received: Sequence[ReceivedEvent]) -> None:
        """Notify of what was announced before the registrations among these events were received."""
        registered = [event for _, event in received if isinstance(event, CommuneRegistered)]
        if not registered:
            return
        known = communes.known(connection, (event.commune for event in registered))
        early = early_announcements.take(connection, [event.commune for event in registered])
        self._notify(connection, [_BY_SUBJECT[subject].model_validate_json(body) for subject, body in early])
        new = {event.commune for event in registered if known[event.commune].registered_at == event.recorded_at}
        for body in early_announcements.reports(connection, {known[commune].province for commune in new}):
            report = ReportPublished.model_validate_json(body)
            self._notify_of_edition(connection, report, [known[commune] for commune in new])

    def _notify(self, connection: Connection, events: Sequence[CommuneNews]) -> None:
        """Events about a commune that is not registered yet are kept for it."""
        if not events:
            return
        known = communes.known(connection, (event.commune for event in events if event.commune))
        early = [event for event in events if event.commune not in known]
        early_announcements.keep(connection, early, communes=[event.commune for event in early])
        last = max(day_of(event.recorded_at) for event in events)
        following = followers.of(connection, (each.task_id for each in events if isinstance(each, FromTask)), last)
        notices: list[WaitingNotice] = []
        for event in events:
            if commune := known.get(event.commune or ""):
                day = day_of(event.recorded_at)
                found = _recipients(self._book, event, commune.on(day))
                if isinstance(event, FromTask):
                    found += _following(self._book, event, commune.on(day), following.get(event.task_id, ()))
                found = recipients.redirected(self._book, found, commune, day, known)
                if isinstance(event, TaskCommented):
                    heir = commune.successor_on(day, known) or commune.on(day)
                    found = recipients.without(self._book, found, _author(event), heir)
                notices += _waiting(event, recipients.once(found), commune.on(day))
        queue(connection, notices, self._schedule)

    def _notify_of_edition(
        self, connection: Connection, report: ReportPublished, candidates: Iterable[Commune]
    ) -> None:
        notices: list[WaitingNotice] = []
        for commune in candidates:
            found = recipients.of_published_report(self._book, commune, report.province, report.recorded_at)
            notices += _waiting(report, found, commune.on(day_of(report.recorded_at)))
        queue(connection, notices, self._schedule)


def _concerns_commune(event: Event) -> TypeGuard[CommuneNews]:
    return isinstance(event, CommuneNews) and event.commune is not None


def _following(book: AddressBook, event: FromTask, commune: Commune, persons: Sequence[Person]) -> list[Notification]:
    """None of a deadline that has passed before it was announced, as after an outage: the missed one follows."""
    if isinstance(event, TaskCommented):
        return recipients.of_followers(book, commune, persons, recipients.COMMENTED)
    if isinstance(event, DeadlineApproaching) and event.days_left < 0:
        return []
    return recipients.of_followers(book, commune, persons)


def _recipients(  # noqa: PLR0911  one for each kind of recipients
    book: AddressBook, event: CommuneNews, commune: Commune
) -> list[Notification]:
    match event:
        case DeadlineApproaching():
            return recipients.of_approaching_deadline(book, commune, _bodies(event), event.tell, event.days_left)
        case DeadlineMissed():
            roles = event.tell if "tell" in event.model_fields_set else None
            return recipients.of_missed_deadline(book, commune, _bodies(event), roles, event.days_late)
        case TaskCommented():
            return recipients.of_comment(book, commune, _bodies(event))
        case TaskExtensionRequested():
            return recipients.of_extension_request(book, commune)
        case SubmissionReceipted():
            return recipients.of_refused_readings(book, commune, len(event.refused))
        case ReportApprovalOvertaken():
            template = REPORT_TEMPLATES[type(event)]
            return recipients.of_overtaken_approval(book, commune, event.province, event.province_name, template)
        case ReportDue() | ReportLate() | ReportReminded() | ReportReturned() | ReportApproved():
            late = isinstance(event, ReportLate) or (isinstance(event, ReportReminded) and event.days_left < 0)
            return recipients.of_commune_report(book, commune, REPORT_TEMPLATES[type(event)], chair=late)
        case _:
            return recipients.of_task(book, commune, TASK_TEMPLATES[type(event)], _bodies(event))


def _author(event: TaskCommented) -> recipients.Person:
    return recipients.Person(event.role, event.by)


def _bodies(event: TaskEvent | TaskCommented | DeadlineApproaching | DeadlineMissed) -> recipients.Bodies:
    return {"lead": event.lead, "support": event.support}


def _waiting(event: Event, found: Iterable[Notification], commune: Commune | None) -> list[WaitingNotice]:
    contents, task = contents_of(event), event.task_id if isinstance(event, FromTask) else ""
    if commune:
        contents["commune_name"] = mid_sentence(commune.name)
    return [
        WaitingNotice(
            notice_id=Notice.create_id(event.event_id, recipient.address, MAIL),
            about_event=event.event_id,
            commune=commune.commune if commune else None,
            recipient=recipient.address,
            channel=MAIL,
            template=template,
            context={**contents, "recipient_name": recipient.name, "role": role},
            created_at=event.recorded_at,
            followed_by=FollowedBy(task, followers) if followers else None,
        )
        for recipient, template, role, followers in found
    ]
