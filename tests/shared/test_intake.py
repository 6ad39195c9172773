"""Submissions through real NATS into a real process: each is settled once, and none holds up another."""

import asyncio
import contextlib
import json
import signal
import socket
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from nats.errors import MaxPayloadError
from nats.js.errors import APIError

from deploy.embedded.stack import Stack
from services.indicators.application import Indicators
from shared.commune_client.broker import Broker
from shared.commune_client.delivery import NotKept, deliver
from shared.commune_client.outbox import Kept, Outbox
from shared.commune_client.sender import IdUsedBefore, Sender
from shared.contracts import ID_USED_BEFORE
from shared.messaging.intake.bodies import TOO_LARGE
from shared.messaging.intake.inbox import MOST_PARKED, MOST_PARKED_BYTES
from shared.process import open_pool
from tests.shared.intake_province import MALFORMED, MEGABYTE, POISON, Province, readings, register_communes_in_disorder


@pytest.fixture(scope="module")
def province(tmp_path_factory, start_servers):
    with Stack(tmp_path_factory.mktemp("intake"), services=("indicators",), start_servers=start_servers) as stack:
        settings = stack.settings("indicators")
        with open_pool(settings, "indicators") as pool:
            indicators = Indicators(settings, pool)
            for measure in ("part", "whole"):
                definition = {"name": measure, "kind": "flow", "unit": "hồ sơ", "by_field": False}
                indicators.define("measure", measure, definition, indicators.clock().date())
            indicators.close()
        province = Province(stack)
        register_communes_in_disorder(province)
        yield province
        province.wait(province.client.close())
        province.loop.close()


def test_announcements_of_another_service_are_followed_in_any_order(province):
    assert province.rows("SELECT commune FROM communes ORDER BY 1") == [("c1",), ("c2",)]


def test_a_submission_is_receipted_after_it_is_stored(province):
    body = readings("good-1", "good-2")
    province.send("good", body)
    receipt = province.receipt("good")
    assert province.stored("good") == ["submission-receipted"]
    assert (receipt.commune, receipt.kind, receipt.submission_id) == ("c1", "readings", "good")
    assert (receipt.accepted, receipt.refused, receipt.parked) == (2, (), None)
    assert receipt.sha256 == sha256(body).hexdigest()


def test_a_receipt_is_given_again_on_request(province):
    assert province.asked("asked") == b""
    province.send("asked", readings("asked-1"))
    province.receipt("asked")
    assert province.asked("asked") == province.receipts["receipt.c1.asked"][0]
    assert province.asked("asked", commune="c2") == b""
    assert province.asked("as\x00ked") == b""


def test_readings_are_refused_one_by_one(province):
    body = json.loads(readings("mixed-1", "mixed-2", "mixed-3"))
    body["readings"][1]["values"]["part"] = -1
    province.send("mixed", json.dumps(body).encode())
    receipt = province.receipt("mixed")
    assert (receipt.accepted, [(r.item, r.rule) for r in receipt.refused]) == (2, [("mixed-2", "negative")])


def test_two_communes_may_use_the_same_submission_id(province):
    for commune in ("c1", "c2", "nobody"):
        province.send("own", readings("own-1"), commune=commune)
    assert [province.receipt("own", commune).accepted for commune in ("c1", "c2", "nobody")] == [1, 1, 0]
    assert [r.rule for r in province.receipt("own", "nobody").refused] == ["unknown-commune"]


@pytest.mark.parametrize("name", POISON)
def test_an_unreadable_submission_is_parked_with_its_body_and_delays_no_other(province, name):
    province.send(f"poison-{name}", POISON[name])
    province.send(f"after-{name}", readings(f"after-{name}"), commune="c2")
    receipt = province.receipt(f"poison-{name}")
    assert receipt.parked
    assert (receipt.accepted, receipt.refused) == (0, ())
    assert len(receipt.parked) < 500
    assert receipt.parked.isprintable()
    assert province.stored(f"poison-{name}") == ["message-parked"]
    assert province.parked(f"poison-{name}") == [POISON[name]]
    assert province.receipt(f"after-{name}", "c2").accepted == 1


