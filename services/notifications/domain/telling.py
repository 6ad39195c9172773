"""Who is told of what: each occasion, whom it concerns, and the template in whose words they hear it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from services.notifications.domain.recipients import AddressBook, Commune, Recipient

THRESHOLDS = (7, 3, 1)  # days before a deadline
MISSED, STAYS_MISSED = 1, 3  # days after it
MOST_LISTED = 20

Item = TypeVar("Item")


class Told(NamedTuple):
    """One recipient of an occasion; `role` is what they have to do with it."""

    recipient: Recipient
    template: str
    role: str


def task_assigned(book: AddressBook, commune: Commune, lead: Sequence[str], support: Sequence[str]) -> list[Told]:
    return _bodies(book, commune, "task_assigned", lead, support)


def deadline_approaching(
    book: AddressBook,
    commune: Commune,
    lead: Sequence[str],
    support: Sequence[str],
    *,
    days_before: int,
    days_left: int,
) -> list[Told]:
    """Nobody, when after an outage a nearer threshold is reached already or the day is past: that one is told."""
    if superseded(days_before, days_left):
        return []
    return _bodies(book, commune, "deadline_approaching", lead, support)


def deadline_missed(book: AddressBook, commune: Commune, lead: Sequence[str], days_late: int) -> list[Told]:
    """First whoever leads; when it stays missed, the commune's chair, and the centre that urges."""
    if days_late < STAYS_MISSED:
        return _bodies(book, commune, "deadline_missed", lead, ())
    return [
        Told(book.chair(commune), "deadline_missed_escalated", "chair"),
        Told(book.one_stop_centre(commune), "deadline_missed_escalated", "centre"),
    ]


def reading_refused(book: AddressBook, commune: Commune, refused: int) -> list[Told]:
    """One notice a submission, whatever number of its readings was refused."""
    return [Told(book.one_stop_centre(commune), "reading_refused", "centre")] if refused else []


def report_published(book: AddressBook, province: str, province_name: str) -> list[Told]:
    return [Told(book.province_office(province, province_name), "report_published", "province")]


def report_published_in(book: AddressBook, commune: Commune, published_at: datetime) -> list[Told]:
    """A commune that joined after a report was published is not told of it."""
    if commune.registered_at > published_at:
        return []
    return [Told(book.one_stop_centre(commune), "report_published", "centre")]


def superseded(days_before: int, days_left: int) -> bool:
    nearer = max((threshold for threshold in THRESHOLDS if threshold < days_before), default=-1)
    return days_left <= nearer


def listed(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """What a notice lists, and the number of the others, which it only counts."""
    return items[:MOST_LISTED], max(0, len(items) - MOST_LISTED)


def _bodies(
    book: AddressBook, commune: Commune, template: str, lead: Iterable[str], support: Iterable[str]
) -> list[Told]:
    """Each address once: who leads a task is not told again that they support it."""
    told: dict[str, Told] = {}
    for role, bodies in (("lead", lead), ("support", support)):
        for recipient in book.bodies(bodies, commune):
            told.setdefault(recipient.address, Told(recipient, template, role))
    return list(told.values())
