"""Each commune has its turn: in a batch, and against those that wait behind it."""

from collections import Counter
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.messaging.intake.fair_turns import (
    BYTES_TOGETHER,
    TURN_BYTES,
    TURN_MESSAGES,
    commune_of,
    in_turns,
    turns_and_rest,
)

MEGABYTE = 1024 * 1024


def message(commune: str, number: int, size: int = 10, behind: int = 1) -> Msg:
    reply = f"$JS.ACK.intake.x.1.{number + 1}.{number + 1}.1757808000000000000.{behind}"
    return Msg(_client=Client(), subject=f"intake.{commune}.readings.{number}", reply=reply, data=b"x" * size)


@given(communes=st.lists(st.sampled_from("abc"), max_size=60), most=st.integers(1, 10))
def test_slices_hold_every_message_once_and_a_communes_in_order(communes: list[str], most: int) -> None:
    messages = [message(commune, number) for number, commune in enumerate(communes)]
    slices = list(in_turns(messages, most))
    assert all(0 < len(together) <= most for together in slices)
    taken = [each for together in slices for each in together]
    for commune in "abc":
        assert [m for m in taken if commune_of(m) == commune] == [m for m in messages if commune_of(m) == commune]


def test_one_message_of_a_commune_is_not_behind_the_many_of_another() -> None:
    messages = [*(message("a", number) for number in range(400)), message("b", 400)]
    first = next(in_turns(messages, 40))
    assert "b" in [commune_of(each) for each in first]


def test_a_slice_holds_few_megabytes_and_one_large_message_still_has_a_slice() -> None:
    messages = [message("a", number, MEGABYTE) for number in range(9)] + [message("b", 9, 10 * MEGABYTE)]
    sizes = [sum(len(each.data) for each in together) for together in in_turns(messages, 500)]
    assert sum(sizes) == 19 * MEGABYTE
    assert [size for size in sizes if size > BYTES_TOGETHER] in ([10 * MEGABYTE], [11 * MEGABYTE])


def test_more_than_a_communes_turn_is_put_back_while_others_wait() -> None:
    messages = (
        [message("a", n) for n in range(300)] + [message("b", 300)] + [message("c", n, MEGABYTE) for n in range(9)]
    )
    turn, rest = turns_and_rest(messages)
    assert Counter(map(commune_of, turn)) == {"a": TURN_MESSAGES, "b": 1, "c": TURN_BYTES // MEGABYTE}
    assert sorted(turn + rest, key=messages.index) == messages
    assert [commune for commune, _ in groupby(map(commune_of, rest))] == ["a", "c"]


def test_nothing_is_put_back_where_nobody_waits() -> None:
    messages = [message("a", number, behind=0) for number in range(300)]
    assert turns_and_rest(messages) == (messages, [])
