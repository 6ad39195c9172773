"""The life of a quarter's reports in one province, on real processes.

Each step of that life is a fixture, and each test asks for the steps that it needs; so each runs alone.
"""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from services.reporting.application import Reporting
from services.reporting.application.submissions import DECIDED_AT_ONCE
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.explain import Explanations
from services.reporting.audit.replay import replay_of
from services.reporting.cli.audit import differences
from shared.contracts.indicators import Correction, CorrectReadings, Reading, RecordReadings
from shared.contracts.reporting import SubmitReport
from shared.record.pool import open_pool
from tests import commands
from tests.journeys.province import CODE, QUARTER, in_turn, readings_of, until
from tests.journeys.redelivery import redeliver_sooner
from tests.journeys.tampering import unseen

ROOT = Path(__file__).parents[2]
CLERK, REVIEWER, PUBLISHER = "Nguyễn Thị An", "Trần Bình", "Lê Chi"
QUARTERLY = ("--quarter", QUARTER.name)
LATE = date(2025, 9, 17)


@pytest.fixture(scope="module")
def province(found):
    with found(communes=4, today=date(2025, 9, 12)) as province:
        redeliver_sooner(province)
        province.send(*in_turn(*(readings_of(commune, "q", 6) for commune in province.communes)))
        province.wait_until_counted()
        province.move_to(date(2025, 9, 15))
        until(lambda: mailed(province, "report_due") >= 2 * len(province.communes), "due, of two regimes each")
        yield province


@pytest.fixture(scope="module")
def run(province, tmp_path_factory):
    """`minhbach report …`, or another group's command, at a terminal of 80 columns."""
    folder = tmp_path_factory.mktemp("terminal")
    settings = province.stack.settings("reporting")
    env = {
        **os.environ, "DATABASE_URL": settings.database_url, "NATS_URL": province.stack.servers.nats_url,
        "MINHBACH_CLOCK_FILE": str(province.clock),
        "MINHBACH_OUTBOX": str(folder / "outbox"), "COLUMNS": "80",
    }  # fmt: skip

    # An auditor reads every store, which no service may.
    auditing = env | {"DATABASE_URL": province.stack.settings("auditor").database_url}

    def report(*words, code=0, group="report"):
        done = commands.run((group, *words), auditing if group == "audit" else env, folder)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert "--json" in words or all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout
        return done.stdout if code == 0 else done.stderr

    report.folder = folder
    return report


REFORM = (*QUARTERLY, "--regime", "reform")  # no other test reports in it


def states(run):
    listed = json.loads(run("list", *QUARTERLY, "--json"))
    return {each["code"]: (each["state"], each["days_late"], each["changed"]) for each in listed}


def mailed(province, template):
    rows = province.ask("notifications", "SELECT count(*) FROM settled WHERE template = %s", template)
    return rows[0][0]


def test_each_commune_is_reminded_before_its_day(province):
    assert mailed(province, "report_due") >= 2 * len(province.communes)
    assert mailed(province, "report_late") == 0


@pytest.fixture(scope="module")
def submitted(province, run):
    """The first commune's report, submitted twice at a terminal: what was printed each time."""
    words = ("submit", "--commune", province.communes[0], *QUARTERLY, "--by", CLERK)
    return run(*words), run(*words)


def test_a_report_submitted_twice_at_a_terminal_counts_once(province, run, submitted):
    commune = province.communes[0]
    first, again = submitted
    assert "Đã nhận báo cáo" in first
    assert "đã được nộp với cùng số liệu" in again
    assert not list((run.folder / "outbox" / commune).glob("*.json"))
    assert "Quý IV năm 2025" in run("submit", "--commune", commune, "--quarter", "2025-Q4", "--by", CLERK, code=1)
    assert states(run)[commune] == ("submitted", 0, 0)


@pytest.fixture(scope="module")
def interrupted(province):
    """The second commune's report: Reporting is killed after the commit and before the receipt, and started again.

    The submission comes again to another instance, and its commune asks: both find what was committed.
    """
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
            assert submissions(province, commune) == 1, "committed, and nobody has a receipt"
            stream.finish()
    province.wait_until_followed()


def test_a_report_with_a_lost_receipt_is_receipted_again_and_counts_once(province, interrupted):
    receipt = province.ledger.receipts[province.communes[1], "life-1"]
    assert (receipt.accepted, receipt.duplicates, receipt.refused) == (1, 0, ())
    assert submissions(province, province.communes[1]) == 1


