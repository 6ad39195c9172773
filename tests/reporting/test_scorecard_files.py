"""Files of scorecards, and of the answers to their criteria."""

from datetime import date
from decimal import Decimal

import pytest
import yaml

from services.indicators.catalogue import read_catalogue
from services.reporting.data_files.answers import read_answers
from services.reporting.data_files.regimes import read_regimes
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.data_files.scorecards import STANDARD, scorecards_in
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.scorecards.scorecard import NOT_APPLICABLE, Fulfilment, scorecard_on
from shared.periods import Period
from shared.settings import SettingsError

YES = {"code": "1", "name": "Có kế hoạch", "maximum": 10, "kind": "yes_no"}
RATE = {"code": "1", "name": "Tỷ lệ", "maximum": 10, "kind": "proportional", "indicator": "online-files"}
BANDS = {"code": "1", "name": "Tỷ lệ", "maximum": 10, "kind": "bands", "bands": [{"at_least": 9, "points": 10}]}


def card(*criteria, **parts):
    groups = [{"name": "Nhóm A", "maximum": 10, "criteria": list(criteria or [YES])}]
    return {
        "code": "tinh-51",
        "title": "Bộ tiêu chí",
        "source": "Quyết định của tỉnh",
        "in_force_from": date(2025, 8, 31),
        "levels": ["commune"],
        "not_applicable": "shrinks",
        "maximum": 10,
        "groups": groups,
    } | parts


@pytest.fixture
def own(tmp_path):
    def read(*cards):
        for place, each in enumerate(cards):
            (tmp_path / f"{place}.yaml").write_text(yaml.safe_dump(each))
        return scorecards_in({"MINHBACH_SCORECARDS": str(tmp_path)})

    return read


def test_every_scorecard_that_a_regime_requires_exists():
    for regime in read_regimes():
        assert all(scorecard_on(scorecards_in({}), code, date(2025, 12, 14)) for code in regime.scorecards)


def test_rules_issued_late_in_the_year_are_another_version(own):
    """One province issued its rules of 2025 on 31 August, and again on 31 October."""
    cards = own(card(), card(in_force_from=date(2025, 10, 31), title="Bộ tiêu chí sửa đổi"))

    assert scorecard_on(cards, "tinh-51", date(2025, 9, 14)).title == "Bộ tiêu chí"
    assert scorecard_on(cards, "tinh-51", date(2025, 10, 31)).title == "Bộ tiêu chí sửa đổi"
    assert scorecard_on(cards, "tinh-51", date(2025, 6, 14)) is None


def test_an_example_scorecard_is_labelled_as_one():
    assert "Ví dụ minh họa" in yaml.safe_load((STANDARD / "cchc-xa.yaml").read_text())["source"]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (card(maximum=11), "its groups give 10, not 11"),
        (card(YES | {"maximum": 9}), "Nhóm A: its criteria give 9, not 10"),
        (card(YES | {"maximum": 5}, YES | {"maximum": 5}), "criterion 1 stands in it 2 times"),
        (card(RATE | {"each": 1}), "groups.0.criteria.0: proportional has no each"),
        (card(YES | {"indicator": "online-files"}), "groups.0.criteria.0: yes_no has no indicator"),
        (card(YES | {"kind": "counts"}), "groups.0.criteria.0: counts needs each"),
        (card(YES | {"kind": "bands"}), "groups.0.criteria.0: bands needs bands"),
        (card(YES | {"kind": "guess"}), "groups.0.criteria.0.kind: Input should be 'proportional', 'bands'"),
        (card(BANDS | {"bands": [{"points": 11}]}), "groups.0.criteria.0: a band gives more than the maximum"),
        (
            card(BANDS | {"zero_denominator": "full"}),
            "groups.0.criteria.0: zero_denominator is a rule for an indicator",
        ),
        (card(RATE | {"threshold": 0}), "groups.0.criteria.0.threshold: Input should be greater than 0"),
        (card(RATE | {"maximum": float("nan")}), "groups.0.criteria.0.maximum: Input should be a finite number"),
        (card(RATE | {"maximum": -1}), "groups.0.criteria.0.maximum: Input should be greater than 0"),
        (
            card(classes=[{"name": "Yếu", "at_least": 0}, {"name": "Tốt", "at_least": 80}]),
            "classes go from the best down",
        ),
        (card(code=766), "code: Input should be a valid string"),
    ],
)
def test_an_invalid_scorecard_is_refused_with_its_file_and_location(own, wrong, problem):
    with pytest.raises(SettingsError) as refused:
        own(wrong)

    assert str(refused.value).startswith("MINHBACH_SCORECARDS: ")
    assert f"0.yaml: {problem}" in str(refused.value)
    assert "\n" not in str(refused.value)


ANSWERS = """\
scorecard: cchc-xa
answers:
  "1.1": {due_on: 2025-01-31, done_on: 2025-02-05}
  "1.4": 2
  "2.2": Có
  "3.2": không áp dụng
  "4.2": false
  "5.1": 87.5
"""


@pytest.fixture
def answered(tmp_path):
    def read(text):
        (tmp_path / "answers.yaml").write_text(text)
        return read_answers(tmp_path / "answers.yaml")["cchc-xa"]

    return read


def test_answers_are_read_in_the_notation_of_offices(answered):
    assert answered(ANSWERS) == {
        "1.1": Fulfilment(date(2025, 1, 31), date(2025, 2, 5)),
        "1.4": 2,
        "2.2": True,
        "3.2": NOT_APPLICABLE,
        "4.2": False,
        "5.1": Decimal("87.5"),
    }
    assert answered(ANSWERS)["2.2"] is True


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (ANSWERS.replace("Có", "chưa rõ"), "“chưa rõ” không phải là có, không, không áp dụng"),
        (ANSWERS.replace('"1.4": 2', '"1.4": -2'), r"answers\.1\.4: “-2” không phải là"),
        (ANSWERS.replace("done_on: 2025-02-05", "done_on: 5/2"), r"answers\.1\.1: “{'due_on'"),
        (ANSWERS.replace('"1.4": 2', '"1.4": .nan'), r"answers\.1\.4"),
        (ANSWERS.replace('"1.4"', "1.4"), r"answers\.1\.4"),
        (ANSWERS.replace("cchc-xa", "766"), "scorecard: Input should be a valid string"),
    ],
)
def test_an_unreadable_answer_is_reported_with_its_criterion(answered, text, problem):
    with pytest.raises(SettingsError, match=problem) as refused:
        answered(text)

    assert "\n" not in str(refused.value)


def test_answers_to_a_scorecard_outside_the_report_are_refused():
    period = Period.parse("2025-Q3")
    rulebook = Rulebook({})
    question = Question("51", period, date(2025, 9, 16), rulebook.regime("reform", period))
    assert rulebook.parts_of(question, {"cchc-xa": {"2.2": True}}).scorecards
    with pytest.raises(ValueError, match="bộ tiêu chí 766; báo cáo reform có: cchc-xa"):
        rulebook.parts_of(question, {"766": {"1": True}})


def test_every_indicator_of_a_standard_scorecard_is_in_the_catalogue():
    known = {entry.name for entry in read_catalogue() if entry.kind == "indicator"}

    for scorecard in scorecards_in({}):
        assert {c.indicator for c in scorecard.criteria if c.indicator} <= known, scorecard.code
