"""The history of one thing: what happened to it, in the order in which it was recorded."""

from datetime import date, datetime

from shared.contracts import CommuneQuestion, Message, ProvinceQuestion
from shared.contracts.reporting.values import COMMUNE_READERS, EDITION_READERS, OfPeriod


class StoredFact(Message):
    """An event in the history of a service. `leaf` is the hash (hex) of its leaf in the Merkle tree that is sealed."""

    service: str
    position: int
    recorded_at: datetime
    name: str
    leaf: str


class TimelineEntry(Message):
    """One event. `act` is its stored name without the service; `effective_on` the day that it is about.

    `by` is None where the event names nobody, `by_account` where no account acted, `submission_id` where it came with
    no submission. `sentences` are for people, in Vietnamese.
    """

    act: str
    effective_on: date | None
    by: str | None
    by_account: str | None = None
    submission_id: str | None
    sentences: tuple[str, ...]
    fact: StoredFact


class Timeline(Message):
    """`kind` is task, plan, report, reading or commune; `title` names the thing in Vietnamese."""

    kind: str
    id: str
    title: str
    entries: tuple[TimelineEntry, ...]


class ShowReportTimeline(OfPeriod, CommuneQuestion[Timeline]):
    """What happened to a commune's report, in order."""

    subject = "reporting.query.report-timeline.v1"
    roles = COMMUNE_READERS


class ShowProvinceReportTimeline(OfPeriod, ProvinceQuestion[Timeline]):
    """What happened to a province's own report, in order."""

    subject = "reporting.query.province-report-timeline.v1"
    roles = EDITION_READERS
