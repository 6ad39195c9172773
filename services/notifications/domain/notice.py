"""One notice: about one event, to one recipient, by one channel, once."""

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.record.aggregate import Aggregate, Created

MAIL = "mail"


class Notice(Aggregate):
    """Begins with its outcome: until the mail server has answered for good, a notice is only waiting."""

    TOPIC = "notifications.notice"

    class Sent(Created):
        TOPIC = "notifications.notice-sent"

        about_event: str
        recipient: str
        channel: str
        template: str

    class Failed(Created):
        TOPIC = "notifications.notice-failed"

        about_event: str
        recipient: str
        channel: str
        template: str
        reason: str

    @staticmethod
    def create_id(about_event: str, recipient: str, channel: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"notifications/notice/{about_event}/{recipient}/{channel}")

    @classmethod
    def send(cls, about_event: str, recipient: str, channel: str, *, template: str, at: datetime) -> "Notice":
        """The mail server has taken it."""
        return cls._create(
            cls.Sent, timestamp=at, about_event=about_event, recipient=recipient, channel=channel, template=template
        )

    @classmethod
    def fail(
        cls, about_event: str, recipient: str, channel: str, *, template: str, reason: str, at: datetime
    ) -> "Notice":
        """The mail server has refused it for good."""
        return cls._create(
            cls.Failed,
            timestamp=at,
            about_event=about_event,
            recipient=recipient,
            channel=channel,
            template=template,
            reason=reason,
        )

    def __init__(self, **_: object) -> None:
        """Nothing changes afterwards."""
