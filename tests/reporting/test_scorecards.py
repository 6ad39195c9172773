"""Figures and answers become points, totals and classes."""

from datetime import date
from decimal import Decimal
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.data_files.scorecards import scorecards_in
from services.reporting.domain.content.report_content import Figure, Target
from services.reporting.domain.scorecards.scorecard import (
    NOT_APPLICABLE,
    Band,
    Bands,
    Criterion,
    CriterionGroup,
    DaysLate,
    Fulfilment,
    PointsForEach,
    Proportional,
    Scorecard,
    ScoreClass,
    YesNo,
    scorecard_on,
)
from services.reporting.domain.scorecards.scoring import score

NATIONAL = scorecard_on(scorecards_in({}), "766", date(2025, 9, 30))
COMMUNE = scorecard_on(scorecards_in({}), "cchc-xa", date(2025, 9, 14))
ANSWERS = {
    "1.1": Fulfilment(date(2025, 1, 31), date(2025, 1, 31)),
    "1.4": 2,
    "2.2": True,
    "4.2": True,
    "7.2": 0,
    "7.3": 0,
}


def figures(scorecard, figure, **other):
    same = {c.indicator: figure for c in scorecard.criteria if c.indicator}
    return same | {indicator.replace("_", "-"): each for indicator, each in other.items()}


def row(scored, code):
    return next(row for group in scored.groups for row in group.rows if row.code == code)


def card(*criteria, not_applicable="shrinks", classes=()):
    return Scorecard(
        "x", "X", "Ví dụ", "2025-01-01", ("commune",), (CriterionGroup("A", criteria),), not_applicable, classes
    )


def criterion(rule, maximum="10", code="1", **more):
    return Criterion(code, "Tiêu chí", Decimal(maximum), rule, **more)


def points(rule, answer=None, figure=None, **more):
    one = criterion(rule, indicator="i" if figure else None, **more)
    answers = {} if answer is None else {"1": answer}
    return row(score(card(one), {"i": figure} if figure else {}, answers), "1").score


def test_the_weights_of_the_national_index_are_those_of_the_decision():
    assert [sum(c.maximum for c in group.criteria) for group in NATIONAL.groups] == [18, 20, 12, 10, 22, 18]
    thresholds = {c.code: (c.maximum, c.rule.threshold) for c in NATIONAL.criteria if c.rule.threshold != 100}
    assert thresholds == {
        "3.1": (2, 80),
        "3.3": (6, 50),
        "4.1": (2, 80),
        "4.2": (2, 80),
        "5.4": (2, 80),
        "6.3": (6, 90),
    }


def test_full_rates_give_100_points_and_zero_rates_none():
    for scorecard in (NATIONAL, COMMUNE):
        answers = ANSWERS if scorecard is COMMUNE else {}
        best = score(scorecard, figures(scorecard, Figure(40, 40)), answers)
        worst = score(scorecard, figures(scorecard, Figure(0, 40)), {})
        assert (best.total, best.maximum, best.notes) == (100, 100, ())
        assert best.band == scorecard.classes[0].name
        assert worst.total == 0


def test_a_score_is_the_maximum_times_the_rate_over_the_threshold():
    """On time 1.234 of 1.300, online 1.083 of 2.400: 20 · 94,92 % and 6 · 45,125 % / 50 %."""
    scored = score(
        NATIONAL,
        figures(NATIONAL, Figure(1, 1), files_on_time_of_received=Figure(1234, 1300), online_files=Figure(1083, 2400)),
        {},
    )

    assert (row(scored, "2.1").score, row(scored, "2.1").rate) == (Decimal("18.98"), Decimal("94.92"))
    assert row(scored, "3.3").score == Decimal("5.42")  # 5.415, half up
    assert scored.total == Decimal("98.40")


