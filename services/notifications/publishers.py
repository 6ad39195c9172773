"""What Notifications announces."""

from typing import Any

from services.notifications.domain.notice import Notice
from shared.contracts import Event
from shared.contracts.notifications import NoticeFailed, NoticeSent
from shared.event_store import StoredFact


def announce(fact: StoredFact) -> Event | None:
    match fact.event:
        case Notice.Sent() as sent:
            return NoticeSent(**_notice(fact, sent))
        case Notice.Failed() as failed:
            return NoticeFailed(**_notice(fact, failed), reason=failed.reason)
    return None


def _notice(fact: StoredFact, settled: Notice.Sent | Notice.Failed) -> dict[str, Any]:
    return {
        "event_id": fact.event_id,
        "recorded_at": fact.position.recorded_at,
        "notice_id": str(settled.originator_id),
        "recipient": settled.recipient,
        "channel": settled.channel,
        "template": settled.template,
        "about_event": settled.about_event,
    }
