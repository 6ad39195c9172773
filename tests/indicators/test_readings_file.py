"""A file of a commune gives readings, and sentences about the rows that are none."""

import csv
import io
import json
import os
import string
import struct
import time
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.indicators.readings_file import FileErrors, read_readings
from services.indicators.readings_file.names.headings import plain
from services.indicators.readings_file.tables.columns import IGNORED_HEADERS, known_header
from shared.contracts.indicators import Reading

HEADER = ["observed_on", "field", "files-received"]
IN_TMP_PATH = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Rows = Iterable[list[Any]]


def csv_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "readings.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def xlsx_file(folder: Path, rows: Rows, title: str = "Q3") -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    book.save(folder / "readings.xlsx")
    return folder / "readings.xlsx"


def json_lines_file(folder: Path, *lines: object) -> Path:
    path = folder / "readings.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def zip_file(folder: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(folder / "readings.xlsx", "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return folder / "readings.xlsx"


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same XLSX file with one of its parts changed, which openpyxl itself would not write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zip_file(path.parent, {**parts, part: change(parts[part])})


def errors_of(path: Path) -> list[str]:
    """Why the file is refused, or why rows of it are: a sentence each, as the command prints it."""
    try:
        return [f"{path.name}: {row.place}: {'; '.join(row.reasons)}" for row in read_readings(path).refused]
    except FileErrors as refused:
        return refused.errors


def is_read_or_refused(path: Path) -> bool:
    """Whether a file that may be right or wrong led to readings or to sentences; an exception fails the test."""
    try:
        read = read_readings(path)
        errors = [reason for row in read.refused for reason in row.reasons]
        return bool(read.readings or errors) and all(error and error.isprintable() for error in errors)
    except FileErrors as refused:
        return bool(refused.errors) and all(error and error.isprintable() for error in refused.errors)


def values_of(path: Path) -> list[dict[str, int]]:
    return [reading.values for reading in read_readings(path).readings]