def test_a_zero_denominator_is_full_marks_for_petitions_and_none_for_satisfaction():
    """Whatever the catalogue's definition says: the decision has rules of its own."""
    none = Figure(0, 0, "undefined")
    scored = score(
        NATIONAL,
        figures(NATIONAL, Figure(1, 1), petitions_on_time=none, petitions_satisfaction=none, satisfaction=none),
        {},
    )

    assert [row(scored, code).score for code in ("6.1", "6.2", "6.3")] == [6, 6, 0]
    assert (scored.total, scored.band) == (94, "Xuất sắc")


def test_a_zero_denominator_without_a_rule_does_not_apply():
    scored = score(NATIONAL, figures(NATIONAL, Figure(1, 2), certified_e_copies=Figure(0, 0)), {})

    assert (row(scored, "5.3").score, row(scored, "5.3").maximum, row(scored, "5.3").note) == (None, 0, "Không áp dụng")
    assert sum(group.maximum for group in scored.groups) == 98
    assert scored.notes[0].endswith("/98,00 điểm.")


@pytest.mark.parametrize(
    ("total", "band"),
    [(100, "Xuất sắc"), (90, "Xuất sắc"), (89, "Tốt"), (80, "Tốt"), (70, "Khá"), (50, "Trung bình"), (49, "Yếu")],
)
def test_a_total_gets_its_class(total, band):
    assert NATIONAL.class_of(Decimal(total)) == band


def test_a_missing_figure_is_no_zero_and_is_named_in_a_note():
    known = figures(NATIONAL, Figure(9, 10))
    del known["data-shared"], known["procedures-complete"]
    known["files-synchronised"] = Figure(None, None)

    scored = score(NATIONAL, known, {})

    assert {row(scored, code).score for code in ("1.3", "1.4", "5.5")} == {None}
    assert row(scored, "5.5").note == "Chưa có số liệu"
    assert scored.notes[0].startswith(
        "Chưa chấm 3 tiêu chí vì chưa có số liệu: 1.3, 1.4, 5.5. Khi đủ số liệu, tổng điểm"
    )
    assert (scored.maximum, scored.band) == (100, None)


def test_a_class_is_given_when_missing_figures_cannot_change_it():
    known = figures(NATIONAL, Figure(1, 1))
    del known["data-shared"]

    assert (score(NATIONAL, known, {}).total, score(NATIONAL, known, {}).band) == (96, "Xuất sắc")


def test_a_rate_below_the_floor_gives_no_points():
    rule = Proportional(threshold=Decimal(80), floor=Decimal(60))

    assert points(rule, figure=Figure(599, 1000)) == 0
    assert points(rule, figure=Figure(600, 1000)) == Decimal("7.50")
    assert points(rule, figure=Figure(800, 1000)) == points(rule, figure=Figure(900, 1000)) == 10


def test_without_floor_and_threshold_points_are_proportional_to_the_rate():
    assert [points(Proportional(), figure=Figure(n, 4)) for n in (0, 1, 4)] == [0, Decimal("2.50"), 10]


def test_the_first_matching_band_gives_the_points():
    rule = Bands((Band(Target(at_least=Decimal(99)), Decimal(10)), Band(Target(above=Decimal(90)), Decimal(4))))

    assert [points(rule, figure=Figure(n, 100)) for n in (100, 99, 98, 91, 90)] == [10, 10, 4, 4, 0]
    assert (points(rule, answer=Decimal("99.5")), points(rule, answer=Decimal(0))) == (10, 0)


def test_bands_are_compared_with_the_unrounded_rate():
    """98.996 % is printed as 99,0 % and is not 99 %."""
    assert points(Bands((Band(Target(at_least=Decimal(99)), Decimal(10)),)), figure=Figure(24749, 25000)) == 0


def test_yes_gives_all_points_and_no_gives_none():
    assert [points(YesNo(), answer=answer) for answer in (True, False, None)] == [10, 0, None]


def test_counts_give_points_for_each_up_to_the_maximum():
    assert [points(PointsForEach(Decimal("1.5")), answer=n) for n in (0, 1, 6, 7, 1000)] == [
        0,
        Decimal("1.50"),
        9,
        10,
        10,
    ]


