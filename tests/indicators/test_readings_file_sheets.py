"""Sheets as people make them: formulas, merged and hidden cells, totals, titles, several tables."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from services.indicators.readings_file import Choices, FileErrors, FileReadings, Hidden, read_readings

HEADER = ["Ngày", "Lĩnh vực", "files-received", "files-late"]
DAY = date(2025, 9, 14)
ROWS: list[list[Any]] = [HEADER, [DAY, "land", 3, 1], [DAY, "civil", 5, 0], [DAY, "trade", 7, 2]]

Change = Callable[[Any], None]


def made(folder: Path, rows: list[list[Any]], change: Change = lambda sheet: None) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = "Q3"
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(folder / "q3.xlsx")
    return folder / "q3.xlsx"


def with_xml(path: Path, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """The same file with XML that openpyxl itself would not write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def counts(read: FileReadings) -> list[tuple[str | None, int]]:
    return [(reading.field, reading.values["files-received"]) for reading in read.readings]


def reasons(read: FileReadings) -> dict[str, str]:
    return {row.place.removeprefix("trang tính “Q3”, "): "; ".join(row.reasons) for row in read.refused}


def file_error(path: Path, choices: Choices | None = None) -> str:
    with pytest.raises(FileErrors) as refused:
        read_readings(path, choices)
    (error,) = refused.value.errors
    return error


class TestFormulas:
    def rows_with(self, folder: Path, cell: bytes) -> FileReadings:
        path = made(folder, [*ROWS[:2], [DAY, "civil", 4242, 0], ROWS[3]])
        return read_readings(with_xml(path, b'<c r="C3" t="n"><v>4242</v></c>', b'<c r="C3"' + cell + b"</c>"))

    @pytest.mark.parametrize(
        "cell",
        [
            b"><f>2+3</f><v>5</v>",
            b"><f>[1]Sheet1!$A$1</f><v>5</v>",
            b' t="str"><f>TEXT(5,"0")</f><v>5</v>',
            b'><f t="shared" ref="C3:C4" si="0">A1+1</f><v>5</v>',
            b"><v>5E0</v>",
        ],
    )
    def test_the_value_last_stored_is_read(self, tmp_path: Path, cell: bytes) -> None:
        read = self.rows_with(tmp_path, cell)
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]
        assert read.refused == []

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            (b"><f>2+3</f>", "ô C3: là công thức chưa được tính; hãy mở tệp bằng Excel rồi lưu lại"),
            (b' t="e"><f>1/0</f><v>#DIV/0!</v>', "ô C3: “#DIV/0!” là lỗi của bảng tính, không phải giá trị"),
            (b' t="e"><v>#N/A</v>', "ô C3: “#N/A” là lỗi của bảng tính, không phải giá trị"),
            (b"><v>NaN</v>", "ô C3: “NaN” không phải là một giá trị của bảng tính"),
            (b"><v>-INF</v>", "ô C3: “-INF” không phải là một giá trị của bảng tính"),
            (b"><v>1E400</v>", "ô C3: “inf” không phải là số hữu hạn"),
            (b"><v>1E17</v>", "ô C3: “1e+17” lớn quá mức của một số đếm (1.000.000.000.000)"),
            (b"><v>" + b"9" * 5_000 + b"</v>", "ô C3: “" + "9" * 60 + "…” không phải là một giá trị của bảng tính"),
            (b"><v>2.5</v>", "ô C3: “2.5” không phải là số nguyên"),
            (b' t="b"><v>1</v>', "ô C3: “TRUE” là giá trị đúng/sai, không phải số đếm"),
            (b' t="b"><v>maybe</v>', "ô C3: “maybe” không phải là một giá trị của bảng tính"),
            (b' t="d"><v>yesterday</v>', "ô C3: “yesterday” không phải là một giá trị của bảng tính"),
        ],
    )
    def test_a_value_that_is_no_count_refuses_its_row_only(self, tmp_path: Path, cell: bytes, reason: str) -> None:
        read = self.rows_with(tmp_path, cell)
        assert counts(read) == [("land", 3), ("trade", 7)]
        (text,) = reasons(read).values()
        assert text.startswith(reason)
        assert read.refused[0].place == "trang tính “Q3”, hàng 3"


