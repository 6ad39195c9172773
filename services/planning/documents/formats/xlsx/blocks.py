"""Tells the table of a sheet from the lines above and below it, and puts it on a grid."""

from collections.abc import Iterator, Mapping

from services.planning.documents.document import Block, Paragraph
from services.planning.documents.formats.grid import GridRow, Placed, table
from services.planning.documents.formats.xlsx.sheet import Merged, Sheet, Written

MAX_COVERED_ROWS = 10_000


def blocks_of(sheet: Sheet) -> Iterator[Block]:
    """The paragraphs before the table, the table, the paragraphs after it: each cell of those is a paragraph."""
    place = f"trang tính {sheet.title}"
    covered = _covered(sheet)
    inside = _table_rows(sheet.rows, covered)
    before = [number for number in sheet.rows if not inside or number < inside[0]]
    after = [number for number in sheet.rows if inside and number > inside[-1]]
    yield from _paragraphs(sheet, before, place)
    rows = [
        GridRow(f"{place}, hàng {number}", _cells(sheet.rows.get(number, {}), number, covered.get(number, {})))
        for number in inside
    ]
    if found := table(rows, f"{place}, bảng 1"):
        yield found
    yield from _paragraphs(sheet, after, place)


def _paragraphs(sheet: Sheet, numbers: list[int], place: str) -> Iterator[Paragraph]:
    for number in numbers:
        for cell in sheet.rows[number].values():
            yield Paragraph(cell.text, f"{place}, hàng {number}", bold=cell.bold)


def _covered(sheet: Sheet) -> dict[int, dict[int, Merged]]:
    """The merged areas that reach a row, by the column in which they begin; only as far down as there is text."""
    last = max(sheet.rows, default=0)
    reached: dict[int, dict[int, Merged]] = {}
    for area in sheet.merged:
        for number in range(area.top, min(area.bottom, last, area.top + MAX_COVERED_ROWS) + 1):
            reached.setdefault(number, {})[area.left] = area
    return reached


def _table_rows(rows: Mapping[int, Mapping[int, Written]], covered: Mapping[int, Mapping[int, Merged]]) -> list[int]:
    """The numbers of the table's rows: from the first row that fills half as many columns as the fullest one.

    It ends with the last such row, and goes on while rows follow without a gap that fill two columns, as a row does
    whose other cells are merged with the ones above.
    """
    filled = {number: len(row.keys() | covered.get(number, {}).keys()) for number, row in rows.items()}
    enough = max(2, (max(filled.values(), default=0) + 1) // 2)
    wide = [number for number, count in filled.items() if count >= enough]
    if not wide:
        return []
    last = wide[-1]
    while filled.get(last + 1, 0) >= 2:
        last += 1
    return [number for number in filled if wide[0] <= number <= last]


def _cells(row: Mapping[int, Written], number: int, covered: Mapping[int, Merged]) -> list[Placed]:
    cells = {column: Placed(column, column + 1, cell.text, cell.bold) for column, cell in row.items()}
    for left, area in covered.items():
        for column in [column for column in cells if area.left < column <= area.right]:
            del cells[column]  # Excel shows only the first cell of a merged area
        seen = row.get(left) if number == area.top else None
        cells[left] = Placed(
            left, area.right + 1, seen.text if seen else "", bool(seen and seen.bold), number > area.top
        )
    return [cells[column] for column in sorted(cells)]
