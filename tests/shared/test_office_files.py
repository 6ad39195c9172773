"""Office files are opened with limits, and a worksheet gives its rows with what is merged, hidden and uncalculated."""

import ast
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Font

from shared.office_files.archive import Archive, UnsafeArchive
from shared.office_files.worksheets import (
    FilledCells,
    MergedArea,
    WorksheetParser,
    is_bold,
    is_uncalculated,
    merged_area,
    merged_references,
    number_format,
    number_formats,
    opened_workbook,
    shows_day,
    xml_of,
)

ROOT = Path(__file__).parents[2]
KILOBYTE = 1024


def archive_of(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def with_directory_byte(content: bytes, offset: int, value: int) -> bytes:
    """The archive with one byte of its first directory entry replaced."""
    place = content.index(b"PK\x01\x02") + offset
    return content[:place] + bytes([value]) + content[place + 1 :]


def problem_of(function: Callable[[], object]) -> str:
    with pytest.raises(UnsafeArchive) as caught:
        function()
    return caught.value.problem


def workbook_of(change: Callable[[Any], None]) -> bytes:
    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    for row in (["a", "b", "c"], [1, 2, "=1+1"], [0.5, 4, 5]):
        sheet.append(row)
    change(sheet)
    book.save(made)
    return made.getvalue()


class TestArchive:
    def test_parts_are_read_by_name_up_to_a_limit(self) -> None:
        archive = Archive(archive_of({"a.xml": b"12345", "b.xml": b""}), max_parts=2)
        assert archive.names == {"a.xml", "b.xml"}
        assert (archive.size_of("a.xml"), archive.read("a.xml", 5), archive.beginning("a.xml", 2)) == (
            5,
            b"12345",
            b"12",
        )
        assert problem_of(lambda: archive.read("a.xml", 4)) == "too-large"

    def test_more_parts_than_allowed_are_refused(self) -> None:
        content = archive_of({f"{n}.xml": b"" for n in range(4)})
        assert problem_of(lambda: Archive(content, max_parts=3)) == "too-many-parts"

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04", archive_of({"a": b"x"})[:-10]], ids=["empty", "a mark only", "cut short"]
    )
    def test_a_broken_directory_is_damage(self, content: bytes) -> None:
        assert problem_of(lambda: Archive(content, max_parts=9)) == "damaged"

    def test_a_part_that_does_not_unfold_is_damage(self) -> None:
        content = with_directory_byte(archive_of({"a": b"x" * 99}), 16, 0)  # the checksum
        assert problem_of(lambda: Archive(content, max_parts=9).read("a", 99)) == "damaged"

    def test_an_encrypted_part_is_refused(self) -> None:
        content = with_directory_byte(archive_of({"a": b"x"}), 8, 1)
        assert problem_of(lambda: Archive(content, max_parts=9)) == "encrypted"

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (archive_of({"a": b"x", "b": b"y" * 2 * KILOBYTE}), "too-large"),
            (archive_of({"a": bytes(KILOBYTE)}), "too-compressed"),
            (archive_of({"a": b"abc"}, zipfile.ZIP_BZIP2), "foreign-compression"),
            (with_directory_byte(archive_of({"a": b"abcdef"}), 24, 5), "false-size"),
            (with_directory_byte(archive_of({"a": b"abcdef"}), 45, 99), "damaged"),  # the place of the part
        ],
    )
    def test_sizes_are_checked_before_a_library_unfolds_the_file(self, content: bytes, problem: str) -> None:
        assert problem_of(lambda: Archive(content, max_parts=9).check_sizes(KILOBYTE, max_ratio=20)) == problem

    def test_ordinary_sizes_pass(self) -> None:
        Archive(archive_of({"a": b"abc", "b": b"d"}), max_parts=2).check_sizes(4, max_ratio=1)
        Archive(archive_of({"a": b"abc"}, zipfile.ZIP_STORED), max_parts=1).check_sizes(3, max_ratio=1)


class TestWorksheets:
    def test_rows_come_with_merged_areas_and_hidden_rows_and_columns(self) -> None:
        def change(sheet: Any) -> None:
            sheet.merge_cells("A1:B2")
            sheet.row_dimensions[3].hidden = True
            sheet.column_dimensions["C"].hidden = True

        with opened_workbook(workbook_of(change)) as book:
            sheet = book.active
            assert merged_references(sheet) == ["A1:B2"]
            with xml_of(sheet) as source:
                parser = WorksheetParser(source, book, sheet)
                rows = {number: {cell["column"]: cell["value"] for cell in cells} for number, cells in parser.parse()}
            assert rows == {1: {1: "a", 3: "c"}, 2: {3: None}, 3: {1: 0.5, 2: 4, 3: 5}}
            assert (parser.hidden_rows(), parser.hidden_columns()) == ({3}, [range(3, 4)])
            assert parser.merged_references() == ["A1:B2"]

    def test_a_formula_without_value_differs_from_an_empty_cell(self) -> None:
        found: list[bool] = []

        class Parser(WorksheetParser):
            def parse_cell(self, element: Any) -> dict[str, Any]:
                cell: dict[str, Any] = super().parse_cell(element)
                found.append(is_uncalculated(element, cell["value"]))
                return cell

        def change(sheet: Any) -> None:
            sheet["A2"].number_format, sheet["A2"].value = "0%", None  # written, because it has a format

        with opened_workbook(workbook_of(change)) as book, xml_of(book.active) as source:
            list(Parser(source, book, book.active).parse())
        assert found == [False, False, False, False, False, True, False, False, False]

    def test_styles_give_number_format_and_bold(self) -> None:
        def change(sheet: Any) -> None:
            sheet["A3"].number_format = "0.0%"
            sheet["A1"].font = Font(bold=True)

        with opened_workbook(workbook_of(change)) as book, xml_of(book.active) as source:
            cells = {
                (number, cell["column"]): cell["style_id"]
                for number, row in WorksheetParser(source, book, book.active).parse()
                for cell in row
            }
            assert number_format(book, cells[3, 1]) == number_formats(book)[cells[3, 1]] == "0.0%"
            assert number_format(book, cells[3, 2]) == "General"
            assert (is_bold(book, cells[1, 1]), is_bold(book, cells[1, 2])) == (True, False)

    def test_a_reference_is_an_area_of_rows_and_columns_from_1(self) -> None:
        assert merged_area("B2:D9") == MergedArea(left=2, top=2, right=4, bottom=9)
        assert merged_area("B2:D9").name == "B2:D9"


