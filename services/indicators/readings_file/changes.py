"""Reads a file of corrections or withdrawals: each row names a reading by its id, or by its day and field."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from services.indicators.readings_file import file_entries
from services.indicators.readings_file.doubts.doubtful_days import DoubtfulDays, Doubts
from services.indicators.readings_file.entries import Cell, Entry, parts_of
from services.indicators.readings_file.findings import Findings, RefusedRow
from services.indicators.readings_file.names.known import Names
from services.indicators.readings_file.tables.layout import Choices
from services.indicators.readings_file.values.cells import is_empty, shown, text_of
from shared.contracts import Text

TEXT: TypeAdapter[str] = TypeAdapter(Text)
MAX_CHANGES = 10_000


class Change(NamedTuple):
    """What a row changes. A withdrawal has no `values`."""

    reading_id: str
    values: Mapping[str, int]
    reason: str
    by: str


class FileChanges(NamedTuple):
    """`places` names the row of each change, by the id of its reading."""

    changes: list[Change]
    refused: list[RefusedRow]
    notes: list[str]
    places: Mapping[str, str]


class _Read(NamedTuple):
    entry: Entry
    change: Change
    doubts: Doubts

    @property
    def has_id(self) -> bool:
        return self.entry.reading_id is not None and not is_empty(self.entry.reading_id.raw)


def read_changes(path: Path, choices: Choices, *, by: str, reason: str, withdraw: bool = False) -> FileChanges:
    """The changes of a file, at most 10,000; `by` and `reason` are for rows that give none. Raises `FileErrors`."""
    findings = Findings(path.name or str(path))
    names, days = Names(choices.own), DoubtfulDays(in_a_sheet=path.suffix.lower() == ".xlsx")
    read: dict[str, _Read] = {}
    refused: list[RefusedRow] = []
    for number, entry in enumerate(file_entries(path, choices._replace(changes=True), findings), 1):
        if number > MAX_CHANGES:
            findings.add("có hơn 10.000 hàng; hãy chia thành nhiều tệp", entry.place)
            break
        doubts = days.observe(entry.observed_on.raw if entry.observed_on else None, entry.place)
        change = _change_of(entry, names, by, reason, withdraw=withdraw)
        if not isinstance(change, Change):
            refused.append(RefusedRow(entry.place, change, entry.texts))
        elif (other := read.setdefault(change.reading_id, _Read(entry, change, doubts))).change != change:
            why = f"cùng số liệu “{change.reading_id}” với {other.entry.place} nhưng khác nội dung"
            refused.append(RefusedRow(entry.place, (why,), entry.texts))
    findings.raise_any()
    for one in list(read.values()):
        if not one.has_id and (why_not := days.reason(one.doubts)):
            del read[one.change.reading_id]
            refused.append(RefusedRow(one.entry.place, (why_not,), one.entry.texts))
    if not read and not refused:
        raise findings.refusal("không có hàng nào")
    places = {reading_id: one.entry.place for reading_id, one in read.items()}
    return FileChanges([one.change for one in read.values()], refused, findings.notes, places)


def _change_of(entry: Entry, names: Names, by: str, reason: str, *, withdraw: bool) -> Change | tuple[str, ...]:
    reading_id, values, wrong = parts_of(entry, names)
    written = {"lý do (--reason hoặc cột Lý do)": (entry.reason, reason), "người thực hiện (--by)": (entry.by, by)}
    texts = [_text(cell, default, name, wrong) for name, (cell, default) in written.items()]
    if not withdraw and not values and not wrong:
        wrong.append("không có số liệu nào để sửa")
    if wrong or reading_id is None:
        return tuple(wrong)
    return Change(reading_id, {} if withdraw else values, *texts)


def _text(cell: Cell | None, default: str, name: str, wrong: list[str]) -> str:
    written = default if cell is None or is_empty(cell.raw) else text_of(cell.raw).strip()
    if not written.strip():
        wrong.append(f"chưa ghi {name}")
        return ""
    try:
        return TEXT.validate_python(written)
    except ValidationError:
        wrong.append(f"{shown(written)} dài hơn 2.000 ký tự hoặc có ký tự điều khiển")
        return ""
