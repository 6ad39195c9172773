"""How every command ends: done (0), the answer is no (1) or wrong use (2), and never with a traceback."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import typer
from rich.console import Console

from shared.cli.language import EnglishGroup, VietnameseGroup, VietnameseTyper
from shared.printable import printable

# A terminal that cannot show Vietnamese shows question marks rather than a traceback.
for stream in (sys.stdout, sys.stderr):
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


class PlainConsole(Console):
    """Prints sentences as text: names in them are neither markup nor orders to the terminal."""

    def print(self, *objects: Any, **options: Any) -> None:
        plain = (printable(given).replace("\r", "") if isinstance(given, str) else given for given in objects)
        super().print(*plain, **options)


out = PlainConsole(highlight=False, markup=False, emoji=False)
err = PlainConsole(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def fail(sentences: str | Iterable[str], code: int = 1) -> NoReturn:
    """Print what is wrong, a sentence a line, and end the command."""
    for sentence in [sentences] if isinstance(sentences, str) else sentences:
        err.print(sentence, markup=False)
    raise typer.Exit(code)


def group(help_text: str, cls: type[EnglishGroup] = VietnameseGroup) -> typer.Typer:
    return VietnameseTyper(
        cls=cls,
        help=help_text,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"max_content_width": 79},  # some Vietnamese words are a letter longer
    )


def chosen(value: str, allowed: Sequence[str], noun: str) -> str:
    """A word out of a list. Ends the command (2) with a sentence that names the list."""
    if value not in allowed:
        fail(f'"{value}" không phải là {noun}; hãy chọn một trong: {", ".join(allowed)}', 2)
    return value
