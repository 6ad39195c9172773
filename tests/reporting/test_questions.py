"""Questions about figures, reports and editions, answered by Reporting on a real PostgreSQL."""

from base64 import b64decode
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.reporting.questions import QUESTIONS
from shared.clock import day_of
from shared.contracts.reporting import (
    ListEditionMoves,
    ListEditions,
    ListFigures,
    ListProvinceFigures,
    ListProvinceReports,
    ListReports,
    ListTrend,
    PrintDraft,
    PrintEdition,
    ShowEdition,
    ShowNarrative,
    ShowProvinceOverview,
    ShowProvinceReport,
    ShowReport,
    ShowSubmission,
)
from shared.messaging.questions.questions import NoAnswer
from shared.regimes import DEFAULT_REGIME, DEFAULT_REGIME_TITLE
from tests.reporting.reporters import CLERK, QUARTER, REVIEWER, Reporters

PERIOD = QUARTER.name


@pytest.fixture(scope="module")
def here(tmp_path_factory, start_servers):
    """On servers of its own: nothing is recorded before what was recorded last, here of whichever test."""
    folder = tmp_path_factory.mktemp("questions")
    with (
        Stack(folder, TIMES_OF_SERVICES, services=(), start_servers=start_servers) as stack,
        Reporters.restated(stack, folder) as reporters,
    ):
        yield reporters


def ask(here, kind, **fields):
    return QUESTIONS[kind](here.reporting, kind(**fields))


def test_a_figure_is_answered_at_two_dates(here):
    def rates(known_at):
        found = ask(here, ListFigures, commune=here.communes[0], period=PERIOD, known_at=known_at)
        assert (found.period, found.counted_until) == (PERIOD, date(2025, 9, 14))
        return [(row.commune, row.indicator, row.numerator, row.denominator, row.rate) for row in found.figures
                if row.indicator == "life"]  # fmt: skip

    commune = here.communes[0]
    assert rates(date(2025, 9, 19)) == [(commune, "life", 5, 10, Decimal("50.0"))]
    assert rates(date(2025, 9, 20)) == rates(None) == [(commune, "life", 8, 10, Decimal("80.0"))]


def test_the_figures_of_a_province_are_its_own_and_its_communes(here):
    found = ask(here, ListProvinceFigures, province=here.province, period=PERIOD)
    counted = {row.commune: (row.numerator, row.denominator) for row in found.figures if row.indicator == "life"}
    assert counted == {None: (9, 30), here.communes[0]: (8, 10), here.communes[1]: (1, 20)}


def test_a_report_is_shown_as_drafted_and_as_submitted(here):
    commune = here.communes[0]
    now = ask(here, ShowReport, commune=commune, period=PERIOD)
    submitted = ask(here, ShowReport, commune=commune, period=PERIOD, as_submitted=True)
    assert (now.state, submitted.state, submitted.submission) == (None, "approved", 1)
    assert now.content_sha256 != submitted.content_sha256
    assert submitted.content["commune"] == here.code()
    province = ask(here, ShowProvinceReport, province=here.province, period=PERIOD)
    assert len(province.content["communes"]) == 2


def test_reports_are_listed_of_a_period_with_changes_and_of_all_periods_without(here):
    [row] = ask(here, ListReports, commune=here.communes[0], period=PERIOD).reports
    assert (row.state, row.changed, row.outdated, row.submitted_by, row.reviewed_by) == (
        "approved", 1, True, CLERK, REVIEWER,
    )  # fmt: skip
    [row] = ask(here, ListReports, commune=here.communes[0]).reports
    assert (row.period, row.state, row.changed) == (PERIOD, "approved", None)
    assert ask(here, ListReports, commune=here.communes[1]).reports == ()
    states = {
        row.commune: row.state for row in ask(here, ListProvinceReports, province=here.province, period=PERIOD).reports
    }
    assert states == dict(zip(here.communes, ("approved", "drafted"), strict=True))


