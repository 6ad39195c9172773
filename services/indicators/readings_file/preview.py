"""How a file that came by a page is understood: its columns, its readings, its refused rows, mended where they are."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from services.indicators.readings_file import ENTRIES, FileErrors, FileReadings, readings_of
from services.indicators.readings_file.entries import Cell, Entry
from services.indicators.readings_file.findings import Findings
from services.indicators.readings_file.names.known import Names, OwnNames
from services.indicators.readings_file.names.own import KeptNames
from services.indicators.readings_file.tables.layout import Choices
from shared.contracts import ID
from shared.contracts.indicators import FileColumn, FileRead, FileReading, FileRow, ReadFile, ReadingVersion
from shared.repeated_problems import one_for_each_mistake

MOST_READINGS = 1000  # of one submission
MOST_ROWS = 5000  # of a file, with those that are not shown
MOST_REFUSED = 200
KNOWN = ("reading_id", "observed_on", "field")
# The sentences of the terminal name its options; a page has fields in their place.
ON_A_PAGE = {
    "; hãy chọn một bằng --sheet": "; hãy ghi tên một trang tính ở phần “Cách đọc tệp”",
    "hãy thêm --day NGÀY": "hãy điền “Ngày của mọi hàng” ở phần “Cách đọc tệp”",
    "nên không dùng --day": "nên hãy để trống “Ngày của mọi hàng”",
    "hoặc dùng --hidden include để tính, --hidden skip để bỏ qua": "hoặc chọn ở phần “Cách đọc tệp”",
    "hãy bỏ ẩn hoặc dùng --hidden": "hãy bỏ ẩn, hoặc chọn ở phần “Cách đọc tệp”",
    "; xem: minhbach readings names; cột riêng của đơn vị: minhbach readings columns": "; hãy chọn số đo của cột này",
    "; xem: minhbach readings names": "; hãy chọn trong danh mục",
}


def previewed(question: ReadFile) -> FileRead:
    """Every end is an answer: what cannot be read is in its `problems`."""
    findings = Findings("Tệp")
    own = KeptNames(columns=question.columns, fields=question.fields).compared()
    choices = Choices(question.hidden, question.sheet or None, question.day, own)
    try:
        read = _read(question, choices, findings)
    except FileErrors as wrong:
        return FileRead(columns=_columns(findings), notes=_worded(findings.notes), problems=_worded(wrong.errors))
    found = [FileReading(place=_place(read, each.reading_id), reading=each) for each in read.readings]
    problems: tuple[str, ...] = ()
    if len(found) > MOST_READINGS:
        problems = (f"Tệp có {len(found)} số liệu; mỗi lần gửi nhận nhiều nhất 1.000, hãy chia thành nhiều tệp.",)
    return FileRead(
        columns=_columns(findings),
        readings=() if problems else tuple(found),
        refused=tuple(FileRow(place=p, reasons=_worded(r), texts=dict(t)) for p, r, t in read.refused[:MOST_REFUSED]),
        mistakes=_worded(one_for_each_mistake((row.place, row.reasons) for row in read.refused)),
        notes=_worded(read.notes),
        problems=problems,
        unknown_fields=_unknown_fields(read, own),
    )


def compared(found: Iterable[FileReading], recorded: Iterable[ReadingVersion]) -> Iterator[FileReading]:
    """The readings of a file beside all that is recorded of their days."""
    by_id: dict[str, ReadingVersion] = {}
    counted: dict[tuple[date | None, str | None], set[str]] = {}
    for each in recorded:
        if each.state != "refused":
            by_id[each.reading_id] = each
            counted.setdefault((each.observed_on, each.field), set()).update(each.values)
    for one in found:
        reading = one.reading
        if before := by_id.get(reading.reading_id):
            is_same = (before.observed_on, before.field) == (reading.observed_on, reading.field)
            is_same = is_same and before.values == reading.values
            yield one.model_copy(update={"recorded": "same" if is_same else "changed"})
        elif counted.get((reading.observed_on, reading.field), set()) & reading.values.keys():
            yield one.model_copy(update={"recorded": "elsewhere"})
        else:
            yield one


def _read(question: ReadFile, choices: Choices, findings: Findings) -> FileReadings:
    try:
        content = b64decode(question.content, validate=True)
    except NotBase64:
        raise findings.refusal("bị hỏng khi được gửi lên") from None
    if not content.strip():
        raise findings.refusal("là tệp rỗng")
    suffix = f".{question.format}"
    entries = _limited(ENTRIES[suffix](content, findings, choices), findings)
    return readings_of((_mended(each, question.mended) for each in entries), suffix, findings, choices)


def _limited(entries: Iterator[Entry], findings: Findings) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number == MOST_ROWS:
            raise findings.refusal("có hơn 5.000 hàng; hãy chia thành nhiều tệp")
        yield entry


def _mended(entry: Entry, mended: Mapping[str, Mapping[str, str]]) -> Entry:
    """The row with its right texts. What is left out of them has no such column."""
    texts = mended.get(entry.place)
    if texts is None:
        return entry
    cells = {name: Cell(f"cột “{name}”", text) for name, text in texts.items()}
    reading_id, observed_on, field = (cells.pop(name, None) for name in KNOWN)
    return Entry(entry.place, reading_id, observed_on, field, tuple(cells.items()))


def _columns(findings: Findings) -> tuple[FileColumn, ...]:
    return tuple(FileColumn(place=p, heading=h[:2000], meaning=meaning) for p, h, meaning in findings.columns)


def _place(read: FileReadings, reading_id: str) -> str:
    row = read.row_of(reading_id)
    return row.place if row else ""


def _unknown_fields(read: FileReadings, own: OwnNames) -> tuple[str, ...]:
    names = Names(own)
    texts = dict.fromkeys(row.texts.get("field", "").strip() for row in read.refused)
    unknown = [each for each in texts if each and not names.field(each) and not re.fullmatch(ID, each)]
    return tuple(unknown[:50])


def _worded(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_on_a_page, sentences))


def _on_a_page(sentence: str) -> str:
    for terminal, page in ON_A_PAGE.items():
        sentence = sentence.replace(terminal, page)
    return sentence
