"""Messages of Notifications: the events that it announces, and the questions that it answers."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from shared.contracts import CommuneQuestion, Event, Message, ProvinceQuestion, operation
from shared.grants import Role


class NoticeSent(Event):
    """The mail server has taken a notice. `about_event` is the id of the event that it is about."""

    subject = "notifications.event.notice-sent.v1"

    notice_id: str
    recipient: str
    channel: str
    template: str
    about_event: str


class NoticeFailed(Event):
    """The mail server refused this notice for good (a 5xx answer)."""

    subject = "notifications.event.notice-failed.v1"

    notice_id: str
    recipient: str
    channel: str
    template: str
    about_event: str
    reason: str


MOST_NOTICES = 10_000  # of each kind in one answer
READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor", "operator")
PROVINCE_READERS: tuple[Role, ...] = ("provincial-officer", "auditor", "operator")
Most = Annotated[int, Field(ge=0, le=MOST_NOTICES)]


class WaitingNotice(Message):
    """A notice to be sent. `commune` is null where it is about a province."""

    notice_id: str
    commune: str | None
    recipient: str
    template: str
    created_at: datetime
    attempts: int
    last_error: str | None


class FailedNotice(Message):
    """A notice that the mail server refused for good, and its reason."""

    notice_id: str
    commune: str | None
    recipient: str
    template: str
    failed_at: datetime
    reason: str


class ListedNotices(Message):
    """How many notices wait, were sent and failed; those that wait longest and those that failed last.

    `waiting_for_registration` counts announcements about communes that are not registered.
    """

    waiting: int
    sent: int
    failed: int
    waiting_for_registration: int
    longest_waiting: tuple[WaitingNotice, ...]
    failed_notices: tuple[FailedNotice, ...]


class ListNotices(CommuneQuestion[ListedNotices]):
    """The notices about a commune; at most `most` of each kind are listed."""

    subject = "notifications.query.notices.v1"
    roles = READERS

    most: Most = 100


class ListProvinceNotices(ProvinceQuestion[ListedNotices]):
    """The notices about the communes of a province; at most `most` of each kind are listed."""

    subject = "notifications.query.province-notices.v1"
    roles = PROVINCE_READERS

    most: Most = 100


class ShowNotificationsHealth(operation.ShowHealth):
    """How the service works, for an operator."""

    subject = "notifications.query.health.v1"