def test_a_burst_larger_than_one_batch_is_answered_whole(province, submitted):
    commune, report = province.communes[0], SubmitReport(period=QUARTER.name, by=CLERK)
    burst = [(commune, f"burst-{number}", report) for number in range(DECIDED_AT_ONCE + 20)]
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


@pytest.fixture(scope="module")
def reviewed(province, run, submitted, interrupted):
    """The first commune's report approved, the second's returned; what is printed to a clerk who approves their own."""
    first, second = province.communes[:2]
    refused = run("approve", "--commune", first, *QUARTERLY, "--by", CLERK, code=1)
    run("approve", "--commune", first, *QUARTERLY, "--by", REVIEWER)
    run("return", "--commune", second, *QUARTERLY, "--by", REVIEWER, "--reason", "thiếu lĩnh vực đất đai")
    return refused


def test_the_list_is_filtered_and_summed_up(run, reviewed):
    listed = json.loads(run("list", *QUARTERLY, "--missing", "--json"))
    assert {each["state"] for each in listed} == {"returned", "drafted"}
    assert json.loads(run("list", *QUARTERLY, "--late", "--json")) == []
    summary = json.loads(run("list", *QUARTERLY, "--summary", "--json"))
    assert (summary["states"]["approved"], summary["missing"]) == (1, len(listed))
    assert "Chưa nộp" in run("list", *QUARTERLY, "--summary", "--below-target")


def test_several_reports_are_reviewed_and_asked_for_at_once(province, run, reviewed):
    first, second = province.communes[:2]
    refused = run("approve", "--commune", f"{first},{second}", *QUARTERLY, "--by", REVIEWER, code=1)
    assert f"{second}: " in refused
    assert "1/2 đơn vị bị từ chối" in refused
    assert "chờ duyệt" in run("approve", "--all-submitted", *QUARTERLY, "--by", REVIEWER)
    assert "--all-submitted" in run("approve", *QUARTERLY, "--by", REVIEWER, code=2)
    asked = run("remind", "--all-missing", *QUARTERLY, "--by", REVIEWER, "--note", "nộp trong ngày")
    assert asked.count("Đã nhắc nộp") == len(province.communes) - 1
    until(lambda: mailed(province, "report_reminded") == len(province.communes) - 1, "mails that ask for reports")


def test_the_province_returns_and_approves_and_the_communes_get_mails(province, run, reviewed):
    assert "không được tự duyệt" in reviewed
    until(lambda: (mailed(province, "report_approved"), mailed(province, "report_returned")) == (1, 1), "the mails")
    assert {state for state, _, _ in states(run).values()} == {"approved", "returned", "drafted"}


@pytest.fixture(scope="module")
def late(province, reviewed):
    """Two days after the reports of the communes were due."""
    province.move_to(LATE)
    until(lambda: mailed(province, "report_late") > 0, "a mail about a late report")
    province.wait_until_followed()
    province.wait_until_mailed()


def test_the_chair_gets_a_mail_about_a_late_report(province, run, late):
    chairs = {mail["To"] for mail in province.mailbox.messages() if "Quá hạn 1 ngày" in mail["Subject"]}
    communes = province.communes[1:]
    assert {f"chu-tich.{commune}@minhbach.example" for commune in communes} <= chairs
    assert states(run)[communes[-1]] == ("drafted", 1, 0)
    assert "1 ngày" in run("list", *QUARTERLY)


def correct_first_reading(province, commune):
    """One more of each measure."""
    (_, _, submission), *_ = readings_of(commune, "q", 1)
    reading = submission.readings[0]
    values = {name: count + 1 for name, count in reading.values.items()}
    correction = Correction(reading_id=reading.reading_id, values=values, reason="đếm sót", by=CLERK)
    province.send((commune, f"corrected-{commune}", CorrectReadings(corrections=(correction,))))


def corrected(province, commune):
    """The commune's first reading, corrected; when this returns, the province counts it."""
    before = province.report(LATE).indicators
    correct_first_reading(province, commune)
    until(lambda: province.report(LATE).indicators != before, "the correction counts")


def test_a_correction_after_the_submission_is_counted(province, run, late):
    commune = province.communes[0]
    corrected(province, commune)

    state, days_late, changed = states(run)[commune]
    assert (state, days_late) == ("approved", 0)
    assert changed > 0
    shown = run("show", "--commune", commune, *QUARTERLY)
    assert f"Thay đổi từ khi nộp: {changed}" in shown
    assert "đúng với mã kiểm chứng" in shown


