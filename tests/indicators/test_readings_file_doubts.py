"""Rows of a readings file that are wrong only beside others, or only as the sheet shows them: each is refused."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from services.indicators.readings_file import FileReadings, read_readings
from services.indicators.readings_file.refused_rows import write_refused_rows

HEADER = ["observed_on", "field", "files-received", "files-received-online"]
Rows = list[list[Any]]
Writer = Callable[[Path, Rows], Path]


def as_csv(folder: Path, rows: Rows) -> Path:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in [HEADER, *rows]]
    (folder / "days.csv").write_text("\n".join(lines), "utf-8")
    return folder / "days.csv"


def as_json_lines(folder: Path, rows: Rows) -> Path:
    lines = [
        {
            "observed_on": str(day),
            "field": field,
            "values": {name: count for name, count in zip(HEADER[2:], counts, strict=False) if count is not None},
        }
        for day, field, *counts in rows
    ]
    (folder / "days.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return folder / "days.jsonl"


def as_xlsx(folder: Path, rows: Rows, number_format: str | None = None) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in [HEADER, *rows]:
        sheet.append(row)
        if number_format and isinstance(row[0], date):
            sheet.cell(sheet.max_row, 1).number_format = number_format
    book.save(folder / "days.xlsx")
    return folder / "days.xlsx"


every_kind = pytest.mark.parametrize("written", [as_csv, as_json_lines, as_xlsx])


def days(read: FileReadings) -> list[date]:
    return [reading.observed_on for reading in read.readings]


def pushed_again(read: FileReadings, folder: Path) -> FileReadings:
    """The refused rows as the clerk gets them, pushed without a correction."""
    write_refused_rows(folder / "again.xlsx", read.refused)
    return read_readings(folder / "again.xlsx")


class TestExchangedDays:
    """A clerk types days first into a spreadsheet that reads months first: up to the 12th it stores another day."""

    @staticmethod
    def typed(text: str, day: int) -> date | str:
        return date(2024, day, 12) if day <= 12 else text.format(d=day)

    @every_kind
    @pytest.mark.parametrize("text", ["{d}/12/2024", "{d}-12-2024", "{d}.12.2024", "ngày {d} tháng 12 năm 2024"])
    def test_stored_days_up_to_the_12th_beside_text_past_it_are_refused(
        self, tmp_path: Path, written: Writer, text: str
    ) -> None:
        read = read_readings(written(tmp_path, [[self.typed(text, day), "land", day, 1] for day in range(1, 21)]))
        assert days(read) == [date(2024, 12, day) for day in range(12, 21)]  # 12/12 is itself either way
        assert len(read.refused) == 11
        assert "có thể đã đổi ngày với tháng (12/1/2024 hoặc 1/12/2024)" in read.refused[0].reasons[0]
        assert not pushed_again(read, tmp_path).readings

    @every_kind
    @pytest.mark.parametrize("text", ["{d}/12/24", "{d}-12-24", "ngày {d}.12.24"])
    def test_text_with_a_year_of_two_digits_tells_of_the_order_too(
        self, tmp_path: Path, written: Writer, text: str
    ) -> None:
        read = read_readings(written(tmp_path, [[self.typed(text, day), "land", day, 1] for day in range(1, 21)]))
        assert days(read) == [date(2024, 12, 12)]
        assert "có thể đã đổi ngày với tháng (12/1/2024 hoặc 1/12/2024)" in read.refused[0].reasons[0]
        assert "viết năm hai chữ số" in read.refused[-1].reasons[0]

    @every_kind
    def test_the_month_typed_first_in_a_spreadsheet_of_days_first_too(self, tmp_path: Path, written: Writer) -> None:
        rows = [[date(2025, 5, 9), "land", 1, 1], ["9/14/2025", "land", 2, 1]]
        assert not read_readings(written(tmp_path, rows)).readings

    @every_kind
    @pytest.mark.parametrize(
        "stored",
        [
            [date(2025, 7, day) for day in (1, 2, 12)],
            [date(2025, 7, 1), date(2025, 7, 13), "14/7/2025"],
            [date(2025, 7, 1), "02/7/2025"],
            [date(2025, 7, 1), "31/9/2025"],
        ],
    )
    def test_days_that_nothing_contradicts_are_read(self, tmp_path: Path, written: Writer, stored: list[Any]) -> None:
        read = read_readings(written(tmp_path, [[day, "land", 1, 1] for day in stored]))
        assert len(read.readings) == len([day for day in stored if day != "31/9/2025"])

    def test_mended_rows_are_read_beside_the_days_of_the_refused_file(self, tmp_path: Path) -> None:
        write_refused_rows(
            tmp_path / "again.xlsx", read_readings(as_xlsx(tmp_path, [[date(2025, 9, 8), "land", "x", 1]])).refused
        )
        book = load_workbook(tmp_path / "again.xlsx")
        sheet: Any = book.active
        sheet["C2"] = 5
        sheet.append(["30/8/2025", "land", 7, 1])
        book.save(tmp_path / "mended.xlsx")
        assert days(read_readings(tmp_path / "mended.xlsx")) == [date(2025, 9, 8), date(2025, 8, 30)]


class TestTimesOfDay:
    @every_kind
    @pytest.mark.parametrize(
        "earlier",
        [timedelta(hours=7), timedelta(hours=7, minutes=6, seconds=30), timedelta(minutes=6, seconds=30)],
    )
    def test_midnights_written_in_another_zone_are_refused(
        self, tmp_path: Path, written: Writer, earlier: timedelta
    ) -> None:
        midnights = [datetime(2025, 7, day) - earlier for day in range(1, 6)]  # noqa: DTZ001 - Excel has no zones
        read = read_readings(written(tmp_path, [[at, "land", 10, 1] for at in midnights]))
        assert (read.readings, len(read.refused)) == ([], 5)
        assert "hãy ghi ngày không kèm giờ, như 14/9/2025" in read.refused[0].reasons[0]
        assert not pushed_again(read, tmp_path).readings

    @pytest.mark.parametrize("at", ["T17:00:00.000", " 17:00", "T16:53:30", " 23:59:17", "T23:53:30,5"])
    @pytest.mark.parametrize("written", [as_csv, as_json_lines])
    def test_however_the_time_is_written(self, tmp_path: Path, written: Writer, at: str) -> None:
        if "," in at and written is as_csv:
            at = at.replace(",", ".")
        rows: Rows = [[f"2025-07-0{day}{at}", "land", 1, 1] for day in range(1, 6)]
        assert len(read_readings(written(tmp_path, rows)).refused) == 5

    @every_kind
    def test_days_without_a_time_beside_them_stay(self, tmp_path: Path, written: Writer) -> None:
        rows = [["2025-07-20", "land", 1, 1], ["2025-07-21 17:00:00", "land", 1, 1]]
        assert days(read_readings(written(tmp_path, rows))) == [date(2025, 7, 20)]

    @every_kind
    @pytest.mark.parametrize("hours", [[8, 17, 9], [8, 8, 8], [0, 0, 0], [16, 17, 17]])
    def test_times_within_office_hours_are_passed_over(self, tmp_path: Path, written: Writer, hours: list[int]) -> None:
        rows = [[datetime(2025, 7, 13 + n, hour), "land", 1, 1] for n, hour in enumerate(hours)]  # noqa: DTZ001
        assert len(read_readings(written(tmp_path, rows)).readings) == 3


class TestCellsThatShowNoDay:
    @pytest.mark.parametrize(
        "number_format",
        ["mmm-yy", "mm/yyyy", '"Tháng "m/yyyy', "[$-42A]mmmm yyyy", "yyyy", '"ngày" mm/yyyy', "mmmm", "hh:mm", "dddd"],
    )
    @pytest.mark.parametrize("day", [date(2025, 6, 1), date(2025, 6, 30)])
    def test_a_month_is_no_day(self, tmp_path: Path, number_format: str, day: date) -> None:
        read = read_readings(as_xlsx(tmp_path, [[day, "land", 306, 6]], number_format))
        assert read.readings == []
        assert "“6/2025”" in read.refused[0].reasons[0]
        assert "không phải là ngày như 14/9/2025" in read.refused[0].reasons[0]
        assert not pushed_again(read, tmp_path).readings

    @pytest.mark.parametrize(
        "number_format", ["mm-dd-yy", "dd/mm/yyyy;@", '[$-42A]"ngày "d" tháng "m', "d-mmm", "ddd d/m"]
    )
    def test_a_cell_that_shows_its_day_is_read(self, tmp_path: Path, number_format: str) -> None:
        assert days(read_readings(as_xlsx(tmp_path, [[date(2025, 6, 1), "land", 3, 1]], number_format)))


PARTS: Rows = [["2025-07-01", "land", 10, 4], ["2025-07-01", "justice", 6, 3]]


class TestTotals:
    @every_kind
    @pytest.mark.parametrize("at", [0, 2])
    def test_the_total_of_a_day_beside_its_fields_is_refused(self, tmp_path: Path, written: Writer, at: int) -> None:
        rows = [*PARTS]
        rows.insert(at, ["2025-07-01", None, 16, 7])
        read = read_readings(written(tmp_path, rows))
        assert [reading.field for reading in read.readings] == ["land", "justice"]
        assert "bằng tổng các lĩnh vực cùng ngày" in read.refused[0].reasons[0]
        assert not pushed_again(read, tmp_path).readings

    def test_the_day_merged_over_its_rows(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet: Any = book.active
        for row in [HEADER, *PARTS, [None, None, 16, 7]]:
            sheet.append(row)
        sheet.merge_cells("A2:A4")
        book.save(tmp_path / "merged.xlsx")
        assert len(read_readings(tmp_path / "merged.xlsx").readings) == 2

    @every_kind
    def test_a_total_with_other_measures_is_refused_by_those_that_it_shares(
        self, tmp_path: Path, written: Writer
    ) -> None:
        rows: Rows = [["2025-07-01", "land", 10, None], ["2025-07-01", "justice", 6, None], ["2025-07-01", None, 16, 5]]
        assert len(read_readings(written(tmp_path, rows)).readings) == 2

    @every_kind
    def test_counts_without_a_field_that_are_no_total_are_noted(self, tmp_path: Path, written: Writer) -> None:
        read = read_readings(written(tmp_path, [*PARTS, ["2025-07-01", None, 2, 1]]))
        assert (len(read.readings), read.refused) == (3, [])
        assert "nếu là hàng tổng thì số liệu được tính hai lần" in read.notes[0]

    @every_kind
    @pytest.mark.parametrize(
        "rows",
        [
            [["2025-07-01", None, 16, 7], ["2025-07-02", None, 13, 3]],
            [["2025-07-01", "land", 10, 4], ["2025-07-02", None, 10, 4]],
            [["2025-07-01", "land", 0, None], ["2025-07-01", None, 0, None]],
            [["2025-07-01", "land", 3, None], ["2025-07-01", None, None, 3]],
        ],
    )
    def test_rows_without_fields_are_read(self, tmp_path: Path, written: Writer, rows: Rows) -> None:
        read = read_readings(written(tmp_path, rows))
        assert (len(read.readings), read.refused, read.notes) == (2, [], [])

    @every_kind
    @pytest.mark.parametrize(
        "rows",
        [
            [["2025-07-01", "land", 20, 6], ["2025-07-02", "land", 9, 4], ["2025-07-31", "land", 29, 10]],
            [["2025-07-01", None, 20, 6], ["2025-07-02", None, 9, 4], ["2025-07-31", None, 29, 10]],
            [["2025-07-01", "land", 20, 6], ["2025-07-02", "justice", 9, 4], ["2025-07-31", None, 29, 10]],
        ],
    )
    def test_a_row_that_equals_all_others_of_its_month_is_noted(
        self, tmp_path: Path, written: Writer, rows: Rows
    ) -> None:
        read = read_readings(written(tmp_path, rows))
        assert (len(read.readings), read.refused) == (3, [])
        (note,) = read.notes
        assert "nếu là hàng tổng thì số liệu được tính hai lần" in note
        assert any(place in note for place in ("hàng 4: ", "dòng 3: "))

    @every_kind
    def test_rows_of_a_month_that_are_no_total_have_no_note(self, tmp_path: Path, written: Writer) -> None:
        rows: Rows = [["2025-07-01", "land", 5, 2], ["2025-07-02", "land", 5, 2], ["2025-07-03", "land", 5, 2]]
        other_month: Rows = [["2025-08-31", "land", 15, 6], ["2025-08-30", "land", 0, 0], ["2025-08-29", "land", 0, 0]]
        assert read_readings(written(tmp_path, [*rows, ["2025-09-30", "land", 20, 8]])).notes == []
        assert len(read_readings(written(tmp_path, [*rows, *other_month])).notes) == 0

    def test_one_count_repeated_in_each_field_is_refused(self, tmp_path: Path) -> None:
        lines = [
            {"observed_on": "2025-07-01", "field": field, "values": {"procedures-in-scope": 300, "files-received": 5}}
            for field in ("land", "justice", "trade")
        ]
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
        read = read_readings(tmp_path / "a.jsonl")
        assert read.readings == []
        assert "số đo procedures-in-scope không tính theo lĩnh vực" in read.refused[0].reasons[0]
