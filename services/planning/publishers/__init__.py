"""The announcements of Planning: each stored event that others learn of, translated into its public message."""

from services.planning.domain.tasks.submission import UnreadableMessage
from services.planning.publishers.communes import COMMUNES
from services.planning.publishers.plans import PLANS
from services.planning.publishers.tasks import TASKS
from services.planning.publishers.translations import Translations
from shared.contracts import Event
from shared.contracts.planning import MessageParked
from shared.record.event_store import RecordedEvent
from shared.record.unreadable_message import parked_fields


def announce(recorded: RecordedEvent) -> Event | None:
    """None for events that are not announced: the contents of a submission are answered by its receipt."""
    translate = TRANSLATIONS.get(type(recorded.event))
    return translate(recorded, recorded.event) if translate else None


def _message_parked(recorded: RecordedEvent, _: UnreadableMessage.Parked) -> MessageParked:
    return MessageParked(**parked_fields(recorded))


TRANSLATIONS: Translations = {
    **COMMUNES,
    **PLANS,
    **TASKS,
    UnreadableMessage.Parked: _message_parked,
}