@pytest.fixture(scope="module")
def published(province, run, late):
    """The province's report: edition 1, then edition 2 after a correction; what each command printed."""
    (run.folder / "kien-nghi.txt").write_text("Đề nghị tỉnh bổ sung máy quét.\n", encoding="utf-8")
    written = ("--section", "danh-gia=Công tác đi vào nền nếp.", "--section", "kien-nghi=@kien-nghi.txt")
    written = run("narrative", *QUARTERLY, "--by", PUBLISHER, *written)
    unapproved = run("publish", *QUARTERLY, code=1)
    published = run("publish", *QUARTERLY, "--incomplete", "--by", PUBLISHER)
    shown = run("show", *QUARTERLY, "--edition", "1", "--format", "json", "--out", "first")
    unchanged = run("restate", *QUARTERLY, "--by", PUBLISHER, "--reason", "x", code=1)
    corrected(province, province.communes[2])
    sent_late(province)
    run("narrative", *QUARTERLY, "--by", PUBLISHER, "--section", "danh-gia=Đi vào nền nếp hơn.")
    province.move_to(date(2025, 9, 20))
    changes = json.loads(run("changes", *QUARTERLY, "--json"))
    restated = run("restate", *QUARTERLY, "--by", PUBLISHER, "--reason", "xã đính chính")
    assert "không thay đổi" in run("changes", *QUARTERLY)
    assert json.loads(run("changes", *QUARTERLY, "--edition", "1", "--json"))["moved"] == changes["moved"] != []
    return SimpleNamespace(
        written=written, unapproved=unapproved, published=published, shown=shown, unchanged=unchanged, restated=restated
    )


def test_the_report_is_published_and_restated_and_each_edition_is_shown_unchanged(province, run, published):
    assert "chưa được duyệt" in published.unapproved
    assert "--incomplete" in published.unapproved
    assert "lần 1" in published.published
    assert "không thay đổi" in published.unchanged
    assert "lần 2" in published.restated
    assert "xã đính chính" in published.restated

    again = run("show", *QUARTERLY, "--edition", "1", "--format", "json", "--out", "again")
    assert again.replace("again/", "first/") == published.shown.replace("1/1", "1/2")
    kept, later = (next((run.folder / name).iterdir()) for name in ("first", "again"))
    assert kept.read_bytes() == later.read_bytes()
    assert json.loads(run("show", *QUARTERLY, "--json"))["edition"] == 2
    assert "lần 3" in run("show", *QUARTERLY, "--edition", "3", code=1)
    until(lambda: mailed(province, "report_restated") == 1, "the provincial office gets a mail")


def test_the_sections_that_a_person_wrote_are_kept_with_their_writer_and_pinned_by_each_edition(run, published):
    assert "Đã ghi các phần viết" in published.written
    written = json.loads(run("narrative", *QUARTERLY, "--json"))
    assert [(each["section"], each["by"]) for each in written] == [
        ("assessment", PUBLISHER),
        ("proposals", PUBLISHER),
        ("assessment", PUBLISHER),
    ]
    assert "Công tác đi vào nền nếp." in run("narrative", *QUARTERLY)
    run("show", *QUARTERLY, "--edition", "2", "--format", "json", "--out", "second")
    texts = [
        [each["text"] for each in json.loads(next((run.folder / name).iterdir()).read_text())["narrative"]]
        for name in ("first", "second")
    ]
    assert texts == [
        ["Công tác đi vào nền nếp.", "Đề nghị tỉnh bổ sung máy quét."],
        ["Đi vào nền nếp hơn.", "Đề nghị tỉnh bổ sung máy quét."],
    ]
    assert "PHẦN=NỘI DUNG" in run("narrative", *QUARTERLY, "--by", PUBLISHER, "--section", "danh-gia", code=2)


def sent_late(province):
    """A reading of 1 August, sent after the first edition."""
    counts = {"files-received": 9, "files-received-online": 9}
    reading = Reading(reading_id="late-1", observed_on=date(2025, 8, 1), field="land", values=counts)
    before = province.report(LATE).indicators
    province.send((province.communes[3], "late-sending", RecordReadings(readings=(reading,))))
    until(lambda: province.report(LATE).indicators != before, "the late reading counts")


