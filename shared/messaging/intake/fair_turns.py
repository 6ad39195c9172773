"""Gives each sender its turn: in a batch of submissions, and against those that wait behind it in the stream.

A sender is a commune, or at the desk an account.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from nats.aio.msg import Msg

# Bodies read, decided and committed together, in bytes; a single one may be larger.
BYTES_TOGETHER = 4 * 1024 * 1024
# Of one batch, while others wait behind it: a commune's submissions beyond this are put back.
TURN_MESSAGES = 100
TURN_BYTES = 4 * 1024 * 1024
LONGEST_PUT_BACK = 15.0  # seconds


def commune_of(message: Msg) -> str:
    return message.subject.split(".")[1]


SenderOf = Callable[[Msg], str]


def turns_and_rest(messages: Sequence[Msg], sender_of: SenderOf = commune_of) -> tuple[list[Msg], list[Msg]]:
    """What each sender has its turn for, and the rest, which is put back where others may wait behind the batch.

    One that sends more at once than its turn, without waiting for receipts, may have them taken in another order.
    """
    if not messages or not messages[-1].metadata.num_pending:
        return list(messages), []
    turn: list[Msg] = []
    rest: list[Msg] = []
    number: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for message in messages:
        sender = sender_of(message)
        has_turn = number[sender] < TURN_MESSAGES and size[sender] < TURN_BYTES
        (turn if has_turn else rest).append(message)
        number[sender] += has_turn
        size[sender] += has_turn * len(message.data)
    return turn, rest


async def put_back(messages: Sequence[Msg]) -> None:
    """They come again a little later, each time after a longer while."""
    for message in messages:
        await message.nak(delay=min(LONGEST_PUT_BACK, 2**message.metadata.num_delivered))


def in_turns(messages: Sequence[Msg], most: int, sender_of: SenderOf = commune_of) -> Iterator[list[Msg]]:
    """Slices of at most `most` messages: the first of each sender, then the second of each, and so on.

    Those of one sender stay in their order, for a correction follows its reading.
    """
    together: list[Msg] = []
    size = 0
    for message in _interleaved(messages, sender_of):
        if together and (len(together) == most or size + len(message.data) > BYTES_TOGETHER):
            yield together
            together, size = [], 0
        together.append(message)
        size += len(message.data)
    if together:
        yield together


def _interleaved(messages: Sequence[Msg], sender_of: SenderOf) -> list[Msg]:
    turns: Counter[str] = Counter()
    ranked = []
    for message in messages:
        sender = sender_of(message)
        ranked.append((turns[sender], message))
        turns[sender] += 1
    return [message for _, message in sorted(ranked, key=lambda each: each[0])]
