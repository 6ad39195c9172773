"""Three years of a province, corrected on thirty days each half month: a question still reads one row of each."""

from datetime import date, datetime, time

import psycopg
import pytest

from services.reporting.read_models.figures.halves import HALVES_KNOWN
from services.reporting.read_models.figures.questions import counts_in
from shared.clock import VIETNAM, end_of
from shared.periods import Period

COMMUNES = [f"c{n}" for n in range(96)]
QUARTER = Period.parse("2025-Q3").window()
DAYS = [date(2025, 6, 14), date(2025, 8, 1), date(2025, 9, 16), date(2028, 6, 30)]
# Half months of three years from 2024-07-01, each known anew every other day from its first on; two fields.
FILL = """
INSERT INTO field_totals
SELECT c, half, f, date '2024-07-01' + (half - 48590) * 15 + 2 * day, day,
    '[[1, {"received": 1}]]', '[[1, {"pending": 2}]]'
FROM unnest(%s::text[]) AS c, generate_series(48590, 48590 + 71) AS half, unnest(array['', 'land']) AS f,
    generate_series(0, 29) AS day
"""


@pytest.fixture(scope="module")
def three_years(stack):
    with psycopg.connect(**stack.settings("reporting").database("reporting")) as connection:
        connection.execute(FILL, (COMMUNES[:48],))
        connection.execute("INSERT INTO counted_fields VALUES (''), ('land') ON CONFLICT DO NOTHING")
        yield connection
        connection.rollback()


def explained(connection, query, known_on, communes):
    halves = [(half, commune) for half in range(48613, 48619) for commune in communes]
    asked = {"halves": [h for h, _ in halves], "communes": [c for _, c in halves], "known_on": known_on}
    row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", asked).fetchone()
    return row[0][0]


def scans(plan):
    if plan.get("Relation Name") == "field_totals":
        yield plan
    for below in plan.get("Plans", ()):
        yield from scans(below)


@pytest.mark.parametrize("known_on", DAYS)
def test_a_question_reads_one_row_of_each_place_and_finds_the_next_for_any_number_of_corrections(three_years, known_on):
    explanation = explained(three_years, HALVES_KNOWN, known_on, COMMUNES[:48])
    read = [
        (scan["Actual Rows"], scan.get("Rows Removed by Filter", 0), scan["Actual Loops"])
        for scan in scans(explanation["Plan"])
    ]
    assert sum((rows + removed) * loops for rows, removed, loops in read) <= 2 * 48 * 12
    assert explanation["Execution Time"] < 1000


def test_a_question_reads_the_row_of_its_day(three_years):
    first, last = end_of(date(2025, 8, 1)), datetime.combine(date(2028, 7, 1), time(), VIETNAM)
    early, late = (counts_in(three_years, COMMUNES[:2], QUARTER, until) for until in (first, last))
    assert late.readings == {"c0": 12 * 29, "c1": 12 * 29}
    assert 0 < early.readings["c0"] < late.readings["c0"]
    assert late.sums["c0", "received"] == 12
    assert late.sums["c0", "pending"] == 4
    assert late.by_field["c0", "pending", "land"] == 2
    levels = counts_in(three_years, COMMUNES[:2], QUARTER, last, flows=False)
    assert levels.by_field == {key: count for key, count in late.by_field.items() if key[1] == "pending"}
