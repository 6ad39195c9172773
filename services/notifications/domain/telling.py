"""Who is told of what: each occasion, whom it concerns, and the template in whose words they hear it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from services.notifications.domain.recipients import AddressBook, Commune, Recipient

# Whom an announcement of the time before `tell` concerned, by the days after the deadline.
FIRST_TELL = {1: ("lead",), 3: ("one-stop-centre", "chair")}
MOST_LISTED = 20

Item = TypeVar("Item")


class Told(NamedTuple):
    """One recipient of an occasion; `role` is what they have to do with it."""

    recipient: Recipient
    template: str
    role: str


def of_task(
    book: AddressBook, commune: Commune, template: str, lead: Sequence[str], support: Sequence[str]
) -> list[Told]:
    """What becomes of a task is told to whoever works on it."""
    return _bodies(book, commune, template, lead, support)


def deadline_approaching(
    book: AddressBook,
    commune: Commune,
    lead: Sequence[str],
    support: Sequence[str],
    *,
    tell: Sequence[str],
    days_left: int,
) -> list[Told]:
    """Nobody, when after an outage the day is past: that is told as missed."""
    if days_left < 0:
        return []
    bodies = {"lead": lead, "support": support}
    return _bodies(book, commune, "deadline_approaching", **{role: bodies[role] for role in bodies if role in tell})


def deadline_missed(
    book: AddressBook,
    commune: Commune,
    lead: Sequence[str],
    support: Sequence[str],
    *,
    tell: Sequence[str] | None,
    days_late: int,
) -> list[Told]:
    """Those whom the escalation tells at this step: who works on the task to finish it, the others to urge them.

    `tell` is None where the announcement did not say.
    """
    tell = FIRST_TELL.get(days_late, ("lead",)) if tell is None else tell
    bodies = {"lead": lead, "support": support}
    at_work = _bodies(book, commune, "deadline_missed", **{role: bodies[role] for role in bodies if role in tell})
    urging = {
        "one-stop-centre": ("centre", book.one_stop_centre(commune)),
        "chair": ("chair", book.chair(commune)),
        "provincial-office": ("province", book.province_office(commune.province, commune.province_name)),
    }
    escalated = [Told(who, "deadline_missed_escalated", role) for name, (role, who) in urging.items() if name in tell]
    return _once(at_work + escalated)


def counted_on(due_on: date, days_left: int) -> date:
    """The day on which there were so many days left."""
    return due_on - timedelta(days=days_left)


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


def in_place_of(book: AddressBook, told: Iterable[Told], heir: Commune) -> list[Told]:
    """What a commune that is gone would be told, the one-stop centre of its heir is; the province as always."""
    centre = book.one_stop_centre(heir)
    return _once(one if one.role == "province" else one._replace(recipient=centre) for one in told)


def commune_report(book: AddressBook, commune: Commune, template: str, *, to_chair: bool = False) -> list[Told]:
    """What becomes of a commune's report is told to whoever writes it; of a late one the chair hears too."""
    centre = Told(book.one_stop_centre(commune), template, "centre")
    return [centre, Told(book.chair(commune), template, "chair")] if to_chair else [centre]


def province_report(book: AddressBook, province: str, province_name: str, template: str) -> list[Told]:
    return [Told(book.province_office(province, province_name), template, "province")]


def listed(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """What a notice lists, and the number of the others, which it only counts."""
    return items[:MOST_LISTED], max(0, len(items) - MOST_LISTED)


def _bodies(
    book: AddressBook, commune: Commune, template: str, lead: Iterable[str] = (), support: Iterable[str] = ()
) -> list[Told]:
    roles = (("lead", lead), ("support", support))
    return _once(
        Told(recipient, template, role) for role, bodies in roles for recipient in book.bodies(bodies, commune)
    )


def _once(told: Iterable[Told]) -> list[Told]:
    """Each address once, as what comes first: who leads a task is not told again that they support or urge it."""
    by_address: dict[str, Told] = {}
    for one in told:
        by_address.setdefault(one.recipient.address, one)
    return list(by_address.values())