@pytest.mark.parametrize("name", MALFORMED)
def test_an_unreadable_reading_is_refused_and_the_one_beside_it_counts(province, name):
    bad = MALFORMED[name]
    body = readings(f"beside-{name}")[:-2] + b", " + bad[bad.index(b"[") + 1 :]
    province.send(f"malformed-{name}", body)
    receipt = province.receipt(f"malformed-{name}")
    assert (receipt.accepted, receipt.duplicates, receipt.parked) == (1, 0, None)
    [refused] = receipt.refused
    assert refused.rule == "malformed"
    assert refused.item in ("#2", "r")
    assert refused.sentence.startswith("Mục thứ 2 của bài gửi")
    assert refused.sentence.endswith(".")
    assert refused.sentence.isprintable()
    assert len(refused.sentence) < 500
    assert province.stored(f"malformed-{name}") == ["submission-receipted"]
    assert province.parked(f"malformed-{name}") == [body]
    assert province.rows("SELECT FROM readings WHERE reading_id = 'r'") == []


def test_a_submission_without_a_readable_item_is_refused_item_by_item(province):
    province.send("all-malformed", readings("all-1", "all-2", values={"part": 1.5}))
    receipt = province.receipt("all-malformed")
    assert (receipt.accepted, receipt.parked) == (0, None)
    assert [(r.item, r.rule) for r in receipt.refused] == [("all-1", "malformed"), ("all-2", "malformed")]


def test_corrections_and_withdrawals_are_read_one_by_one_too(province):
    province.send("mend", readings("mend-1", "mend-2"))
    province.receipt("mend")
    good = {"reading_id": "mend-1", "values": {"part": 2}, "reason": "đếm nhầm: 2"}
    corrections = {"corrections": [{**good, "reading_id": "mend-2", "values": {"part": 10**13}}, good]}
    withdrawals = {"withdrawals": [{"reading_id": "mend-1"}, {"reading_id": "mend-2", "reason": "gửi nhầm"}]}
    province.send("mend-c", json.dumps(corrections).encode(), kind="corrections")
    province.send("mend-w", json.dumps(withdrawals).encode(), kind="withdrawals")
    for step, item in (("c", "mend-2"), ("w", "mend-1")):
        receipt = province.receipt(f"mend-{step}")
        assert (receipt.accepted, [(r.item, r.rule) for r in receipt.refused]) == (1, [(item, "malformed")])
    versions = province.rows("SELECT reading_id, counts FROM readings WHERE reading_id LIKE 'mend-%%' AND version = 2")
    assert sorted(versions) == [("mend-1", {"part": 2, "whole": 2}), ("mend-2", {})]


def test_a_mended_reading_counts_when_it_is_sent_again(province):
    province.send("again-1", readings("again", values={"part": "1"}))
    assert [r.rule for r in province.receipt("again-1").refused] == ["malformed"]
    province.send("again-2", readings("again", values={"part": 1}))
    assert province.receipt("again-2").accepted == 1


@pytest.mark.parametrize("megabytes", [2, 10])
def test_the_stream_refuses_a_body_over_a_megabyte_with_a_message(province, megabytes):
    with pytest.raises(APIError) as refused:
        province.wait(province.jetstream.publish(f"intake.c1.readings.mb-{megabytes}", b"x" * megabytes * MEGABYTE))
    assert refused.value.err_code == 10054
    province.send(f"after-mb-{megabytes}", readings(f"after-mb-{megabytes}"))
    assert province.receipt(f"after-mb-{megabytes}").accepted == 1


def test_a_body_over_the_brokers_limit_is_not_sent(province):
    with pytest.raises(MaxPayloadError):
        province.send("too-large", b"x" * (province.client.max_payload + 1))


def test_a_large_body_that_the_broker_accepts_is_parked_and_delays_no_other(province):
    stream = province.wait(province.jetstream.stream_info("intake")).config
    body = readings("large")[:-1] + b" " * (10 * MEGABYTE) + b"}"
    # Stopped meanwhile: it ends when it sees a stream that is not as provisioned.
    province.process.send_signal(signal.SIGSTOP)
    try:
        province.wait(province.jetstream.update_stream(replace(stream, max_msg_size=-1)))
        province.wait(province.jetstream.publish("intake.c1.readings.large", body))
    finally:
        province.stack.provision()
        province.process.send_signal(signal.SIGCONT)
    province.send("beside-large", readings("beside-large"))
    assert province.receipt("beside-large").accepted == 1
    assert province.receipt("large").parked == TOO_LARGE
    assert province.parked("large") == [body]


