"""The messages that Notifications receives, each with the function that takes it."""

from services.notifications.domain.address_book import AddressBook
from services.notifications.domain.schedule import MailSchedule
from services.notifications.planner import NotificationPlanner
from services.notifications.read_models import communes, followers
from shared.contracts import Event
from shared.contracts.indicators import SubmissionReceipted
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    DeadlineApproaching,
    DeadlineMissed,
    TaskAssigned,
    TaskCommented,
    TaskExtended,
    TaskExtensionDeclined,
    TaskExtensionRequested,
    TaskFollowed,
    TaskRescheduled,
    TaskResolved,
    TaskReturned,
    TaskRevised,
    TaskUnfollowed,
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
from shared.messaging.following.follower import Apply, Subscriptions
from shared.process import Process


def of_planning(planner: NotificationPlanner) -> Subscriptions:
    functions: dict[type[Event], Apply] = {
        CommuneRegistered: communes.register,
        CommuneMerged: communes.set_end,
        CommuneDivided: communes.set_end,
        CommuneRenamed: communes.add_change,
        CommuneMovedToProvince: communes.add_change,
        TaskAssigned: planner.notify_commune,
        TaskRevised: planner.notify_commune,
        TaskWithdrawn: planner.notify_commune,
        TaskReturned: planner.notify_commune,
        TaskExtended: planner.notify_commune,
        TaskExtensionRequested: planner.notify_commune,
        TaskExtensionDeclined: planner.notify_commune,
        TaskResolved: planner.notify_commune,
        TaskRescheduled: planner.notify_commune,
        DeadlineApproaching: planner.remind_of_deadline,
        DeadlineMissed: planner.notify_commune,
        TaskCommented: planner.notify_commune,
        TaskFollowed: followers.follow,
        TaskUnfollowed: followers.unfollow,
    }
    return Subscriptions(functions, before=communes.lock, after=planner.release_kept)


def of_indicators(planner: NotificationPlanner) -> Subscriptions:
    return Subscriptions({SubmissionReceipted: planner.notify_of_refusals}, before=communes.lock)


def of_reporting(planner: NotificationPlanner) -> Subscriptions:
    functions: dict[type[Event], Apply] = {
        ReportDue: planner.notify_of_report,
        ReportLate: planner.notify_of_report,
        ReportReminded: planner.notify_of_report,
        ReportReturned: planner.notify_of_report,
        ReportApproved: planner.notify_of_report,
        ReportApprovalOvertaken: planner.notify_of_report,
        ReportPublished: planner.notify_of_published_report,
        ReportRestated: planner.notify_of_report,
    }
    return Subscriptions(functions, before=communes.lock)


def subscriptions(book: AddressBook, schedule: MailSchedule) -> dict[str, Subscriptions]:
    """By the service that announces."""
    planner = NotificationPlanner(book, schedule)
    return {
        "planning": of_planning(planner),
        "indicators": of_indicators(planner),
        "reporting": of_reporting(planner),
    }


def subscribe(process: Process, book: AddressBook, schedule: MailSchedule) -> None:
    for source, followed in subscriptions(book, schedule).items():
        process.follows(source, followed)