class TestNumberFormats:
    def test_a_percentage_is_no_count_although_stored_as_a_number(self, tmp_path: Path) -> None:
        def percent(sheet: Any) -> None:
            sheet["C2"].number_format = "0%"
            sheet["C2"] = 1
            sheet["C3"].number_format = '0" %"'

        read = read_readings(made(tmp_path, ROWS, percent))
        assert reasons(read) == {"hàng 2": "ô C2: “100%” là tỷ lệ; hãy ghi số đếm"}
        assert counts(read) == [("civil", 5), ("trade", 7)]

    def test_a_number_is_a_day_only_if_the_sheet_shows_a_day(self, tmp_path: Path) -> None:
        def as_number(sheet: Any) -> None:
            sheet["A3"].number_format = "General"
            sheet["A3"] = 45914
            sheet["A4"].number_format = "dd/mm/yyyy"
            sheet["A4"] = 45914

        read = read_readings(made(tmp_path, ROWS, as_number))
        assert [reading.observed_on for reading in read.readings] == [DAY, DAY]
        assert list(reasons(read)) == ["hàng 3"]

    def test_days_counted_from_1904_are_the_same_days(self, tmp_path: Path) -> None:
        book = Workbook()
        book.epoch = CALENDAR_MAC_1904
        for row in ROWS:
            book.active.append(row)
        book.save(tmp_path / "mac.xlsx")
        assert {reading.observed_on for reading in read_readings(tmp_path / "mac.xlsx").readings} == {DAY}

    def test_a_day_beyond_the_calendar_is_refused(self, tmp_path: Path) -> None:
        def too_late(sheet: Any) -> None:
            sheet["A3"].number_format = "dd/mm/yyyy"
            sheet["A3"] = 99999999999

        read = read_readings(made(tmp_path, ROWS, too_late))
        assert reasons(read) == {"hàng 3": "ô A3: là ngày nằm ngoài lịch của bảng tính"}

    def test_a_time_is_no_count_and_a_day_with_a_time_is_a_day(self, tmp_path: Path) -> None:
        half_past_eight = datetime(2025, 9, 14, 8, 30)  # noqa: DTZ001 - Excel has no zones
        rows = [HEADER, [half_past_eight, "land", 3, 1], [DAY, "civil", half_past_eight.time(), 0]]
        read = read_readings(made(tmp_path, rows))
        assert [reading.observed_on for reading in read.readings] == [DAY]
        assert "là giờ, không phải số đếm" in reasons(read)["hàng 3"]

    def test_a_protected_sheet_is_read(self, tmp_path: Path) -> None:
        def protect(sheet: Any) -> None:
            sheet.protection.set_password("secret")
            sheet.protection.enable()

        assert len(read_readings(made(tmp_path, ROWS, protect)).readings) == 3


