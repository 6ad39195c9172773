"""The operator's settings of deadlines: escalation, days off, the calendar file."""

import os
from datetime import date

import pytest

from services.planning.deadline_settings import ESCALATION, DeadlineSettings, escalation_in
from shared.settings import SettingsError

DAY = date(2025, 9, 15)
OFF = "day,is,decided_on,source\n2025-09-15,off,2025-09-01,12/TB\n"


@pytest.fixture
def written(tmp_path):
    def write(content, name="escalation.yaml"):
        file = tmp_path / name
        file.write_text(content) if isinstance(content, str) else file.write_bytes(content)
        return file

    return write


def test_the_default_escalation_reminds_before_a_deadline_and_escalates_after_it():
    assert [(step.days, step.tell) for step in escalation_in(ESCALATION)] == [
        (-7, ("lead", "support")),
        (-3, ("lead", "support")),
        (-1, ("lead", "support")),
        (1, ("lead",)),
        (3, ("one-stop-centre", "chair")),
        (10, ("provincial-office",)),
    ]


def test_another_escalation_may_be_set(written):
    file = written("before: []\nmissed: [{days: 5, tell: [chair]}, {days: 0, tell: [lead, support]}]\n")
    rules = DeadlineSettings({"MINHBACH_ESCALATION": str(file)}).rules(DAY)

    assert [(step.days, step.tell) for step in rules.escalation] == [(1, ("lead", "support")), (5, ("chair",))]


STEP = "{days: 3, tell: [lead]}"
MANY = ", ".join(f"{{days: {n}, tell: [lead]}}" for n in range(11))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("before: [", "while parsing"),
        (b"\xff\xfe", "utf-8"),
        ("", "Input should be"),
        ("- 1", "Input should be"),
        ("before: []\n", "missed: Field required"),
        ("before: []\nmissed: []\nlater: []\n", "later: Extra inputs"),
        ("before: []\nmissed: [{days: 3, tell: [mayor]}]\n", "missed.0.tell.0: Input should be 'lead'"),
        ("before: []\nmissed: [{days: 3, tell: []}]\n", "missed.0.tell: List should have at least 1"),
        ("before: []\nmissed: [{days: -1, tell: [lead]}]\n", "missed.0.days: Input should be greater"),
        ("before: []\nmissed: [{days: 1.5, tell: [lead]}]\n", "missed.0.days: Input should be a valid integer"),
        ("before: []\nmissed: [{days: 400, tell: [lead]}]\n", "missed.0.days: Input should be less"),
        (f"before: []\nmissed: [{STEP}, {STEP}]\n", "two steps fall on the same day"),
        ("before: []\nmissed: [{days: 0, tell: [lead]}, {days: 1, tell: [chair]}]\n", "two steps fall on the same day"),
        (f"before: [{MANY}]\nmissed: []\n", "there are more than 10 steps"),
    ],
)
def test_an_invalid_escalation_file_is_reported_in_one_sentence_with_its_place(written, content, place):
    file = written(content)

    with pytest.raises(SettingsError) as wrong:
        DeadlineSettings({"MINHBACH_ESCALATION": str(file)})

    assert str(wrong.value).startswith(f"MINHBACH_ESCALATION: {file}: ")
    assert place in str(wrong.value)
    assert len(str(wrong.value).splitlines()) == 1


@pytest.mark.parametrize("where", ["nowhere.yaml", "."])
def test_a_missing_escalation_file_is_reported_in_one_sentence(tmp_path, where):
    with pytest.raises(SettingsError, match=r"MINHBACH_ESCALATION: \S+: ") as wrong:
        DeadlineSettings({"MINHBACH_ESCALATION": str(tmp_path / where)})

    assert len(str(wrong.value).splitlines()) == 1


@pytest.mark.parametrize("roll", ["FORWARD", "next", " "])
def test_an_invalid_rule_for_days_off_is_reported_in_one_sentence(roll):
    with pytest.raises(SettingsError, match=f'MINHBACH_ROLL is "{roll}"; it must be forward, back, none'):
        DeadlineSettings({"MINHBACH_ROLL": roll})


@pytest.mark.parametrize(
    ("env", "own", "expected"),
    [
        ({}, None, "forward"),
        ({"MINHBACH_ROLL": ""}, None, "forward"),
        ({"MINHBACH_ROLL": "back"}, None, "back"),
        ({"MINHBACH_ROLL": "back"}, "none", "none"),
    ],
)
def test_a_plans_own_rule_for_days_off_overrides_the_setting(env, own, expected):
    assert DeadlineSettings(env).rules(DAY, own).roll == expected


def test_a_changed_calendar_file_is_read_again_with_decisions_known_on_the_day(written):
    file = written(OFF.splitlines()[0] + "\n", "calendar.csv")
    settings = DeadlineSettings({"MINHBACH_CALENDAR": str(file)})
    assert settings.calendar(DAY).is_working_day(DAY)

    file.write_text(OFF)
    os.utime(file, ns=(1, 1))

    assert not settings.calendar(DAY).is_working_day(DAY)
    assert settings.calendar(date(2025, 8, 31)).is_working_day(DAY)


@pytest.mark.parametrize("content", [None, "day,is\n", OFF.replace("off", "maybe")])
def test_an_unreadable_calendar_is_reported_at_the_start(tmp_path, written, content):
    file = written(content, "calendar.csv") if content else tmp_path / "calendar.csv"

    with pytest.raises(SettingsError, match=r"MINHBACH_CALENDAR: .*calendar\.csv"):
        DeadlineSettings({"MINHBACH_CALENDAR": str(file)})


@pytest.mark.parametrize("broken", ["not a calendar", None])
def test_a_calendar_that_becomes_unreadable_is_logged_and_the_previous_one_is_kept(written, caplog, broken):
    file = written(OFF, "calendar.csv")
    settings = DeadlineSettings({"MINHBACH_CALENDAR": str(file)})
    before = settings.calendar(DAY)
    file.unlink()
    if broken:
        file.write_text(broken)
        os.utime(file, ns=(1, 1))

    assert [settings.calendar(DAY), settings.calendar(DAY)] == [before, before]
    assert caplog.text.count("MINHBACH_CALENDAR cannot be read, the calendar stays as it was") == 1
