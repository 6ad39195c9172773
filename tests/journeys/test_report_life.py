"""The life of a quarter's reports in one province, told in order: each test goes on where the one before ended."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest

from services.reporting.application import SETTLED_AT_ONCE, Reporting
from shared.contracts.indicators import Correction, CorrectReadings
from shared.contracts.reporting import SubmitReport
from tests.journeys.province import CODE, QUARTER, in_turn, readings_of, until

ROOT = Path(__file__).parents[2]
CLERK, REVIEWER, PUBLISHER = "Nguyễn Thị An", "Trần Bình", "Lê Chi"
QUARTERLY = ("--quarter", QUARTER.name)


@pytest.fixture(scope="module")
def province(found):
    with found(communes=4, today=date(2025, 9, 12)) as province:
        province.send(*in_turn(*(readings_of(commune, "q", 6) for commune in province.communes)))
        province.wait_until_counted()
        province.move_to(date(2025, 9, 15))
        yield province


@pytest.fixture(scope="module")
def run(province, tmp_path_factory):
    """`minhbach report …`, or another group's command, at a terminal of 80 columns."""
    folder = tmp_path_factory.mktemp("terminal")
    settings = province.stack.settings("reporting")
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url,
        "MINHBACH_CLOCK_FILE": str(province.clock), "MINHBACH_OUTBOX": str(folder / "outbox"), "COLUMNS": "80",
    }  # fmt: skip

    # An auditor reads every store, which no service may.
    auditing = env | {"DATABASE_URL": province.stack.settings().database_url}

    def report(*words, code=0, group="report"):
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", group, *words],
            cwd=folder, env=auditing if group == "audit" else env, capture_output=True, text=True, timeout=100,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert "--json" in words or all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout
        return done.stdout if code == 0 else done.stderr

    report.folder = folder
    return report


def states(run):
    listed = json.loads(run("list", *QUARTERLY, "--json"))
    return {each["code"]: (each["state"], each["days_late"], each["changed"]) for each in listed}


def mailed(province, template):
    rows = province.ask("notifications", "SELECT count(*) FROM settled WHERE template = %s", template)
    return rows[0][0]


def test_each_commune_is_reminded_before_its_day(province):
    until(lambda: mailed(province, "report_due") >= 2 * len(province.communes), "due, of two regimes each")
    assert mailed(province, "report_late") == 0


def test_a_report_is_submitted_at_a_terminal_and_again_counts_once(province, run):
    commune = province.communes[0]
    words = ("submit", "--commune", commune, *QUARTERLY, "--by", CLERK)
    assert "Đã nhận báo cáo" in run(*words)
    assert "đã được nộp với cùng số liệu" in run(*words)
    assert not list((run.folder / "outbox" / commune).iterdir())
    assert "2025-Q4" in run("submit", "--commune", commune, "--quarter", "2025-Q4", "--by", CLERK, code=1)
    assert states(run)[commune] == ("submitted", 0, 0)


def test_killed_after_the_commit_and_before_the_receipt_it_is_answered_once_and_counts_once(province):
    """The submission comes again to another instance, and its commune asks: both find what was committed."""
    (instance,) = [one for one in province.stack.running if one.service == "reporting"]
    instance.process.kill()
    instance.process.wait()
    commune = province.communes[1]
    settings = province.stack.settings("reporting")
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url,
        "MINHBACH_CLOCK_FILE": str(province.clock),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-m", "tests.journeys.dying"], cwd=ROOT, env=env) as dying:
        report = SubmitReport(period=QUARTER.name, by=CLERK)
        with province.sending([(commune, "life-1", report)]) as stream:
            assert dying.wait(60) == -signal.SIGKILL
            assert stream.receipts == 0
            assert submissions(province, commune) == 1, "committed, and nobody was told"
            stream.finish()
    receipt = province.ledger.receipts[commune, "life-1"]
    assert (receipt.accepted, receipt.duplicates, receipt.refused) == (1, 0, ())
    province.wait_until_followed()
    assert submissions(province, commune) == 1


