"""What a service's tables hold of submissions that it settled: receipts, kept bodies, the positions of their events."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg import Connection

from shared.contracts import Receipt
from shared.contracts.operation import BrokenRule, LastSubmission, SettledSubmission
from shared.messaging.announcing.translations import Announce
from shared.messaging.intake.inbox import OF_ACCOUNTS, OF_MACHINES, PARKED, PROBLEM
from shared.record.event_store import EventStore

EVER = datetime(9999, 12, 31, tzinfo=UTC)
BODY_KEPT = """EXISTS (SELECT FROM parked WHERE (parked.commune, parked.submission_id) =
    (inbox.commune, inbox.submission_id))"""
# From commune to commune through the index, not through a year of submissions.
LAST_OF_MACHINES: LiteralString = f"""
    WITH RECURSIVE last AS (
        (SELECT commune, received_at FROM inbox WHERE {OF_MACHINES} ORDER BY commune DESC, received_at DESC LIMIT 1)
        UNION ALL
        SELECT next.* FROM last, LATERAL (
            SELECT commune, received_at FROM inbox WHERE {OF_MACHINES} AND commune < last.commune
            ORDER BY commune DESC, received_at DESC LIMIT 1
        ) AS next
    )
    SELECT commune, received_at FROM last ORDER BY commune
"""  # noqa: S608  constants


def receipts_of(connection: Connection, submission_id: str) -> list[tuple[Receipt, bool]]:
    """Those of an id that a commune's machine or an account of the portal gave, and whether the body is kept."""
    rows = connection.execute(
        f"SELECT receipt, {BODY_KEPT} FROM inbox WHERE submission_id = ANY(%s) ORDER BY received_at",  # noqa: S608  constants of this file
        ([submission_id, f"{OF_ACCOUNTS}{submission_id}"],),
    ).fetchall()
    return [(Receipt.model_validate_json(receipt), kept) for receipt, kept in rows]


def problems_since(connection: Connection, since: datetime) -> dict[str, tuple[int, int]]:
    """By commune, how many submissions were parked since then, and in how many of the others something was refused."""
    rows = connection.execute(
        f"""
        SELECT commune, count(*) FILTER (WHERE {PARKED}), count(*) FILTER (WHERE NOT {PARKED})
        FROM inbox WHERE received_at >= %s AND {PROBLEM} GROUP BY commune
        """,  # noqa: S608  constants of this file
        (since,),
    ).fetchall()
    return {commune: (parked, refused) for commune, parked, refused in rows}


def newest_problems(
    connection: Connection, communes: Sequence[str], since: datetime, most: int
) -> list[tuple[Receipt, bool]]:
    """The submissions that were parked or in which something was refused, the last one first."""
    rows = connection.execute(
        f"""
        SELECT receipt, {BODY_KEPT} FROM inbox
        WHERE commune = ANY(%s) AND received_at >= %s AND {PROBLEM}
        ORDER BY received_at DESC, submission_id LIMIT %s
        """,  # noqa: S608  constants of this file
        (list(communes), since, most),
    ).fetchall()
    return [(Receipt.model_validate_json(receipt), kept) for receipt, kept in rows]


def last_submissions(connection: Connection) -> Iterator[LastSubmission]:
    """Of each commune's machine, the last one that was settled."""
    rows = connection.execute(LAST_OF_MACHINES).fetchall()
    return (LastSubmission(commune=commune, recorded_at=at) for commune, at in rows)


def position_of(store: EventStore, submission: Any, receipt: Receipt, announce: Announce) -> int:
    """Of the event that others follow, 0 where none is; `submission` is the aggregate that holds a submission."""
    if receipt.parked:
        return 0
    if receipt.event_id is None:
        identity = submission.create_id(receipt.commune, receipt.submission_id)
        return store.last_position([identity], submission.Receipted.TOPIC, EVER)
    position = store.position_of(receipt.event_id)
    found = store.events_after(position - 1, 1) if position else []
    return position if position and any(announce(each) for each in found) else 0


def settled(receipt: Receipt, position: int, *, body_kept: bool) -> SettledSubmission:
    """A receipt without what its sentences say of figures."""
    rules = dict.fromkeys(item.rule for item in receipt.refused)
    return SettledSubmission(
        commune=receipt.commune,
        submission_id=receipt.submission_id.removeprefix(OF_ACCOUNTS),
        kind=receipt.kind,
        recorded_at=receipt.recorded_at,
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        refused=tuple(
            BrokenRule(rule=rule, items=sum(item.rule == rule for item in receipt.refused)) for rule in rules
        ),
        parked=receipt.parked,
        body_kept=body_kept,
        position=position,
        account=receipt.actor,
    )
