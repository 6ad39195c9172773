"""Tables of two columns, a key and its value: one row for each record, as a table of many columns has it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.planning.documents.document import Block, Cell, Paragraph, Row, Table
from services.planning.documents.tables.cell_contents import code_before, stripped
from services.planning.documents.tables.header_words import Role, role_of

_KEYS: tuple[Role, ...] = ("content", "deliverable", "lead", "support", "bodies", "person", "schedule", "begin", "end")
_NUMBERED = re.compile(r"(.*?)\s*(?:số\s*)?(\d{1,3})\s*[.:]?")


@dataclass
class _Record:
    """`values` are by the name of their key as it is first printed for its kind."""

    place: str
    code: str = ""
    content: str = ""
    values: dict[Role, tuple[str, str]] = field(default_factory=dict)


def with_records_as_rows(blocks: Sequence[Block]) -> Iterator[Block]:
    """All blocks as they are, but for tables of keys and values: these as rows, or as lines where no key is a title."""
    for block in blocks:
        pairs = _pairs(block) if isinstance(block, Table) else None
        if pairs is None:
            yield block
            continue
        records = _records(pairs)
        if all(record.content for record in records):
            yield _as_table(records, block.place)
        else:
            yield from (Paragraph(f"- {key.rstrip(' :')}: {value}", place) for place, key, value in pairs if value)


def _pairs(table: Table) -> list[tuple[str, str, str]] | None:
    """Place, key and value of each row; None for another table. A title over both columns is a value without a key."""
    pairs = []
    for row in table.rows:
        texts = [stripped(cell.text) for cell in row.cells]
        if len(texts) != 2:
            return None
        if texts[0] and row.cells[1].covered == "left":
            pairs.append((row.place, "", texts[0]))
        elif any(texts):
            pairs.append((row.place, texts[0], texts[1]))
    keys = [_role(key) for _, key, _ in pairs if key]
    known = [role for role in keys if role in _KEYS]
    values = [role_of(value) for _, key, value in pairs if key and value]
    is_kept = len(set(known)) > 2 and 3 * len(known) >= 2 * len(keys) and 2 * values.count("other") >= len(values)
    return pairs if is_kept else None


def _role(key: str) -> Role:
    numbered = _NUMBERED.fullmatch(key)
    return role_of(numbered[1] if numbered else key)


def _records(pairs: Sequence[tuple[str, str, str]]) -> list[_Record]:
    """A title, or a key that was given before, begins another."""
    records: list[_Record] = []
    for place, key, value in pairs:
        role = _role(key) if key else "content"
        if not records or role == "content" or role in records[-1].values:
            records.append(_Record(place))
        record = records[-1]
        if role == "content":
            numbered = _NUMBERED.fullmatch(key)
            code, record.content = code_before(value)
            record.code = code or (numbered[2] if numbered else "")
        else:
            record.values[role] = (key, value)
    return records


def _as_table(records: Sequence[_Record], place: str) -> Table:
    keys = {role: key for record in reversed(records) for role, (key, _) in reversed(record.values.items())}
    rows = [Row((Cell("STT"), Cell("Nhiệm vụ"), *(Cell(key) for key in keys.values())), place)]
    for record in records:
        values = (Cell(record.values.get(role, ("", ""))[1]) for role in keys)
        rows.append(Row((Cell(record.code), Cell(record.content), *values), record.place))
    return Table(tuple(rows), place)