def test_a_burst_that_is_larger_than_what_is_settled_at_once_is_answered_whole(province):
    commune, report = province.communes[0], SubmitReport(period=QUARTER.name, by=CLERK)
    burst = [(commune, f"burst-{number}", report) for number in range(SETTLED_AT_ONCE + 20)]
    with province.sending(burst, together=len(burst)) as stream:
        stream.finish()
    receipts = [province.ledger.receipts[commune, name] for _, name, _ in burst]
    assert {(receipt.accepted, receipt.duplicates) for receipt in receipts} == {(0, 1)}
    assert submissions(province, commune) == 1


def submissions(province, commune):
    return province.ask(
        "reporting",
        "SELECT count(*) FROM reporting_events WHERE topic = 'reporting.commune-report-submitted'"
        " AND convert_from(state, 'utf8')::jsonb ->> 'commune' = %s",
        commune,
    )[0][0]


def test_the_province_returns_and_approves_and_the_communes_are_told(province, run):
    first, second = province.communes[:2]
    assert "không được tự duyệt" in run("approve", "--commune", first, *QUARTERLY, "--by", CLERK, code=1)
    run("approve", "--commune", first, *QUARTERLY, "--by", REVIEWER)
    run("return", "--commune", second, *QUARTERLY, "--by", REVIEWER, "--reason", "thiếu lĩnh vực đất đai")

    until(lambda: (mailed(province, "report_approved"), mailed(province, "report_returned")) == (1, 1), "they are told")
    assert {state for state, _, _ in states(run).values()} == {"approved", "returned", "drafted"}


def test_what_is_late_is_told_to_the_chair(province, run):
    province.move_to(date(2025, 9, 17))
    until(lambda: mailed(province, "report_late") > 0, "somebody is told")
    province.wait_until_followed()
    province.wait_until_mailed()
    chairs = {mail["To"] for mail in province.mailbox.messages() if "Quá hạn 1 ngày" in mail["Subject"]}
    late = province.communes[1:]
    assert {f"chu-tich.{commune}@minhbach.example" for commune in late} <= chairs
    assert states(run)[late[-1]] == ("drafted", 1, 0)
    assert "1 ngày" in run("list", *QUARTERLY)


def test_a_correction_after_the_submission_is_counted(province, run):
    commune = province.communes[0]
    (_, _, submission), *_ = readings_of(commune, "q", 1)
    reading = submission.readings[0]
    values = {name: count + 1 for name, count in reading.values.items()}
    correction = Correction(reading_id=reading.reading_id, values=values, reason="đếm sót", by=CLERK)
    before = province.report(date(2025, 9, 17)).indicators
    province.send((commune, "corrected", CorrectReadings(corrections=(correction,))))
    until(lambda: province.report(date(2025, 9, 17)).indicators != before, "the correction counts")

    state, late, changed = states(run)[commune]
    assert (state, late) == ("approved", 0)
    assert changed > 0
    shown = run("show", "--commune", commune, *QUARTERLY)
    assert f"Thay đổi từ khi nộp: {changed}" in shown
    assert "đúng với mã kiểm chứng" in shown


