"""What a commune can write to the broker itself, without a library that keeps to the rules."""

import contextlib
import json
import re
import socket
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

ONE, OTHER = "21025", "21028"
PATIENCE = 60.0
FOREIGN = f"intake.{OTHER}.readings.raw"


def answer_to(url, *lines, login=None):
    """All that the server answers to these lines and a ping, until its pong or the end of the connection."""
    server = urlsplit(url)
    if login is not None:
        user = {"user": server.username, "pass": server.password, "headers": True, "no_responders": True}
        lines = (b"CONNECT " + json.dumps(user | login).encode() + b"\r\n", *lines)
    with socket.create_connection((server.hostname, server.port), PATIENCE) as connection:
        answer = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"".join(lines) + b"PING\r\n")
            while b"\r\nPONG\r\n" not in answer and (received := connection.recv(65536)):
                answer += received
    return answer


def errors_of(answer):
    return re.findall(rb"-ERR '([A-Za-z ]+)", answer)


def pub(subject, headers=b""):
    if not headers:
        return b"PUB %s 2\r\n{}\r\n" % subject.encode()
    headers = b"NATS/1.0\r\n%s\r\n\r\n" % headers
    return b"HPUB %s _INBOX.raw %d %d\r\n%s{}\r\n" % (subject.encode(), len(headers), len(headers) + 2, headers)


@pytest.fixture(scope="module")
def url(stack):
    """Of a commune's account."""
    return stack.servers.commune_urls([ONE, OTHER])[ONE]


@pytest.mark.parametrize("line", [pub(f"intake.{ONE}.readings.raw"), b"SUB > 1\r\n", b"CONNECT {}\r\n"])
def test_nothing_is_taken_before_a_login(url, line):
    assert errors_of(answer_to(url, line)) == [b"Authorization Violation"]


@pytest.mark.parametrize("flags", [{}, {"verbose": True, "pedantic": True}, {"echo": False, "no_responders": False}])
def test_no_flag_of_a_login_allows_more(url, flags):
    lines = pub(FOREIGN), b"SUB > 1\r\n", pub("desk.%s.approve.raw" % ONE), pub("$JS.API.STREAM.PURGE.intake")  # noqa: UP031
    found = errors_of(answer_to(url, *lines, login=flags))
    assert len([each for each in found if each.startswith(b"Permissions Violation")]) == len(lines)


@pytest.mark.parametrize("flags", [{"account": "MINHBACH"}, {"account": "MINHBACH", "new_account": True}])
def test_a_login_chooses_no_account(url, flags):
    found = errors_of(answer_to(url, pub(FOREIGN), login=flags))
    assert found
    assert set(found) <= {b"Authorization Violation", b"Permissions Violation for Publish to "}


@pytest.mark.parametrize(
    "line",
    [
        b'CONNECT {"user": "minhbach", "pass": "x"}\r\n', b"RS+ MINHBACH intake.>\r\n", b"A+ MINHBACH\r\n",
        b"RMSG MINHBACH %s 2\r\n{}\r\n" % FOREIGN.encode(), b"LMSG %s 2\r\n{}\r\n" % FOREIGN.encode(),
        b"MSG %s 1 2\r\n{}\r\n" % FOREIGN.encode(), b"PUB %s 2\r\n{}\r\n" % (b"a" * 10_000),
    ],
    ids=lambda line: line[:4].decode(),
)  # fmt: skip
def test_lines_of_servers_end_the_connection(url, line):
    [error] = errors_of(answer_to(url, line, login={}))
    assert error in (b"Authorization Violation", b"Unknown Protocol Operation", b"maximum control line exceeded")


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        (b"Nats-Rollup: all", "rollup not permitted"),
        (b"Nats-Rollup: sub", "rollup not permitted"),
        (b"Nats-TTL: 1s", "per-message TTL is disabled"),
        (b"Nats-Schedule: @at 2020-01-01T00:00:00Z\r\nNats-Schedule-Target: " + FOREIGN.encode(), "is disabled"),
        (b"Nats-Incr: 1", "message counters is disabled"),
        (b"Nats-Batch-Id: b\r\nNats-Batch-Sequence: 1\r\nNats-Batch-Commit: 1", "atomic publish is disabled"),
        (b"Nats-Trace-Dest: " + FOREIGN.encode(), "Permissions Violation for Publish"),
        (b"Nats-Trace-Dest: $JS.API.STREAM.PURGE.intake", "Permissions Violation for Publish"),
    ],
    ids=lambda given: given[:40].decode() if isinstance(given, bytes) else "",
)
def test_no_header_deletes_places_or_plans_a_message(url, header, refusal):
    """They would empty the stream, or publish for another commune; the intake's stream allows none of them."""
    server = urlsplit(url)
    login = {"user": server.username, "pass": server.password, "headers": True, "no_responders": True}
    own = pub(f"intake.{ONE}.readings.{uuid4().hex}", header)
    with socket.create_connection((server.hostname, server.port), PATIENCE) as connection:
        connection.sendall(b"CONNECT " + json.dumps(login).encode() + b"\r\nSUB _INBOX.raw 1\r\n" + own)
        answer = b""
        while b"-ERR" not in answer and b'"stream"' not in answer and (received := connection.recv(65536)):
            answer += received
    assert refusal in answer.decode()
