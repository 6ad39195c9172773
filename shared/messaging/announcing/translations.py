"""The table of a service's announcements: stored event → function that makes its public message."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts import Event
from shared.record.event_store import RecordedEvent

Announce = Callable[[RecordedEvent], Event | None]
# By the classes of the aggregates: eventsourcing 9.5 makes its own subclass of an event that is defined elsewhere.
Translations = Mapping[type[Any], Callable[[RecordedEvent, Any], Event | None]]


def announcing(translations: Translations) -> Announce:
    """What the table makes of an event; None for one that it does not have, which is not announced."""

    def announce(recorded: RecordedEvent) -> Event | None:
        translate = translations.get(type(recorded.event))
        return translate(recorded, recorded.event) if translate else None

    return announce
