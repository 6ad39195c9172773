"""The announcements of Planning: each stored event that others learn of, translated into its public message."""

from services.planning.domain.tasks.submission import UnreadableMessage
from services.planning.publishers.communes import COMMUNES
from services.planning.publishers.plans import PLANS
from services.planning.publishers.tasks import TASKS
from shared.contracts.planning import MessageParked
from shared.messaging.announcing.translations import Translations, announcing
from shared.record.event_store import RecordedEvent
from shared.record.unreadable_message import parked_fields


def _message_parked(recorded: RecordedEvent, _: UnreadableMessage.Parked) -> MessageParked:
    return MessageParked(**parked_fields(recorded))


TRANSLATIONS: Translations = {
    **COMMUNES,
    **PLANS,
    **TASKS,
    UnreadableMessage.Parked: _message_parked,
}
# The contents of a submission are answered by its receipt, and not announced.
announce = announcing(TRANSLATIONS)