class TestEachKindOfFile:
    def test_csv_is_read(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "reading_id,observed_on,field,files-received,files-late\nr1,2025-09-14,land,12,0\n")
        assert read_readings(path).readings == [
            Reading(
                reading_id="r1",
                observed_on=date(2025, 9, 14),
                field="land",
                values={"files-received": 12, "files-late": 0},
            )
        ]

    def test_xlsx_with_a_date_cell_is_read(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [HEADER, [datetime(2025, 9, 14), "land", 12]])  # noqa: DTZ001 - Excel has no zones
        assert read_readings(path).readings == [
            Reading(
                reading_id="20250914-land", observed_on=date(2025, 9, 14), field="land", values={"files-received": 12}
            )
        ]

    def test_json_lines_are_read_past_empty_lines(self, tmp_path: Path) -> None:
        line = {"reading_id": "r1", "observed_on": "2025-09-14", "field": None, "values": {"a": 1, "b": None}}
        path = json_lines_file(tmp_path, "\ufeff", line, "", {**line, "reading_id": "r2"})
        assert [(r.reading_id, r.field, r.values) for r in read_readings(path).readings] == [
            ("r1", None, {"a": 1}),
            ("r2", None, {"a": 1}),
        ]

    def test_the_suffix_in_any_case_decides_the_kind(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày;a\n14/9/2025;1\n").rename(tmp_path / "READINGS.CSV")
        assert values_of(path) == [{"a": 1}]


class TestIds:
    def test_without_a_column_the_id_is_the_day_and_the_field(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,Lĩnh vực,a\n14/9/2025,land,1\n14/9/2025,,2\n")
        assert [reading.reading_id for reading in read_readings(path).readings] == ["20250914-land", "20250914-all"]

    def test_two_rows_of_one_day_and_field_name_each_other(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,a\n14/9/2025,1\n15/9/2025,1\n2025-09-14,2\n")
        first, second = errors_of(path)
        assert first.startswith("readings.csv: hàng 2: cùng mã số liệu “20250914-all” với hàng 4 nhưng khác nội dung")
        assert second.startswith("readings.csv: hàng 4: cùng mã số liệu “20250914-all” với hàng 2")
        assert values_of(path) == [{"a": 1}]

    def test_a_given_id_occurs_once(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "reading_id,Ngày,a\nx,14/9/2025,1\nx,15/9/2025,1\n")
        assert [error.split(" nhưng")[0] for error in errors_of(path)] == [
            "readings.csv: hàng 2: cùng mã số liệu “x” với hàng 3",
            "readings.csv: hàng 3: cùng mã số liệu “x” với hàng 2",
        ]

    def test_a_column_of_ids_leaves_none_out(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "reading_id,Ngày,a\n,14/9/2025,1\n")
        assert errors_of(path) == ["readings.csv: hàng 2: cột “reading_id”: để trống"]

    def test_a_field_as_long_as_an_id_needs_ids_of_its_own(self, tmp_path: Path) -> None:
        (error,) = errors_of(csv_file(tmp_path, f"Ngày,field,a\n14/9/2025,{'f' * 80},1\n"))
        assert error == "readings.csv: hàng 2: tên lĩnh vực quá dài để tạo mã số liệu; hãy thêm cột reading_id"

    def test_an_id_of_digits_survives_the_spreadsheet(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["reading_id", "Ngày", "field", "a"], [250914, "14/9/2025", 7, 1]])
        assert [(r.reading_id, r.field) for r in read_readings(path).readings] == [("250914", "7")]


class TestHeaders:
    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    @pytest.mark.parametrize("day", ["Ngày", "ngày", "  NGÀY ", "Ngày  báo cáo", "Observed_On"])
    def test_case_spaces_and_unicode_form_do_not_matter(self, tmp_path: Path, form: Any, day: str) -> None:
        text = unicodedata.normalize(form, f"{day},Lĩnh Vực,a\n14/9/2025,land,1\n")
        assert [reading.field for reading in read_readings(csv_file(tmp_path, text)).readings] == ["land"]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_the_delimiter_and_the_line_ending_are_found(self, tmp_path: Path, delimiter: str, ending: str) -> None:
        lines = [delimiter.join(cells) for cells in (["Ngày", "a", "b"], ["14/9/2025", "1", '"2"'])]
        assert values_of(csv_file(tmp_path, ending.join(lines).encode("utf-8-sig"))) == [{"a": 1, "b": 2}]

    def test_a_header_that_is_no_id_is_no_measure(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,Tổng số,a\n14/9/2025,1,2\n")
        assert errors_of(path) == [
            "readings.csv: hàng 1, cột “Tổng số”: “Tổng số” không phải tên cột đã biết hay mã số đo;"
            " xem: minhbach readings names; cột riêng của đơn vị: minhbach readings columns"
        ]

    def test_unknown_columns_are_one_error(self, tmp_path: Path) -> None:
        (error,) = errors_of(
            csv_file(tmp_path, "Ngày" + "".join(f",số đo {n}" for n in range(30)) + "\n1/7/2025" + ",1" * 30)
        )
        assert "“số đo 1” (cột “số đo 1”)" in error
        assert " và 10 cột khác không phải tên cột đã biết" in error

    def test_a_column_occurs_once(self, tmp_path: Path) -> None:
        errors = errors_of(csv_file(tmp_path, "Ngày,observed_on,a,a\n14/9/2025,,1,2\n"))
        assert errors == [
            "readings.csv: hàng 1, cột “observed_on”: “observed_on” là cột thứ hai của “Ngày”",
            "readings.csv: hàng 1, cột “a”: “a” là cột thứ hai của “a”",
        ]

    def test_a_second_column_of_a_measure_is_named_by_its_title(self, tmp_path: Path) -> None:
        text = "Ngày,files-received,Số hồ sơ TTHC tiếp nhận\n14/9/2025,1,2\n"
        (error,) = errors_of(csv_file(tmp_path, text))
        assert error.endswith("“Số hồ sơ TTHC tiếp nhận” là cột thứ hai của “Số hồ sơ TTHC tiếp nhận”")

    def test_a_value_without_a_header_is_not_dropped(self, tmp_path: Path) -> None:
        assert errors_of(csv_file(tmp_path, "Ngày,a,\n14/9/2025,1,,5\n")) == [
            "readings.csv: hàng 2: cột “4”: “5” nằm ở cột không có tiêu đề"
        ]

    def test_a_table_without_a_day_has_one_error(self, tmp_path: Path) -> None:
        assert errors_of(csv_file(tmp_path, "when,a\n14/9/2025,1\n15/9/2025,1\n")) == [
            "readings.csv: không có hàng tiêu đề (cột Ngày hoặc observed_on) trong 20 hàng đầu;"
            " nếu cả bảng là số liệu của một ngày, hãy thêm --day NGÀY"
        ]

    def test_too_many_columns_are_refused(self, tmp_path: Path) -> None:
        header = ",".join(["Ngày", *(f"m{n}" for n in range(300))])
        assert "readings.csv: hàng 1: có hơn 256 cột" in errors_of(csv_file(tmp_path, header))

    def test_more_counts_than_a_reading_holds_are_refused(self, tmp_path: Path) -> None:
        rows: Rows = [["Ngày", *(f"m{n}" for n in range(61))], ["14/9/2025", *([1] * 61)]]
        assert errors_of(xlsx_file(tmp_path, rows)) == [
            "readings.xlsx: trang tính “Q3”, hàng 2: có nhiều số đo hơn mức một bản ghi chứa được (60)"
        ]


class TestCells:
    def test_empty_is_missing_and_zero_is_zero(self, tmp_path: Path) -> None:
        assert values_of(csv_file(tmp_path, "Ngày,a,b,c\n14/9/2025,0,, \n")) == [{"a": 0}]

    def test_a_row_without_counts_is_an_error_and_an_empty_row_is_not(self, tmp_path: Path) -> None:
        assert errors_of(csv_file(tmp_path, "Ngày,a\n,\n\n14/9/2025,\n")) == [
            "readings.csv: hàng 4: không có số liệu nào"
        ]

    def test_a_quoted_line_break_does_not_shift_the_row_numbers(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, 'Ngày,field,a\n14/9/2025,"la\nnd",1\n15/9/2025,land,x\n')
        assert [error.split(": ")[1] for error in errors_of(path)] == ["hàng 2", "hàng 3"]

    def test_a_row_names_each_of_its_errors_up_to_ten(self, tmp_path: Path) -> None:
        measures = [f"m{n}" for n in range(12)]
        (error,) = errors_of(csv_file(tmp_path, f"Ngày,{','.join(measures)}\n14/9/2025{',3.5' * 12}\n"))
        assert error.count("“3.5”") == 10
        assert error.endswith("; và 2 lỗi khác")

    def test_every_error_of_a_file_is_named_up_to_a_hundred(self, tmp_path: Path) -> None:
        errors = errors_of(csv_file(tmp_path, "Ngày" + ",a" * 125))
        assert len(errors) == 101
        assert errors[-1] == "và 24 lỗi khác"

    def test_control_characters_of_a_file_do_not_reach_a_terminal(self, tmp_path: Path) -> None:
        path = json_lines_file(tmp_path, {"observed_on": "\x1b[2J\ud800", "values": {"a\x07": 1}})
        sentences = "".join(errors_of(path))
        assert sentences.isprintable()
        assert sentences.encode()


class TestDamagedCsv:
    @pytest.mark.parametrize("encoding", ["cp1258", "latin-1", "cp1252"])
    def test_another_encoding_is_one_sentence(self, tmp_path: Path, encoding: str) -> None:
        content = "Ngày,a\n31/9/2025,x\n".encode(encoding)
        (error,) = errors_of(csv_file(tmp_path, content))
        assert error.startswith("readings.csv: không được lưu bằng UTF-8")

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
    def test_nul_bytes_are_one_sentence(self, tmp_path: Path, encoding: str) -> None:
        (error,) = errors_of(csv_file(tmp_path, "Ngày,a\n14/9/2025,1\n".encode(encoding)))
        assert "NUL" in error

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_unicode_text_of_excel_is_read(self, tmp_path: Path, encoding: str) -> None:
        text = "\ufeffNgày\tLĩnh vực\ta\r\n14/9/2025\tland\t1.234\r\n"
        assert values_of(csv_file(tmp_path, text.encode(encoding))) == [{"a": 1234}]

    def test_half_a_utf_16_file_is_one_sentence(self, tmp_path: Path) -> None:
        (error,) = errors_of(csv_file(tmp_path, "Ngày,a\n14/9/2025,1\n".encode("utf-16")[:-1]))
        assert "UTF-16" in error

    def test_the_separator_line_of_excel_is_ignored(self, tmp_path: Path) -> None:
        assert values_of(csv_file(tmp_path, "sep=;\nNgày;a;b\n14/9/2025;1.234;12,0\n")) == [{"a": 1234, "b": 12}]

    def test_an_open_quote_is_an_error(self, tmp_path: Path) -> None:
        (error,) = errors_of(csv_file(tmp_path, 'Ngày,a\n14/9/2025,1\n15/9/2025,"2\n16/9/2025,3\n'))
        assert error.startswith("readings.csv: hàng 3: không đọc được như CSV")

    def test_a_field_longer_than_the_limit_is_refused(self, tmp_path: Path) -> None:
        (error,) = errors_of(csv_file(tmp_path, f"Ngày,a\n14/9/2025,{'1' * (csv.field_size_limit() + 1)}\n"))
        assert "field larger than field limit" in error


class TestXlsx:
    def test_an_error_names_the_sheet_and_the_cell(self, tmp_path: Path) -> None:
        rows: Rows = [
            ["Ngày", None, "a", "b"],
            [date(2025, 9, 14), None, 3.5, True],
            [45914, None, date(2025, 1, 1), "#N/A"],
        ]
        first, second = errors_of(xlsx_file(tmp_path, rows))
        assert first.startswith("readings.xlsx: trang tính “Q3”, hàng 2: ô C2: “3.5” không phải là số nguyên")
        assert first.endswith("; ô D2: “TRUE” là giá trị đúng/sai, không phải số đếm")
        assert second == (
            "readings.xlsx: trang tính “Q3”, hàng 3:"
            " ô A3: “45914” là một con số; hãy định dạng ô là ngày, hoặc ghi như 14/9/2025;"
            " ô C3: ngày 1/1/2025 là một ngày, không phải số đếm;"
            " ô D3: “#N/A” là lỗi của bảng tính, không phải giá trị"
        )

    def test_text_and_whole_floats_are_counts(self, tmp_path: Path) -> None:
        rows: Rows = [["Ngày", "a", "b", "c"], ["14/9/2025", "1.234", 3.0, -2]]
        assert values_of(xlsx_file(tmp_path, rows)) == [{"a": 1234, "b": 3, "c": -2}]

    def test_a_formula_that_was_never_calculated_is_an_error_at_its_cell(self, tmp_path: Path) -> None:
        rows: Rows = [["Ngày", "a", "b"], ["14/9/2025", 1, "=B2+1"]]
        (error,) = errors_of(xlsx_file(tmp_path, rows))
        assert error.startswith("readings.xlsx: trang tính “Q3”, hàng 2: ô C2: là công thức chưa được tính")

    def test_the_stored_value_of_a_formula_is_read_and_an_empty_one_is_missing(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a", "b"], ["14/9/2025", "=1+1", '=""']])

        def calculated(sheet: bytes) -> bytes:
            second = sheet.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            return second.replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>')

        assert values_of(rewritten(path, "xl/worksheets/sheet1.xml", calculated)) == [{"a": 2}]

    def test_no_sheet_with_a_header_is_one_sentence(self, tmp_path: Path) -> None:
        (error,) = errors_of(xlsx_file(tmp_path, [["a", "b"], [1, 2]]))
        assert error.startswith("readings.xlsx: không trang tính nào (không bị ẩn) có hàng tiêu đề")

    def test_a_wrong_dimension_loses_nothing(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1], ["15/9/2025", 2]])
        load_workbook(path).close()
        path = rewritten(
            path,
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'),
        )
        assert values_of(path) == [{"a": 1}, {"a": 2}]

    def test_two_rows_of_one_number_are_damage_and_not_dropped(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1], ["15/9/2025", 2]])
        path = rewritten(
            path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="3"', b'<row r="2"').replace(b"3", b"2")
        )
        assert "readings.xlsx: bị hỏng, không đọc được như tệp XLSX" in errors_of(path)

    def test_a_row_wider_than_a_sheet_is_damage(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1]])
        path = rewritten(
            path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</row>", b"<c/>" * 20_000 + b"</row>", 1)
        )
        assert errors_of(path) == ["readings.xlsx: bị hỏng, không đọc được như tệp XLSX"]

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
    @pytest.mark.parametrize("xml", [b"", b"<", b"<a>" * 20_000, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
    def test_a_broken_part_is_never_a_traceback(self, tmp_path: Path, part: str, xml: bytes) -> None:
        path = rewritten(xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1]]), part, lambda _: xml)
        assert is_read_or_refused(path)

    def test_another_file_named_xlsx_is_one_sentence(self, tmp_path: Path) -> None:
        path = tmp_path / "readings.xlsx"
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
        assert errors_of(path) == ["readings.xlsx: bị hỏng, được đặt mật khẩu, hoặc không phải tệp XLSX"]