def test_a_batch_of_good_and_bad_has_an_answer_for_each(province):
    sent = {f"batch-{n}": readings(f"batch-{n}") if n % 3 else b"bad" for n in range(60)}
    for submission_id, body in sent.items():
        province.send(submission_id, body)
    for submission_id, body in sent.items():
        receipt = province.receipt(submission_id)
        assert (receipt.accepted, bool(receipt.parked)) == ((0, True) if body == b"bad" else (1, False))


@pytest.mark.parametrize("odd", ["x" * 3000, "a\x00b", "\x01", "\u202e"])
def test_an_unusable_submission_id_is_parked_and_delays_no_other(province, odd):
    name = sha256(odd.encode()).hexdigest()
    province.send(odd, readings(f"odd-{name[:8]}"))
    province.send(f"odd-after-{name}", readings(f"odd-after-{name[:8]}"), commune="c2")
    assert province.receipt(f"odd-after-{name}", "c2").accepted == 1
    receipt = province.receipt(odd)
    assert receipt.parked
    assert province.stored(receipt.submission_id) == ["message-parked"]
    assert province.parked(receipt.submission_id) == [readings(f"odd-{name[:8]}")]
    assert province.rows("SELECT FROM readings WHERE reading_id = %s", f"odd-{name[:8]}") == []
    assert province.asked(odd) == receipt.model_dump_json().encode()


@pytest.mark.parametrize("odd", ["sửa-đổi", "%s", "a/b", "'; DROP TABLE inbox; --".replace(" ", "_"), "x" * 200])
def test_a_submission_id_may_be_odd(province, odd):
    province.send(odd, readings(f"odd-{sha256(odd.encode()).hexdigest()[:8]}"))
    assert province.receipt(odd).accepted == 1
    assert province.asked(odd) == province.receipts[f"receipt.c1.{odd}"][0]


def raw(subject, headers=None, body=b"{}"):
    """What a client of its own making may write on the wire."""
    if headers is None:
        return b"PUB intake.c1.readings.%b %d\r\n%b\r\n" % (subject, len(body), body)
    sizes = len(headers), len(headers) + len(body)
    return b"HPUB intake.c1.readings.%b %d %d\r\n%b%b\r\n" % (subject, *sizes, headers, body)


@pytest.mark.parametrize(
    "line",
    [
        raw(b"\xff\xfe"),
        raw(b"odd-status", b"NATS/1.0 \xff\xff\xff\r\n\r\n"),
        raw(b"odd-description", b"NATS/1.0 409 \xff\r\n\r\n"),
        raw(b"status", b"NATS/1.0 409 Consumer Deleted\r\n\r\n", b""),
        raw(b"odd-header", b"NATS/1.0\r\na: \xff\r\n\r\n"),
        raw(b"no-header", b"NATS/1.0\r\n\r\n"),
        raw(b"torn-header", b"NATS/1.0\r\n:\xff\r\n"),
    ],
)
def test_a_subject_or_header_that_is_not_utf_8_does_not_stop_the_service(province, line):
    address = urlsplit(province.stack.servers.nats_url)
    login = {"verbose": False, "headers": True, "user": address.username, "pass": address.password}
    with socket.create_connection((address.hostname, address.port), timeout=5) as wire:
        wire.sendall(b"CONNECT " + json.dumps(login).encode() + b"\r\n" + line + b"PING\r\n")
        answer = b""
        while b"PONG" not in answer:
            more = wire.recv(4096)
            assert more, f"the broker closed the connection: {answer!r}"
            answer += more
    name = f"deaf-{sha256(line).hexdigest()[:8]}"
    province.send(name, readings(name), commune="c2")
    assert province.receipt(name, "c2").accepted == 1
    province.until(lambda: province.unacknowledged() == 0, "something is never acknowledged")


def test_a_message_with_the_brokers_status_headers_is_taken_like_any_other(province):
    province.send("dressed", b"", headers={"Status": "409", "Description": "Exceeded MaxAckPending"})
    assert province.receipt("dressed").parked
    assert province.parked("dressed") == [b""]


