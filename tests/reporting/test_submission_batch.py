"""Reports that communes submit together: computed from one state of the tables, with little work for each."""

import json

import psycopg
import pytest

from services.reporting.read_models.knowledge import Snapshot
from tests.reporting.reporters import CLERK, QUARTER, Reporters

COMMUNES = 5


@pytest.fixture
def here(stack, tmp_path):
    with Reporters.on(stack, tmp_path, communes=COMMUNES) as here:
        here.define()
        for number, commune in enumerate(here.communes):
            here.count(commune, files=100 + number, online=60 + number)
        here.today(9, 16)
        yield here


class Recording:
    """A connection that remembers what it and its cursors were asked."""

    def __init__(self, connection):
        self._connection = connection
        self.queries = []

    def execute(self, query, *parameters, **options):
        self.queries.append(str(query))
        return self._connection.execute(query, *parameters, **options)

    def cursor(self):
        queries = self.queries

        class RecordingCursor(psycopg.Cursor):
            def execute(self, query, *parameters, **options):
                queries.append(str(query))
                return super().execute(query, *parameters, **options)

        return RecordingCursor(self._connection)


def report(by=CLERK):
    return json.dumps({"period": QUARTER.name, "by": by})


def test_a_report_is_the_same_in_a_batch_as_alone(here):
    receipts = here.taken([(commune, f"batch-{commune}", report()) for commune in here.communes])

    assert [receipt.accepted for receipt in receipts] == [1] * COMMUNES
    for number, code in enumerate(here.code(n) for n in range(COMMUNES)):
        _, content, _ = here.reporting.submitted(code, QUARTER)
        assert here.reporting.changed_since_submission(code, QUARTER, content) == []
        assert content.commune == code
        assert [line.commune for line in content.communes] == [here.communes[number]]


def test_a_further_commune_reads_its_own_rows_alone(here):
    with here.reporting.knowledge.snapshot(), here.pool.connection() as connection:
        recording = Recording(connection)
        snapshot = Snapshot(recording)
        numbers = []
        for number in range(COMMUNES):
            before = len(recording.queries)
            snapshot.of(
                here.reporting.question(here.province, QUARTER, here.reporting.clock().date(), here.code(number))
            )
            numbers.append(len(recording.queries) - before)
    first, *others = numbers
    assert len(set(others)) == 1
    assert others[0] < first / 2
    of_the_province = [any(name in query for name in ("targets", "tasks")) for query in recording.queries]
    assert any(of_the_province[:first])
    assert not any(of_the_province[first:])


def test_one_report_submitted_again_and_again_is_computed_once_a_batch(here):
    commune = here.communes[0]
    again = [(commune, f"again-{number}", report(by=f"Người {number}")) for number in range(30)]
    receipts = here.taken(again)

    assert sorted(receipt.accepted for receipt in receipts) == [0] * 29 + [1]
    assert {receipt.duplicates for receipt in receipts} == {0, 1}