class TestBombs:
    def refused_cheaply(self, path: Path) -> str:
        """The one sentence; in 30 MB, and without the work of unpacking it."""
        tracemalloc.start()
        began = time.process_time()
        try:
            (error,) = errors_of(path)
            assert time.process_time() - began < 5
            assert tracemalloc.get_traced_memory()[1] < 30_000_000
        finally:
            tracemalloc.stop()
        return error

    def test_a_file_that_unfolds_too_far_is_refused(self, tmp_path: Path) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1]])
        with (
            zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
            archive.open("xl/sharedStrings2.xml", "w") as part,
        ):
            for _ in range(300):
                part.write(bytes(1024 * 1024))
        assert self.refused_cheaply(path) == "readings.xlsx: giải nén ra hơn 200 MB nên không được mở"

    def test_a_small_file_that_unfolds_two_hundredfold_is_refused(self, tmp_path: Path) -> None:
        path = zip_file(tmp_path, {"[Content_Types].xml": bytes(20_000_000)})
        assert "hơn 200 lần kích thước" in self.refused_cheaply(path)

    def test_a_file_that_lies_about_its_sizes_is_refused(self, tmp_path: Path) -> None:
        path = zip_file(tmp_path, {"[Content_Types].xml": bytes(60_000_000)})
        content = bytearray(path.read_bytes())
        struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, 1)
        path.write_bytes(content)
        assert self.refused_cheaply(path) == "readings.xlsx: bị hỏng: có thành phần không đúng kích thước đã ghi"

    def test_too_many_parts_are_refused(self, tmp_path: Path) -> None:
        path = zip_file(tmp_path, {f"{n}": b"" for n in range(5_000)})
        assert "hơn 1000 thành phần" in self.refused_cheaply(path)

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_other_compression_is_refused(self, tmp_path: Path, method: int) -> None:
        path = zip_file(tmp_path, {"a": bytes(1000)}, method)
        assert "theo cách mà Excel không dùng" in self.refused_cheaply(path)

    def test_an_encrypted_file_is_refused(self, tmp_path: Path) -> None:
        path = zip_file(tmp_path, {"a": b"b"})
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(content)
        assert self.refused_cheaply(path) == "readings.xlsx: được đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại"


