import os
import signal

import pytest
import typer

from shared.beside import ProcessEnded, beside
from shared.cli.opening import faults_in_sentences


def refuse():
    raise ValueError("hàng 3")


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_result_and_a_fault_come_from_the_process():
    with beside(lambda: 41 + 1) as result:
        assert result() == 42
    with beside(refuse) as result, pytest.raises(ValueError, match="hàng 3"):
        result()


def test_a_process_that_is_killed_ends_the_command_with_a_sentence(capsys):
    with beside(die) as result, pytest.raises(ProcessEnded):
        result()
    with pytest.raises(typer.Exit), faults_in_sentences(()):
        raise ProcessEnded
    assert "đã bị dừng giữa chừng" in capsys.readouterr().err
