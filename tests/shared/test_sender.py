"""A commune's client against a broker alone: a full intake is another answer than no receipt yet."""

import asyncio
from datetime import UTC, datetime

import nats
import pytest

from shared.commune_client.sender import Expected, IdUsedBefore, Sender
from shared.contracts import ID_USED_BEFORE, Receipt
from tests.shared.intake_limit import limited

SMALL = 64 * 1024


async def is_full_after(url, submission_id, body):
    """Whether the broker refused the submission for want of space; no service takes anything here."""
    client = await nats.connect(url)
    async with limited(client, SMALL), Sender(client, "c1") as sender:
        sent = asyncio.Event()
        sending = asyncio.create_task(sender.send_raw("c1", "readings", submission_id, body, sent.set))
        await sent.wait()
        await asyncio.wait([sending], timeout=1)
        is_full = sender.is_full
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    await client.close()
    return is_full


def test_a_submission_that_waits_for_its_receipt_is_not_refused_for_space(stack):
    for _ in range(2):
        assert not asyncio.run(is_full_after(stack.servers.nats_url, "waits", b"{}"))


def test_a_full_intake_is_reported_as_full(stack):
    assert asyncio.run(is_full_after(stack.servers.nats_url, "full", b"x" * 2 * SMALL))


def receipt(kind: str = "readings", digest: str = "mine", parked: str | None = None) -> Receipt:
    at = datetime(2025, 9, 16, tzinfo=UTC)
    return Receipt(
        submission_id="s1", commune="c1", kind=kind, sha256=digest, recorded_at=at, accepted=0, parked=parked
    )


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        (receipt(), "receipt"),
        (receipt(parked="not JSON"), "receipt"),
        (receipt(digest="other"), "error"),
        (receipt(digest="other", kind="corrections"), "error"),
        (receipt(kind="corrections"), "error"),
        (receipt(parked=ID_USED_BEFORE), "error"),
        # Of a content that came later under the same id, and of another service, which has its own ids.
        (receipt(digest="other", parked=ID_USED_BEFORE), "waits"),
        (receipt(digest="other", kind="progress"), "waits"),
        (receipt(digest="other", kind="unknown"), "error"),
    ],
)
def test_a_receipt_answers_its_own_content_only(received, answer):
    async def answered():
        expected = Expected("readings", "mine", asyncio.get_running_loop().create_future())
        expected.take(received)
        if not expected.answer.done():
            return "waits"
        return "error" if isinstance(expected.answer.exception(), IdUsedBefore) else "receipt"

    assert asyncio.run(answered()) == answer
