"""The history of one thing: what happened to it, in the order in which it was recorded."""

from datetime import date

from shared.contracts import Message
from shared.contracts.explanations import StoredFact


class TimelineEntry(Message):
    """One event. `act` is its stored name without the service; `effective_on` the day that it is about.

    `by` is None where the event names nobody; `submission_id` where it came with no submission. `sentences` are for
    people, in Vietnamese.
    """

    act: str
    effective_on: date | None
    by: str | None
    submission_id: str | None
    sentences: tuple[str, ...]
    fact: StoredFact


class Timeline(Message):
    """`kind` is task, plan, report, reading or commune; `title` names the thing in Vietnamese."""

    kind: str
    id: str
    title: str
    entries: tuple[TimelineEntry, ...]
