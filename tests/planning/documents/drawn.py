"""Draws documents for tests: "^" is a cell merged with the one above, "<" with the one to the left, "**…**" bold."""

from datetime import date

from services.planning.documents.blocks import BlocksRead, read_blocks
from services.planning.documents.document import Block, Cell, Document, Paragraph, Row, Table

YEAR = date(2026, 1, 1), date(2026, 12, 31)


def cell(text: str) -> Cell:
    if text in ("^", "<"):
        return Cell(covered="above" if text == "^" else "left")
    if text.startswith("**"):
        return Cell(text.strip("*"), bold=True)
    return Cell(text)


def table(*rows: list[str] | str, first: int = 1) -> Table:
    """Rows as lists of texts; "page" stands for a page break. Row n is at "dòng <first + n>"."""
    drawn = []
    page_begins = False
    for row in rows:
        if row == "page":
            page_begins = True
            continue
        assert isinstance(row, list)
        drawn.append(Row(tuple(cell(text) for text in row), f"dòng {first + len(drawn)}", page_begins))
        page_begins = False
    return Table(tuple(drawn), f"dòng {first}")


def document(*blocks: Block | str) -> Document:
    """Texts are paragraphs at "đoạn <n>", counted from 1."""
    return Document(
        tuple(Paragraph(b, f"đoạn {n}") if isinstance(b, str) else b for n, b in enumerate(blocks, 1)),
    )


def paragraphs(*lines: str | tuple[str, str]) -> list[Paragraph]:
    """Typed lines, or pairs of an automatic number and a text, at "dòng <n>"; "**" begins a bold one."""
    made = []
    for at, line in enumerate(lines, 1):
        number, text = line if isinstance(line, tuple) else (None, line)
        made.append(Paragraph(text.removeprefix("**"), f"dòng {at}", number, bold=text.startswith("**")))
    return made


def blocks_in(*lines: str | tuple[str, str]) -> BlocksRead:
    """The lines read as blocks of a plan of 2026."""
    return read_blocks(paragraphs(*lines), 2026, YEAR)
