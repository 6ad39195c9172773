"""Turns tables of keys and values into tables with one row for each record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.document import Block, Cell, Paragraph, Row, Table
from services.planning.documents.tables.cell_contents import code_before, is_schedule, stripped
from services.planning.documents.tables.columns.column import ColumnRole
from services.planning.documents.tables.columns.header_words import role_of

_KEYS: tuple[ColumnRole, ...] = (
    "content",
    "deliverable",
    "lead",
    "support",
    "bodies",
    "person",
    "schedule",
    "begin",
    "end",
)
_NUMBERED = re.compile(r"(.*?)\s*(?:số\s*)?(\d{1,3})\s*[.:]?")


class _Pair(NamedTuple):
    place: str
    key: str
    value: str


@dataclass
class _Record:
    place: str
    code: str = ""
    content: str = ""
    pairs: dict[ColumnRole, _Pair] = field(default_factory=dict)


def with_rows_for_records(blocks: Sequence[Block]) -> Iterator[Block]:
    """Replaces each table of keys and values: by a table of rows, or by paragraphs where a record has no content."""
    for block in blocks:
        pairs = _pairs(block) if isinstance(block, Table) else None
        if pairs is None:
            yield block
            continue
        records = _records(pairs)
        if all(record.content for record in records):
            yield _as_table(records, block.place)
        else:
            yield from (
                Paragraph(f"- {pair.key.rstrip(' :')}: {pair.value}", pair.place) for pair in pairs if pair.value
            )


def _pairs(table: Table) -> list[_Pair] | None:
    """None for another kind of table. A title over both columns is a value without a key."""
    pairs = []
    for row in table.rows:
        texts = [stripped(cell.text) for cell in row.cells]
        if len(texts) != 2:
            return None
        if texts[0] and row.cells[1].covered == "left":
            pairs.append(_Pair(row.place, "", texts[0]))
        elif any(texts):
            pairs.append(_Pair(row.place, texts[0], texts[1]))
    keys = [_role(pair.key) for pair in pairs if pair.key]
    known = [role for role in keys if role in _KEYS]
    values = [pair.value for pair in pairs if pair.key and pair.value]
    titles = sum(role_of(text) != "other" and not is_schedule(text) and not names_only_bodies(text) for text in values)
    is_kept = len(set(known)) > 2 and 3 * len(known) >= 2 * len(keys) and 2 * titles <= len(values)
    return pairs if is_kept else None


def _role(key: str) -> ColumnRole:
    numbered = _NUMBERED.fullmatch(key)
    return role_of(numbered[1] if numbered else key)


def _records(pairs: Sequence[_Pair]) -> list[_Record]:
    """A title, or a repeated key, begins another record."""
    records: list[_Record] = []
    for pair in pairs:
        role = _role(pair.key) if pair.key else "content"
        if not records or role == "content" or role in records[-1].pairs:
            records.append(_Record(pair.place))
        record = records[-1]
        if role == "content":
            numbered = _NUMBERED.fullmatch(pair.key)
            code, record.content = code_before(pair.value)
            record.code = code or (numbered[2] if numbered else "")
        else:
            record.pairs[role] = pair
    return records


def _as_table(records: Sequence[_Record], place: str) -> Table:
    keys = {role: pair.key for record in reversed(records) for role, pair in reversed(record.pairs.items())}
    rows = [Row((Cell("STT"), Cell("Nhiệm vụ"), *(Cell(key) for key in keys.values())), place)]
    for record in records:
        values = (Cell(record.pairs[role].value if role in record.pairs else "") for role in keys)
        rows.append(Row((Cell(record.code), Cell(record.content), *values), record.place))
    return Table(tuple(rows), place)
