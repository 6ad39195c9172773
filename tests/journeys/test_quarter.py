"""From the communes to the province: what is sent is what is reported, once, and as it was known at each date."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import psycopg
import pytest
from nats.errors import MaxPayloadError

from services.planning.register import communes_of
from services.reporting.audit.replay import replay_of, replayed
from services.reporting.audit.replay_comparison import compare
from services.reporting.cli.audit import differences
from services.reporting.rendering.canonical_json import canonical_json
from services.reporting.subscribers import of_terminal
from shared.contracts.indicators import (
    Correction,
    CorrectReadings,
    Reading,
    RecordReadings,
    Withdrawal,
    WithdrawReadings,
)
from shared.contracts.reporting import PublishReport
from shared.messaging.announcing.publisher import PublishRefused
from shared.messaging.following.grants import PROVINCE
from tests import commands
from tests.journeys.province import CODE, QUARTER, completion, readings_of, until
from tests.journeys.tampering import PRINTED, columns_of, listed_columns, unseen

FIRST, SECOND, THIRD = date(2025, 9, 10), date(2025, 9, 16), date(2025, 9, 20)
SILENT = 3
RULES = {"Số liệu âm": 2, "Ngày số liệu chưa đến": 1, "Số đo không có trong danh mục": 1}


@pytest.fixture(scope="module")
def province(found):
    with found(communes=SILENT + 1, today=FIRST) as province:
        yield province


@pytest.fixture(scope="module")
def sent(province):
    """On the first day: everyone but the last commune sends; one sends nonsense besides, one something unreadable."""
    talking = province.communes[:SILENT]
    province.send(*(s for commune in talking for s in readings_of(commune, "q", 20)))
    refused = RecordReadings(
        readings=(
            Reading(reading_id="x-1", observed_on=FIRST, values={"files-received": -1}),
            Reading(reading_id="x-2", observed_on=FIRST, values={"files-received": -7}),
            Reading(reading_id="x-3", observed_on=FIRST + timedelta(days=1), values={"files-received": 1}),
            Reading(reading_id="x-4", observed_on=FIRST, values={"no-such-measure": 1}),
            Reading(reading_id="x-5", observed_on=FIRST, values={"files-received": 5}),
        )
    )
    province.send((talking[0], "nonsense", refused))
    province.send_raw(talking[1], "readings", "torn", b'{"readings": [{"reading_id"')
    province.send(*(completion(*task) for task in province.tasks()[:10]))
    province.wait_until_counted()
    return province.report(FIRST)


def test_the_provinces_figures_are_the_sums_of_its_communes_readings(province, sent):
    sums = province.ledger.sums(QUARTER.window())
    sums[province.communes[0], "files-received"] -= 5  # x-5 says nothing of online files: it leaves the rate
    total = Counter()
    for (_, measure), amount in sums.items():
        total[measure] += amount
    lines = {line.indicator: line for line in sent.indicators}
    online = lines["online-files"]

    assert (online.figure.numerator, online.figure.denominator) == (
        total["files-received-online"],
        total["files-received"],
    )
    assert (online.coverage.communes, online.coverage.incomplete_days) == (SILENT, 1)
    assert online.target_text == "Tối thiểu 60"
    assert {line.indicator for line in sent.indicators if line.figure.numerator is not None} == {"online-files"}
    for commune in sent.communes:
        (figure,) = (line.figure for line in commune.indicators if line.indicator == "online-files")
        assert figure.numerator == sums.get((commune.commune, "files-received-online"))
        assert figure.denominator == sums.get((commune.commune, "files-received"))
    assert sent.readings == len(province.ledger.standing) == SILENT * 200 + 1


def test_stocks_are_not_added_up_over_days(province, sent):
    with province.reporting() as reporting:
        known = reporting.knowledge.of(reporting.question(CODE, QUARTER, FIRST))
    assert dict(known.sums) == province.ledger.sums(QUARTER.window())
    assert {measure for _, measure in known.sums} == {
        "files-received",
        "files-received-online",
        "files-pending-in-term",
    }


def test_the_ledger_finds_a_difference(province, sent):
    """One reading less, one count more or one receipt less in its books, and it says which."""
    books = province.ledger
    key, reading = next(iter(books.standing.items()))
    higher = reading.model_copy(update={"values": {**reading.values, "files-received": 99}})
    receipts = dict(list(books.receipts.items())[1:])
    for changed in (
        replace(books, standing={k: r for k, r in books.standing.items() if k != key}),
        replace(books, standing=books.standing | {key: higher}),
        replace(books, receipts=receipts),
        replace(books, done=set()),
    ):
        assert changed.differences(province.stack) != []
    assert books.differences(province.stack) == []


def test_the_report_names_who_is_below_or_silent_and_counts_refused_and_parked(province, sent):
    names = {entry.code: entry.name for entry in communes_of(CODE)}
    sums = province.ledger.sums(QUARTER.window())
    below = {
        names[code]
        for code in province.communes[:SILENT]
        if sums[code, "files-received-online"] * 100 < sums[code, "files-received"] * 60
    }
    assert set(sent.below("online-files")) == below
    assert below
    assert sent.not_reported == (names[province.communes[SILENT]],)
    assert (sent.refused, sent.refused_by_rule, sent.parked) == (4, RULES, 1)
    assert sum(count.done for count in sent.tasks) == 10
    assert sum(count.late for count in sent.tasks) == late(province, FIRST)


def late(province, day):
    return province.ask(
        "planning",
        "SELECT coalesce(sum(cardinality(lead)), 0) FROM tasks WHERE completed_on IS NULL"
        " AND EXISTS (SELECT FROM unnest(deadlines) AS due WHERE due < %s)",
        day,
    )[0][0]


def test_everyone_concerned_gets_a_mail(province, sent):
    with province.reporting() as reporting:
        command = PublishReport(period=QUARTER.name, known_at=FIRST, incomplete=True)
        of_terminal(reporting, f"{PROVINCE}{CODE}", command, "")
        digest = reporting.edition(CODE, QUARTER).content_sha256
        assert of_terminal(reporting, f"{PROVINCE}{CODE}", command, "").duplicates == 1
    mails = "SELECT count(*) FROM settled WHERE template = 'report_published'"
    until(lambda: province.ask("notifications", mails)[0][0] == len(province.communes) + 1, "a mail to each")
    province.wait_until_mailed()
    messages = province.mailbox.messages()
    (refused,) = (mail for mail in messages if "nonsense" in mail.get_content())
    assert refused["To"] == f"trung-tam-phuc-vu-hanh-chinh-cong.{province.communes[0]}@minhbach.example"
    assert refused.get_content().count("số liệu không được âm") == 2

    published = [mail for mail in messages if digest in mail.get_content()]
    offices = {f"trung-tam-phuc-vu-hanh-chinh-cong.{commune}@minhbach.example" for commune in province.communes}
    assert {mail["To"] for mail in published} == {*offices, f"van-phong.{CODE}@minhbach.example"}
    assert len(published) == len(province.communes) + 1

    tasks = province.ask("planning", "SELECT task_id, commune, lead || support FROM tasks")
    assert Counter(
        mail["To"].partition(".")[2].partition("@")[0] for mail in messages if "Giao nhiệm vụ" in mail["Subject"]
    ) == {code: sum(len(set(bodies)) for _, commune, bodies in tasks if commune == code) for code in province.communes}


def test_the_same_readings_again_count_once_whatever_submission_they_come_in(province, sent):
    (commune, _, submission), *_ = readings_of(province.communes[0], "q", 1)
    (first,) = province.send((commune, "q-0", submission))
    (second,) = province.send((commune, "q-0-by-another-clerk", submission))

    assert first == province.ledger.receipts[commune, "q-0"]
    assert (second.accepted, second.duplicates, second.refused) == (0, len(submission.readings), ())
    province.wait_until_followed()
    province.wait_until_counted()
    assert province.report(FIRST).indicators == sent.indicators


@pytest.mark.parametrize(
    ("submission_id", "body", "fault"),
    [
        ("a.b", b"{}", ValueError),
        ("a b", b"{}", ValueError),
        ("large", b" " * 2_000_000, PublishRefused),
        ("huge", b" " * 17_000_000, MaxPayloadError),
    ],
)
def test_a_message_that_can_never_be_sent_fails_at_once(province, submission_id, body, fault):
    with pytest.raises(fault):
        province.send_raw(province.communes[0], "readings", submission_id, body)


@pytest.fixture(scope="module")
def corrected(province, sent):
    """On the second day a count is corrected and a reading withdrawn; on the third the last commune sends, late.

    `firsts` are the reports as known on the first day, before and after each; `second` the one of the second day.
    """
    firsts = [canonical_json(province.report(FIRST))]
    province.move_to(SECOND)
    commune, other = province.communes[:2]
    standing = province.ledger.standing.items()
    changed = next(r for (c, _), r in standing if c == commune and not r.reading_id.startswith("x"))
    gone = next(r for (c, _), r in standing if c == other)
    higher = {"files-received": changed.values["files-received"] + 100}
    correction = Correction(reading_id=changed.reading_id, values=higher, reason="Cộng sót")
    withdrawal = Withdrawal(reading_id=gone.reading_id, reason="Nhầm")
    province.send(
        (commune, "c-1", CorrectReadings(corrections=(correction,))),
        (other, "w-1", WithdrawReadings(withdrawals=(withdrawal,))),
    )
    province.wait_until_counted()
    firsts.append(canonical_json(province.report(FIRST)))
    second = province.report(SECOND)
    with province.reporting() as reporting:
        known = reporting.knowledge.of(reporting.question(CODE, QUARTER, SECOND))
    assert dict(known.sums) == province.ledger.sums(QUARTER.window())

    province.move_to(THIRD)
    province.send(*readings_of(province.communes[SILENT], "late", 2))
    province.wait_until_counted()
    firsts.append(canonical_json(province.report(FIRST)))
    return SimpleNamespace(firsts=firsts, second=second, gone=gone)


def test_a_report_known_before_a_correction_stays_as_it_was(province, corrected):
    assert corrected.firsts[1:] == [corrected.firsts[0]] * 2
    assert canonical_json(province.report(SECOND)) == canonical_json(corrected.second)
    then, now, gone = province.report(FIRST), corrected.second, corrected.gone
    (old,) = (line.figure for line in then.indicators if line.indicator == "online-files")
    (new,) = (line.figure for line in now.indicators if line.indicator == "online-files")
    assert new.denominator == old.denominator + 100 - gone.values["files-received"]
    assert new.numerator == old.numerator - gone.values["files-received-online"]
    assert now.readings == then.readings - 1
    assert province.report(THIRD).not_reported == ()


@pytest.mark.parametrize("day", [FIRST - timedelta(days=87), FIRST, SECOND, THIRD, THIRD + timedelta(days=40)])
def test_a_replay_of_the_event_stores_agrees(province, corrected, day):
    with province.reporting() as reporting:
        question = reporting.question(CODE, QUARTER, day)
        read = reporting.knowledge.of(question)
    again = replayed(province.stack.settings("auditor"), question)
    assert compare(read, again) == []
    assert len(again.communes) == (0 if day < date(2025, 6, 15) else len(province.communes))


def test_a_replay_finds_an_alteration_of_each_column_that_a_report_prints(province, corrected):
    """A hundred comparisons: one for each column, and one for each of some totals."""
    with (
        psycopg.connect(province.stack.settings().database_url, autocommit=True) as connection,
        province.reporting() as reporting,
    ):
        question = reporting.question(CODE, QUARTER, THIRD)
        again = replay_of(province.stack.settings("auditor"), question)
        # An audit adds up what was reported at each comparison, which spares it memory: here it is added up once.
        reported, before = dict(again.evidence.reported), dict(again.evidence.reported_before)
        again = again._replace(evidence=replace(again.evidence, reported=reported, reported_before=before))

        def differs():
            return bool(differences(reporting, question, again))

        assert not differs()
        assert columns_of(connection) == listed_columns(), "what a report prints of a new column is decided"
        tables = [table for table in PRINTED if table not in ("successions", "commune_changes", "reports")]
        assert unseen(connection, differs, tables) == []
        assert not differs(), "each alteration is undone"


def test_audit_reports_a_tampered_total(province, sent):
    """Somebody who owns the database makes one count look better."""
    commune = province.communes[0]
    change = """
        UPDATE reporting.field_totals SET flows = jsonb_set(flows::jsonb, '{0,1,files-received-online}',
            to_jsonb((flows #>> '{0,1,files-received-online}')::int + %s))
        WHERE (commune, half, field) = (
            SELECT commune, half, min(field) FROM reporting.field_totals WHERE commune = %s
            AND flows::jsonb #> '{0,1,files-received-online}' IS NOT NULL GROUP BY commune, half ORDER BY half LIMIT 1
        )
    """
    with psycopg.connect(province.stack.settings().database_url) as connection:
        assert connection.execute(change, (1, commune)).rowcount
    done = audited(province)
    with psycopg.connect(province.stack.settings().database_url) as connection:
        connection.execute(change, (-1, commune))

    assert done.returncode == 1
    assert f"tổng ('{commune}', 'files-received-online'): trong bảng" in done.stderr
    assert "3 số liệu trong các bảng khác" in done.stderr, "the sum, the count by field, and the readings together"
    assert "Traceback" not in done.stderr
    assert audited(province).returncode == 0


def audited(province):
    settings = province.stack.settings()
    env = {**os.environ, **province.stack.env, "NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url}
    return commands.run(("audit", "replay", "--province", CODE, "--quarter", QUARTER.name), env)
