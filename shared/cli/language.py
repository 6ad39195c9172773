"""typer's own words in Vietnamese: help, usage and the sentences about wrong use, for everybody but the operator.

typer 0.29 prints them in English wherever it runs, and only a part of them through gettext.
"""

import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from shared.printable import has_control, printable

# Of the same width as what they replace, where columns follow.
HELP = [
    (r"^Usage: ", "Cách dùng: "),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"COMMAND \[ARGS\]\.\.\.", "LỆNH [THAM SỐ]..."),
    (r"^Arguments:", "Tham số:"),
    (r"^Options:", "Tùy chọn:"),
    (r"^Commands:", "Lệnh:"),
    (r"<str>", "<chữ>"),
    (r"<list\[str\]>", "<chữ>      "),
    (r"<list\[int\]>", "<số>       "),
    (r"<path>", "<tệp> "),
    (r"<int range>", "<số>       "),
    (r"<int>", "<số> "),
    (r"\[default:", "[mặc định:"),
    (r"; required\]", "; bắt buộc]"),
    (r"\[required\]", "[bắt buộc]"),
    (r"Show\s+this\s+message\s+and\s+exit\.", "Xem hướng dẫn này."),
    (r"Install\s+completion\s+for\s+the\s+current\s+shell\.", "Cài đặt gợi ý lệnh khi gõ phím Tab."),
    (
        r"Show\s+completion\s+for\s+the\s+current\s+shell,\s+to\s+copy\s+it\s+or\s+customize\s+the\s+installation\.",
        "In đoạn mã của gợi ý lệnh để tự cài đặt.",
    ),
]
WHOLE = 1_000  # characters, more than any first sentence has
ERRORS = [
    (r"Missing option (.+)\.", r"Thiếu tùy chọn \1."),
    (r"Missing argument (.+)\.", r"Thiếu tham số \1."),
    (r"Missing command\.", "Thiếu tên lệnh."),
    (r"No such command ('.+')\. Did you mean (.+)\?", r"Không có lệnh \1; có phải \2?"),
    (r"No such command ('.+')\.", r"Không có lệnh \1."),
    (r"No such option: (\S+) \(Possible options: (.+)\)", r"Không có tùy chọn \1; có phải \2?"),
    (r"No such option: (\S+)", r"Không có tùy chọn \1."),
    (r"Option ('.+') requires an argument\.", r"Tùy chọn \1 cần một giá trị."),
    (r"Option ('.+') does not take a value\.", r"Tùy chọn \1 không nhận giá trị."),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"Thừa tham số: \1."),
    (r"Invalid value for ('.+'): Input should be a valid integer.*", r"Giá trị của \1 phải là số nguyên."),
    (r"Invalid value for ('.+'): Input should be greater than or equal to (.+)", r"Giá trị của \1 phải từ \2 trở lên."),
    (r"Invalid value for ('.+'): Input should be less than or equal to (.+)", r"Giá trị của \1 phải từ \2 trở xuống."),
    (r"Invalid value for ('.+'): (.+)", r"Giá trị của \1 không đúng: \2"),
]


class EnglishCommand(TyperCommand):
    """A command of the operator. A text with a control character is refused; direction marks are taken out."""

    control_found = "{} has a control character"

    def invoke(self, ctx: Any) -> Any:
        for name, value in ctx.params.items():
            texts = value if isinstance(value, list) else [value]
            if any(isinstance(text, str) and has_control(text) for text in texts):
                typer.echo(self.control_found.format(name), err=True)
                raise typer.Exit(2)
        ctx.params = {name: _cleaned(value) for name, value in ctx.params.items()}
        return super().invoke(ctx)


class VietnameseCommand(EnglishCommand):
    """A command whose help is in Vietnamese."""

    control_found = "{} có ký tự điều khiển"

    def get_help(self, ctx: Any) -> str:
        return _help(super().get_help(ctx))

    def get_usage(self, ctx: Any) -> str:
        return _help(super().get_usage(ctx))


class EnglishGroup(TyperGroup):
    """A group of the operator's commands."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, each with its whole first sentence: typer cuts it at one line."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, each.get_short_help_str(WHOLE)) for name, each in commands if each and not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class VietnameseGroup(EnglishGroup):
    """A group of commands whose help and errors are in Vietnamese, those of its English commands excepted."""

    def get_help(self, ctx: Any) -> str:
        return _help(super().get_help(ctx))

    def get_usage(self, ctx: Any) -> str:
        return _help(super().get_usage(ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Ends the program as typer's own does; only what it prints of a wrong use is another."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except typer.TyperException as wrong:
            _print(wrong)
            code = wrong.exit_code
        except typer.Abort:
            code = 1
        sys.exit(code if isinstance(code, int) else 0)


class VietnameseTyper(typer.Typer):
    """Commands in Vietnamese; an operator's own says `cls=EnglishCommand`."""

    def command(self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **options: Any) -> Any:
        return super().command(name, cls=cls or VietnameseCommand, **options)


def _cleaned(value: Any) -> Any:
    """The texts of an option; a path stays as it is, since a file may have any name."""
    if isinstance(value, str):
        return printable(value)
    return [_cleaned(one) for one in value] if isinstance(value, list) else value


def _help(text: str) -> str:
    for english, vietnamese in HELP:
        text = re.sub(english, vietnamese, text, flags=re.MULTILINE)
    return text


def _print(wrong: typer.TyperException) -> None:
    context = getattr(wrong, "ctx", None)
    message = printable(wrong.format_message())
    is_vietnamese = context is None or isinstance(context.command, (VietnameseCommand, VietnameseGroup))
    if message.startswith(("Usage:", "Cách dùng:")):  # called without a command: the message is the help
        typer.echo(message, err=True)
        return
    if context:
        hint = "Xem: {} --help" if is_vietnamese else "Try '{} --help' for help."
        typer.echo(f"{context.get_usage()}\n{hint.format(context.command_path)}\n", err=True)
    typer.echo(f"Lỗi: {_error(message)}" if is_vietnamese else f"Error: {message}", err=True)


def _error(message: str) -> str:
    for english, vietnamese in ERRORS:
        if found := re.fullmatch(english, message, re.DOTALL):
            return found.expand(vietnamese)
    return message
