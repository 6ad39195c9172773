"""typer's own words: Vietnamese for everybody, English for the operator's commands."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from deploy import cli
from shared.cli import group
from shared.cli.language import EnglishCommand, VietnameseCommand
from shared.cli.options import AsJson, Quarter

app = group("Nhóm lệnh.")


@app.command("count")
def count(
    place: Annotated[str, typer.Argument(metavar="NƠI", help="ở đâu")],
    *,
    number: Annotated[int, typer.Option(min=1, max=9, help="bao nhiêu")] = 1,
    quarter: Quarter,
    as_json: AsJson = False,
) -> None:
    """Đếm."""


@app.command("serve", cls=EnglishCommand)
def serve(number: Annotated[int, typer.Option(min=1)] = 1) -> None:
    """Serve."""


def ran(*arguments: str) -> tuple[int, str, str]:
    answer = CliRunner().invoke(app, arguments, prog_name="minhbach")
    return answer.exit_code, answer.stdout, answer.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["count"], "Thiếu tham số 'NƠI'."),
        (["count", "xã"], "Thiếu tùy chọn '--quarter'."),
        (["cuont"], "Không có lệnh 'cuont'; có phải 'count'?"),
        (["nonsense"], "Không có lệnh 'nonsense'."),
        (["count", "--jsn"], "Không có tùy chọn --jsn; có phải --json?"),
        (["count", "--xyz"], "Không có tùy chọn --xyz."),
        (["count", "--quarter"], "Tùy chọn '--quarter' cần một giá trị."),
        (["count", "--json=1"], "Tùy chọn '--json' không nhận giá trị."),
        (["count", "xã", "tỉnh", "--quarter", "2025-Q3"], "Thừa tham số: tỉnh."),
        (["count", "xã", "--quarter", "2025-Q3", "--number", "a"], "Giá trị của '--number' phải là số nguyên."),
        (["count", "xã", "--quarter", "2025-Q3", "--number", "0"], "Giá trị của '--number' phải từ 1 trở lên."),
        (["count", "xã", "--quarter", "2025-Q3", "--number", "10"], "Giá trị của '--number' phải từ 9 trở xuống."),
    ],
)
def test_wrong_use_is_explained_in_vietnamese(arguments: list[str], sentence: str) -> None:
    code, out, err = ran(*arguments)

    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == f"Lỗi: {sentence}"
    assert not re.search(r"Error|Usage|Try|OPTIONS|ARGS", err)


def test_help_is_in_vietnamese() -> None:
    code, out, _ = ran("count", "--help")

    assert code == 0
    assert out.startswith("Cách dùng: minhbach count [TÙY CHỌN] ")
    assert {"Tham số:", "Tùy chọn:"} <= set(out.splitlines())
    assert "[bắt buộc]" in out
    assert "[mặc định: 1; 1<=x<=9]" in out
    assert not re.search(r"Usage|Options|Arguments|required|default|Show this|<str>|<int", out)


def test_a_group_without_a_command_prints_its_help() -> None:
    code, out, err = ran()

    assert (code, out) == (2, "")
    assert err.startswith("Cách dùng: minhbach [TÙY CHỌN] LỆNH [THAM SỐ]...")
    assert "Lệnh:" in err.splitlines()


def test_an_operators_command_speaks_english() -> None:
    code, _, err = ran("serve", "--number", "0")

    assert code == 2
    assert err.startswith("Usage: minhbach serve [OPTIONS]")
    assert "Error: Invalid value for '--number'" in err
    assert "Show this message and exit." in ran("serve", "--help")[1]


def test_a_wrong_period_is_one_sentence() -> None:
    code, _, err = ran("count", "xã", "--quarter", "Q3")

    assert (code, err.splitlines()) == (
        2,
        [
            '"Q3" không phải là kỳ báo cáo; hãy viết 2025-Q3, 2025-M07, 2025-H1, 2025-9M, 2025,'
            " quý III/2025 hoặc tháng 7/2025"
        ],
    )


def commands_of(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in getattr(group, "commands", {}).items():
        yield from commands_of(command, *path, name)
    if not hasattr(group, "commands"):
        yield " ".join(path), group


COMMANDS = list(commands_of(typer.main.get_command(cli.app)))
VIETNAMESE = [(name, command) for name, command in COMMANDS if type(command) is VietnameseCommand]
OPERATORS = [name for name, command in COMMANDS if type(command) is EnglishCommand]


@pytest.mark.parametrize(("name", "command"), VIETNAMESE, ids=[name for name, _ in VIETNAMESE])
def test_the_help_of_a_command_of_an_office_is_vietnamese_and_fits_a_terminal(
    name: str, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = CliRunner().invoke(cli.app, [*name.split(), "--help"], prog_name="minhbach")

    assert answer.exit_code == 0
    assert [line for line in answer.stdout.splitlines() if len(line) > 80] == []
    assert not re.search(
        r"Usage|Options|Arguments|required|default|Show this|<str>|<int|<list|KEY=|=TEXT\b", answer.stdout
    )
    # An argument's own name is a word of the code.
    unnamed = [each.name for each in command.params if each.param_type_name == "argument" and not each.metavar]
    assert unnamed == []
    assert all(each.help for each in command.params if each.param_type_name == "option")


@pytest.mark.parametrize("name", OPERATORS)
def test_the_help_of_a_command_of_the_operator_is_english(name: str) -> None:
    answer = CliRunner().invoke(cli.app, [*name.split(), "--help"], prog_name="minhbach")

    assert answer.exit_code == 0
    assert answer.stdout.isascii()


def test_a_group_of_the_operators_commands_speaks_english() -> None:
    listed, wrong = (CliRunner().invoke(cli.app, ["stream", each], prog_name="minhbach") for each in ("--help", "x"))

    assert listed.stdout.startswith("Usage: minhbach stream [OPTIONS] COMMAND [ARGS]...")
    assert listed.stdout.isascii()
    assert wrong.stderr.endswith("Error: No such command 'x'.\n")


def test_the_list_of_commands_has_whole_sentences() -> None:
    help_text = " ".join(CliRunner().invoke(cli.app, ["--help"]).stdout.split())

    assert "audit Khi nào đã biết điều gì, và nay có còn đúng với kho sự kiện hay không." in help_text
    assert "outbox, stream, receipt, refused, parked, counted." in help_text
