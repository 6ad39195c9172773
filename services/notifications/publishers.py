"""Translates the stored events of Notifications into the messages that it announces."""

from services.notifications.domain.notice import Notice
from shared.contracts.notifications import NoticeFailed, NoticeSent
from shared.messaging.announcing.translations import Translations, announcing
from shared.record.event_store import Envelope, RecordedEvent


class _Notice(Envelope):
    notice_id: str
    recipient: str
    channel: str
    template: str
    about_event: str


def _notice(recorded: RecordedEvent, settled: Notice.Sent | Notice.Failed) -> _Notice:
    return {
        **recorded.envelope,
        "notice_id": str(settled.originator_id),
        "recipient": settled.recipient,
        "channel": settled.channel,
        "template": settled.template,
        "about_event": settled.about_event,
    }


def _sent(recorded: RecordedEvent, event: Notice.Sent) -> NoticeSent:
    return NoticeSent(**_notice(recorded, event))


def _failed(recorded: RecordedEvent, event: Notice.Failed) -> NoticeFailed:
    return NoticeFailed(**_notice(recorded, event), reason=event.reason)


TRANSLATIONS: Translations = {
    Notice.Sent: _sent,
    Notice.Failed: _failed,
}
announce = announcing(TRANSLATIONS)
