"""The commands of Notifications: what waits to be sent, and what became of the rest."""

import json
from typing import Annotated

import typer
from psycopg import OperationalError
from psycopg_pool import PoolTimeout
from rich.table import Table

from shared.cli import fail, group, out
from shared.settings import Settings, SettingsError

notice_app = group("Notices: which wait to be sent, and what became of the others.")


@notice_app.callback()
def _notices() -> None:
    """Notices: which wait to be sent, and what became of the others."""


@notice_app.command("list")
def list_notices(
    commune: Annotated[str, typer.Option(help="only the notices about one commune")] = "",
    most: Annotated[int, typer.Option(help="how many of the waiting ones to show", min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="for another program")] = False,
) -> None:
    """How many notices wait, were sent and failed, and what those that wait longest wait for."""
    from services.notifications.read_models.communes import waiting_for_registration
    from services.notifications.read_models.outbox import Outbox
    from shared.process import open_pool

    try:
        with open_pool(Settings.from_env(), "notifications", size=1) as pool:
            outbox = Outbox(pool)
            counts, waiting = outbox.counts(commune or None), outbox.waiting(commune or None, most)
            with pool.connection() as connection:
                early = waiting_for_registration(connection, commune or None)
    except SettingsError as wrong:
        fail(str(wrong), 2)
    except (OperationalError, PoolTimeout):
        fail("PostgreSQL does not answer at DATABASE_URL")
    if as_json:
        found = vars(counts) | {"waiting_for_registration": early, "longest_waiting": waiting}
        out.print_json(json.dumps(found, ensure_ascii=False, default=str))
        return
    out.print(f"{counts.waiting} waiting, {counts.sent} sent, {counts.failed} failed")
    if early:
        out.print(f"{early} announcements about communes that are not registered")
    if waiting:
        table = Table("recipient", "template", "since", "attempts", "last error")
        for notice in waiting:
            since = f"{notice['created_at']:%Y-%m-%d %H:%M}"
            table.add_row(
                notice["recipient"], notice["template"], since, str(notice["attempts"]), notice["last_error"] or ""
            )
        out.print(table)
