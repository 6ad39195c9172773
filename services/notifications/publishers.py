"""Translates the stored events of Notifications into the messages that it announces."""

from typing import Any

from services.notifications.domain.notice import Notice
from shared.contracts import Event
from shared.contracts.notifications import NoticeFailed, NoticeSent
from shared.record.event_store import RecordedEvent


def announce(recorded: RecordedEvent) -> Event | None:
    match recorded.event:
        case Notice.Sent() as sent:
            return NoticeSent(**_notice(recorded, sent))
        case Notice.Failed() as failed:
            return NoticeFailed(**_notice(recorded, failed), reason=failed.reason)
    return None


def _notice(recorded: RecordedEvent, settled: Notice.Sent | Notice.Failed) -> dict[str, Any]:
    return {
        **recorded.envelope,
        "notice_id": str(settled.originator_id),
        "recipient": settled.recipient,
        "channel": settled.channel,
        "template": settled.template,
        "about_event": settled.about_event,
    }
