"""Sheets of an office: two header rows, names of the catalogue, form II.06's headings, totals, who signs."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from services.indicators.catalogue import read_catalogue
from services.indicators.readings_file import Choices, FileErrors, FileReadings, read_readings
from services.indicators.readings_file.names.headings import GROUPS, PARTS, meaning_of, plain
from services.indicators.readings_file.names.known import (
    FIELD_SYNONYMS,
    MEASURE_SYNONYMS,
    Names,
    OwnNames,
    field_titles,
)

DAY = date(2025, 7, 1)
TITLES: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN XÃ SƠN TÂY", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["THEO DÕI TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ THÁNG 7/2025"],
    [],
]
HEADER: list[list[Any]] = [
    ["STT", "Ngày", "Lĩnh vực", "Số hồ sơ nhận giải quyết", None, None, "Kết quả giải quyết", None, "Đang giải quyết"],
    [None, None, None, "Tổng số", "Trực tuyến", "Trực tiếp, BCCI", "Tổng số", "Quá hạn", None],
]
ROWS: list[list[Any]] = [
    [1, "01/7/2025", "Đất đai", 20, 9, 11, 17, 0, 3],
    [2, "01/7/2025", "HỘ TỊCH", "1.039", 1037, 2, 38, 1, 1],
]
END: list[list[Any]] = [
    ["Tổng cộng", None, None, 1059, 1046, 13, 55, 1, 4],
    [],
    [None, None, None, None, None, None, "Sơn Tây, ngày 31 tháng 7 năm 2025"],
    [None, "Người lập biểu", None, None, None, None, None, "CHỦ TỊCH"],
    [None, "Đinh Thị Hà", None, None, None, None, None, "(Ký, ghi rõ họ tên)"],
]
COUNTED = {
    "files-received": 20, "files-received-online": 9, "files-received-direct": 11, "files-resolved": 17,
    "files-resolved-late": 0, "files-pending": 3,
}  # fmt: skip


def book(path: Path, rows: Sequence[Sequence[Any]], change: Callable[[Any], None] = lambda _: None) -> Path:
    made = Workbook()
    sheet: Any = made.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    made.save(path)
    return path


def merged(sheet: Any) -> None:
    for area in ("A1:D1", "E1:I1", "A4:A5", "B4:B5", "C4:C5", "D4:F4", "G4:H4", "I4:I5", "B6:B7"):
        sheet.merge_cells(area)


def csv(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def counts(read: FileReadings) -> list[tuple[str | None, dict[str, int]]]:
    return [(reading.field, reading.values) for reading in read.readings]


@pytest.mark.parametrize("change", [merged, lambda _: None], ids=["merged", "unmerged"])
def test_two_header_rows_totals_and_signatures_are_understood(tmp_path: Path, change: Callable[[Any], None]) -> None:
    read = read_readings(book(tmp_path / "thang7.xlsx", [*TITLES, *HEADER, *ROWS, *END], change))
    assert [reading.field for reading in read.readings] == ["land", "civil-status"]
    assert read.readings[0].values == COUNTED
    assert read.readings[1].values["files-received"] == 1039
    assert read.refused == []
    totals, texts = read.notes
    assert "hàng 8: là hàng tổng" in totals
    assert texts.count("hàng 1") == 3
    assert "hàng 11 “Người lập biểu CHỦ TỊCH”" in texts


def test_group_headings_may_stand_above_the_row_that_names_the_day(tmp_path: Path) -> None:
    group, parts = HEADER
    parts = [*group[:3], *parts[3:8], group[8]]
    above = [None, None, None, *group[3:8], None]
    read = read_readings(book(tmp_path / "thang7.xlsx", [*TITLES, above, parts, *ROWS]))
    assert read.readings[0].values == COUNTED


def test_two_header_rows_of_a_csv_file_are_understood(tmp_path: Path) -> None:
    lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in [*HEADER, *ROWS]]
    assert read_readings(csv(tmp_path / "t7.csv", "\n".join(lines))).readings[0].values == COUNTED


def test_every_name_of_the_catalogue_is_a_heading_or_a_field() -> None:
    names = Names()
    for entry in read_catalogue():
        if entry.kind == "measure":
            meaning = names.column([entry.definition["name"]])
            assert (entry.name, meaning and meaning.measure) == (entry.name, entry.name)
        elif entry.kind == "field":
            assert names.field(f" {entry.definition['name'].upper()} ") == entry.name


def test_no_name_means_two_things() -> None:
    for several in (FIELD_SYNONYMS, MEASURE_SYNONYMS, GROUPS, PARTS):
        listed = [plain(name) for names in several.values() for name in names]
        assert len(listed) == len({*listed})
    assert FIELD_SYNONYMS.keys() == field_titles().keys()


@pytest.mark.parametrize(
    ("headings", "measure"),
    [
        (["Số lượng hồ sơ tiếp nhận", "Trong kỳ", "Trực tuyến"], "files-received-online"),
        (["Số lượng hồ sơ tiếp nhận", "Trong kỳ", "Trực tiếp, dịch vụ bưu chính"], "files-received-direct"),
        (["Số lượng hồ sơ tiếp nhận", "Từ kỳ trước"], "files-carried-over"),
        (["Số lượng hồ sơ đã giải quyết", "Trước hạn"], "files-resolved-early"),
        (["Hồ sơ đang giải quyết", "Quá hạn"], "files-pending-overdue"),
        (["Hồ sơ đã giải quyết", "Quá hạn (hồ sơ)"], "files-resolved-late"),
        (["Tổng số hồ sơ tiếp nhận trong kỳ"], "files-received"),
        (["Số hồ sơ đang giải quyết quá hạn"], "files-pending-overdue"),
        (["Tiếp nhận qua mạng"], "files-received-online"),
        (["Giải quyết trễ hạn"], "files-resolved-late"),
        (["Đúng hạn"], "files-resolved-on-time"),
        (["Quá hạn"], None),
        (["Tổng số"], None),
        (["Cán bộ tiếp nhận"], None),
        (["Kết quả giải quyết", "Trực tuyến"], None),
    ],
)
def test_a_heading_is_understood_under_its_group_or_not_at_all(headings: list[str], measure: str | None) -> None:
    found = meaning_of(headings)
    assert (found.measure if found else None) == measure


II06: list[list[Any]] = [
    ["TT", "Ngày", "Lĩnh vực", "Hồ sơ tiếp nhận", None, None, None, "Hồ sơ đã giải quyết", "Tỷ lệ đúng hạn (%)"],
    [None, None, None, "Tổng số", "Trực tuyến", "Trực tiếp, bưu chính", "Từ kỳ trước chuyển qua", "Tổng số", None],
    ["(1)", "(2)", "(3)", "(4)=(5)+(6)+(7)", "(5)", "(6)", "(7)", "(8)", "(9)"],
]


class TestFormII06:
    def test_files_carried_over_are_not_counted_as_received(self, tmp_path: Path) -> None:
        row = [1, "1/7/2025", "Đất đai", 25, 9, 11, 5, 17, 98.5]
        read = read_readings(book(tmp_path / "ii06.xlsx", [*II06, row]))
        assert [(v["files-received"], v["files-carried-over"]) for _, v in counts(read)] == [(20, 5)]
        assert "là tỷ lệ nên không đọc" in read.notes[0]
        assert "hàng 3 “(1) (2) (3)" in read.notes[1]

    def test_a_total_without_the_files_carried_over_is_kept(self, tmp_path: Path) -> None:
        row = [1, "1/7/2025", "Đất đai", 20, 9, 11, 5, 17, None]
        read = read_readings(book(tmp_path / "ii06.xlsx", [*II06, row]))
        assert read.readings[0].values["files-received"] == 20

    def test_a_total_that_is_neither_sum_is_refused(self, tmp_path: Path) -> None:
        row = [1, "1/7/2025", "Đất đai", 24, 9, 11, 5, 17, None]
        read = read_readings(book(tmp_path / "ii06.xlsx", [*II06, row]))
        (reason,) = read.refused[0].reasons
        assert reason == "ô D4: tổng số 24 không bằng trực tuyến + trực tiếp + kỳ trước chuyển qua (25)"

    def test_a_table_of_one_day_has_no_column_of_days(self, tmp_path: Path) -> None:
        rows = [[one for at, one in enumerate(row) if at != 1] for row in II06]
        path = book(tmp_path / "ii06.xlsx", [*rows, [1, "Đất đai", 25, 9, 11, 5, 17, None], ["Tổng số", None, 25]])
        with pytest.raises(FileErrors) as refused:
            read_readings(path)
        assert "hãy thêm --day NGÀY" in refused.value.errors[0]
        read = read_readings(path, Choices(day=date(2025, 9, 14)))
        assert [(r.reading_id, r.values["files-received"]) for r in read.readings] == [("20250914-land", 20)]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Lĩnh vực Đất đai", "land"), ("1. Đất đai", "land"), ("Địa chính", "land"), ("hộ tịch ", "civil-status"),
        ("Nông nghiệp - Môi trường", "agriculture"), ("Đăng ký kinh doanh", "business"), ("Khác", "other"),
        ("land", "land"),
    ],
)  # fmt: skip
def test_a_field_has_its_name_and_synonyms(tmp_path: Path, text: str, field: str) -> None:
    path = csv(tmp_path / "q.csv", f'Ngày,Lĩnh vực,files-received\n1/7/2025,"{text}",1\n')
    assert [reading.field for reading in read_readings(path).readings] == [field]


@pytest.mark.parametrize(("text", "hint"), [("Dat dai", "; có phải “Đất đai”?"), ("Tư pháp - hộ tịch", "")])
def test_a_field_that_is_not_certain_is_refused_with_the_command_that_lists_them(
    tmp_path: Path, text: str, hint: str
) -> None:
    read = read_readings(csv(tmp_path / "q.csv", f'Ngày,Lĩnh vực,files-received\n1/7/2025,"{text}",1\n'))
    (reason,) = read.refused[0].reasons
    assert reason == f"cột “Lĩnh vực”: “{text}” không phải là lĩnh vực đã biết{hint}; xem: minhbach readings names"


def test_a_commune_s_own_names_win(tmp_path: Path) -> None:
    own = OwnNames(
        {plain("Hồ sơ vào"): "files-received", plain("Cán bộ"): "", plain("Kết quả / Tốt"): "files-resolved-on-time"},
        {plain("Tư pháp"): "justice"},
    )
    rows: list[list[Any]] = [["Ngày", "Lĩnh vực", "Hồ sơ vào", "Cán bộ", "Kết quả"], [None, None, None, None, "Tốt"]]
    path = book(tmp_path / "q.xlsx", [*rows, [DAY, "Tư pháp", 4, "Hà", 3]])
    read = read_readings(path, Choices(own=own))
    assert counts(read) == [("justice", {"files-received": 4, "files-resolved-on-time": 3})]


def test_a_column_without_any_count_is_noted_and_passed_over(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Ngày", "Cán bộ", "Tiếp nhận", "Hẹn trả"],
        [DAY, "Hà", 3, date(2025, 7, 9)],
        ["Tổng", None, 3],
    ]
    read = read_readings(book(tmp_path / "q.xlsx", rows))
    assert counts(read) == [(None, {"files-received": 3})]
    assert "cột “Cán bộ”, “Hẹn trả” không có số nào nên bỏ qua" in read.notes[0]
    rows[1][1] = 7
    with pytest.raises(FileErrors, match="“Cán bộ” không phải tên cột đã biết"):
        read_readings(book(tmp_path / "q.xlsx", rows))


def test_three_header_rows_without_merged_cells_are_understood(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Ngày", "Lĩnh vực", "Số lượng hồ sơ tiếp nhận", None, None, None, "Số lượng hồ sơ đã giải quyết"],
        [None, None, "Tổng số", "Trong kỳ", None, "Từ kỳ trước", "Tổng số"],
        [None, None, None, "Trực tuyến", "Trực tiếp", None, None],
        [DAY, "Đất đai", 25, 9, 11, 5, 17],
    ]
    (reading,) = read_readings(book(tmp_path / "q.xlsx", rows)).readings
    assert list(reading.values.values()) == [20, 17, 9, 5, 11]


def test_a_row_with_a_count_is_never_passed_over(tmp_path: Path) -> None:
    rows = [*HEADER, [None, None, None, 7], [None, None, "Hộ tịch", None], [None, None, None, "-"], *ROWS]
    read = read_readings(book(tmp_path / "q.xlsx", rows))
    assert [row.place.split(", ")[1] for row in read.refused] == ["hàng 3", "hàng 4", "hàng 5"]
