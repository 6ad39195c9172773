"""A command that waits says for what, and where the work is kept when the province is silent."""

import time
from pathlib import Path

import pytest

from shared.cli.waiting import ANSWER, LOCK, RECEIPTS, AwaitedReply


def printed(capfd: pytest.CaptureFixture[str], word: str) -> str:
    """Standard error until it has a word."""
    text, until = "", time.monotonic() + 60
    while word not in text and time.monotonic() < until:
        text += capfd.readouterr().err
        time.sleep(0.01)
    return text


def test_it_names_its_cause_and_then_where_the_work_is_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with AwaitedReply(Path("/kept/here"), named_after=0.01, silent_after=0.05) as waiting:
        waiting.begin(RECEIPTS)
        text = printed(capfd, "outbox send")
    first, *_, last = text.splitlines()
    assert first.startswith("Đang chờ ")
    assert "Đang chờ biên nhận của tỉnh…" in text
    assert last == (
        "Tỉnh chưa trả lời sau 0 giây; bài gửi được giữ ở /kept/here,"
        " có thể bấm Ctrl+C rồi gửi sau bằng: minhbach outbox send."
    )


def test_a_question_keeps_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with AwaitedReply(None, named_after=0.01, silent_after=0.02) as waiting:
        waiting.begin(ANSWER)
        text = printed(capfd, "Tỉnh chưa trả lời")
    assert "giữ ở" not in text


def test_another_command_of_this_machine_is_no_silence_of_the_province(capfd: pytest.CaptureFixture[str]) -> None:
    with AwaitedReply(Path("/kept"), named_after=0.01, silent_after=0.02) as waiting:
        waiting.begin(LOCK)
        text = printed(capfd, "lệnh khác")
        waiting.begin(LOCK)
    assert "Đang chờ lệnh khác trên máy này gửi xong…" in text
    assert "Tỉnh chưa trả lời" not in text.split("Đang chờ lệnh khác")[1]


def test_a_quick_end_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with AwaitedReply(Path("/kept")) as waiting:
        waiting.moved(1, 1)
    assert capfd.readouterr().err == ""