def test_a_date_is_scored_by_its_days_late():
    rule = DaysLate((Band(Target(at_most=Decimal(0)), Decimal(10)), Band(Target(at_most=Decimal(5)), Decimal(5))))
    due = date(2025, 1, 31)

    done = [Fulfilment(due, date(2025, 1, 20)), Fulfilment(due, due), Fulfilment(due, date(2025, 2, 5))]
    assert [points(rule, answer=each) for each in done] == [10, 10, 5]
    assert points(rule, answer=Fulfilment(due, date(2025, 2, 6))) == 0


def test_a_criterion_that_does_not_apply_shrinks_the_maximum_or_counts_in_full():
    rows = (criterion(YesNo(), "60", "1"), criterion(YesNo(), "40", "2"))
    answers = {"1": False, "2": NOT_APPLICABLE}

    shrunk, full = (score(card(*rows, not_applicable=rule), {}, answers) for rule in ("shrinks", "full"))

    assert (shrunk.total, row(shrunk, "2").score, row(shrunk, "2").maximum) == (0, None, 0)
    assert (full.total, row(full, "2").score, row(full, "2").note) == (40, 40, "Không áp dụng, tính đủ điểm")


def test_the_criteria_that_apply_are_scaled_to_100():
    rows = (criterion(YesNo(), "30", "1"), criterion(YesNo(), "30", "2"), criterion(YesNo(), "40", "3"))

    scored = score(card(*rows), {}, {"1": True, "2": False, "3": NOT_APPLICABLE})

    assert (scored.total, scored.maximum) == (50, 100)
    assert scored.notes == ("Điểm được quy đổi về thang điểm 100 từ 30,00/60,00 điểm.",)


def test_bonus_and_penalty_never_leave_the_scale():
    rows = (
        criterion(YesNo(), "100", "1"),
        criterion(PointsForEach(Decimal(1)), "2", "2", effect="bonus"),
        criterion(PointsForEach(Decimal("0.5")), "3", "3", effect="penalty"),
    )

    def total(yes, bonus, late):
        return score(card(*rows), {}, {"1": yes, "2": bonus, "3": late}).total

    assert (total(True, 2, 0), total(True, 0, 3), total(True, 9, 9)) == (100, Decimal("98.50"), 99)
    assert (total(False, 1, 0), total(False, 0, 3)) == (1, 0)
    late = Fulfilment(date(2025, 9, 16), date(2025, 9, 20))
    assert total(True, 0, late) == 98
    assert row(score(card(*rows), {}, {"1": True, "2": 0, "3": late}), "3").score == -2
    assert str(row(score(card(*rows), {}, {"1": True, "2": 0, "3": 0}), "3").score) == "0.00"


def test_a_missing_penalty_lowers_the_lowest_total_and_not_the_maximum():
    rows = (criterion(YesNo(), "100", "1"), criterion(PointsForEach(Decimal("0.5")), "3", "2", effect="penalty"))

    for answers in ({"1": True, "2": 1}, {"1": True}):
        scored = score(card(*rows), {}, answers)
        assert (row(scored, "2").maximum, scored.groups[0].maximum) == (0, 100)
    assert scored.total == 100
    assert scored.notes[0].endswith("tổng điểm trong khoảng từ 97,00 đến 100,00.")


def test_a_scorecard_without_applicable_criteria_gives_no_class():
    scored = score(card(criterion(YesNo()), classes=(ScoreClass("Yếu", Decimal(0)),)), {}, {"1": NOT_APPLICABLE})

    assert (scored.total, scored.maximum, scored.band, scored.notes) == (0, 0, None, ())


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"9.9": True}, "scorecard cchc-xa has no criterion 9.9"),
        ({"2.2": 1}, "criterion 2.2 takes yes or no, not 1"),
        ({"1.4": True}, "criterion 1.4 takes a count, not True"),
        ({"1.4": -1}, "criterion 1.4 takes a count, not -1"),
        ({"1.4": Decimal("NaN")}, "criterion 1.4 takes a count, not NaN"),
        ({"1.1": 3}, "criterion 1.1 takes dates, not 3"),
        ({"1.2": 90}, "criterion 1.2 is scored from plan-tasks-completed, not from an answer"),
        ({"2.2": "yes"}, "criterion 2.2 takes yes or no, not yes"),
    ],
)
def test_an_invalid_answer_is_refused(answers, problem):
    with pytest.raises(ValueError, match=problem):
        score(COMMUNE, {}, answers)