def test_a_late_reading_is_named_by_the_restatement_and_by_the_comparison_of_editions(province, run, published):
    shown = json.loads(run("show", *QUARTERLY, "--json"))["changes"]
    (late,) = shown["late"]
    assert (late["reading_id"], late["submission_id"]) == ("late-1", "late-sending")
    assert "late-1" in run("show", *QUARTERLY)

    between = json.loads(run("diff", *QUARTERLY, "--edition", "1", "--edition", "2", "--json", group="audit"))
    moved = {(each["change"]["commune"], each["change"]["item"]): each for each in between["figures"]}
    assert set(moved) == {(each["commune"], each["item"]) for each in shown["moved"]}
    assert all(each["causes"] for each in between["figures"]), "each figure has a cause"
    kinds = {(cause["kind"], cause["subject"], cause["submission_id"]) for cause in between["causes"]}
    assert ("late", "late-1", "late-sending") in kinds
    assert "corrected" in {kind for kind, *_ in kinds}
    commune = moved[province.communes[3], "online-files"]
    (cause,) = (between["causes"][place - 1] for place in commune["causes"])
    assert (cause["kind"], cause["recorded_on"], cause["after"]) == (
        "late", "2025-09-17", {"files-received": 9, "files-received-online": 9}
    )  # fmt: skip
    printed = run("diff", *QUARTERLY, "--edition", "2", "--edition", "1", group="audit")
    assert "bài gửi late-sending" in printed.replace("\n    ", " ")
    assert "ghi ngày 17/9/2025" in printed.replace("\n    ", " ")


def test_two_days_are_compared_as_two_editions_are(run, published):
    days = json.loads(run("diff", *QUARTERLY, "--from", "14/9/2025", "--to", "2025-09-20", "--json", group="audit"))
    assert {"late", "corrected"} <= days["by_kind"].keys()
    assert all(each["causes"] for each in days["figures"])
    assert "không thay đổi" not in run("diff", *QUARTERLY, "--from", "14/9/2025", "--to", "20/9/2025", group="audit")
    same = run("diff", *QUARTERLY, "--from", "2025-09-20", "--to", "2025-10-20", group="audit")
    assert "Không có số liệu nào thay đổi." in same
    for words in (("--from", "2025-09-20"), ("--edition", "1"), ("--from", "2025-09-20", "--to", "2025-09-14"), ()):
        assert "Hãy ghi" in (refused := run("diff", *QUARTERLY, *words, group="audit", code=2)) or "trước" in refused
    assert "chưa được công bố lần 9" in run(
        "diff", *QUARTERLY, "--edition", "1", "--edition", "9", group="audit", code=1
    )


def test_each_edition_computed_again_from_the_event_stores_has_the_same_bytes(run, published):
    """The first one too, although its figures were corrected since."""
    for number in ("1", "2"):
        audited = json.loads(run("replay", *QUARTERLY, "--edition", number, "--json", group="audit"))
        assert (audited["agree"], audited["computed"]) == (True, audited["published"])
    assert "giống từng byte" in run("replay", *QUARTERLY, "--edition", "1", group="audit")


def test_a_figure_of_each_edition_is_explained_as_it_was_published(province, run, published):
    corrected_commune = province.communes[2]
    for number, name in (("1", "first"), ("2", None)):
        asked = (*QUARTERLY, "--indicator", "online-files", "--edition", number)
        whole = json.loads(run("explain", *asked, "--json", group="audit"))
        assert whole["agrees"]
        assert whole["reported"] == whole["amounts"]
        if name:
            content = json.loads(next((run.folder / name).iterdir()).read_text())
            line = next(each for each in content["indicators"] if each["indicator"] == "online-files")
            assert whole["amounts"] == [line["figure"]["numerator"], line["figure"]["denominator"]]
        own = run("explain", *asked, "--commune", corrected_commune, group="audit")
        assert ("đính chính" in own) == (number == "2")
        assert "Khớp" in own
    printed = run("explain", *QUARTERLY, "--form", "II.06", "--cell", "total/4", "--out", "why.html", group="audit")
    assert printed == "why.html\n"
    assert "Theo đơn vị" in (run.folder / "why.html").read_text(encoding="utf-8")
    assert "--cell" in run("explain", *QUARTERLY, "--form", "II.06", group="audit", code=2)


