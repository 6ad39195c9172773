"""A commune's files of readings and changes, for the commands that read them: names in them, and their mistakes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from services.indicators.cli.readings.kept_names import kept_names
from shared.cli import err, fail
from shared.printable import printable
from shared.repeated_problems import one_for_each_mistake

if TYPE_CHECKING:
    from services.indicators.readings_file.findings import RefusedRow
    from services.indicators.readings_file.names.known import OwnNames

PRINTED_IN_FULL = 100  # mistakes


def own_names(commune: str) -> "OwnNames":
    """What the commune's office calls its columns and fields. Ends the command where the file is damaged."""
    return kept_names(commune).compared()


def field_named(text: str, commune: str) -> str:
    """The id of a field by its name. Ends the command (2) where it is none."""
    from services.indicators.readings_file.entries import field_in
    from services.indicators.readings_file.names.known import Names
    from services.indicators.readings_file.values.cells import CellError

    try:
        return field_in(text, Names(own_names(commune)))
    except CellError as wrong:
        fail(str(wrong), 2)


def check_rejects(path: Path) -> None:
    """Ends the command (2) where the file of what is to be mended is no XLSX file."""
    if path.suffix.lower() != ".xlsx":
        fail(f"{path}: tệp ghi các hàng bị từ chối phải có đuôi .xlsx", 2)


def measure_named(text: str) -> str:
    """The id of a measure by its name. Ends the command (2) where it is none."""
    from services.indicators.readings_file.names.known import Names, measure_titles
    from services.indicators.readings_file.values.cells import CellError, id_in

    if text.strip() in measure_titles():
        return text.strip()
    found = Names().column([text]) if text.strip() else None
    try:
        return found.measure if found else id_in(text)
    except CellError:
        fail(f'"{text}" không phải là số đo của danh mục; xem: minhbach readings names', 2)


def item_at(item: str, place: str | None) -> str:
    """A reading that the province refused, by its place in the file where it came from one."""
    return f"{place} ({item})" if place else item


def print_mistakes(file: Path, refused: "Sequence[RefusedRow]", notes: Sequence[str]) -> None:
    """The notes on a file, and one sentence for each mistake."""
    for note in notes:
        err.print(note, markup=False)
    sentences = one_for_each_mistake((row.place, row.reasons) for row in refused)
    for sentence in sentences[:PRINTED_IN_FULL]:
        err.print(f"{printable(file.name)}: {sentence}", markup=False)
    if (more := len(sentences) - PRINTED_IN_FULL) > 0:
        err.print(f"và {more} lỗi khác")