class TestMergedCells:
    def test_a_day_merged_down_rows_is_the_day_of_each(self, tmp_path: Path) -> None:
        rows = [HEADER, [DAY, "land", 3, 1], [None, "civil", 5, 0], [None, "trade", 7, 2], [None, "tax", 9, 0]]
        read = read_readings(made(tmp_path, rows, lambda sheet: sheet.merge_cells("A2:A4")))
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]
        assert reasons(read) == {"hàng 5": "ô A5: để trống"}

    def test_a_field_merged_down_rows_is_the_field_of_each(self, tmp_path: Path) -> None:
        rows = [HEADER, ["13/9/2025", "land", 3, 1], ["14/9/2025", None, 5, 0]]
        read = read_readings(made(tmp_path, rows, lambda sheet: sheet.merge_cells("B2:B3")))
        assert counts(read) == [("land", 3), ("land", 5)]

    def test_a_value_covered_by_a_merged_day_is_not_read(self, tmp_path: Path) -> None:
        path = made(tmp_path, [HEADER, [DAY, "land", 3, 1], [date(2025, 9, 1), "civil", 5, 0]])
        path = with_xml(path, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>')
        assert [reading.observed_on for reading in read_readings(path).readings] == [DAY, DAY]

    @pytest.mark.parametrize("area", ["C2:C3", "C2:D2", "B2:C2", "A2:B2", "B2:C3"])
    def test_a_count_of_several_rows_or_columns_is_refused_in_each(self, tmp_path: Path, area: str) -> None:
        read = read_readings(made(tmp_path, ROWS, lambda sheet: sheet.merge_cells(area)))
        rows = ["hàng 2", "hàng 3"] if area.endswith("3") else ["hàng 2"]
        assert list(reasons(read)) == rows
        assert all(f"ô gộp {area}" in text for text in reasons(read).values())
        assert len(read.readings) == 3 - len(rows)

    def test_a_header_in_two_rows_is_read_by_its_lower_one(self, tmp_path: Path) -> None:
        rows = [
            ["Ngày", "Lĩnh vực", "Hồ sơ", None],
            [None, None, "files-received", "files-late"],
            *ROWS[1:],
        ]

        def merge(sheet: Any) -> None:
            for area in ("A1:A2", "B1:B2", "C1:D1"):
                sheet.merge_cells(area)

        read = read_readings(made(tmp_path, rows, merge))
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]
        assert read.readings[0].values == {"files-received": 3, "files-late": 1}

    def test_a_header_merged_over_two_columns_names_the_first_only(self, tmp_path: Path) -> None:
        rows = [["Ngày", "files-received", None], [DAY, 3, None], ["15/9/2025", 4, 1]]
        read = read_readings(made(tmp_path, rows, lambda sheet: sheet.merge_cells("B1:C1")))
        assert [reading.values for reading in read.readings] == [{"files-received": 3}]
        assert reasons(read) == {"hàng 3": "ô C3: “1” nằm ở cột không có tiêu đề"}

    def test_merged_areas_missed_by_the_first_scan_are_damage(self, tmp_path: Path) -> None:
        path = made(tmp_path, ROWS, lambda sheet: sheet.merge_cells("C2:C3"))
        path = with_xml(path, b'ref="C2:C3"', b'ref="&#67;2:C3"')
        assert file_error(path) == "q3.xlsx: bị hỏng, không đọc được như tệp XLSX"

    def test_a_million_merged_rows_cost_nothing(self, tmp_path: Path) -> None:
        path = made(tmp_path, ROWS, lambda sheet: sheet.merge_cells("A4:A5"))
        read = read_readings(with_xml(path, b'ref="A4:A5"', b'ref="A4:A1048576"'))
        assert len(read.readings) == 3


class TestHidden:
    def hidden(self, folder: Path, hidden: Hidden, change: Change) -> FileReadings:
        return read_readings(made(folder, ROWS, change), Choices(hidden))

    def hide_row(self, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    def hide_column(self, sheet: Any) -> None:
        sheet.column_dimensions["D"].hidden = True

    def test_a_hidden_row_is_refused_by_default(self, tmp_path: Path) -> None:
        read = self.hidden(tmp_path, "refuse", self.hide_row)
        assert counts(read) == [("land", 3), ("trade", 7)]
        assert reasons(read)["hàng 3"].startswith("hàng bị ẩn")

    @pytest.mark.parametrize(("choice", "left"), [("include", 3), ("skip", 2)])
    def test_a_hidden_row_is_counted_or_left_out_by_choice(self, tmp_path: Path, choice: Hidden, left: int) -> None:
        read = self.hidden(tmp_path, choice, self.hide_row)
        assert (len(read.readings), read.refused) == (left, [])
        assert [note.split(": ")[2] for note in read.notes] == [
            "1 hàng bị ẩn vẫn được tính" if choice == "include" else "1 hàng bị ẩn không được tính"
        ]

    def test_a_count_in_a_hidden_column_refuses_its_row(self, tmp_path: Path) -> None:
        read = self.hidden(tmp_path, "refuse", self.hide_column)
        assert read.readings == []
        assert reasons(read)["hàng 2"].startswith("ô D2 nằm trong cột bị ẩn")

    @pytest.mark.parametrize(("choice", "measures"), [("include", 2), ("skip", 1)])
    def test_a_hidden_column_is_a_choice_too(self, tmp_path: Path, choice: Hidden, measures: int) -> None:
        read = self.hidden(tmp_path, choice, self.hide_column)
        assert [len(reading.values) for reading in read.readings] == [measures] * 3
        assert len(read.notes) == 1

    def test_a_hidden_column_of_ids_is_accepted(self, tmp_path: Path) -> None:
        rows = [["reading_id", *HEADER], *(["r" + row[1], *row] for row in ROWS[1:])]

        def hide(sheet: Any) -> None:
            sheet.column_dimensions["A"].hidden = True

        assert [r.reading_id for r in read_readings(made(tmp_path, rows, hide)).readings] == [
            "rland",
            "rcivil",
            "rtrade",
        ]

    def test_a_hidden_row_of_codes_under_the_titles_is_the_header(self, tmp_path: Path) -> None:
        rows = [["Ngày", "Lĩnh vực", "Hồ sơ tiếp nhận", "Hồ sơ trễ hạn"], *ROWS]

        def hide(sheet: Any) -> None:
            sheet.row_dimensions[2].hidden = True

        read = read_readings(made(tmp_path, rows, hide), Choices("skip"))
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]


