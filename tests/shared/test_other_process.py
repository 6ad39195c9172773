"""A function runs in a process of its own: its result, its fault, and its end."""

import os
import signal

import pytest
import typer

from shared.cli.opening import faults_in_sentences
from shared.other_process import ProcessEnded, SharedOut, beside


def refuse():
    raise ValueError("hàng 3")


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_result_and_a_fault_come_from_the_process():
    with beside(lambda: 41 + 1) as result:
        assert result() == 42
    with beside(refuse) as result, pytest.raises(ValueError, match="hàng 3"):
        result()


def test_each_part_of_a_work_is_taken_once():
    parts = SharedOut(range(100, 356))
    with beside(lambda: list(parts)) as result:
        own = list(parts)
        assert sorted([*own, *result()]) == list(range(100, 356))
    assert list(SharedOut([])) == []


def test_parts_that_a_killed_process_did_not_take_are_left_for_the_others():
    parts = SharedOut("abc")
    with beside(lambda: [die() for part in parts]) as result:
        with pytest.raises(ProcessEnded):
            result()
        assert list(parts) == ["b", "c"]


def test_a_process_that_is_killed_ends_the_command_with_a_sentence(capsys):
    with beside(die) as result, pytest.raises(ProcessEnded):
        result()
    with pytest.raises(typer.Exit), faults_in_sentences(()):
        raise ProcessEnded
    assert "đã bị dừng giữa chừng" in capsys.readouterr().err
