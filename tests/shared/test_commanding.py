"""A value that the message of a command cannot carry ends the command with one Vietnamese sentence."""

import pytest
import typer

from shared.cli.commanding import command_of
from shared.contracts.reporting import RemindReport, ReturnReport, WriteNarrative


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        (ReturnReport, {"reason": ""}, "Giá trị của reason không dùng được: còn trống."),
        (RemindReport, {"note": "a" * 501}, "Giá trị của note không dùng được: dài quá 500 ký tự."),
        (ReturnReport, {"reason": "a\x00"}, "Giá trị của reason không dùng được: có ký tự không được phép."),
        (
            WriteNarrative,
            {"sections": {"assessment": "a" * 20_001}},
            "Giá trị của sections.assessment không dùng được: dài quá 20000 ký tự.",
        ),
    ],
)
def test_the_sentence_names_the_value_and_the_reason(kind, fields, sentence, capsys):
    with pytest.raises(typer.Exit) as ended:
        command_of(kind, period="2025-Q3", **fields)
    assert (ended.value.exit_code, capsys.readouterr().err.strip()) == (2, sentence)


def test_a_message_that_can_be_sent_is_made():
    assert command_of(ReturnReport, period="2025-Q3", reason="thiếu").reason == "thiếu"