@pytest.mark.parametrize("number", [1, 2])
def test_every_figure_of_an_edition_is_explained_as_it_is_printed(province, published, number):
    """Each indicator of the province and of each commune, and each cell of its forms."""
    settings = replace(province.stack.settings("auditor"), role="auditor")
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        report = reporting.edition(CODE, QUARTER, number).report
        explanations = Explanations(settings, reporting, report.known_at)
        wanted = WantedReport(CODE, QUARTER, edition=number)
        lines = [(None, line) for line in report.indicators]
        lines += [(commune.code, line) for commune in report.communes for line in commune.indicators]
        for commune, line in lines:
            found = explanations.of_indicator(wanted._replace(commune=commune), line.indicator)
            assert found.amounts == found.reported == (line.figure.numerator, line.figure.denominator), found.item
        (form,) = report.forms
        cells = {
            f"{row.field}/{column.number}": count
            for row in (*form.rows, form.total)
            for column, count in zip(form.columns, row.counts, strict=True)
        }
        for cell, count in cells.items():
            found = explanations.of_cell(wanted, form.code, cell)
            assert found.amounts == found.reported == (count,), cell
        # An edition has the province's forms; the cells of its communes are those that it adds up.
        for cell in ("land/4", "total/4"):
            of_communes = [wanted._replace(commune=commune.code) for commune in report.communes if commune.reported]
            found = [explanations.of_cell(each, form.code, cell) for each in of_communes]
            assert sum(each.amounts[0] for each in found) == cells[cell] > 0
            assert {each.reported for each in found} == {None}
        reporting.close()


def test_the_timeline_of_a_report_names_who_did_each_step(province, run, published):
    report = json.loads(run("timeline", "--report", f"51/{QUARTER.name}", "--json", group="audit"))
    acts = [entry["act"] for entry in report["entries"]]
    assert acts.count("report-published") == acts.count("report-restated") == 1
    assert {entry["by"] for entry in report["entries"] if entry["act"] == "report-restated"} == {PUBLISHER}
    own = run("timeline", "--report", f"{province.communes[0]}/{QUARTER.name}", group="audit")
    assert "nộp báo cáo" in own
    assert "vị trí" in own


def sealed_positions(province):
    rows = province.ask("reporting", "SELECT service, max(position) FROM announced_checkpoints GROUP BY service")
    return dict(rows)


def wait_until_sealed(province):
    """Until a checkpoint covers the last edition; the position of its publication."""
    query = "SELECT max(notification_id) FROM reporting_events WHERE topic = ANY(%s)"
    ((position,),) = province.ask("reporting", query, ["reporting.report-published", "reporting.report-restated"])
    until(lambda: sealed_positions(province).get("reporting", 0) >= position, "sealed and announced")
    return position


def test_a_published_edition_is_sealed_at_once_and_the_auditor_sees_it(province, run, published):
    """Within seconds, not a minute: an edition's documents bear the checkpoint that covers its publication."""
    position = wait_until_sealed(province)
    assert sealed_positions(province).keys() >= {"planning", "indicators", "reporting"}
    last = {each["service"]: each for each in json.loads(run("checkpoints", "--json", group="audit"))}
    assert last["reporting"]["position"] >= position
    assert last["reporting"]["note"].split("\n")[1:3] == [str(last["reporting"]["size"]), last["reporting"]["root"]]
    assert "Niêm phong lúc" in run("checkpoints", group="audit")
    run("show", *QUARTERLY, "--format", "html", "--out", "sealed")
    (page,) = (run.folder / "sealed").glob("*.html")
    assert "Niêm phong sổ báo cáo" in page.read_text(encoding="utf-8")


def test_a_rewritten_event_makes_its_edition_differ(province, run, published):
    """Whoever owns the database can rewrite it: the trigger is theirs."""
    with rewritten(province):
        refused = run("replay", *QUARTERLY, "--edition", "1", group="audit", code=1)
        of_it = ("--edition", "1", "--indicator", "online-files", "--commune", province.communes[3])
        assert "khác với số tính lại" in run("explain", *QUARTERLY, *of_it, group="audit", code=1)
    assert "không phải là nội dung đã công bố; khác ở: communes" in refused
    with rewritten(province, taken_away=True):
        for words in (("replay", "--edition", "1"), ("explain", *of_it)):
            refused = run(words[0], *QUARTERLY, *words[1:], group="audit", code=1)
            assert re.search(r"Sự kiện ở vị trí [\d.]+ của sổ chỉ tiêu không đọc được", refused)
    assert "giống từng byte" in run("replay", *QUARTERLY, "--edition", "1", group="audit")


def test_a_replay_finds_another_state_of_a_report(province, run, published):
    with (
        psycopg.connect(province.stack.settings().database_url, autocommit=True) as owner,
        province.reporting() as reporting,
    ):
        question = reporting.question(CODE, QUARTER, date(2025, 9, 20))
        again = replay_of(province.stack.settings("auditor"), question)
        assert differences(reporting, question, again) == []
        assert unseen(owner, lambda: bool(differences(reporting, question, again)), ["reports"]) == []