class TestTotalsAndTitles:
    @pytest.mark.parametrize(
        "total",
        [
            ["Tổng cộng", None, 15, 3],
            ["TỔNG:", None, 15, 3],
            [None, "Cộng", 15, 3],
            [None, " tổng  số ", 15, 3],
            ["Lũy kế từ đầu năm", None, 15, 3],
            [None, "Cộng tháng 9:", 15, 3],
        ],
    )
    def test_a_row_of_sums_is_noted_and_not_counted(self, tmp_path: Path, total: list[Any]) -> None:
        read = read_readings(made(tmp_path, [*ROWS, total]))
        assert (len(read.readings), read.refused) == (3, [])
        assert read.notes == ["q3.xlsx: trang tính “Q3”, hàng 5: là hàng tổng nên không tính"]

    def test_a_sum_of_one_day_is_noted_beside_its_fields_and_refused_alone(self, tmp_path: Path) -> None:
        read = read_readings(made(tmp_path, [*ROWS, [DAY, "Tổng cộng", 15, 3], [date(2025, 9, 15), "Tổng số", 1, 0]]))
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]
        assert read.notes == [
            "q3.xlsx: 1 hàng tổng của ngày có số liệu theo lĩnh vực, không tính: trang tính “Q3”, hàng 5"
        ]
        assert "ngày này không có lĩnh vực nào" in reasons(read)["hàng 6"]

    def test_titles_stand_above_the_header_and_numbers_and_remarks_beside_it(self, tmp_path: Path) -> None:
        rows = [
            ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            [],
            ["Số liệu quý III năm 2025"],
            ["STT", *HEADER, "Ghi chú"],
            *([number, *row, "đã đối chiếu"] for number, row in enumerate(ROWS[1:], 1)),
            ["Tổng cộng", None, None, 15, 3],
        ]
        read = read_readings(made(tmp_path, rows))
        assert counts(read) == [("land", 3), ("civil", 5), ("trade", 7)]
        assert (read.refused, len(read.notes)) == ([], 1)

    def test_columns_stand_in_any_order_and_rows_may_be_empty(self, tmp_path: Path) -> None:
        rows = [["files-late", "Lĩnh vực", "files-received", "Ngày"], [], [1, "land", 3, DAY], [None, " "]]
        assert counts(read_readings(made(tmp_path, rows))) == [("land", 3)]


class TestSheets:
    def book(self, folder: Path, states: dict[str, str]) -> Path:
        book = Workbook()
        for title, state in states.items():
            sheet = book.create_sheet(title)
            for row in ROWS:
                sheet.append(row)
            sheet.sheet_state = state
        book.save(folder / "q3.xlsx")
        return folder / "q3.xlsx"

    def test_two_tables_need_a_choice(self, tmp_path: Path) -> None:
        path = self.book(tmp_path, {"Tháng 8": "visible", "Tháng 9": "visible"})
        assert file_error(path) == (
            "q3.xlsx: có 2 trang tính chứa bảng số liệu (“Tháng 8”, “Tháng 9”); hãy chọn một bằng --sheet"
        )
        assert len(read_readings(path, Choices(sheet="Tháng 9")).readings) == 3
        assert file_error(path, Choices(sheet="Tháng 7")) == "q3.xlsx: không có trang tính “Tháng 7”"

    @pytest.mark.parametrize("state", ["hidden", "veryHidden"])
    def test_a_hidden_sheet_is_noted_and_read_only_if_named(self, tmp_path: Path, state: str) -> None:
        path = self.book(tmp_path, {"Q3": "visible", "Cũ": state})
        read = read_readings(path)
        assert len(read.readings) == 3
        assert read.notes == ["q3.xlsx: trang tính “Cũ”: bị ẩn nên không được đọc"]
        assert len(read_readings(path, Choices(sheet="Cũ")).readings) == 3

    def test_a_sheet_without_a_header_cannot_be_chosen(self, tmp_path: Path) -> None:
        path = self.book(tmp_path, {"Q3": "visible"})
        assert "trang tính “Sheet”: không có hàng tiêu đề" in file_error(path, Choices(sheet="Sheet"))