def test_reports_are_listed_as_they_stood_at_the_end_of_a_day(here):
    def states(known_at, **how):
        of = {"province": here.province, "period": PERIOD, "known_at": known_at}
        found = ask(here, ListProvinceReports, **of, **how)
        return [(row.state, row.changed, row.outdated) for row in found.reports]

    assert states(date(2025, 9, 15)) == [("drafted", 0, False), ("drafted", 0, False)]
    assert states(date(2025, 9, 16)) == [("approved", 0, False), ("drafted", 0, False)]
    assert states(date(2025, 9, 20)) == states(None) == [("approved", 1, True), ("drafted", 0, False)]
    assert states(date(2025, 9, 16), brief=True) == [("approved", None, False), ("drafted", None, False)]
    assert states(date(2025, 9, 14), brief=True) == [("due", None, False), ("due", None, False)]
    commune = here.communes[0]
    assert ask(here, ListReports, commune=commune, known_at=date(2025, 9, 15)).reports == ()
    [row] = ask(here, ListReports, commune=commune, period=PERIOD, known_at=date(2025, 9, 15)).reports
    assert row.state == "drafted"
    assert ask(here, ShowSubmission, commune=commune, period=PERIOD, known_at=date(2025, 9, 16)).moved == ()
    days = ask(here, ListProvinceReports, province=here.province, period=PERIOD).changed_on
    assert {date(2025, 9, 15), date(2025, 9, 16), date(2025, 9, 20)} <= {*days}
    assert ask(here, ListReports, commune=commune).changed_on == (date(2025, 9, 16),)


def test_a_brief_list_names_an_approval_that_was_overtaken(here):
    here.reporting.find_overtaken_approvals()
    of = {"province": here.province, "period": PERIOD, "brief": True}
    [first, second] = ask(here, ListProvinceReports, **of).reports
    assert (first.outdated, second.outdated) == (True, False)
    assert not ask(here, ListProvinceReports, **of, known_at=date(2025, 9, 20)).reports[0].outdated


def test_editions_and_written_sections_are_those_of_a_day(here):
    listed = ask(here, ListEditions, province=here.province, known_at=date(2025, 9, 24))
    assert (listed.editions, listed.changed_on) == ((), (date(2025, 9, 25),))
    assert ask(here, ShowNarrative, province=here.province, period=PERIOD, known_at=date(2025, 9, 20)).written == ()


def test_the_reports_that_are_due_next_are_listed_with_their_day_and_state(here):
    commune, day = here.communes[0], date(2025, 12, 16)
    found = {
        row.period: (row.state, row.due_on, row.regime_title)
        for row in ask(here, ListReports, commune=commune, coming=True).reports
        if row.regime == DEFAULT_REGIME and row.state in {"due", "drafted"}
    }
    assert found == {"2025-Q4": ("due", day, DEFAULT_REGIME_TITLE), "2025": ("drafted", day, DEFAULT_REGIME_TITLE)}
    for period, (state, _, title) in found.items():
        [row] = ask(here, ListReports, commune=commune, period=period).reports
        assert (row.state, row.regime_title) == (state, title)
    again = ask(here, ListReports, commune=here.communes[0], coming=True, regime="reform").reports
    assert {row.regime for row in again} == {"reform"}


def test_editions_are_listed_and_shown_with_the_bytes_that_were_hashed(here):
    listed = ask(here, ListEditions, province=here.province).editions
    assert [(row.period, row.edition, row.reason) for row in listed] == [
        (PERIOD, 1, ""),
        (PERIOD, 2, "đính chính của xã"),
    ]
    assert {row.regime_name for row in listed} == {DEFAULT_REGIME_TITLE}
    assert ask(here, ListEditions, province=here.province, period="2024-Q3").editions == ()
    last = ask(here, ShowEdition, province=here.province, period=PERIOD)
    first = ask(here, ShowEdition, province=here.province, period=PERIOD, edition=1)
    named = {"regime_name": DEFAULT_REGIME_TITLE}
    assert tuple(each.edition.model_copy(update=named) for each in (first, last)) == listed
    assert last.last == 2
    for shown in (first, last):
        assert sha256(shown.content.encode()).hexdigest() == shown.edition.content_sha256


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        (ListFigures, {"commune": "no-such", "period": PERIOD}, "not-found"),
        (ListFigures, {"period": "2025-Q9"}, "unreadable"),
        (ListFigures, {"period": PERIOD, "regime": "none"}, "not-found"),
        (ListFigures, {"period": PERIOD, "known_at": date(2025, 1, 1)}, "not-found"),
        (ListReports, {"commune": "no-such"}, "not-found"),
        (ShowReport, {"period": "2024-Q3", "as_submitted": True}, "not-found"),
        (ShowEdition, {"period": PERIOD, "edition": 3}, "not-found"),
        (ShowEdition, {"period": "2024-Q3"}, "not-found"),
    ],
)
def test_a_question_without_an_answer_gets_one_sentence(here, kind, fields, problem):
    about = "province" if kind is ShowEdition else "commune"
    place = {"province": here.province, "commune": here.communes[0]}
    with pytest.raises(NoAnswer) as refused:
        ask(here, kind, **{about: place[about], **fields})
    assert refused.value.unanswered.problem == problem
    assert refused.value.unanswered.sentence.endswith(".")


