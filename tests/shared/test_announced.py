"""Who wrote a message of an event stream: the relay's signature covers its subject, its place and its body."""

import pytest

from shared.messaging.announcing.announced import Announced, Foreign

KEY = b"k" * 32
GENUINE = Announced(12, 9, "indicators.event.hello.v1", b'{"event_id":"e/1","recorded_at":"2025-09-10T05:00:00Z"}')
HEADERS = GENUINE.headers(KEY)


def test_a_message_of_the_relay_is_read():
    assert Announced.of(GENUINE.subject, HEADERS | {"Nats-Msg-Id": "x"}, GENUINE.body, KEY) == GENUINE


@pytest.mark.parametrize(
    ("subject", "headers", "body", "key"),
    [
        (GENUINE.subject, None, GENUINE.body, KEY),
        (GENUINE.subject, {}, b"{}", KEY),
        (GENUINE.subject, HEADERS | {"x-position": "13"}, GENUINE.body, KEY),
        (GENUINE.subject, HEADERS | {"x-previous": "8"}, GENUINE.body, KEY),
        (GENUINE.subject, HEADERS | {"x-signature": "é"}, GENUINE.body, KEY),
        (GENUINE.subject, {"x-position": "12", "x-previous": "9"}, GENUINE.body, KEY),
        (GENUINE.subject, HEADERS, GENUINE.body + b" ", KEY),
        ("indicators.event.bye.v1", HEADERS, GENUINE.body, KEY),
        (GENUINE.subject, HEADERS, GENUINE.body, b"o" * 32),
        *[
            (GENUINE.subject, HEADERS | {"x-position": wrong}, GENUINE.body, KEY)
            for wrong in ("", "-1", "1e3", "١٢", "12 ", "9" * 19, "twelve", "\x00")
        ],
    ],
)
def test_every_other_message_is_foreign(subject, headers, body, key):
    with pytest.raises(Foreign):
        Announced.of(subject, headers, body, key)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"event_id":"e/1"}', b'{"event_id":"e","recorded_at":"x"}', b"[" * 99_999]
)
def test_a_body_without_event_id_and_time_identifies_no_event(body):
    assert Announced(1, 0, "s", body).identity() is None
