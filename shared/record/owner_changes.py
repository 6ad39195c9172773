"""Changes of the tables that keep history, by whoever owns the database: it can make them, but not without a trace.

To rewrite an event its owner first has to disable or drop the trigger that refuses it, or to put another table, a view,
a rule, a policy or a trigger in its place. That is written down in the same transaction, and at once into the log of
PostgreSQL, which a rolled back transaction does not take back.
"""

from datetime import datetime
from typing import LiteralString, NamedTuple

from psycopg import Connection

TABLE: LiteralString = """
CREATE TABLE IF NOT EXISTS public.owner_changes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    login text NOT NULL, command text NOT NULL, object text NOT NULL
);
"""
# Event triggers are a superuser's; ALWAYS, so that session_replication_role does not silence it.
EVENT_TRIGGERS: LiteralString = r"""
CREATE OR REPLACE FUNCTION public.note_owner_change() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE TG_EVENT = 'ddl_command_end'
            AND (object_identity ~ '(^| on )(\w+)\.(\2_events|checkpoints|seal_keys)$'
                OR object_identity ~ '\.(refuse_change|set_recorded_at)\(\)$'
                OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = objid
                    AND inhparent::regclass::text ~ '^(\w+)\.(\1_events|checkpoints|seal_keys)$'))
    LOOP
        RAISE WARNING 'the owner of the database changes %: % by %', name, TG_TAG, session_user;
        INSERT INTO public.owner_changes (login, command, object) VALUES (session_user, TG_TAG, name);
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION public.note_owner_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE name text;
BEGIN
    FOR name IN
        SELECT object_identity FROM pg_event_trigger_dropped_objects() WHERE object_type IN ('table', 'trigger')
            AND object_identity ~ '(^| on )(\w+)\.(\2_events|checkpoints|seal_keys)$'
    LOOP
        RAISE WARNING 'the owner of the database drops %: % by %', name, TG_TAG, session_user;
        INSERT INTO public.owner_changes (login, command, object) VALUES (session_user, TG_TAG, name);
    END LOOP;
END $$;
DROP EVENT TRIGGER IF EXISTS note_owner_change;
DROP EVENT TRIGGER IF EXISTS note_owner_drop;
CREATE EVENT TRIGGER note_owner_change ON ddl_command_end EXECUTE FUNCTION public.note_owner_change();
CREATE EVENT TRIGGER note_owner_drop ON sql_drop EXECUTE FUNCTION public.note_owner_drop();
ALTER EVENT TRIGGER note_owner_change ENABLE ALWAYS;
ALTER EVENT TRIGGER note_owner_drop ENABLE ALWAYS;
"""


class OwnerChange(NamedTuple):
    """A table of history, or its trigger, that was changed, and the login that did it."""

    number: int
    changed_at: datetime
    login: str
    command: str
    object: str


def owner_changes(connection: Connection, after: int = 0) -> list[OwnerChange]:
    """Those with a larger number, in their order."""
    rows = connection.execute(
        "SELECT number, changed_at, login, command, object FROM public.owner_changes WHERE number > %s ORDER BY number",
        (after,),
    )
    return [OwnerChange(*row) for row in rows]