def test_a_submission_is_shown_beside_the_figures_that_moved_and_its_remarks(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        commune = here.communes[1]
        here.count(commune, 20, 1)
        here.today(9, 16)
        here.submit(1, narrative={"proposals": "Bổ sung máy quét."})
        here.correct(commune, (20, 1), (20, 3))
        shown = ask(here, ShowSubmission, commune=commune, period=PERIOD)
        assert (shown.submission, shown.submitted_by) == (1, CLERK)
        written = [(each.section, each.text, each.by) for each in shown.narrative]
        assert written == [("proposals", "Bổ sung máy quét.", CLERK)]
        moved = [(each.commune, each.item, each.before, each.after) for each in shown.moved]
        assert moved == [(commune, "life", (1, 20), (3, 20))]
        here.give_back(1, cells=[{"item": "life", "note": "đối chiếu sổ"}])
        [row] = ask(here, ListReports, commune=commune, period=PERIOD).reports
        assert [(cell.item, cell.note) for cell in row.cells] == [("life", "đối chiếu sổ")]


def test_a_commune_sees_its_forms_with_broken_sums_and_the_totals_that_it_stated(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        commune = here.communes[0]
        here.count_form(commune, received=10, received_online=7, received_direct=4, carried_over=0)
        here.today(12, 10)  # no test of this store records later: the time of events never goes back
        assert ask(here, ListFigures, commune=commune, period=PERIOD).forms == ()
        [form] = ask(here, ListFigures, commune=commune, period=PERIOD, forms=True).forms
        columns = {column.number: column for column in form.columns}
        assert (columns[3].measure, columns[3].besides, columns[11].measure) == (
            "files-received",
            (6,),
            "files-pending",
        )
        assert columns[6].group == "Hồ sơ tiếp nhận"
        assert [(row.field, row.counts[:4]) for row in (*form.rows, form.total)] == [
            ("land", (10, 7, 4, 0)), ("total", (10, 7, 4, 0)),
        ]  # fmt: skip
        assert (form.sums[0].whole, form.sums[0].parts) == (3, (4, 5, 6))
        [broken] = form.broken
        assert (broken.key, broken.explanation) == ("II.06/3=4+5+6/land", None)
        [refused] = here.submit(0).refused
        assert (refused.item, refused.sentence) == (broken.key, broken.sentence)
        reason = "một hồ sơ nộp hai lần"
        assert not here.submit(0, explanations={broken.key: reason}, stated={"files-received": 11}).refused
        found = ask(here, ListFigures, commune=commune, period=PERIOD, forms=True)
        assert (found.stated, found.forms[0].broken[0].explanation) == ({"files-received": 11}, reason)
        before = ask(here, ListFigures, commune=commune, period=PERIOD, forms=True, known_at=date(2025, 9, 15))
        assert before.stated == {}


def test_a_province_is_shown_with_its_ranking_and_charts_and_over_periods(here):
    shown = ask(here, ShowProvinceOverview, province=here.province, period=PERIOD)
    assert [(row.indicator, row.commune, row.numerator, row.denominator) for row in shown.figures] == [
        ("life", None, 9, 30)
    ]
    assert {(row.commune, row.rank, row.met) for row in shown.ranking} == {(each, None, 0) for each in here.communes}
    charts = {chart.name: chart.svg for chart in shown.charts}
    assert {"rates", "map"} <= charts.keys()
    assert all(f'href="#don-vi-{row.commune}"' in charts["map"] for row in shown.ranking)
    assert {date(2025, 9, 15)} < set(shown.changed_on)
    assert all("style=" not in chart.svg for chart in shown.charts)
    trend = ask(here, ListTrend, province=here.province, period=PERIOD, count=3)
    assert [each.period for each in trend.periods][-1] == PERIOD
    assert [row.numerator for row in trend.periods[-1].figures] == [9]
    assert set(shown.changed_on) <= set(trend.changed_on)


def test_a_past_day_is_computed_once_and_today_again_when_something_is_recorded(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        here.today(9, 15)
        here.count(here.communes[0], 10, 5)
        here.today(9, 20)

        def counted(known_at=None):
            shown = ask(here, ShowProvinceOverview, province=here.province, period=PERIOD, known_at=known_at)
            return [(row.numerator, row.denominator) for row in shown.figures if row.indicator == "life"]

        def kept(day):
            return here.reporting.kept.report(here.province, QUARTER, day)

        past = date(2025, 9, 16)
        assert counted() == counted(past) == [(5, 10)]
        before = kept(past)
        here.correct(here.communes[0], (10, 5), (10, 8))
        assert counted() == [(8, 10)]
        assert counted(past) == [(5, 10)]
        assert kept(past) is before
        here.write(assessment="Đạt.")
        # The tests of this file share a store, in which no event is recorded before another that is there already.
        assert [each.text for each in kept(date(2027, 1, 1)).narrative] == ["Đạt."]


def test_lists_of_reports_have_the_figures_of_today_and_only_changed_communes_are_counted_again(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        here.today(9, 15)
        for commune in here.communes[:2]:
            here.count(commune, 20, 10)
        here.today(9, 20)
        for place in (0, 1):
            here.submit(place)

        def current():
            regime = here.reporting.rulebook.regime(DEFAULT_REGIME, QUARTER)
            return here.reporting.current_figures(regime, here.province, QUARTER, day_of(here.reporting.clock()))

        def changed():
            rows = ask(here, ListProvinceReports, province=here.province, period=PERIOD).reports
            return {row.commune: row.changed for row in rows}

        before = current()
        assert changed() == dict.fromkeys(here.communes, 0)
        here.correct(here.communes[0], (20, 10), (20, 12))
        assert changed() == {here.communes[0]: 1, here.communes[1]: 0}
        after = current()
        assert after.lines[here.communes[1]] is before.lines[here.communes[1]]
        assert after.lines[here.communes[0]].indicators[0].figure.numerator == 12
        here.correct(here.communes[0], (20, 12), (20, 10))
        assert changed() == dict.fromkeys(here.communes, 0)
        assert current().figures == before.figures


def test_figures_that_moved_since_an_edition_and_the_history_of_a_section(stack, tmp_path):
    with Reporters.on(stack, tmp_path) as here:
        here.define()
        here.today(9, 15)
        here.count(here.communes[0], 10, 5)
        here.today(9, 20)
        here.publish(date(2025, 9, 18), by=REVIEWER, incomplete=True)
        here.correct(here.communes[0], (10, 5), (10, 8))
        for text in ("Đạt.", "Đạt yêu cầu.", ""):
            here.write(assessment=text)
        moves = ask(here, ListEditionMoves, province=here.province, period=PERIOD)
        assert (moves.edition, moves.corrections, moves.late, moves.rewritten) == (1, 1, 0, False)
        moved = {(each.commune, each.item): (each.before, each.after) for each in moves.moved}
        assert moved["", "life"] == ((5, 10), (8, 10))
        history = ask(here, ShowNarrative, province=here.province, period=PERIOD).written
        assert [each.text for each in history] == ["Đạt.", "Đạt yêu cầu.", ""]


@pytest.mark.parametrize("file_format", ["html", "docx", "pdf", "xlsx", "json"])
def test_editions_and_drafts_are_printed_in_every_format(here, file_format):
    fields = {"province": here.province, "period": PERIOD, "format": file_format}
    edition = ask(here, PrintEdition, edition=1, **fields)
    assert edition.file_name == f"bao-cao-{here.province}-{PERIOD}-an-ban-1.{file_format}"
    shown = ask(here, ShowEdition, province=here.province, period=PERIOD, edition=1)
    assert edition.content_sha256 == shown.edition.content_sha256
    starts = {"html": b"<!DOCTYPE html>", "docx": b"PK", "pdf": b"%PDF", "xlsx": b"PK", "json": b"{"}
    for document in (edition, ask(here, PrintDraft, **fields)):
        assert b64decode(document.content_base64).startswith(starts[file_format])