def test_the_broker_keeps_one_message_a_submission_id(province):
    province.send("once", readings("once-1"))
    first = province.receipt("once")
    with pytest.raises(APIError) as refused:
        province.wait(province.jetstream.publish("intake.c1.readings.once", readings("once-2")))
    assert refused.value.err_code == 10077
    assert province.asked("once") == first.model_dump_json().encode()


def test_the_same_submission_again_is_counted_once_and_has_the_same_receipt(province):
    body = readings("twice-1", "twice-2")
    province.send("twice", body)
    first = province.receipt("twice")
    with province.stream_lost():
        province.send("twice", body)
    assert province.receipt("twice", number=2) == first
    assert province.stored("twice") == ["submission-receipted"]
    assert len(province.rows("SELECT FROM readings WHERE reading_id LIKE 'twice-%%'")) == 2
    assert province.parked("twice") == []


def test_another_content_under_the_same_id_is_parked_and_its_receipt_is_an_error(province):
    province.send("changed", readings("changed-1"))
    first = province.receipt("changed")
    for number in (2, 3):
        with province.stream_lost():
            province.send("changed", readings("changed-2"))
        other = province.receipt("changed", number=number)
        assert (other.accepted, other.parked) == (0, ID_USED_BEFORE)
        assert other.sha256 == sha256(readings("changed-2")).hexdigest()
    assert province.asked("changed") == first.model_dump_json().encode()
    assert province.stored("changed") == ["submission-receipted", "message-parked"]
    assert province.parked("changed") == [readings("changed-2")]
    assert province.rows("SELECT FROM readings WHERE reading_id = 'changed-2'") == []
    [reason] = [
        json.loads(state)["reason"]
        for (state,) in province.rows("SELECT convert_from(state, 'utf8') FROM indicators_events")
        if json.loads(state).get("sha256") == sha256(readings("changed-2")).hexdigest()
    ]
    assert reason == ID_USED_BEFORE


def sent_with_sender(province, *submissions):
    """The receipt or the error of each, all sent at once by a commune's client."""

    async def send_all():
        async with Sender(province.client, "c1") as sender:
            return await asyncio.gather(*(sender.send_raw("c1", *one) for one in submissions), return_exceptions=True)

    return province.wait(send_all())


def test_an_id_of_another_content_is_an_error_for_the_sender_and_not_the_first_receipt(province):
    first, same, other = (
        sent_with_sender(province, ("readings", "compared", readings(name)))[0]
        for name in ("compared-1", "compared-1", "compared-2")
    )
    assert (first.accepted, same) == (1, first)
    assert isinstance(other, IdUsedBefore)
    with province.stream_lost():
        pass
    [other] = sent_with_sender(province, ("readings", "compared", readings("compared-3")))
    assert isinstance(other, IdUsedBefore)
    assert province.rows("SELECT reading_id FROM readings WHERE reading_id LIKE 'compared-%%'") == [("compared-1",)]


