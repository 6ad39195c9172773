"""Forms, scores and warnings in a report: their windows, opening balances and remarks of communes."""

from dataclasses import replace
from datetime import date

import pytest

from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.drafts.completion import CommuneRemarks, complete
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.periods import Period

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
    period="2025-Q3", commune=None, *, fields, opening=None, remarks=None, successions=(), regime="tthc-control"
):
    parsed = Period.parse(period)
    question = Question("51", parsed, date(2026, 1, 5), RULEBOOK.regime(regime, parsed), commune)
    evidence = Evidence(
        question=question,
        map=TerritoryMap(Territory([XOP, TINH_KHE, OLD], successions), question.shown_on),
        definitions=[], targets=[], sums={}, previous={}, readings={"23356": 3, "21211": 3}, tasks=[], refused={},
        parked={}, positions={}, stocks=frozenset({PENDING, OVERDUE}), fields=fields,
        opening=opening or {}, field_names={"land": "Đất đai", "justice": "Chứng thực"},
    )  # fmt: skip
    parts = replace(RULEBOOK.parts_of(question, {}), remarks=remarks or {})
    return complete(Composition(evidence).report(), evidence, parts)


def column(report, number, field="land"):
    [form] = report.forms
    place = [each.number for each in form.columns].index(number)
    return next(row for row in (*form.rows, form.total) if row.field == field).counts[place]


CARRIED = {("23356", PENDING, "land"): 2, ("23356", OVERDUE, "land"): 0}


@pytest.mark.parametrize("period", ["2025-Q3", "2025-H1", "2025-9M", "2025"])
def test_the_files_carried_over_are_the_opening_balance(period):
    """Of six months, nine months and a year too: their quarters are not added up."""
    report = completed(period, "23356", fields=desk("23356"), opening=CARRIED)
    assert (column(report, 6), column(report, 3), column(report, 11)) == (2, 12, 4)
    assert report.forms[0].broken == ()


@pytest.mark.parametrize(
    ("period", "quarter"), [("2025-H1", "2024-Q4"), ("2025", "2024-Q4"), ("2025-Q3", "2025-Q2"), ("2025-9M", "2024-Q4")]
)
def test_the_opening_balance_comes_from_the_quarter_before(period, quarter):
    parsed = Period.parse(period)
    question = Question("51", parsed, date(2026, 1, 5), RULEBOOK.regime("tthc-control", parsed))
    assert question.opening_window == Period.parse(quarter).window()


def test_the_form_of_a_province_is_the_sum_of_its_communes():
    report = completed(fields={**desk("23356"), **desk("21211", received=20, resolved=15, pending=5)}, opening=CARRIED)
    assert (column(report, 4), column(report, 7), column(report, 11)) == (12, 23, 9)
    assert column(report, 7, "total") == 23


def test_the_files_of_a_former_commune_are_in_the_form_of_its_successor():
    merged = [Succession("old", date(2025, 7, 1), (Share("23356"),))]
    counts = {**desk("23356"), **desk("old", received=5, online=5, resolved=5, pending=1)}
    report = completed(commune="23356", fields=counts, opening=CARRIED, successions=merged)
    assert (column(report, 4), column(report, 7)) == (11, 13)
    assert column(report, 11) == 4, "a level is the last one reported, not a sum"


def test_a_broken_check_is_shown_with_the_explanation_of_the_commune():
    wrong = desk("23356", pending=3)
    remarks = {"23356": CommuneRemarks(explanations={"II.06/3=7+11/land": "Một hồ sơ được rút"})}
    own = completed(commune="23356", fields=wrong, opening=CARRIED, remarks=remarks)
    assert [(each.key, each.explanation) for each in own.forms[0].broken] == [
        ("II.06/3=7+11/land", "Một hồ sơ được rút")
    ]
    province = completed(fields={**wrong, **desk("21211")}, opening=CARRIED, remarks=remarks)
    assert any("Xã Xốp (1 chỗ, đã giải trình 1)" in note for note in province.forms[0].notes)


def test_a_province_report_without_forms_of_its_level_has_none():
    report = completed(regime="reform", period="2025-H1", fields=desk("23356"))
    assert report.forms == ()
    assert [score.scorecard for score in report.scores] == []
    own = completed("2025-H1", "23356", regime="reform", fields=desk("23356"))
    assert [score.scorecard for score in own.scores] == ["cchc-xa"]


def test_a_report_pins_the_versions_of_its_data_files():
    report = completed(commune="23356", fields=desk("23356"))
    assert report.pins["form II.06"] == report.forms[0].version
    assert report.pins["regime"] == "2019-03-12"


def test_a_signed_total_other_than_the_sum_of_days_is_a_warning_in_the_report():
    remarks = {"23356": CommuneRemarks(stated={"files-received": 99})}
    report = completed(fields=desk("23356"), remarks=remarks)
    assert [(w.rule, w.commune) for w in report.warnings] == [("stated-total", "23356")]
    assert "99" in report.warnings[0].sentence
