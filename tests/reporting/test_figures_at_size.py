"""Three years of a province, corrected on thirty days each half month: a question still reads one row of each."""

from datetime import date, datetime, time

import psycopg
import pytest

from services.reporting.read_models.figures.questions import FIELD_TOTALS_KNOWN, TOTALS_KNOWN, by_field, summed
from shared.clock import VIETNAM, end_of
from shared.periods import Period

COMMUNES = [f"c{n}" for n in range(96)]
QUARTER = Period.parse("2025-Q3").window()
DAYS = [date(2025, 6, 14), date(2025, 8, 1), date(2025, 9, 16), date(2028, 6, 30)]
# Half months of three years from 2024-07-01, each known anew every other day from its first on; two fields.
FILL = """
INSERT INTO {table}
SELECT c, half, {field} date '2024-07-01' + (half - 48590) * 15 + 2 * day, day,
    '{{"received": 1}}', '{{"{level}": 2}}', '{{}}'
FROM unnest(%s::text[]) AS c, generate_series(48590, 48590 + 71) AS half, {fields} generate_series(0, 29) AS day
"""


@pytest.fixture(scope="module")
def three_years(stack):
    with psycopg.connect(**stack.settings("reporting").database("reporting")) as connection:
        totals = FILL.format(table="totals", field="", fields="", level="pending/land")
        by_field = FILL.format(
            table="field_totals", field="f,", fields="unnest(array['', 'land']) AS f,", level="pending"
        )
        connection.execute(totals, (COMMUNES,))
        connection.execute(by_field, (COMMUNES[:48],))
        connection.execute("INSERT INTO counted_fields VALUES (''), ('land') ON CONFLICT DO NOTHING")
        yield connection
        connection.rollback()


def explained(connection, query, known_on, communes):
    asked = {"communes": communes, "first": 48613, "last": 48618, "known_on": known_on}
    row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", asked).fetchone()
    return row[0][0]


def scans(plan):
    if plan.get("Relation Name") in ("totals", "field_totals"):
        yield plan
    for below in plan.get("Plans", ()):
        yield from scans(below)


@pytest.mark.parametrize("known_on", DAYS)
@pytest.mark.parametrize(
    ("query", "communes", "places"), [(TOTALS_KNOWN, 96, 96 * 6), (FIELD_TOTALS_KNOWN, 48, 48 * 12)]
)
def test_a_question_reads_one_row_of_each_place_however_often_it_was_corrected(
    three_years, query, communes, places, known_on
):
    explanation = explained(three_years, query, known_on, COMMUNES[:communes])
    read = [
        (scan["Actual Rows"], scan.get("Rows Removed by Filter", 0), scan["Actual Loops"])
        for scan in scans(explanation["Plan"])
    ]
    assert sum((rows + removed) * loops for rows, removed, loops in read) <= places
    assert explanation["Execution Time"] < 1000


def test_what_it_reads_is_the_row_of_the_day_that_is_asked_for(three_years):
    first, last = end_of(date(2025, 8, 1)), datetime.combine(date(2028, 7, 1), time(), VIETNAM)
    early, late = (summed(three_years, COMMUNES[:2], QUARTER, until) for until in (first, last))
    assert late.readings == {"c0": 6 * 29, "c1": 6 * 29}
    assert 0 < early.readings["c0"] < late.readings["c0"]
    assert late.sums["c0", "received"] == 6
    assert late.sums["c0", "pending"] == 2
    assert by_field(three_years, ["c0"], QUARTER, last)["c0", "pending", "land"] == 2
