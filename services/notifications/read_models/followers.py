"""Who follows a task: gets the notices that its bodies get, where its role in the task's life has its mail."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection

from services.notifications.domain.recipients import FollowersOf, Person
from shared.contracts.planning import TaskFollowed, TaskUnfollowed
from shared.grants import Actor
from shared.messaging.following import ReceivedEvent

TABLES = """
CREATE TABLE IF NOT EXISTS followers (
    task_id text, follower text, role text NOT NULL, name text NOT NULL, PRIMARY KEY (task_id, follower)
);
"""


def follow(connection: Connection[Any], received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, TaskFollowed)
        row = (event.task_id, _key(event), event.role, event.by)
        connection.execute("INSERT INTO followers VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", row)


def unfollow(connection: Connection[Any], received: Sequence[ReceivedEvent]) -> None:
    for _, event in received:
        assert isinstance(event, TaskUnfollowed)
        connection.execute("DELETE FROM followers WHERE task_id = %s AND follower = %s", (event.task_id, _key(event)))


def of(connection: Connection[Any], task_ids: Iterable[str]) -> FollowersOf:
    """By task, in the order of their keys."""
    rows = connection.execute(
        "SELECT task_id, role, name FROM followers WHERE task_id = ANY(%s) ORDER BY task_id, follower",
        (list(task_ids),),
    ).fetchall()
    found: dict[str, list[Person]] = {}
    for task_id, role, name in rows:
        found.setdefault(task_id, []).append(Person(role, name))
    return found


def _key(event: TaskFollowed | TaskUnfollowed) -> str:
    return Actor(event.by, event.by_account).key
