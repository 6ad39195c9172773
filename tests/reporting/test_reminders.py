"""Reminders of reports before and after their day: each step once, and none long after."""

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta

import pytest

from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.lifecycle.commune_report import CommuneReport
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.domain.lifecycle.reminders import due_around, reminders
from services.reporting.publishers import announce
from shared.calendar.set_calendar import SetCalendar
from shared.contracts.reporting import ReportDue, ReportLate
from shared.daily_work import run_daily
from tests.reporting.reporters import Reporters

REGIMES = read_regimes()
CALENDAR = SetCalendar({}).known_on(date(2025, 9, 15))


def come(today, begin=date.min):
    """(regime, period, level, step) of the reminders of a day."""

    found = reminders(REGIMES, today, CALENDAR, begin)
    return {(r.regime.name, r.period.name, r.level, r.step) for r in found}


@pytest.mark.parametrize(
    ("day", "step"),
    [(12, None), (13, -3), (14, -3), (15, -1), (16, -1), (17, 1), (18, 1), (19, 3), (26, 3), (27, None)],
)
def test_the_last_step_that_has_come_is_announced_until_a_week_after_the_last_one(day, step):
    """The communes' day for the third quarter of 2025 is Tuesday 16/9; reminded 3 and 1 days before and after."""
    found = {each for each in come(date(2025, 9, day)) if each[:3] == ("tthc-control", "2025-Q3", "commune")}
    assert found == ({("tthc-control", "2025-Q3", "commune", step)} if step else set())


def test_each_regime_and_level_has_its_own_day():
    assert come(date(2025, 9, 22)) == {
        ("tthc-control", "2025-Q3", "commune", 3), ("tthc-control", "2025-9M", "commune", 3),
        ("reform", "2025-Q3", "commune", 3), ("tthc-control", "2025-Q3", "province", -3),
        ("tthc-control", "2025-9M", "province", -3), ("reform", "2025-Q3", "province", 1),
    }  # fmt: skip


def test_nobody_is_reminded_of_periods_that_ended_before_the_reports_begin():
    assert come(date(2025, 9, 15), date(2025, 9, 14))
    assert not come(date(2025, 9, 15), date(2025, 9, 15))


def test_the_last_and_the_next_day_of_each_regime_and_level_are_listed():
    found = {(d.regime, d.level, d.period): d.due_on for d in due_around(REGIMES, date(2025, 9, 17), CALENDAR)}
    assert found["reform", "commune", "2025-Q3"] == date(2025, 9, 16)
    assert found["reform", "province", "2025-Q3"] == date(2025, 9, 20)
    both = {period for regime, level, period in found if (regime, level) == ("tthc-control", "commune")}
    assert {"2025-Q3", "2025-9M"} <= both, "what is due on one day is listed together"
    assert not any(level == "commune" and due > date(2026, 1, 1) for (_, level, _), due in found.items())


@pytest.fixture
def here(stack, tmp_path):
    with Reporters.on(stack, tmp_path, communes=3) as here:
        here.define()
        here.count(here.communes[0], 100, 60)
        yield here


def remind(here, *day):
    here.today(*day)
    here.reporting.remind(date(2025, *day))


def recorded_steps(here, kind, regime="tthc-control"):
    """How often each step was recorded for each of this province, of the third quarter."""
    return Counter(
        (event.commune if hasattr(event, "commune") else None, event.step)
        for event in here.recorded(kind)
        if event.period == "2025-Q3" and event.regime == regime
    )


def test_each_step_is_recorded_once_for_each_who_owes_the_report(here):
    for day in (13, 13, 15, 16, 17, 17, 19, 20):
        remind(here, 9, day)

    each = {(commune, step): 1 for commune in here.communes for step in (-3, -1)}
    assert recorded_steps(here, CommuneReport.Due) == each
    assert recorded_steps(here, CommuneReport.Late) == {(c, step): 1 for c in here.communes for step in (1, 3)}
    assert recorded_steps(here, Report.Due, "reform") == {(None, -3): 1, (None, -1): 1}


def test_after_an_outage_only_the_last_step_is_recorded(here):
    remind(here, 9, 20)
    assert recorded_steps(here, CommuneReport.Due) == {}
    assert recorded_steps(here, CommuneReport.Late) == {(commune, 3): 1 for commune in here.communes}


def test_a_submitted_or_published_report_has_no_reminder(here):
    here.today(9, 16)
    here.submit()
    here.publish(incomplete=True)
    remind(here, 9, 20)

    assert recorded_steps(here, CommuneReport.Late) == {(commune, 3): 1 for commune in here.communes[1:]}
    assert recorded_steps(here, Report.Due) == {}
    here.give_back()
    remind(here, 9, 20)
    assert recorded_steps(here, CommuneReport.Late)[here.communes[0], 3] == 1


def test_a_commune_registered_after_the_day_is_not_late(stack, tmp_path):
    with Reporters.on(stack, tmp_path, registered=(2025, 9, 17)) as here:
        remind(here, 9, 18)
        assert here.recorded(CommuneReport.Late) == []
        assert recorded_steps(here, Report.Due) == {}
        remind(here, 9, 22)
        assert recorded_steps(here, Report.Due) == {(None, -3): 1}


def test_several_instances_record_each_step_once(here):
    here.today(9, 15)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(here.reporting.remind, [date(2025, 9, 15)] * 3))
    assert recorded_steps(here, CommuneReport.Due) == {(commune, -1): 1 for commune in here.communes}


def test_reminders_are_announced_with_their_level(here):
    remind(here, 9, 15)
    remind(here, 9, 18)
    announced = [announce(recorded) for recorded in here.facts()]
    assert {(type(event), event.level) for event in announced if event} == {
        (ReportDue, "commune"), (ReportLate, "commune"), (ReportDue, "province"),
    }  # fmt: skip


def test_reminders_are_recorded_when_the_day_changes_also_by_several_days(here):
    here.today(9, 1)

    def announced(day, expected):
        here.today(9, day)
        until = time.monotonic() + 60
        while (
            recorded_steps(here, CommuneReport.Due) + recorded_steps(here, CommuneReport.Late) != expected
            and time.monotonic() < until
        ):
            time.sleep(0.05)
        assert recorded_steps(here, CommuneReport.Due) + recorded_steps(here, CommuneReport.Late) == expected

    async def days_come():
        reminding = asyncio.create_task(run_daily(here.reporting.remind, here.settings.clock))
        await asyncio.to_thread(announced, 13, Counter({(c, -3): 1 for c in here.communes}))
        jumped = {(c, step): 1 for c in here.communes for step in (-3, 1)}
        await asyncio.to_thread(announced, 18, Counter(jumped))
        reminding.cancel()
        with suppress(asyncio.CancelledError):
            await reminding

    asyncio.run(days_come())


@pytest.mark.slow  # a thousand days
def test_no_day_of_three_years_reminds_of_a_period_that_is_not_running():
    day = date(2024, 1, 1)
    while day < date(2027, 1, 1):
        for regime, period, level, step in come(day):
            found = next(r for r in REGIMES if r.name == regime)
            assert level in found.deadlines
            assert -4 < step < 4, (day, period)
        day += timedelta(days=1)
