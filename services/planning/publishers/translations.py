"""The type of a table of translations: stored event → function that makes its announcement."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts import Event
from shared.record.event_store import RecordedEvent

Translations = Mapping[type[Any], Callable[[RecordedEvent, Any], Event]]
