"""How answers are printed: a table for people, at most 80 columns wide, or JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from rich.progress import Progress, ProgressColumn
from rich.table import Table
from rich.text import Text

from shared.cli import err, out
from shared.printable import escaped, printable

WIDTH = 80


def print_json(value: Any) -> None:
    """Control and direction characters stand escaped within the strings, so that a terminal may show it too."""
    print(escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str)))  # noqa: T201  for programs: not wrapped


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, fixed: Sequence[str] = ()) -> None:
    """`fixed` columns are never broken over lines."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=column in fixed, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell).replace("\r", "")) for cell in row))
    out.print(table, width=min(WIDTH, out.width))


def wrapped(text: str) -> list[str]:
    """One item of a list as lines of at most 80 columns; ids with hyphens are not broken."""
    return wrap(text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False) or ["-"]


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Seen while it lasts; nothing where nobody looks at a terminal."""
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
