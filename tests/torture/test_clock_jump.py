"""A clock that was years ahead for a moment: what is recorded afterwards, and during the jump, is found in reports."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from services.indicators.application import Indicators
from shared.clock import day_of
from shared.regimes_file import STANDARD
from tests.journeys.province import Province, in_turn, readings_of

DAY = date(2025, 9, 10)


@pytest.fixture
def readings_are_taken_for_ten_years(tmp_path, monkeypatch):
    """So that what is sent during the jump counts."""
    regimes = tmp_path / "regimes.yaml"
    regimes.write_text(re.sub("readings_days: [0-9]+", "readings_days: 3660", STANDARD.read_text("utf-8")), "utf-8")
    monkeypatch.setenv("MINHBACH_REGIMES", str(regimes))


@pytest.mark.usefixtures("readings_are_taken_for_ten_years")
def test_events_recorded_during_and_after_a_jump_of_the_clock_are_found(own_stack, tmp_path):
    with Province.of(own_stack, tmp_path, communes=4, today=DAY) as province:
        province.send(*readings_of(province.communes[0], "before", 2))
        province.wait_until_counted()
        before, ahead = len(province.ledger.standing), datetime.now(UTC).date() + timedelta(days=400)
        province.move_to(ahead)
        with province.service("indicators", Indicators) as indicators:
            indicators.define("field", "jump", {"name": "Trong lúc đồng hồ sai"}, DAY)
        assert all(receipt.accepted for receipt in province.send(*readings_of(province.communes[0], "during", 2)))
        assert province.send_raw(province.communes[1], "readings", "unreadable", b"{").parked
        province.wait_until_counted()
        during = len(province.ledger.standing)
        for known_at, readings in ((DAY, before), (ahead, during)):
            assert province.report(known_at).readings == readings
            assert replay_differs(province, known_at) == []
        province.move_to(DAY)
        province.send(*in_turn(*(readings_of(commune, "after", 3) for commune in province.communes)))
        province.wait_until_counted()
        province.wait_until_followed()
        times = province.ask("indicators", "SELECT recorded_at FROM indicators_events ORDER BY notification_id")
        assert [time.date() for (time,) in times[-12:]] == [DAY] * 12
        assert province.report(DAY).readings == len(province.ledger.standing)
        assert known_from(province) > DAY
        log = (province.stack.folder / "logs/reporting-1.log").read_text()
        assert f"indicators recorded events on {ahead}, and then on {DAY}: its clock was ahead" in log
        rebuilt = CliRunner().invoke(app, ["report", "rebuild"], env=environment(province))
        assert rebuilt.exit_code == 0, rebuilt.output
        assert known_from(province) == DAY
        report = province.report(DAY)
        assert (report.readings, report.parked) == (len(province.ledger.standing), 1)
        assert replay_differs(province, DAY) == []


def environment(province):
    settings = province.stack.settings()
    return {**province.stack.env, "NATS_URL": settings.env["NATS_URL"], "DATABASE_URL": settings.database_url}


def replay_differs(province, known_at):
    """What the tables and the event stores do not agree on, as the auditor asks at a date."""
    question = ["audit", "replay", "--quarter", "2025-Q3", "--known-at", known_at.isoformat(), "--json"]
    answer = CliRunner().invoke(app, question, env=environment(province))
    assert answer.exit_code in (0, 1), answer.output
    return json.loads(answer.stdout)["differences"]


def known_from(province):
    [(time,)] = province.ask("reporting", "SELECT known_from FROM fields WHERE field = 'jump'")
    return day_of(time)