@contextmanager
def rewritten(province, *, taken_away=False):
    """The first count of a commune that corrected nothing has another digit before it, or no event, for a while."""
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
            other = None if taken_away else re.sub(rb'("values":\{"[a-z-]+":)', rb"\g<1>1", bytes(state), count=1)
            assert other != state
            owner.execute(f"ALTER TABLE {events} ALTER COLUMN state DROP NOT NULL")
            owner.execute(change, (other, position))
            yield
        finally:
            owner.execute(change, (state, position))
            owner.execute(f"ALTER TABLE {events} ALTER COLUMN state SET NOT NULL")
            owner.execute(f"ALTER TABLE {events} ENABLE ALWAYS TRIGGER refuse_change")


def test_the_days_on_which_reports_are_due_are_listed(run):
    assert "25/9/2025" in run("due", "--on", "2025-09-17")
    due = json.loads(run("due", "--on", "2025-09-17", "--json"))
    assert {each["regime"] for each in due} == {"tthc-control", "reform"}


def test_the_list_of_reports_follows_from_the_events(province, reviewed):
    with province.service("reporting", Reporting) as reporting:
        listed = reporting.listed(CODE, QUARTER)
    stored = province.ask(
        "reporting", "SELECT topic FROM reporting_events WHERE topic LIKE '%%commune-report-approved'"
    )
    assert len([each for each in listed if each.state == "approved"]) == len(stored) == 1


def test_the_province_does_its_work_from_the_first_command_to_the_last(province, run):
    """The commands of docs/vi/tinh.md: who is missing, remind, return, approve, publish, restate, verify."""
    first, second, third, silent = province.communes

    def listed(*words):
        return {each["code"] for each in json.loads(run("list", *REFORM, *words, "--json"))}

    province.move_to(date(2025, 9, 22))
    until(lambda: listed("--missing", "--late") == {*province.communes}, "nobody has submitted, and the day is over")
    for commune in (first, second, third):
        assert "Đã nhận báo cáo" in run("submit", "--commune", commune, *REFORM, "--by", CLERK)
    assert (listed("--missing"), listed("--late")) == ({silent}, {*province.communes})
    assert "Chưa nộp 1; muộn 4" in run("list", *REFORM, "--summary", "--below-target")

    assert "Đã nhắc nộp" in run("remind", "--all-missing", *REFORM, "--by", REVIEWER, "--note", "nộp trong ngày")
    run("return", "--commune", second, *REFORM, "--by", REVIEWER, "--reason", "thiếu lĩnh vực đất đai")
    assert listed("--missing") == {second, silent}
    run("submit", "--commune", second, *REFORM, "--by", CLERK)
    assert "1/2 đơn vị bị từ chối" in run(
        "approve", "--commune", f"{first},{silent}", *REFORM, "--by", REVIEWER, code=1
    )
    assert run("approve", "--all-submitted", *REFORM, "--by", REVIEWER).count("Đã duyệt") == 2

    run("narrative", *REFORM, "--by", PUBLISHER, "--section", "danh-gia=Công tác đi vào nền nếp.")
    run("build", *REFORM, "--format", "docx,pdf", "--out", "trinh-ky")
    assert {path.suffix for path in (run.folder / "trinh-ky").iterdir()} == {".docx", ".pdf"}
    assert "lần 1" in run("publish", *REFORM, "--incomplete", "--by", PUBLISHER)
    assert "không thay đổi" in run("changes", *REFORM)
    correct_first_reading(province, second)
    until(lambda: "do 1 lần đính chính" in run("changes", *REFORM), "the correction moves figures")
    assert "lần 2" in run("restate", *REFORM, "--by", PUBLISHER, "--reason", "xã đính chính")
    run("show", *REFORM, "--format", "docx,pdf", "--out", "cong-bo")
    assert len([*(run.folder / "cong-bo").iterdir()]) == 2

    for number in ("1", "2"):
        assert "giống từng byte" in run("replay", *REFORM, "--edition", number, group="audit")
    wait_until_sealed(province)
    run("export", "--out", "ban-xuat", group="audit")
    verified = json.loads(run("verify", "ban-xuat", "--json", group="audit"))
    assert verified["findings"] == []
    assert sum("đúng nội dung đã công bố" in sentence for sentence in verified["right"]) >= 2
