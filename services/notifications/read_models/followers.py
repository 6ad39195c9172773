"""Who follows a task: gets the notices that its bodies get, where its role in the task's life has its mail.

An account follows no longer than by the grant with which it followed, nor after it was closed. A grant that is not
known here yet counts: Planning knew it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, LiteralString

from psycopg import Connection

from services.notifications.domain.recipients import FollowersOf, Person
from shared.contracts.planning import TaskFollowed, TaskUnfollowed
from shared.grants import Actor
from shared.messaging.following.follower import ReceivedEvent

TABLES = """
CREATE TABLE IF NOT EXISTS followers (
    task_id text, follower text, role text NOT NULL, name text NOT NULL, PRIMARY KEY (task_id, follower)
);
ALTER TABLE followers ADD COLUMN IF NOT EXISTS grant_id text;
"""
# On a day. Of a name there is no account, and of one that followed before grants were kept any of its grants counts.
FOLLOWS: LiteralString = """
        NOT EXISTS (SELECT FROM accounts WHERE account = follower AND (closed OR until < %(day)s))
        AND CASE WHEN grant_id IS NOT NULL THEN NOT EXISTS (SELECT FROM grants
                WHERE grants.grant_id = followers.grant_id AND (withdrawn OR until < %(day)s))
            ELSE NOT EXISTS (SELECT FROM grants WHERE account = follower)
                OR EXISTS (SELECT FROM grants WHERE account = follower AND NOT withdrawn
                    AND coalesce(until >= %(day)s, true))
            END
"""
FOLLOWING: LiteralString = f"""
    SELECT task_id, role, name, follower FROM followers WHERE task_id = ANY(%(task_ids)s) AND {FOLLOWS}
    ORDER BY task_id, follower
"""  # noqa: S608  a constant of this module


def follow(connection: Connection[Any], received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, TaskFollowed)
        row = (event.task_id, _key(event), event.role, event.by, event.grant)
        connection.execute(
            "INSERT INTO followers VALUES (%s, %s, %s, %s, %s) ON CONFLICT (task_id, follower) DO UPDATE"
            " SET role = excluded.role, name = excluded.name, grant_id = excluded.grant_id",
            row,
        )


def unfollow(connection: Connection[Any], received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, TaskUnfollowed)
        connection.execute("DELETE FROM followers WHERE task_id = %s AND follower = %s", (event.task_id, _key(event)))


def of(connection: Connection[Any], task_ids: Iterable[str], day: date) -> FollowersOf:
    """By task, in the order of their keys, on a day."""
    rows = connection.execute(FOLLOWING, {"task_ids": list(task_ids), "day": day}).fetchall()
    found: dict[str, list[Person]] = {}
    for task_id, *person in rows:
        found.setdefault(task_id, []).append(Person(*person))
    return found


def _key(event: TaskFollowed | TaskUnfollowed) -> str:
    return Actor(event.by, event.by_account).key
