"""Questions about what a figure is made of, answered by Reporting on a real PostgreSQL."""

from datetime import date
from decimal import Decimal

import pytest

from services.reporting.questions import QUESTIONS
from services.reporting.read_models.editions import Altered
from shared.contracts.reporting import (
    AuditEdition,
    CompareProvinceReports,
    CompareReport,
    ExplainFigure,
    ExplainProvinceFigure,
    ListFigures,
    ShowEdition,
    ShowProvinceReportTimeline,
    ShowReportTimeline,
)
from shared.messaging.questions.questions import NoAnswer
from shared.regimes import DEFAULT_REGIME
from tests.reporting.reporters import QUARTER, REVIEWER, Reporters

PERIOD = QUARTER.name


@pytest.fixture(scope="module")
def here(stack, tmp_path_factory):
    with Reporters.restated(stack, tmp_path_factory.mktemp("questions")) as reporters:
        yield reporters


def ask(here, kind, **fields):
    return QUESTIONS[kind](here.reporting, kind(**fields))


def figure(here, kind=ExplainFigure, **fields):
    place = {"commune": here.communes[0]} if kind is ExplainFigure else {"province": here.province}
    return ask(here, kind, **place, period=PERIOD, indicator="life", **fields)


def test_a_figure_is_shown_with_its_formula_its_measures_and_the_days_on_which_something_changed(here):
    found = figure(here)
    assert (found.numerator, found.denominator, found.rate) == (8, 10, Decimal("80.0"))
    assert (found.unit, found.indicator, found.readings, found.target) == (f"Xã {here.communes[0]}", "life", 1, None)
    assert [(each.measure, each.sides, each.total) for each in found.measures] == [
        ("life-online", ("numerator",), 8),
        ("life-files", ("denominator",), 10),
    ]
    assert (found.formula.version, found.formula.act, found.formula.source.service) == (1, "x", "indicators")
    assert [unit.commune for unit in found.units] == [here.communes[0]]
    assert {date(2025, 9, 15), date(2025, 9, 20)} <= set(found.changed_on)


def test_a_figure_of_a_past_day_stays_the_same_and_names_the_events_since_an_earlier_one(here):
    at = {"known_at": date(2025, 9, 20)}
    found = figure(here, **at, since=date(2025, 9, 18))
    before = found.before
    assert (found.numerator, before.numerator, before.denominator) == (8, 5, 10)
    [cause] = before.causes
    assert (cause.kind, cause.reading, cause.reason, cause.recorded_on) == (
        "corrected", "r", "nhầm", date(2025, 9, 20),
    )  # fmt: skip
    assert "life-online 5 → 8" in cause.text
    assert figure(here, **at, computation=found.computation) == figure(here, **at)
    assert figure(here, known_at=date(2025, 9, 19), since=date(2025, 9, 16)).before.causes == ()


def test_a_figure_of_an_edition_is_the_published_one_beside_the_one_of_its_day(here):
    first, last = (figure(here, edition=number) for number in (1, 2))
    assert ((first.numerator, first.counted), (last.numerator, last.counted)) == ((5, (5, 10)), (8, (8, 10)))
    assert (
        first.edition_sha256
        == ask(here, ShowEdition, province=here.province, period=PERIOD, edition=1).edition.content_sha256
    )
    assert [cause.kind for cause in figure(here, edition=2, since=date(2025, 9, 18)).before.causes] == ["corrected"]


def test_a_provinces_figure_has_a_part_for_each_commune(here):
    found = figure(here, ExplainProvinceFigure, since=date(2025, 9, 18))
    parts = {part.commune: (part.numerator, part.denominator) for part in found.parts}
    assert (found.numerator, found.denominator, parts) == (
        9,
        30,
        dict(zip(here.communes, ((8, 10), (1, 20)), strict=True)),
    )
    assert (found.before.numerator, [cause.kind for cause in found.before.causes]) == (6, ["corrected"])
    assert figure(here, ExplainProvinceFigure, edition=1).numerator == 6


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"indicator": "none"}, "Không có chỉ số “none”"),
        ({"edition": 9}, "chưa được công bố lần 9"),
        ({"computation": 99}, "cách tính bản 99"),
        ({"since": date(2026, 1, 1)}, "Hãy chọn một ngày trước"),
    ],
)
def test_a_figure_that_is_not_there_gets_one_sentence(here, fields, sentence):
    with pytest.raises(NoAnswer, match=sentence):
        ask(here, ExplainFigure, **{"commune": here.communes[0], "period": PERIOD, "indicator": "life", **fields})


def test_the_days_on_which_something_changed_are_in_the_list_of_figures(here):
    assert {date(2025, 9, 15), date(2025, 9, 20)} <= set(
        ask(here, ListFigures, commune=here.communes[0], period=PERIOD).changed_on
    )


