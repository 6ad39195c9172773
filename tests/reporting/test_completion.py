"""Forms, scores and warnings in a report: from which counts of which window, and what communes said to them."""

from dataclasses import replace
from datetime import date

import pytest

from services.reporting.asking import Rulebook
from services.reporting.domain.completion import Said, complete
from services.reporting.domain.composition import Composition
from services.reporting.domain.evidence import Evidence, Question
from shared.periods import Period
from shared.territory import Commune, Share, Succession, Territory

RULEBOOK = Rulebook({})
XOP = Commune("23356", "23356", "Xã Xốp", "51", "Tỉnh Quảng Ngãi")
TINH_KHE = Commune("21211", "21211", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi")
OLD = Commune("old", "", "Xã Đắk Choong", "51", "Tỉnh Kon Tum")
PENDING, OVERDUE = "files-pending-in-term", "files-pending-overdue"


def desk(commune, *, received=10, online=6, resolved=8, pending=4, field="land"):
    """The counts of one commune in one field: of 2 files carried over and `received`, `pending` are left."""
    counts = {
        "files-received": received, "files-received-online": online, "files-received-direct": received - online,
        "files-resolved": resolved, "files-resolved-early": 0, "files-resolved-on-time": resolved,
        "files-resolved-late": 0, PENDING: pending, OVERDUE: 0,
    }  # fmt: skip
    return {(commune, measure, field): count for measure, count in counts.items()}


def completed(
    period="2025-Q3", commune=None, *, fields, opening=None, said=None, successions=(), regime="tthc-control"
):
    asked = Period.parse(period)
    question = Question("51", asked, date(2026, 1, 5), RULEBOOK.regime(regime, asked), commune)
    evidence = Evidence(
        question=question,
        map=Territory([XOP, TINH_KHE, OLD], successions).on(question.shown_on),
        definitions=[], targets=[], sums={}, previous={}, readings={"23356": 3, "21211": 3}, tasks=[], refused={},
        parked={}, positions={}, stocks=frozenset({PENDING, OVERDUE}), fields=fields,
        opening=opening or {}, field_names={"land": "Đất đai", "justice": "Chứng thực"},
    )  # fmt: skip
    parts = replace(RULEBOOK.parts_of(question, {}), said=said or {})
    return complete(Composition(evidence).report(), evidence, parts)


def column(report, number, field="land"):
    [form] = report.forms
    place = [each.number for each in form.columns].index(number)
    return next(row for row in (*form.rows, form.total) if row.field == field).counts[place]


CARRIED = {("23356", PENDING, "land"): 2, ("23356", OVERDUE, "land"): 0}


@pytest.mark.parametrize("period", ["2025-Q3", "2025-H1", "2025-9M", "2025"])
def test_what_is_carried_over_is_the_opening_balance(period):
    """Of six months, nine months and a year too: their quarters are not added up."""
    report = completed(period, "23356", fields=desk("23356"), opening=CARRIED)
    assert (column(report, 6), column(report, 3), column(report, 11)) == (2, 12, 4)
    assert report.forms[0].broken == ()


@pytest.mark.parametrize(
    ("period", "quarter"), [("2025-H1", "2024-Q4"), ("2025", "2024-Q4"), ("2025-Q3", "2025-Q2"), ("2025-9M", "2024-Q4")]
)
def test_an_opening_balance_is_looked_for_in_the_quarter_before(period, quarter):
    asked = Period.parse(period)
    question = Question("51", asked, date(2026, 1, 5), RULEBOOK.regime("tthc-control", asked))
    assert question.opening_window == Period.parse(quarter).window()


def test_a_provinces_form_is_the_sum_of_its_communes():
    report = completed(fields={**desk("23356"), **desk("21211", received=20, resolved=15, pending=5)}, opening=CARRIED)
    assert (column(report, 4), column(report, 7), column(report, 11)) == (12, 23, 9)
    assert column(report, 7, "total") == 23


def test_the_old_communes_files_stand_in_its_successors_form():
    merged = [Succession("old", date(2025, 7, 1), (Share("23356"),))]
    told = {**desk("23356"), **desk("old", received=5, online=5, resolved=5, pending=1)}
    report = completed(commune="23356", fields=told, opening=CARRIED, successions=merged)
    assert (column(report, 4), column(report, 7)) == (11, 13)
    assert column(report, 11) == 4, "a level is the one that was told last, not a sum"


def test_a_broken_sum_is_told_with_what_the_commune_said_to_it():
    wrong = desk("23356", pending=3)
    said = {"23356": Said(explanations={"II.06/3=7+11/land": "Một hồ sơ được rút"})}
    own = completed(commune="23356", fields=wrong, opening=CARRIED, said=said)
    assert [(each.key, each.explanation) for each in own.forms[0].broken] == [
        ("II.06/3=7+11/land", "Một hồ sơ được rút")
    ]
    province = completed(fields={**wrong, **desk("21211")}, opening=CARRIED, said=said)
    assert any("Xã Xốp (1 chỗ, đã giải trình 1)" in note for note in province.forms[0].notes)


def test_a_report_that_only_its_communes_owe_has_no_form_at_its_own_level():
    report = completed(regime="reform", period="2025-H1", fields=desk("23356"))
    assert report.forms == ()
    assert [score.scorecard for score in report.scores] == []
    own = completed("2025-H1", "23356", regime="reform", fields=desk("23356"))
    assert [score.scorecard for score in own.scores] == ["cchc-xa"]


def test_the_versions_of_what_a_report_holds_are_pinned():
    report = completed(commune="23356", fields=desk("23356"))
    assert report.pins["form II.06"] == report.forms[0].version
    assert report.pins["regime"] == "2019-03-12"


def test_a_total_on_paper_that_is_not_the_sum_of_the_days_is_told_the_reviewer():
    said = {"23356": Said(stated={"files-received": 99})}
    report = completed(fields=desk("23356"), said=said)
    assert [(w.rule, w.commune) for w in report.warnings] == [("stated-total", "23356")]
    assert "99" in report.warnings[0].sentence