class TestJsonLines:
    GOOD = '{"observed_on": "2025-09-14", "values": {"a": 1}}'

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("{", "không phải JSON hợp lệ"),
            ("[1]", "không phải một đối tượng JSON"),
            ('{"observed_on": "2025-09-15"}', "không có số liệu nào"),
            ('{"values": {"a": 1}}', "không có ngày (observed_on)"),
            (
                '{"observed_on": "2025-09-15", "values": [1]}',
                "khoá “values” chứa một danh sách, không phải một đối tượng",
            ),
            ('{"observed_on": "2025-09-15", "values": {"a": 1, "a": 2}}', "có khoá “a” hai lần"),
            ('{"observed_on": "2025-09-15", "values": {"a": 1, " a": 2}}', "khoá “ a”: có hai lần"),
            ('{"observed_on": "2025-09-15", "values": {"a": 3.5}}', "khoá “a”: “3.5” không phải là số nguyên"),
            ('{"observed_on": "2025-09-15", "values": {"a": NaN}}', "khoá “a”: “nan” không phải là số hữu hạn"),
            ('{"observed_on": "2025-09-15", "values": {"a": 1e400}}', "khoá “a”: “inf” không phải là số hữu hạn"),
            ('{"observed_on": "2025-09-15", "values": {"a": %s}}' % ("9" * 9_999), "khoá “a”: “9999"),
            ('{"observed_on": "2025-09-15", "values": {"a": true}}', "khoá “a”: “TRUE” là giá trị đúng/sai"),
            ('{"observed_on": "2025-09-15", "values": {"a": {}}}', "khoá “a”: một đối tượng không phải là số đếm"),
            ('{"observed_on": "2025-09-15", "values": {"à": 1}}', "khoá “à”: “à” không phải là mã"),
            ('{"observed_on": 20250915, "values": {"a": 1}}', "khoá “observed_on”: “20250915” là một con số"),
            ('{"observed_on": "2025-09-15", "day": 1, "values": {"a": 1}}', "khoá “day” không thuộc về bản ghi"),
            ("[" * 100_000, "lồng nhau quá sâu"),
            ("9" * 5_000, "không phải một đối tượng JSON"),
            (f'"{"a" * 300_000}"', "dài hơn 256 KB"),
        ],
    )
    def test_an_error_names_the_line_and_the_key(self, tmp_path: Path, line: str, sentence: str) -> None:
        path = json_lines_file(tmp_path, self.GOOD, line)
        (error,) = errors_of(path)
        assert error.startswith(f"readings.jsonl: dòng 2: {sentence}")
        assert values_of(path) == [{"a": 1}]

    def test_bytes_that_are_not_utf8_spoil_their_line_only(self, tmp_path: Path) -> None:
        path = tmp_path / "readings.jsonl"
        path.write_bytes(b'{"field": "\xff"}\n{\n')
        assert errors_of(path) == [
            "readings.jsonl: dòng 1: không được lưu bằng UTF-8",
            "readings.jsonl: dòng 2: không phải JSON hợp lệ",
        ]