def test_a_score_names_the_version_of_its_scorecard():
    scored = score(COMMUNE, {}, {})

    assert (scored.scorecard, scored.version) == ("cchc-xa", "2024-12-15")
    assert scored.source.startswith("Ví dụ minh họa, không phải quy định")


FIGURE = st.one_of(
    st.just(Figure(None, None)),
    st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(["zero", "full", "undefined"])).map(
        lambda drawn: Figure(min(drawn[:2]), max(drawn[:2]), drawn[2])
    ),
)
ANSWER = {
    "1.1": st.integers(-30, 60).map(lambda days: Fulfilment(date(2025, 1, 31), date.fromordinal(739282 + days))),
    "1.4": st.integers(0, 9),
    "2.2": st.booleans(),
    "4.2": st.booleans() | st.just(NOT_APPLICABLE),
    "7.2": st.integers(0, 9),
    "7.3": st.integers(0, 20),
}


@st.composite
def cases(draw):
    scorecard = draw(st.sampled_from([NATIONAL, COMMUNE]))
    known = {c.indicator: draw(FIGURE) for c in scorecard.criteria if c.indicator and draw(st.booleans())}
    answers = {code: draw(answer) for code, answer in ANSWER.items() if scorecard is COMMUNE and draw(st.booleans())}
    return scorecard, known, answers


@given(cases())
def test_every_score_is_between_zero_and_its_maximum(case):
    scored = score(*case)

    assert 0 <= scored.total <= scored.maximum <= 100
    criteria = {c.code: c for c in case[0].criteria}
    for each in (row for group in scored.groups for row in group.rows):
        assert each.score is None or -criteria[each.code].maximum <= each.score <= each.maximum
        assert each.score is None or each.score == each.score.quantize(Decimal("0.01"))
    assert all(is_normalized("NFC", note) for note in scored.notes)


@given(cases())
def test_later_figures_never_change_an_announced_class(case):
    scorecard, known, answers = case
    full = figures(scorecard, Figure(7, 9)) | {i: f for i, f in known.items() if f.numerator is not None}
    later = score(scorecard, full, (ANSWERS if scorecard is COMMUNE else {}) | answers)

    now = score(scorecard, known, answers)

    assert now.band in (None, later.band)
    assert "Chưa chấm" not in "".join(later.notes)


@given(cases())
def test_without_scaling_bonus_and_penalty_the_total_is_the_sum_of_the_rows(case):
    scored = score(*case)
    rows = [row for group in scored.groups for row in group.rows]
    if sum(group.maximum for group in scored.groups) != 100 or any(row.code in ("7.2", "7.3") for row in rows):
        return

    assert scored.total == sum(row.score or 0 for row in rows) == sum(group.score for group in scored.groups)


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from([True, False, NOT_APPLICABLE])), min_size=1, max_size=12))
def test_the_total_is_the_reached_share_of_the_applicable_maximum(rows):
    criteria = [criterion(YesNo(), str(maximum), str(place)) for place, (maximum, _) in enumerate(rows)]
    scored = score(card(*criteria), {}, {str(place): answer for place, (_, answer) in enumerate(rows)})
    applies = sum(maximum for maximum, answer in rows if answer != NOT_APPLICABLE)
    reached = sum(maximum for maximum, answer in rows if answer is True)

    assert abs(scored.total * applies - 100 * reached) <= Decimal("0.005") * applies
