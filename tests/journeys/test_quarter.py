"""From the communes to the province: what is sent is what is reported, once, and as it was known at each date.

One story in one province, told in order: each test goes on where the one before ended.
"""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from nats.errors import MaxPayloadError

from services.planning.register import communes_of
from services.reporting.audit.comparing import compare
from services.reporting.audit.replay import replayed
from services.reporting.rendering.canonical import canonical_json
from shared.contracts.indicators import (
    Correction,
    CorrectReadings,
    Reading,
    RecordReadings,
    Withdrawal,
    WithdrawReadings,
)
from shared.publishing import PublishRefused
from tests.journeys.province import CODE, QUARTER, completion, readings_of, until

FIRST, SECOND, THIRD = date(2025, 9, 10), date(2025, 9, 16), date(2025, 9, 20)
SILENT = 7
RULES = {"Số liệu âm": 2, "Ngày số liệu chưa đến": 1, "Số đo không có trong danh mục": 1}


@pytest.fixture(scope="module")
def province(found):
    with found(today=FIRST) as province:
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


def test_the_figures_of_the_province_are_the_sums_of_what_its_communes_sent(province, sent):
    sums = province.ledger.sums(QUARTER.window())
    total = Counter()
    for (_, measure), amount in sums.items():
        total[measure] += amount
    lines = {line.indicator: line for line in sent.indicators}
    online = lines["online-files"]

    assert (online.figure.numerator, online.figure.denominator) == (
        total["files-received-online"],
        total["files-received"],
    )
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


def test_the_ledger_bites(province, sent):
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


def test_below_not_reported_refused_and_parked_are_told(province, sent):
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


def test_whoever_is_concerned_gets_a_mail(province, sent):
    with province.reporting() as reporting:
        edition, digest = reporting.publish_report(CODE, QUARTER, FIRST, incomplete=True)
        assert reporting.publish_report(CODE, QUARTER, FIRST, incomplete=True) == (edition, digest)
    told = "SELECT count(*) FROM settled WHERE template = 'report_published'"
    until(lambda: province.ask("notifications", told)[0][0] == len(province.communes) + 1, "everybody is told")
    province.wait_until_mailed()
    mails = province.mailbox.messages()
    (refused,) = (mail for mail in mails if "nonsense" in mail.get_content())
    assert refused["To"] == f"trung-tam-phuc-vu-hanh-chinh-cong.{province.communes[0]}@minhbach.example"
    assert refused.get_content().count("số liệu không được âm") == 2

    published = [mail for mail in mails if digest in mail.get_content()]
    offices = {f"trung-tam-phuc-vu-hanh-chinh-cong.{commune}@minhbach.example" for commune in province.communes}
    assert {mail["To"] for mail in published} == {*offices, f"van-phong.{CODE}@minhbach.example"}
    assert len(published) == len(province.communes) + 1

    tasks = province.ask("planning", "SELECT task_id, commune, lead || support FROM tasks")
    assert Counter(
        mail["To"].partition(".")[2].partition("@")[0] for mail in mails if "Giao nhiệm vụ" in mail["Subject"]
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
def test_what_no_waiting_can_mend_is_told_the_sender_at_once(province, submission_id, body, fault):
    with pytest.raises(fault):
        province.send_raw(province.communes[0], "readings", submission_id, body)


def test_what_was_known_before_a_correction_stays_as_it_was(province, sent):
    before = canonical_json(province.report(FIRST))
    province.move_to(SECOND)
    commune = province.communes[0]
    changed = next(
        r for (c, _), r in province.ledger.standing.items() if c == commune and not r.reading_id.startswith("x")
    )
    gone = next(r for (c, _), r in province.ledger.standing.items() if c == province.communes[1])
    higher = {"files-received": changed.values["files-received"] + 100}
    province.send(
        (
            commune,
            "c-1",
            CorrectReadings(corrections=(Correction(reading_id=changed.reading_id, values=higher, reason="Cộng sót"),)),
        ),
        (
            province.communes[1],
            "w-1",
            WithdrawReadings(withdrawals=(Withdrawal(reading_id=gone.reading_id, reason="Nhầm"),)),
        ),
    )
    province.wait_until_counted()

    assert canonical_json(province.report(FIRST)) == before
    then, now = province.report(FIRST), province.report(SECOND)
    (old,) = (line.figure for line in then.indicators if line.indicator == "online-files")
    (new,) = (line.figure for line in now.indicators if line.indicator == "online-files")
    assert new.denominator == old.denominator + 100 - gone.values["files-received"]
    assert new.numerator == old.numerator - gone.values["files-received-online"]
    assert now.readings == then.readings - 1
    with province.reporting() as reporting:
        known = reporting.knowledge.of(reporting.question(CODE, QUARTER, SECOND))
    assert dict(known.sums) == province.ledger.sums(QUARTER.window())

    province.move_to(THIRD)
    province.send(*readings_of(province.communes[SILENT], "late", 2))
    province.wait_until_counted()
    assert canonical_json(province.report(FIRST)) == before
    assert canonical_json(province.report(SECOND)) == canonical_json(now)
    assert province.report(THIRD).not_reported == ()


@pytest.mark.parametrize("day", [FIRST - timedelta(days=87), FIRST, SECOND, THIRD, THIRD + timedelta(days=40)])
def test_a_replay_of_the_event_stores_says_the_same(province, sent, day):
    with province.reporting() as reporting:
        question = reporting.question(CODE, QUARTER, day)
        read = reporting.knowledge.of(question)
    again = replayed(province.stack.settings("auditor"), question)
    assert compare(read, again) == []
    assert len(again.communes) == (0 if day < date(2025, 6, 15) else len(province.communes))


def test_the_audit_bites(province, sent):
    """Somebody who owns the database makes one count look better."""
    commune = province.communes[0]
    change = """
        UPDATE reporting.totals SET flows = jsonb_set(flows::jsonb, '{files-received-online}',
            to_jsonb((flows ->> 'files-received-online')::int + %s))
        WHERE commune = %s AND half = (SELECT min(half) FROM reporting.totals WHERE commune = %s)
    """
    with psycopg.connect(province.stack.settings().database_url) as connection:
        assert connection.execute(change, (1, commune, commune)).rowcount
    done = audited(province)
    with psycopg.connect(province.stack.settings().database_url) as connection:
        connection.execute(change, (-1, commune, commune))

    assert done.returncode == 1
    assert f"sum ('{commune}', 'files-received-online'): read models" in done.stderr
    assert "1 figures differ" in done.stderr
    assert "Traceback" not in done.stderr
    assert audited(province).returncode == 0


def audited(province):
    settings = province.stack.settings()
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", "audit", "replay", "--province", CODE, "--quarter", QUARTER.name],
        env={**os.environ, **province.stack.env, "NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
