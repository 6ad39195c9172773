"""Text without control and direction characters: in contracts, in options of commands, on the terminal."""

import json
from typing import Annotated
from unicodedata import category, is_normalized, normalize

import pytest
import typer
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner

from shared.cli import group, out
from shared.cli.printing import print_json, print_table
from shared.contracts.indicators import Correction
from shared.contracts.planning import TaskStep
from shared.contracts.reporting import SubmitReport
from shared.printable import escaped, printable

HIDDEN = "\x7f\x80\x9b\x9f\u061c\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\ufdd0\uffff\U0001fffe\U000e0041\ud800"
TURNED = f"Nguy\u1ec5n{HIDDEN} Th\u1ecb An"


@given(st.text(st.characters()))
def test_printable_text_has_no_control_character_and_does_not_change_again(text: str) -> None:
    cleaned = printable(text)
    assert is_normalized("NFC", cleaned)
    assert {one for one in cleaned if category(one) in ("Cc", "Cs")} <= set("\t\n\r")
    assert printable(cleaned) == cleaned


def test_letters_lines_and_emoji_stay() -> None:
    assert printable("Xa\u0303 \x00\ud800\u202eHo\u0300a") == "Xã Hòa"
    assert printable("a\tb\nc 👍 ₫ đ\u0323") == normalize("NFC", "a\tb\nc 👍 ₫ đ\u0323")
    assert printable("một\u2028hai\x85ba") == "một hai ba"


@given(st.text(st.characters()))
@example("\u2028\u2029\x85")
def test_escaped_json_is_the_same_value(text: str) -> None:
    written = escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert printable(written) == normalize("NFC", written)


class TestContracts:
    def test_texts_arrive_without_hidden_characters(self) -> None:
        seen = TURNED.replace("\ud800", "")
        correction = Correction(reading_id="r", values={"m": 1}, reason=seen, by=normalize("NFD", seen))
        assert (correction.reason, correction.by) == ("Nguyễn Thị An", "Nguyễn Thị An")
        step = TaskStep(task_id="t", step="acknowledge", by=seen, note=seen, evidence=seen)
        assert {step.by, step.note, step.evidence} == {"Nguyễn Thị An"}
        report = SubmitReport(period="2025-Q3", by=seen, explanations={"II.06/a": seen + " 👍"})
        assert (report.by, report.explanations) == ("Nguyễn Thị An", {"II.06/a": "Nguyễn Thị An 👍"})

    def test_a_text_of_hidden_characters_only_is_empty(self) -> None:
        for fields in ({"by": "\u202e"}, {"by": "An", "explanations": {"II.06/a": "\u200e\u200f"}}):
            with pytest.raises(ValidationError, match="at least 1"):
                SubmitReport(period="2025-Q3", **fields)


def test_options_of_a_command_lose_hidden_characters() -> None:
    given_texts: list[object] = []
    app = group("Thử.")

    @app.command("restate")
    def restate(reason: str, by: Annotated[list[str], typer.Option()]) -> None:
        given_texts.extend([reason, *by])

    @app.command("other")
    def other() -> None:
        """A second command, so that the first is a command of a group."""

    ended = CliRunner().invoke(app, ["restate", "sửa\u202e số\x9b liệu", "--by", "A\u200en", "--by", "Bình"])
    assert (ended.exit_code, given_texts) == (0, ["sửa số liệu", "An", "Bình"])


class TestTerminal:
    def test_a_sentence_is_neither_markup_nor_an_order_to_the_terminal(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out.print(f"Xã [/red]:x:{TURNED}\x1b[31m\r A")
        assert capsys.readouterr().out == "Xã [/red]:x:Nguyễn Thị An[31m A\n"

    def test_a_table_holds_no_hidden_character(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_table(["a"], [[f"[b]{TURNED}\x1b[2J"]])
        assert "[b]Nguyễn Thị An[2J" in capsys.readouterr().out

    def test_json_holds_the_value_escaped(self, capsys: pytest.CaptureFixture[str]) -> None:
        print_json({"by": TURNED, "reason": "👍 đ"})
        printed = capsys.readouterr().out
        assert json.loads(printed) == {"by": TURNED, "reason": "👍 đ"}
        assert printable(printed) == printed
        assert "👍 đ" in printed