def test_the_provinces_report_is_published_restated_and_each_edition_shown_for_ever(province, run):
    assert "chưa được duyệt" in run("publish", *QUARTERLY, code=1)
    assert "lần 1" in run("publish", *QUARTERLY, "--incomplete", "--by", PUBLISHER)
    first = run("show", *QUARTERLY, "--edition", "1", "--format", "json", "--out", "first")
    assert "không thay đổi" in run("restate", *QUARTERLY, "--by", PUBLISHER, "--reason", "x", code=1)

    commune = province.communes[2]
    (_, _, submission), *_ = readings_of(commune, "q", 1)
    reading = submission.readings[0]
    values = {name: count + 1 for name, count in reading.values.items()}
    correction = Correction(reading_id=reading.reading_id, values=values, reason="đếm sót", by=CLERK)
    before = province.report(date(2025, 9, 17)).indicators
    province.send((commune, "corrected-too", CorrectReadings(corrections=(correction,))))
    until(lambda: province.report(date(2025, 9, 17)).indicators != before, "the correction counts")
    province.move_to(date(2025, 9, 20))
    said = run("restate", *QUARTERLY, "--by", PUBLISHER, "--reason", "xã đính chính")
    assert "lần 2" in said
    assert "xã đính chính" in said

    assert run("show", *QUARTERLY, "--edition", "1", "--format", "json", "--out", "again").replace(
        "again/", "first/"
    ) == first.replace("1/1", "1/2")
    (kept,), (again,) = (list((run.folder / name).iterdir()) for name in ("first", "again"))
    assert kept.read_bytes() == again.read_bytes()
    assert json.loads(run("show", *QUARTERLY, "--json"))["edition"] == 2
    assert "edition 3" in run("show", *QUARTERLY, "--edition", "3", code=1)
    until(lambda: mailed(province, "report_restated") == 1, "the provincial office is told")


def test_each_edition_computed_again_from_the_event_stores_has_the_same_bytes(run):
    """The first one too, although what it says was corrected since."""
    for number in ("1", "2"):
        said = json.loads(run("replay", *QUARTERLY, "--edition", number, "--json", group="audit"))
        assert (said["agree"], said["computed"]) == (True, said["published"])
    assert "same bytes" in run("replay", *QUARTERLY, "--edition", "1", group="audit")


def test_an_edition_tells_when_somebody_rewrote_what_was_recorded(province, run):
    """Whoever owns the database can: the trigger is theirs."""
    with rewritten(province):
        refused = run("replay", *QUARTERLY, "--edition", "1", group="audit", code=1)
    assert "is not what was published; it differs in: communes" in refused
    assert "same bytes" in run("replay", *QUARTERLY, "--edition", "1", group="audit")


@contextmanager
def rewritten(province):
    """The first count of a commune that corrected nothing has another digit before it, for a while."""
    events = "indicators.indicators_events"
    with psycopg.connect(province.stack.settings().database_url, autocommit=True) as owner:
        position, state = owner.execute(
            f"SELECT notification_id, state FROM {events} WHERE topic = 'indicators.submission-receipted'"
            " AND convert_from(state, 'utf8')::jsonb ->> 'commune' = %s ORDER BY notification_id LIMIT 1",
            (province.communes[3],),
        ).fetchone()
        owner.execute(f"ALTER TABLE {events} DISABLE TRIGGER refuse_change")
        change = f"UPDATE {events} SET state = %s WHERE notification_id = %s"
        try:
            other = re.sub(rb'("values":\{"[a-z-]+":)', rb"\g<1>1", bytes(state), count=1)
            assert other != state
            owner.execute(change, (other, position))
            yield
        finally:
            owner.execute(change, (state, position))
            owner.execute(f"ALTER TABLE {events} ENABLE TRIGGER refuse_change")


def test_the_days_on_which_reports_are_due_are_listed(run):
    assert "25/9/2025" in run("due", "--on", "2025-09-17")
    due = json.loads(run("due", "--on", "2025-09-17", "--json"))
    assert {each["regime"] for each in due} == {"tthc-control", "reform"}


def test_the_reports_table_follows_from_the_events(province):
    """Nothing is said in the list that the events do not say."""
    with province.service("reporting", Reporting) as reporting:
        listed = reporting.listed(CODE, QUARTER)
    stored = province.ask(
        "reporting", "SELECT topic FROM reporting_events WHERE topic LIKE '%%commune-report-approved'"
    )
    assert len([each for each in listed if each.state == "approved"]) == len(stored) == 1
