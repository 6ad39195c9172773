"""Alters Reporting's tables as their owner could: column by column, row by row, each alteration undone again."""

from contextlib import contextmanager

from psycopg.types.json import Json, Jsonb

# What a report prints, or what enters a printed figure.
PRINTED = {
    "communes": ("code", "name", "province", "province_name", "latitude", "longitude", "in_force_from"),
    "successions": ("commune", "successor", "share", "in_force_from"),
    "commune_changes": ("commune", "code", "name", "province", "province_name"),
    "measures": ("measure", "kind", "name"),
    "indicators": (
        "indicator", "version", "name", "numerator", "denominator", "zero_denominator", "in_force_from", "direction",
        "source",
    ),
    "fields": ("field", "name"),
    "field_totals": ("readings", "flows", "levels"),
    "plans": ("commune", "province"),
    "targets": ("indicator", "target", "target_text", "scope"),
    "tasks": ("commune", "lead", "deadlines"),
    "task_changes": ("done", "lead", "deadlines", "withdrawn"),
    "refusals": ("commune", "rule"),
    "parked_messages": ("commune",),
    "known_positions": ("position",),
    "corrections": (
        "position", "commune", "reading_id", "version", "observed_on", "field", "before", "after", "reason", "by",
        "submission_id",
    ),
    "late_readings": (
        "position", "commune", "reading_id", "observed_on", "field", "counts", "submission_id", "recorded_on"
    ),
    "reports": ("commune", "state", "status"),
}  # fmt: skip
# Which rows a question reads, and since when each was known: a row that they hide is missing in a printed total.
KEYS = {
    "communes": ("commune", "kind", "known_from"),
    "successions": ("place", "position", "known_from"),
    "commune_changes": ("position", "in_force_from", "known_from"),
    "measures": ("version", "in_force_from", "known_from", "unit", "by_field"),
    "indicators": ("position", "known_from"),
    "fields": ("version", "in_force_from", "position", "known_from"),
    "field_totals": ("commune", "half", "field", "known_on"),
    "plans": ("plan_id", "span_from", "span_until", "position", "known_from", "version_of", "in_force_from"),
    "targets": ("plan_id", "number", "fields"),  # fields count where there is a scope, which is printed
    "tasks": ("task_id", "plan_id", "known_from"),
    "task_changes": ("task_id", "position", "known_from"),
    "refusals": ("position", "number", "day", "known_from"),
    "parked_messages": ("source", "position", "day", "known_from"),
    "known_positions": ("source", "known_on"),
    "corrections": ("number", "known_from"),
    "late_readings": ("number",),
    "reports": ("report_id", "province", "regime", "period", "announced_due_on", "announced_step"),
    # What follows from the events without being printed, and Reporting's own progress.
    "plan_closings": ("plan_id", "closed_on", "known_from"),
    "counted_fields": ("field",),
    "day_counts": ("commune", "half", "field", "known_on", "days"),
    "recounts": ("commune", "half", "position"),
    "recounts_compared": ("position",),
    "read_model_version": ("version",),
    "tracking": ("source", "position"),
    # Their contents are compared with the hash that the event holds; checkpoints prove themselves.
    "editions": ("report_id", "edition", "content"),
    "contents": ("sha256", "content"),
    "announced_checkpoints": ("service", "size", "root", "position", "note", "sealed_at"),
}
TOTALS = 12
RELEVANT = {
    "reports": "commune IS NOT NULL",
    "field_totals": """
    readings > 0 AND known_on = (
        SELECT max(known_on) FROM reporting.field_totals AS later
        WHERE (later.commune, later.half, later.field)
            = (field_totals.commune, field_totals.half, field_totals.field)
    )
""",
}


# Of every service: its events with their seals, its messages, and the grants that the portal announces.
SHARED = (
    "reporting_events", "checkpoints", "seal_keys", "inbox", "parked", "set_aside", "accounts", "grants",
)  # fmt: skip


def listed_columns():
    return {(table, column) for of in (PRINTED, KEYS) for table, columns in of.items() for column in columns}


def columns_of(connection):
    """(table, column) of Reporting's own tables."""
    every = connection.execute(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'reporting'"
    )
    return {(table, column) for table, column in every if table not in SHARED}


@contextmanager
def altered(connection, table, column, row):
    """The row's value is another one meanwhile."""
    (value,) = connection.execute(f'SELECT "{column}" FROM reporting.{table} WHERE ctid = %s', (row,)).fetchone()
    (kind,) = connection.execute(f'SELECT pg_typeof("{column}")::text FROM reporting.{table} LIMIT 1').fetchone()
    replace = f'UPDATE reporting.{table} SET "{column}" = %s WHERE ctid = %s RETURNING ctid'
    (moved,) = connection.execute(replace, (_written(_another(value, kind), kind), row)).fetchone()
    try:
        yield
    finally:
        connection.execute(replace, (_written(value, kind), moved))


def rows_of(connection, table, condition="true"):
    return [row for (row,) in connection.execute(f"SELECT ctid FROM reporting.{table} WHERE {condition}")]


def _another(value, kind):
    match value:
        case None:
            return {"jsonb": {"x": 1}, "date": "2025-08-01", "text": "x", "float8": 1, "double precision": 1}.get(
                kind, []
            )
        case bool():
            return not value
        case int() | float():
            return value + 1000  # no key of another row
        case str():
            return str(int(value) + 1) if value.isdigit() else value + "x"
        case dict():
            key = min((name for name, held in value.items() if held is not None), default="x")
            return {**value, key: _another(value.get(key, 0), "jsonb")}
        case []:
            return ["2025-08-01"] if kind == "date[]" else ["x"]
        case [*first, last]:
            return [*first, _another(last, kind)]
    return value.replace(day=value.day % 28 + 1)


def _written(value, kind):
    return {"json": Json, "jsonb": Jsonb}[kind](value) if kind in ("json", "jsonb") and value is not None else value


def unseen(connection, differs, tables):
    """The printed columns of which no alteration was found; of totals each row is altered, of others the first ones."""
    missed = []
    for table in tables:
        every = table == "field_totals"
        for column in PRINTED[table]:
            rows = rows_of(connection, table, RELEVANT.get(table, "true"))
            assert rows, f"{table} has rows to alter"
            if every:
                missed += [
                    (column, row) for row in rows[:TOTALS] if not _found(connection, differs, table, column, row)
                ]
            elif not any(_found(connection, differs, table, column, row) for row in rows):
                missed.append((table, column))
    return missed


def _found(connection, differs, table, column, row):
    with altered(connection, table, column, row):
        return differs()