def test_an_id_used_for_two_kinds_gives_each_sender_its_own_answer(province):
    for turn in range(5):
        withdrawal = json.dumps({"withdrawals": [{"reading_id": f"pair-{turn}", "reason": "x"}]}).encode()
        answers = sent_with_sender(
            province,
            ("readings", f"pair-{turn}", readings(f"pair-{turn}")),
            ("withdrawals", f"pair-{turn}", withdrawal),
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["IdUsedBefore", "Receipt"]


@pytest.mark.parametrize("kind", ["reading", "READINGS", "báo-cáo", "\u202e", "x" * 3000])
@pytest.mark.parametrize("body", [readings("unknown-1"), b"", b"\xff"])
def test_a_submission_of_an_unknown_kind_is_parked_and_receipted(province, kind, body):
    name = f"unknown-{sha256(kind.encode() + body).hexdigest()[:8]}"
    province.send(name, body, kind=kind)
    province.send(f"{name}-after", readings(f"{name}-after"), commune="c2")
    receipt = province.receipt(name)
    assert receipt.parked.startswith("no service takes the kind")
    assert receipt.parked.isprintable()
    assert (receipt.accepted, receipt.sha256) == (0, sha256(body).hexdigest())
    assert province.asked(name) == province.receipts[f"receipt.c1.{name}"][0]
    assert province.stored(name) == ["message-parked"]
    assert province.parked(name) == [body]
    assert province.receipt(f"{name}-after", "c2").accepted == 1


def test_a_parked_body_again_is_parked_once(province):
    province.send("parked-again", b"bad")
    first = province.receipt("parked-again")
    with province.stream_lost():
        province.send("parked-again", b"bad")
    assert province.receipt("parked-again", number=2) == first
    assert province.stored("parked-again") == ["message-parked"]


@pytest.mark.parametrize(
    ("commune", "bodies", "size"), [("many", MOST_PARKED, 1), ("large", 1, MOST_PARKED_BYTES - 2 * len(b"bad"))]
)
def test_the_unreadable_bodies_of_a_commune_are_kept_up_to_a_limit_and_its_receipt_says_so(
    province, commune, bodies, size, tmp_path
):
    province.send("before", b"bad", commune=commune)
    assert province.receipt("before", commune).kept
    fill = "INSERT INTO parked SELECT %s, 'x-' || n, 'x', decode(repeat('00', %s), 'hex') FROM generate_series(2, %s) n"
    with psycopg.connect(**province.stack.settings("indicators").database("indicators")) as connection:
        connection.execute(fill, (commune, size, bodies + (bodies == 1)))
    partly = json.dumps({"readings": [{"reading_id": "partly"}]}).encode()
    for name, body in (("bad-1", b"bad bad"), ("partly", partly)):
        province.send(f"{commune}-{name}", body, commune=commune)
        province.send(f"{commune}-{name}", body, commune="c2")
    unread, partly_read = (province.receipt(f"{commune}-{name}", commune) for name in ("bad-1", "partly"))
    assert (bool(unread.parked), unread.kept) == (True, False)
    assert (partly_read.parked, partly_read.kept, [r.rule for r in partly_read.refused]) == (None, False, ["malformed"])
    assert all(province.receipt(f"{commune}-{name}", "c2").kept for name in ("bad-1", "partly"))
    kept = province.rows(
        "SELECT submission_id FROM parked WHERE commune = %s AND submission_id LIKE %s", commune, "%-%"
    )
    assert not {f"{commune}-bad-1", f"{commune}-partly"} & {name for (name,) in kept}
    broker = Broker.from_env({"NATS_URL": province.stack.servers.nats_url})
    outbox, body = Outbox(tmp_path, broker.server), Kept("readings", f"{commune}-bad-2", b"worse")
    outbox.keep(body)
    [(copy, reason)] = deliver(broker, commune, outbox, [body]).set_aside
    assert (copy.read_bytes(), type(reason)) == (b"worse", NotKept)
    # What was not recorded has no id yet: mended, it counts under the same one.
    assert province.asked(f"{commune}-bad-1", commune) == b""
    with province.stream_lost():
        province.send(f"{commune}-bad-1", readings("unknown-commune"), commune=commune)
    again = province.receipt(f"{commune}-bad-1", commune, number=2)
    assert (again.parked, again.kept) == (None, True)


def test_one_id_used_for_three_kinds_in_one_batch_loses_no_body(province):
    correction = json.dumps({"corrections": [{"reading_id": "r", "values": {"part": 1}, "reason": "x"}]}).encode()
    for turn in range(5):
        province.send(f"kinds-{turn}", readings(f"kinds-{turn}"))
        province.send(f"kinds-{turn}", correction, kind="corrections")
        province.send(f"kinds-{turn}", b"bad", kind="withdrawals")
    for turn in range(5):
        name = f"kinds-{turn}"
        answers = [province.receipt(name, number=number) for number in (1, 2, 3)]
        assert sorted(answer.parked or "" for answer in answers) == ["", ID_USED_BEFORE, ID_USED_BEFORE]
        assert len({answer.sha256 for answer in answers}) == 3
        assert province.stored(name) == ["submission-receipted", "message-parked", "message-parked"]
        assert sorted(province.parked(name)) == sorted([correction, b"bad"])


def test_corrections_and_withdrawals_find_readings_of_the_same_batch(province):
    correct = {"corrections": [{"reading_id": "chain-1", "values": {"part": 2}, "reason": "đếm nhầm"}]}
    withdraw = {"withdrawals": [{"reading_id": "chain-1", "reason": "gửi nhầm"}]}
    province.send("chain-a", readings("chain-1"))
    province.send("chain-b", json.dumps(correct).encode(), kind="corrections")
    province.send("chain-c", json.dumps(withdraw).encode(), kind="withdrawals")
    assert [province.receipt(f"chain-{step}").accepted for step in "abc"] == [1, 1, 1]
    versions = province.rows("SELECT version, counts FROM readings WHERE reading_id = 'chain-1' ORDER BY version")
    assert versions == [(1, {"part": 1, "whole": 2}), (2, {"part": 2, "whole": 2}), (3, {})]


@contextlib.contextmanager
def stopped(province):
    """The service stands still, so that all that is sent meanwhile waits for it together."""
    province.until(lambda: province.unacknowledged() == 0, "something is never acknowledged")
    province.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        province.process.send_signal(signal.SIGCONT)


def receipted(province, prefix):
    return sum(subject.startswith(f"receipt.c1.{prefix}") for subject in province.receipts)


@pytest.mark.parametrize(
    ("name", "many", "body", "most"), [("small", 3000, readings("flood"), 2500), ("large", 90, b"x" * MEGABYTE, 75)]
)
def test_a_flood_of_one_commune_delays_no_other_and_is_answered_too(province, name, many, body, most):
    with stopped(province):
        for number in range(many):
            province.send(f"flood-{name}-{number}", body.replace(b"flood", f"flood-{number}".encode()))
        province.send(f"calm-{name}", readings(f"calm-{name}"), commune="c2")
        province.wait(province.client.flush())
    assert province.receipt(f"calm-{name}", "c2").accepted == 1
    province.until(lambda: receipted(province, f"flood-{name}") == many, "not all of the flood is answered")
    order = province.order_of(f"calm-{name}", f"flood-{name}-")
    assert order.index(f"calm-{name}") <= most
    province.until(lambda: province.unacknowledged() == 0, "something is never acknowledged")
    assert "Slow Consumer" not in (province.stack.folder / "nats.log").read_text()


def test_requests_without_a_reply_subject_are_not_faults(province):
    log = next((province.stack.folder / "logs").glob("indicators*"))
    before = len(log.read_text())
    for _ in range(100):
        province.wait(province.client.publish("receipts.indicators.c1", b"x"))
    assert province.asked("nothing") == b""
    assert "receipts.indicators" not in log.read_text()[before:]


def test_while_the_database_hangs_nothing_is_acknowledged_and_then_it_is_settled(province):
    province.until(lambda: province.unacknowledged() == 0, "something is never acknowledged")
    postgres = psutil.Process(province.stack.servers.processes["postgres"].pid)
    postgres.suspend()  # first, so that it starts no other process
    stopped = [postgres, *postgres.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        for number in range(3):
            province.send(f"still-{number}", readings(f"still-{number}"))
        province.until(lambda: province.unacknowledged() == 3, "they were not taken")
        province.wait(asyncio.sleep(1))
        assert province.unacknowledged() == 3
        assert not [subject for subject in province.receipts if "still" in subject]
    finally:
        for process in stopped:
            process.resume()
    assert [province.receipt(f"still-{number}").accepted for number in range(3)] == [1, 1, 1]
    province.until(lambda: province.unacknowledged() == 0, "something is never acknowledged")


def test_a_submission_that_the_database_refuses_for_a_while_is_settled_afterwards(province):
    with psycopg.connect(province.stack.settings().database_url, autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON indicators.inbox FROM minhbach_indicators")
        try:
            province.send("revoked", readings("revoked"))
            province.until(lambda: province.unacknowledged() == 1, "it was not taken")
            province.wait(asyncio.sleep(0.5))
            assert province.asked("revoked") == b""
            assert province.stored("revoked") == []
        finally:
            owner.execute("GRANT INSERT ON indicators.inbox TO minhbach_indicators")
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'minhbach_indicators' AND pid <> pg_backend_pid()"
        )
    assert province.receipt("revoked").accepted == 1
    assert province.stored("revoked") == ["submission-receipted"]
    province.until(lambda: "revoked" in province.last_announced(), "what the database took is announced")