def counts(moved):
    """Without the rates."""
    return moved.before.partition(" ")[0], moved.after.partition(" ")[0]


@pytest.mark.parametrize("forms", [False, True])
def test_two_states_of_a_province_are_compared_by_commune_and_cause(here, forms):
    first = here.communes[0]
    for states in (
        {"since": date(2025, 9, 18)},
        {"since": date(2025, 9, 18), "until": date(2025, 9, 21)},
        {"since_edition": 1, "until_edition": 2},
        {"since_edition": 1},
        {"since": date(2025, 9, 18), "until_edition": 2},
    ):
        found = ask(here, CompareProvinceReports, province=here.province, period=PERIOD, forms=forms, **states)
        moved = [(each.commune, each.item, *counts(each), each.causes) for each in found.figures]
        assert moved == [("", "life", "6/30", "9/30", (1,)), (first, "life", "5/10", "8/10", (1,))], states
        assert [(each.commune, each.moved) for each in found.units] == [("", 1), (first, 1)]
        assert [(each.kind, each.events, each.moved) for each in found.kinds] == [("corrected", 1, 2)]
        assert "life-online 5 → 8" in found.causes[0].text


def test_two_states_of_a_commune_name_its_own_causes_alone(here):
    states = {"since_edition": 1, "until_edition": 2}
    own, other = (ask(here, CompareReport, commune=c, period=PERIOD, **states) for c in here.communes)
    assert [(each.item, *counts(each)) for each in own.figures] == [("life", "5/10", "8/10")]
    assert (other.figures, other.causes_in_all) == ((), 0)


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ({}, "Hãy chọn ngày hoặc lần công bố"),
        ({"since_edition": 2, "until_edition": 1}, "phải có trước"),
        ({"since": date(2025, 9, 20), "until": date(2025, 9, 20)}, "phải có trước"),
        ({"since": date(2025, 9, 24), "until_edition": 1}, "phải có trước"),
        ({"since_edition": 1, "until_edition": 3}, "chưa được công bố lần 3"),
    ],
)
def test_states_that_cannot_be_compared_get_one_sentence(here, states, sentence):
    with pytest.raises(NoAnswer, match=sentence):
        ask(here, CompareProvinceReports, province=here.province, period=PERIOD, **states)


def test_an_edition_is_computed_again_byte_for_byte_from_the_tables(here):
    for number in (1, 2):
        found = ask(here, AuditEdition, province=here.province, period=PERIOD, edition=number)
        assert (found.differs, found.not_computed) == ((), None)
        assert found.computed_sha256 == found.content_sha256
        assert (found.inclusion, found.seals) == (None, ()), "nothing is sealed on these servers"


def test_a_changed_table_shows_in_an_edition_that_is_computed_again(here):
    with here.pool.connection() as connection:
        name = connection.execute("SELECT name FROM communes WHERE commune = %s", (here.communes[0],)).fetchone()[0]
        connection.execute("UPDATE communes SET name = 'Xã Khác' WHERE commune = %s", (here.communes[0],))
    try:
        found = ask(here, AuditEdition, province=here.province, period=PERIOD, edition=2)
    finally:
        with here.pool.connection() as connection:
            connection.execute("UPDATE communes SET name = %s WHERE commune = %s", (name, here.communes[0]))
    assert "communes" in found.differs
    assert found.computed_sha256 != found.content_sha256


def test_the_history_of_a_report_is_answered_in_order(here):
    own = ask(here, ShowReportTimeline, commune=here.communes[0], period=PERIOD)
    assert [entry.act for entry in own.entries][:3] == [
        "commune-report-opened", "commune-report-submitted", "commune-report-approved",
    ]  # fmt: skip
    assert [entry.by for entry in own.entries if entry.act == "commune-report-approved"] == [REVIEWER]
    whole = ask(here, ShowProvinceReportTimeline, province=here.province, period=PERIOD)
    assert [entry.act for entry in whole.entries] == ["report-opened", "report-published", "report-restated"]
    assert all(len(entry.fact.leaf) == 64 for entry in (*own.entries, *whole.entries))
    with pytest.raises(NoAnswer, match="Chưa có báo cáo"):
        ask(here, ShowReportTimeline, commune=here.communes[1], period=PERIOD)


def test_a_provinces_own_row_that_somebody_gave_to_a_commune_is_named_in_one_sentence(here):
    with here.pool.connection() as connection:
        connection.execute(
            "UPDATE reports SET commune = 'c-0' WHERE province = %s AND commune IS NULL", (here.province,)
        )
    try:
        with pytest.raises(Altered, match="dòng của đơn vị c-0 không phải là báo cáo của một đơn vị"):
            here.reporting.reviews.statuses([], here.province, QUARTER, DEFAULT_REGIME)
    finally:
        with here.pool.connection() as connection:
            connection.execute("UPDATE reports SET commune = NULL WHERE commune = 'c-0'")
