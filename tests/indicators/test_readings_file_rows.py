"""A bad row is refused alone; refused rows are written to a file, to be corrected and pushed again."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.indicators.cli.readings.push import READINGS_A_SUBMISSION, submissions_of
from services.indicators.readings_file import RefusedRow, read_readings
from services.indicators.readings_file.refused_rows import write_refused_rows
from shared.contracts.indicators import Reading
from shared.messaging.streams import streams

IN_TMP_PATH = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def csv_file(folder: Path, *rows: str, name: str = "readings.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(rows), "utf-8")
    return path


def refused_places(path: Path) -> list[str]:
    return [row.place for row in read_readings(path).refused]


class TestRows:
    def test_a_row_with_one_bad_cell_is_refused_whole_and_the_others_are_read(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,a,b", "14/9/2025,1,2", "15/9/2025,3,x", "16/9/2025,5,6")
        read = read_readings(path)
        assert [(r.observed_on.day, r.values) for r in read.readings] == [
            (14, {"a": 1, "b": 2}),
            (16, {"a": 5, "b": 6}),
        ]
        [row] = read.refused
        assert (row.place, dict(row.texts)) == ("hàng 3", {"observed_on": "15/9/2025", "a": "3", "b": "x"})

    @IN_TMP_PATH
    @given(rows=st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=30))
    def test_every_row_is_either_read_or_refused(self, tmp_path: Path, rows: list[tuple[int, bool]]) -> None:
        lines = [f"r{number},14/9/2025,{count if good else '3,5'}" for number, (count, good) in enumerate(rows)]
        read = read_readings(csv_file(tmp_path, "reading_id;Ngày;a", *(line.replace(",", ";", 2) for line in lines)))
        assert [r.values["a"] for r in read.readings] == [count for count, good in rows if good]
        assert [row.place for row in read.refused] == [f"hàng {n}" for n, (_, good) in enumerate(rows, 2) if not good]

    def test_a_repeated_row_is_one_reading(self, tmp_path: Path) -> None:
        read = read_readings(csv_file(tmp_path, "Ngày,a", "14/9/2025,1", "2025-09-14,1", "14.9.2025,001"))
        assert ([r.values for r in read.readings], read.refused) == ([{"a": 1}], [])
        assert read.notes == ["readings.csv: 2 bản ghi lặp lại y nguyên bản ghi khác, chỉ tính một lần"]

    def test_rows_that_contradict_each_other_are_all_refused(self, tmp_path: Path) -> None:
        rows = ["14/9/2025,1", "15/9/2025,9", "14/9/2025,2", "14/9/2025,1"]
        path = csv_file(tmp_path, "Ngày,a", *rows)
        assert [r.observed_on.day for r in read_readings(path).readings] == [15]
        assert refused_places(path) == ["hàng 2", "hàng 4"]

    def test_days_that_may_have_the_month_first_are_refused(self, tmp_path: Path) -> None:
        rows = ["9/1/2025,1", "9/9/2025,2", "9/14/2025,3", "2025-09-16,4"]
        read = read_readings(csv_file(tmp_path, "Ngày,a", *rows))
        assert [r.observed_on for r in read.readings] == [date(2025, 9, 9), date(2025, 9, 16)]
        assert [row.place for row in read.refused] == ["hàng 2", "hàng 4"]
        assert read.refused[0].reasons[0].startswith("hàng 4 viết tháng trước ngày")
        assert read.refused[0].texts["observed_on"] == "9/1/2025"

    def test_one_error_puts_no_other_day_in_doubt_if_the_day_comes_first(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,a", "9/1/2025,1", "9/14/2025,3", "14/9/2025,4")
        assert refused_places(path) == ["hàng 3"]

    @pytest.mark.slow
    def test_many_rows_of_one_id_end(self, tmp_path: Path) -> None:
        """Each compared with each would take minutes."""
        rows = [f"x,14/9/2025,{number}" for number in range(20_000)]
        assert len(refused_places(csv_file(tmp_path, "reading_id,Ngày,a", *rows))) == 20_000


class TestRefusedRows:
    def mended(self, path: Path, old: str, new: str) -> Path:
        book = load_workbook(path)
        for row in book.active.iter_rows(min_row=2):
            for cell in row:
                if cell.value == old:
                    cell.value = new
        book.save(path)
        return path

    def test_refused_rows_are_refused_again_until_they_are_corrected(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,Lĩnh vực,a,b", "14/9/2025,land,1,2", "15/9/2025,,=1+1,6", "31/9/2025,tax,3,4")
        refused = read_readings(path).refused
        again = tmp_path / "again.xlsx"
        write_refused_rows(again, refused)
        assert [row.texts for row in read_readings(again).refused] == [row.texts for row in refused]
        self.mended(again, "=1+1", "5")
        self.mended(again, "31/9/2025", "30/9/2025")
        assert read_readings(again).readings == [
            Reading(reading_id="20250915-all", observed_on=date(2025, 9, 15), field=None, values={"a": 5, "b": 6}),
            Reading(reading_id="20250930-tax", observed_on=date(2025, 9, 30), field="tax", values={"a": 3, "b": 4}),
        ]

    def test_contradicting_rows_are_refused_again(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Ngày,a", "14/9/2025,1", "14/9/2025,2")
        write_refused_rows(tmp_path / "again.xlsx", read_readings(path).refused)
        assert refused_places(tmp_path / "again.xlsx") == [
            "trang tính “Lý do từ chối”, hàng 2",
            "trang tính “Lý do từ chối”, hàng 3",
        ]

    def test_every_value_of_a_row_is_written_as_text(self, tmp_path: Path) -> None:
        texts = {"observed_on": "=1+1", "a": "\x00\x1b\ud800", "b": "x" * 40_000, "c": "@SUM(A1)"}
        write_refused_rows(tmp_path / "again.xlsx", [RefusedRow("dòng 1", ("=cmd",), texts)])
        cells = next(load_workbook(tmp_path / "again.xlsx").active.iter_rows(min_row=2))
        assert {cell.data_type for cell in cells} == {"s"}
        assert (cells[0].value, cells[3].value) == ("=1+1", "@SUM(A1)")

    def test_reasons_name_the_place_in_the_refused_file(self, tmp_path: Path) -> None:
        write_refused_rows(tmp_path / "again.xlsx", [RefusedRow("hàng 7", ("một", "hai"), {"a": "x"})])
        header, row = load_workbook(tmp_path / "again.xlsx").active.iter_rows(values_only=True)
        assert (header, row) == (("observed_on", "a", "Lý do từ chối"), (None, "x", "hàng 7: một; hai"))


class TestSubmissions:
    def test_the_largest_submission_is_smaller_than_the_broker_takes(self) -> None:
        values = {f"{number:080}": -(10**12) for number in range(60)}
        reading = Reading(reading_id="r" * 80, observed_on=date(2025, 12, 31), field="f" * 80, values=values)
        [part] = submissions_of([reading] * READINGS_A_SUBMISSION)
        [intake] = [stream for stream in streams() if stream.name == "intake"]
        assert intake.max_msg_size
        assert len(part.model_dump_json().encode()) < 0.8 * intake.max_msg_size

    @pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
    def test_a_file_is_split_into_submissions(self, count: int, sizes: list[int]) -> None:
        reading = Reading(reading_id="r", observed_on=date(2025, 9, 14), values={"a": 1})
        assert [len(part.readings) for part in submissions_of([reading] * count)] == sizes
