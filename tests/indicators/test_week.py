"""A week as a page shows it: sums of what counts, the last count of a stock, and what a form has seen."""

from datetime import UTC, date, datetime

import pytest

from services.indicators.web.week import Week, checks_of, last_counts
from shared.contracts.indicators import Catalogue, NamedIndicator, NamedMeasure, ReadingVersion
from shared.web.counts import NotACount, count_of

MONDAY = date(2025, 9, 8)


def measure(name, kind):
    return NamedMeasure(measure=name, name=name, kind=kind, unit="hồ sơ", by_field=True)


CATALOGUE = Catalogue(fields=(), measures=(measure("received", "flow"), measure("pending", "stock")), indicators=())


def reading(hour, values, state="recorded", field="land"):
    return ReadingVersion(
        reading_id=f"r-{hour}", state=state, version=1, observed_on=MONDAY, field=field, values=values, before={},
        submission_id="s", recorded_at=datetime(2025, 9, 9, hour, tzinfo=UTC), reason=None, by=None,
    )  # fmt: skip


def test_flows_of_a_day_are_added_and_of_a_stock_the_last_recorded_count_stands():
    late, early = reading(5, {"received": 2, "pending": 4}), reading(3, {"received": 1, "pending": 9})
    withdrawn, refused = reading(7, {}, "withdrawn"), reading(8, {"received": 50}, "refused")
    without_field = reading(9, {"received": 9}, field=None)
    week = Week.of(MONDAY, "land", CATALOGUE, [late, early, withdrawn, refused, without_field])
    assert week.counts == {("received", MONDAY): 3, ("pending", MONDAY): 4}
    assert week.seen == {MONDAY: 3}, "also the withdrawn one, whose id is used"


@pytest.mark.parametrize(("text", "count"), [("12", 12), ("1.250", 1250), ("-3", -3), ("0", 0)])
def test_a_count_is_read_in_the_vietnamese_form(text, count):
    assert count_of(text, "cell") == count


@pytest.mark.parametrize("text", ["1.25", "1,5", "mười", "1 000", "1" * 14, ""])
def test_a_text_that_is_no_count_names_its_cell(text):
    with pytest.raises(NotACount, match="cell"):
        count_of(text, "cell")


def test_a_cell_is_recorded_corrected_or_refused():
    readings = [
        reading(3, {"received": 2}),
        reading(4, {"received": 1}, "corrected"),
        reading(5, {"pending": 9}, "refused"),
    ]
    week = Week.of(MONDAY, "land", CATALOGUE, readings)
    assert week.states == {("received", MONDAY): "corrected", ("pending", MONDAY): "refused"}


def test_the_longest_field_has_readings_with_ids_of_their_own():
    def reading_id(field_id):
        week = Week.of(MONDAY, field_id, CATALOGUE, [])
        return week.readings({f"received.{MONDAY.isoformat()}": "1"})[MONDAY].reading_id

    ids = {reading_id(each) for each in ("land", "x" * 80, "x" * 79 + "y")}
    assert len(ids) == 3
    assert "web-land-20250908-0" in ids, "as it was"


def test_the_last_count_of_a_measure_is_that_of_its_last_day():
    earlier = reading(3, {"received": 2, "pending": 5})
    later = reading(4, {"received": 7}).model_copy(update={"observed_on": date(2025, 9, 9)})
    assert last_counts("land", CATALOGUE, [later, earlier]) == {
        "received": (date(2025, 9, 9), 7), "pending": (MONDAY, 5),
    }  # fmt: skip


def test_only_parts_and_wholes_of_one_kind_are_checked():
    def indicator(numerator, denominator):
        return NamedIndicator(
            indicator="i", name="Tỷ lệ", numerator=numerator, denominator=denominator, direction="higher",
            zero_denominator="undefined", source="1/QĐ",
        )  # fmt: skip

    measures = [measure("part", "flow"), measure("whole", "flow"), measure("pending", "stock")]
    indicators = (indicator(("part",), ("whole",)), indicator(("part",), ("pending",)), indicator(("part",), ("x",)))
    catalogue = Catalogue(fields=(), measures=tuple(measures), indicators=indicators)
    assert checks_of(catalogue, measures) == [{"name": "Tỷ lệ", "part": ("part",), "whole": ("whole",)}]
