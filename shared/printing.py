"""How answers are printed: a table for people, at most 80 columns wide, or JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from shared.cli import out

WIDTH = 80


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201  for programs: not wrapped


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, fixed: Sequence[str] = ()) -> None:
    """`fixed` columns are never broken over lines."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, no_wrap=column in fixed, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table, width=min(WIDTH, out.width))
