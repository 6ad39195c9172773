"""How every command ends: done (0), the answer is no (1) or wrong use (2), and never with a traceback."""

import sys
from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer
from rich.console import Console

# A terminal that cannot show Vietnamese shows question marks rather than a traceback.
for stream in (sys.stdout, sys.stderr):
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(sentences: str | Iterable[str], code: int = 1) -> NoReturn:
    """Say what is wrong, a sentence a line, and end."""
    for sentence in [sentences] if isinstance(sentences, str) else sentences:
        err.print(sentence, markup=False)
    raise typer.Exit(code)


def group(help_text: str) -> typer.Typer:
    return typer.Typer(help=help_text, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def chosen(value: str, allowed: Sequence[str], what: str) -> str:
    """A word out of a list, or the end with a sentence that names the list."""
    if value not in allowed:
        fail(f'"{value}" is no {what}; choose one of: {", ".join(allowed)}', 2)
    return value
