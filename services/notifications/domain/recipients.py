"""Who is notified of which event, by which template and in which role."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.notifications.domain.address_book import AddressBook, Recipient
from services.notifications.domain.commune import Commune
from shared.body_names import same_body
from shared.clock import day_of
from shared.task_roles import CHAIR, LEAD, ONE_STOP_CENTRE, PROVINCIAL_OFFICE

# Whom a missed deadline concerns where its announcement names no roles, by the days after the deadline.
DEFAULT_ROLES = {1: (LEAD,), 3: (ONE_STOP_CENTRE, CHAIR)}
COMMENTED = "task_commented"

Bodies = Mapping[str, Sequence[str]]  # the bodies that work on a task, as its plan names them, by role: lead, support


class Person(NamedTuple):
    """Who remarks on a task or follows it: the role in the task's life, and the name; a body is its own name.

    `key` is that of a follower (`Actor.key`).
    """

    role: str
    name: str
    key: str = ""


FollowersOf = Mapping[str, Sequence[Person]]  # by task


class Notification(NamedTuple):
    """One mail to be written; `role` is what the recipient has to do with its subject.

    `followers`: the keys of those for whom it is written, where nobody at the recipient's address gets it otherwise.
    """

    recipient: Recipient
    template: str
    role: str
    followers: tuple[str, ...] = ()


def of_task(book: AddressBook, commune: Commune, template: str, bodies: Bodies) -> list[Notification]:
    """Every body that works on the task."""
    return once(_working(book, commune, template, bodies))


def _working(book: AddressBook, commune: Commune, template: str, bodies: Bodies) -> list[Notification]:
    return [
        Notification(recipient, template, role)
        for role, names in bodies.items()
        for recipient in book.bodies(names, commune)
    ]


def of_comment(book: AddressBook, commune: Commune, bodies: Bodies) -> list[Notification]:
    """The bodies and the chair, also whoever wrote it and those who share an address: `without` and `once` follow."""
    chair = Notification(book.chair(commune), COMMENTED, CHAIR)
    return [*_working(book, commune, COMMENTED, bodies), chair]


def of_followers(
    book: AddressBook, commune: Commune, followers: Iterable[Person], template: str = "task_followed"
) -> list[Notification]:
    return [
        Notification(
            _mailbox(book, commune, each), template,
            "province" if each.role == PROVINCIAL_OFFICE else "follower", (each.key,),
        )
        for each in followers
    ]  # fmt: skip


def without(
    book: AddressBook, notifications: Iterable[Notification], author: Person, commune: Commune
) -> list[Notification]:
    """Not to whoever wrote it, a body of this commune or its province; to others that share its address."""
    own = _mailbox(book, commune, author)
    return [
        each
        for each in notifications
        if each.recipient.address != own.address or not same_body(each.recipient.name, own.name)
    ]


def once(notifications: Iterable[Notification]) -> list[Notification]:
    """Each address once, in its first role: a body that leads a task is not notified again as support or to urge."""
    by_address: dict[str, Notification] = {}
    for each in notifications:
        first = by_address.setdefault(each.recipient.address, each)
        if first is not each and first.followers:
            followers = (*first.followers, *each.followers) if each.followers else ()
            by_address[each.recipient.address] = first._replace(followers=followers)
    return list(by_address.values())


def _mailbox(book: AddressBook, commune: Commune, person: Person) -> Recipient:
    if person.role == ONE_STOP_CENTRE:
        return book.one_stop_centre(commune)
    if person.role == CHAIR:
        return book.chair(commune)
    if person.role == PROVINCIAL_OFFICE:
        return book.province_office(commune.province, commune.province_name)
    return book.body(person.name, commune)


def of_approaching_deadline(
    book: AddressBook, commune: Commune, bodies: Bodies, roles: Sequence[str], days_left: int
) -> list[Notification]:
    """The bodies of the named roles. Nobody when the day is past, as after an outage: the missed deadline follows."""
    if days_left < 0:
        return []
    return of_task(book, commune, "deadline_approaching", _of_roles(roles, bodies))


def of_missed_deadline(
    book: AddressBook, commune: Commune, bodies: Bodies, roles: Sequence[str] | None, days_late: int
) -> list[Notification]:
    """The roles that this step of the escalation names: who works on the task to finish it, the others to urge them.

    `roles` is None where the announcement names none.
    """
    roles = DEFAULT_ROLES.get(days_late, (LEAD,)) if roles is None else roles
    working = of_task(book, commune, "deadline_missed", _of_roles(roles, bodies))
    urging = {
        ONE_STOP_CENTRE: ("centre", book.one_stop_centre(commune)),
        CHAIR: ("chair", book.chair(commune)),
        PROVINCIAL_OFFICE: ("province", book.province_office(commune.province, commune.province_name)),
    }
    escalated = [
        Notification(recipient, "deadline_missed_escalated", role)
        for name, (role, recipient) in urging.items()
        if name in roles
    ]
    return once(working + escalated)


def of_extension_request(book: AddressBook, commune: Commune) -> list[Notification]:
    """The chair, who decides, and the one-stop centre, which prepares the decision."""
    template = "task_extension_requested"
    return [
        Notification(book.chair(commune), template, "chair"),
        Notification(book.one_stop_centre(commune), template, "centre"),
    ]


def of_refused_readings(book: AddressBook, commune: Commune, refused: int) -> list[Notification]:
    """One notice for a submission, whatever the number of its refused readings."""
    return [Notification(book.one_stop_centre(commune), "reading_refused", "centre")] if refused else []


def of_commune_report(book: AddressBook, commune: Commune, template: str, *, chair: bool = False) -> list[Notification]:
    """The one-stop centre, which writes the report, and the chair where asked."""
    centre = Notification(book.one_stop_centre(commune), template, "centre")
    return [centre, Notification(book.chair(commune), template, "chair")] if chair else [centre]


def of_overtaken_approval(
    book: AddressBook, commune: Commune, province: str, province_name: str, template: str
) -> list[Notification]:
    """The one-stop centre and the chair, and the provincial office, which returns the report or leaves it."""
    office = of_province_report(book, province, province_name, template)
    return once([*of_commune_report(book, commune, template, chair=True), *office])


def of_province_report(book: AddressBook, province: str, province_name: str, template: str) -> list[Notification]:
    return [Notification(book.province_office(province, province_name), template, "province")]


def of_published_report(
    book: AddressBook, commune: Commune, province: str, published_at: datetime
) -> list[Notification]:
    """A commune that belonged to the province on that day and had joined before the report was published."""
    day = day_of(published_at)
    if commune.registered_at > published_at or commune.is_gone(day) or commune.on(day).province != province:
        return []
    return [Notification(book.one_stop_centre(commune.on(day)), "report_published", "centre")]


def redirected(
    book: AddressBook, notifications: list[Notification], commune: Commune, day: date, known: Mapping[str, Commune]
) -> list[Notification]:
    """Of a commune that is gone, the successor's one-stop centre is notified; the province is in any case.

    A comment goes to its chair too: it may be the centre's own.
    """
    successor = commune.successor_on(day, known)
    if successor is None:
        return notifications
    centre, chair = book.one_stop_centre(successor), book.chair(successor)

    def moved(each: Notification) -> Notification:
        if each.role == "province":
            return each
        return each._replace(recipient=chair if (each.template, each.role) == (COMMENTED, CHAIR) else centre)

    return [moved(each) for each in notifications]


def counted_on(due_on: date, days_left: int) -> date:
    """The day on which there were so many days left."""
    return due_on - timedelta(days=days_left)


def _of_roles(roles: Sequence[str], bodies: Bodies) -> Bodies:
    return {role: names for role, names in bodies.items() if role in roles}
