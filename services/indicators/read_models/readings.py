"""The versions of readings: one row a version, so that of two corrections of one version only one can be saved."""

import json
from collections.abc import Iterable

from psycopg_pool import ConnectionPool

from services.indicators.domain.reading import ReadingVersion
from services.indicators.domain.submission import Submission
from shared.record.event_store import Statement

# What an earlier version did not keep in columns is in the events, and read from them once.
TABLES = """
CREATE TABLE IF NOT EXISTS readings (
    commune text, reading_id text, version int, observed_on date NOT NULL, field text, counts jsonb NOT NULL,
    PRIMARY KEY (commune, reading_id, version)
);
CREATE INDEX IF NOT EXISTS readings_by_day ON readings (commune, observed_on);
DO $$ BEGIN
IF to_regclass('refused_readings') IS NULL THEN
    ALTER TABLE readings
        ADD COLUMN event uuid, ADD COLUMN submission_id text, ADD COLUMN reason text, ADD COLUMN acted_by text;
    CREATE TABLE refused_readings (
        event uuid, place int, commune text NOT NULL, submission_id text NOT NULL, item text NOT NULL,
        rule text NOT NULL, sentence text NOT NULL, version int, observed_on date, field text, counts jsonb,
        reason text, acted_by text, PRIMARY KEY (event, place)
    );
    CREATE INDEX refused_readings_by_commune ON refused_readings (commune, item);
    CREATE TEMPORARY TABLE receipted ON COMMIT DROP AS
        SELECT originator_id, convert_from(state, 'UTF8')::jsonb AS state FROM indicators_events
        WHERE topic = 'indicators.submission-receipted';
    UPDATE readings SET
        event = originator_id, submission_id = state->>'submission_id', reason = one->>'reason', acted_by = one->>'by'
    FROM receipted,
        jsonb_array_elements((state->'recorded') || (state->'corrected') || (state->'withdrawn')) AS one
    WHERE commune = state->>'commune' AND reading_id = one->>'reading_id' AND version = (one->>'version')::int;
    INSERT INTO refused_readings
        SELECT originator_id, place, state->>'commune', state->>'submission_id', one->>'item', one->>'rule',
            one->>'sentence', (one->>'version')::int, (one->>'observed_on')::date, one->>'field', one->'values',
            one->>'reason', one->>'by'
        FROM receipted, jsonb_array_elements(state->'refused') WITH ORDINALITY AS refused (one, place);
END IF;
END $$;
ALTER TABLE readings ADD COLUMN IF NOT EXISTS by_account text;
ALTER TABLE refused_readings ADD COLUMN IF NOT EXISTS by_account text;
"""


class Readings:
    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool

    def current(self, ids: Iterable[tuple[str, str]]) -> dict[str, dict[str, ReadingVersion]]:
        """The last version of each reading, by commune and reading id, for these (commune, reading id) pairs."""
        pairs = list(ids)
        with self._pool.connection() as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT ON (commune, reading_id) commune, reading_id, version, observed_on, field, counts
                FROM readings JOIN unnest(%s::text[], %s::text[]) AS wanted (commune, reading_id)
                USING (commune, reading_id) ORDER BY commune, reading_id, version DESC
                """,
                ([commune for commune, _ in pairs], [reading_id for _, reading_id in pairs]),
            ).fetchall()
        current: dict[str, dict[str, ReadingVersion]] = {}
        for commune, reading_id, version, observed_on, field, counts in rows:
            current.setdefault(commune, {})[reading_id] = ReadingVersion(version, observed_on, field, counts)
        return current

    @staticmethod
    def insert(submission: Submission.Receipted) -> list[Statement]:
        """To be run in the transaction of the event."""
        of = (submission.commune, submission.originator_id, submission.submission_id, submission.by_account)
        versions = [*submission.recorded, *submission.corrected, *submission.withdrawn]
        # One JSON parameter: six arrays cost psycopg three times the time of everything else in a submission.
        statements: list[Statement] = [
            (
                """
                INSERT INTO readings (commune, event, submission_id, by_account,
                    acted_by, reading_id, version, observed_on, field, counts, reason)
                SELECT %s, %s, %s, %s, coalesce(by, %s), reading_id, version, observed_on, field, "values", reason
                FROM jsonb_to_recordset(%s::jsonb) AS version (reading_id text,
                    version int, observed_on date, field text, "values" jsonb, reason text, by text)
                """,
                (*of, submission.by, json.dumps(versions)),
            ),
            (
                """
                INSERT INTO refused_readings (commune, event, submission_id, by_account,
                    acted_by, place, item, rule, sentence, version, observed_on, field, counts, reason)
                SELECT %s, %s, %s, %s,
                    coalesce(by, %s), place, item, rule, sentence, version, observed_on, field, "values", reason
                FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (item text, rule text, sentence text, version int,
                    observed_on date, field text, "values" jsonb, reason text, by text)) WITH ORDINALITY
                    AS refused (item, rule, sentence, version, observed_on, field, "values", reason, by, place)
                """,
                (*of, submission.by, json.dumps(submission.refused)),
            ),
        ]
        return [each for each, rows in zip(statements, (versions, submission.refused), strict=True) if rows]