class TestFilesAsAWhole:
    def test_a_path_that_cannot_be_opened_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "folder.csv").mkdir()
        (tmp_path / "readings.ods").write_bytes(b"x")
        (tmp_path / "empty.csv").write_bytes(b"\n")
        os.mkfifo(tmp_path / "pipe.csv")
        expected = {
            "folder.csv": "là thư mục, không phải tệp",
            "none.csv": "không có tệp này",
            "pipe.csv": "không phải là tệp",
            "readings.ods": "tên tệp phải kết thúc bằng .csv, .xlsx hoặc .jsonl",
            "empty.csv": "là tệp rỗng",
        }
        assert [errors_of(tmp_path / name) for name in expected] == [[f"{n}: {why}"] for n, why in expected.items()]

    def test_names_that_no_file_can_have_are_one_sentence(self, tmp_path: Path) -> None:
        assert len(errors_of(tmp_path / "a\0.csv")) == 1
        assert len(errors_of(tmp_path / ("a" * 300 + ".csv"))) == 1

    def test_a_header_alone_holds_no_readings(self, tmp_path: Path) -> None:
        assert errors_of(csv_file(tmp_path, "Ngày,a\n")) == ["readings.csv: không có số liệu nào"]

    def test_a_file_over_fifty_megabytes_is_refused(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,a\n")
        os.truncate(path, 50 * 1024 * 1024 + 1)
        assert errors_of(path) == ["readings.csv: lớn hơn 50 MB"]

    @pytest.mark.slow
    def test_the_row_after_a_hundred_thousand_is_refused(self, tmp_path: Path) -> None:
        rows = "".join(f"r{number},14/9/2025,1\n" for number in range(100_001))
        path = csv_file(tmp_path, "reading_id,Ngày,a\n" + rows)
        assert errors_of(path) == ["readings.csv: hàng 100002: có hơn 100.000 bản ghi; hãy chia thành nhiều tệp"]
        path.write_text(path.read_text().rsplit("\n", 2)[0])
        assert len(read_readings(path).readings) == 100_000


LETTERS = string.ascii_letters + string.digits
IDS = st.tuples(st.sampled_from(LETTERS), st.text(LETTERS + "_-", max_size=79)).map("".join)  # cheaper than a regex
OTHER_HEADERS = {*IGNORED_HEADERS, "online", "dvctt"}
MEASURES = IDS.filter(lambda name: not known_header(name) and plain(name) not in OTHER_HEADERS)


def has_no_total(readings: list[Reading]) -> bool:
    """Whether no reading without a field, which may be a total, has the day of one with a field."""
    by_field, whole = ({r.observed_on for r in readings if (r.field is None) == is_whole} for is_whole in (False, True))
    return not by_field & whole


READINGS = st.lists(
    st.builds(
        Reading,
        reading_id=IDS,
        observed_on=st.dates(date(1900, 3, 1), date(2199, 12, 31)),
        field=st.none() | IDS,
        values=st.dictionaries(MEASURES, st.integers(-(10**12), 10**12), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda reading: reading.reading_id,
).filter(has_no_total)


def as_rows(readings: list[Reading]) -> list[list[Any]]:
    measures = sorted({measure for reading in readings for measure in reading.values})
    return [
        ["reading_id", "Ngày", "Lĩnh vực", *measures],
        *([r.reading_id, r.observed_on, r.field, *(r.values.get(m) for m in measures)] for r in readings),
    ]


@pytest.mark.slow  # hundreds of files, written and read
class TestRoundTrip:
    @IN_TMP_PATH
    @given(readings=READINGS, delimiter=st.sampled_from(",;\t"), bom=st.booleans())
    def test_as_csv(self, tmp_path: Path, readings: list[Reading], delimiter: str, bom: bool) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerows(as_rows(readings))
        path = csv_file(tmp_path, text.getvalue().encode("utf-8-sig" if bom else "utf-8"))
        assert read_readings(path)[:3] == (readings, [], [])

    @IN_TMP_PATH
    @given(readings=READINGS)
    def test_as_xlsx(self, tmp_path: Path, readings: list[Reading]) -> None:
        assert read_readings(xlsx_file(tmp_path, as_rows(readings)))[:3] == (readings, [], [])

    @IN_TMP_PATH
    @given(readings=READINGS)
    def test_as_json_lines(self, tmp_path: Path, readings: list[Reading]) -> None:
        path = json_lines_file(tmp_path, *(reading.model_dump(mode="json") for reading in readings))
        assert read_readings(path)[:3] == (readings, [], [])


class TestDamagedFiles:
    @IN_TMP_PATH
    @given(content=st.binary(max_size=2_000), kind=st.sampled_from(["csv", "xlsx", "jsonl"]))
    def test_random_bytes_raise_nothing_else(self, tmp_path: Path, content: bytes, kind: str) -> None:
        path = tmp_path / f"readings.{kind}"
        path.write_bytes(content)
        assert is_read_or_refused(path)

    @IN_TMP_PATH
    @given(text=st.text(alphabet='Ngày,;\t"\n\r1.-/ {}:[]aN\\u0\x1b\u2028', max_size=200))
    def test_nearly_valid_text_raises_nothing_else(self, tmp_path: Path, text: str) -> None:
        line = f'{{"observed_on": "2025-09-14", "values": {{"a": {text}'
        assert is_read_or_refused(csv_file(tmp_path, f"Ngày,a,b\n14/9/2025,{text}"))
        assert is_read_or_refused(json_lines_file(tmp_path, line))

    @IN_TMP_PATH
    @given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
    def test_a_damaged_xlsx_file_raises_nothing_else(self, tmp_path: Path, changes: list[tuple[int, int]]) -> None:
        path = xlsx_file(tmp_path, [["Ngày", "a"], ["14/9/2025", 1]])
        content = bytearray(path.read_bytes())
        for at, byte in changes:
            content[at % len(content)] = byte
        path.write_bytes(content)
        assert is_read_or_refused(path)

    @IN_TMP_PATH
    @given(
        changes=st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(b"<>/\"'0 rt&;-")), min_size=1, max_size=3)
    )
    def test_a_sheet_with_damaged_xml_raises_nothing_else(self, tmp_path: Path, changes: list[tuple[int, int]]) -> None:
        def damaged(sheet: bytes) -> bytes:
            content = bytearray(sheet)
            for at, byte in changes:
                content[at % len(content)] = byte
            return bytes(content)

        path = xlsx_file(tmp_path, [["Ngày", "a"], [date(2025, 9, 14), 1]])
        assert is_read_or_refused(rewritten(path, "xl/worksheets/sheet1.xml", damaged))