class InSteps:
    """A file that gives as many bytes as it likes."""

    def __init__(self, content: bytes, step: int) -> None:
        self._content, self._step = content, step

    def read(self, _size: int) -> bytes:
        part, self._content = self._content[: self._step], self._content[self._step :]
        return part


def filtered(content: bytes, step: int) -> bytes:
    source, found = FilledCells(cast("Any", InSteps(content, step))), b""
    while part := source.read():
        found += part
    return found


class TestFilledCells:
    EMPTY = (
        b'<c r="A1" s="1"/>',
        b"<c s='1' r = 'A1' />",
        b'<c r="A1"></c>',
        b'<c r="A1"><v></v></c>',
        b'<c r="A1" t="s">\n<v/></c>',
        b'<c r="A1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>',
        b'<row r="2"/>',
        b'<row r="2" spans="1:9"> </row>',
        b'<row r="2"><c r="A2"/></row>',
    )

    @pytest.mark.parametrize("empty", EMPTY)
    def test_empty_cells_and_rows_are_left_out(self, empty: bytes) -> None:
        row = empty if b"<row" in empty else b'<row r="1">%s<c r="B1"><v>1</v></c></row>' % (empty * 3)
        content = (
            b'<cols><col min="1"/></cols><sheetData>%s<row r="4"><c r="A4"><f/><v>2</v></c></row></sheetData>' % row
        )
        left = b"" if b"<row" in empty else b'<row r="1"><c r="B1"><v>1</v></c></row>'
        assert filtered(content, len(content)) == content.replace(row, left)

    @pytest.mark.parametrize("step", [1, 2, 7, 64])
    @pytest.mark.parametrize("empty", EMPTY)
    def test_wherever_the_file_is_cut_nothing_else_is_lost(self, step: int, empty: bytes) -> None:
        row = empty if b"<row" in empty else b'<row r="1">%s</row>' % empty
        content = b'<sheetData>%s<row r="3"><c r="A3"><v>1</v></c></row></sheetData>' % row
        found = filtered(content, step)
        assert b'<c r="A3"><v>1</v></c></row></sheetData>' in found
        assert etree.fromstring(found) is not None

    @pytest.mark.parametrize("step", [1, 7, 1000])
    @pytest.mark.parametrize(
        "xml",
        [
            b'<row r="1"><c r="A1"/><c><v>5</v></c></row>',
            b'<row r="1"/><row><c r="A2"><v>5</v></c></row>',
            b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>A1</f></c></row>',
        ],
    )
    def test_cells_that_others_are_counted_from_stay(self, step: int, xml: bytes) -> None:
        assert filtered(xml, 1000) == xml
        assert filtered(xml, step).count(b"<v>") == xml.count(b"<v>")

    def test_a_chunk_of_empty_cells_gives_nothing_to_parse(self) -> None:
        rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(1, 40_000))
        assert len(filtered(b"<sheetData>" + rows + b"</sheetData>", 1024 * 1024)) < 100


@pytest.mark.parametrize("shown", ["dd/mm/yyyy", "mm-dd-yy", "d-mmm", '"ngày "d', "[$-42A]d\\/m;@", "m/d/yy h:mm"])
def test_a_format_with_a_day_shows_it(shown: str) -> None:
    assert shows_day(shown)


@pytest.mark.parametrize(
    "shown", ["mmm-yy", "yyyy", "hh:mm", "dddd", '"d"m/yyyy', "[Red]mm/yyyy", "m/yyyy;d", "General"]
)
def test_a_format_of_months_years_or_times_shows_no_day(shown: str) -> None:
    assert not shows_day(shown)


def test_only_this_package_uses_private_parts_of_openpyxl() -> None:
    users = set()
    for path in [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]:
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "openpyxl" in text else ():
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            if module.startswith("openpyxl") and any(part.startswith("_") for part in module.split(".")):
                users.add(path.relative_to(ROOT).as_posix())
    assert users == {"shared/office_files/worksheets.py"}
