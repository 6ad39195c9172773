"""What Notifications announces."""

from shared.contracts import Event


class NoticeSent(Event):
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
