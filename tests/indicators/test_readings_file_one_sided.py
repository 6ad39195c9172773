"""A row with one side of a rate, and without the other in the unit of pairing, has a note at its place."""

import pytest

from services.indicators.readings_file import read_readings

FILES, ONLINE, DIGITISED, RESOLVED = "files-received", "files-received-online", "files-digitised", "files-resolved"
ON_TIME, EARLY = "files-resolved-on-time", "files-resolved-early"
PENDING, CARRIED = "files-pending-in-term", "files-carried-over"


@pytest.fixture
def notes(tmp_path):
    def notes_of(columns, *rows):
        lines = [",".join(["observed_on", "field", *columns]), *rows]
        (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
        read = read_readings(tmp_path / "a.csv")
        assert (len(read.readings), read.refused) == (len(rows), []), "it is sent all the same"
        return read.notes

    return notes_of


def test_an_empty_cell_of_one_side_is_named_with_its_row_its_measure_and_its_rate(notes):
    (note,) = notes([FILES, ONLINE], "10/7/2025,land,100,50", "11/7/2025,land,100,", "12/7/2025,land,100,0")
    assert note.startswith("a.csv: hàng 3: có một vế mà thiếu vế kia: ")
    assert "không có “Số hồ sơ tiếp nhận trực tuyến” cùng ngày hoặc cùng nửa tháng" in note
    assert "chưa được tính vào “Tỷ lệ hồ sơ trực tuyến”; số liệu vẫn được gửi" in note


def test_a_numerator_alone_is_named_with_all_rates_that_miss_the_same_measure(notes):
    (note,) = notes([DIGITISED, "files-result-electronic"], "10/7/2025,land,100,50", "11/7/2025,land,3,4")
    assert note.startswith("a.csv: hàng 2, hàng 3: ")
    assert "không có “Số hồ sơ đã giải quyết”" in note
    assert note.count("“Tỷ lệ") == 2


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([FILES], ["10/7/2025,land,100"]),  # this rate is not reported
        ([FILES, ONLINE], ["10/7/2025,land,100,50", "11/7/2025,justice,7,0"]),
        ([FILES, ONLINE, RESOLVED, DIGITISED], ["1/7/2025,land,8,5,,", "20/7/2025,land,,,7,6"]),
        ([FILES, ONLINE], ["2/7/2025,land,100,", "9/7/2025,land,,50"]),  # once in the half month each
        ([FILES, ONLINE], ["2/7/2025,land,100,", "2/7/2025,,,50"]),  # by field, and of all fields together
        ([EARLY, RESOLVED], ["2/7/2025,land,1,2"]),  # only a part of the numerator
        ([PENDING, CARRIED], ["2/7/2025,land,1,", "30/8/2025,land,,2"]),  # levels hold for longer than a half month
        ([PENDING], ["2/7/2025,land,1"]),  # the numerator has flows too, and they are not reported
    ],
)
def test_both_sides_in_one_unit_or_a_rate_that_is_not_reported_have_no_note(notes, columns, rows):
    assert notes(columns, *rows) == []


@pytest.mark.parametrize(
    "rows",
    [
        ["2/7/2025,land,100,", "20/7/2025,land,,50"],  # other halves of the month
        ["14/7/2025,land,100,", "15/7/2025,land,,50"],
        ["10/6/2025,land,100,", "10/7/2025,land,,50"],
    ],
)
def test_sides_of_different_half_months_are_one_sided(notes, rows):
    (note,) = notes([FILES, ONLINE], *rows)
    assert note.startswith("a.csv: hàng 3: ")


def test_an_other_fields_complete_row_does_not_complete_a_row(notes):
    (note,) = notes([FILES, ONLINE], "10/7/2025,land,100,50", "10/7/2025,justice,100,")
    assert note.startswith("a.csv: hàng 3: ")


def test_levels_without_the_other_side_anywhere_are_named(notes):
    (note,) = notes(["procedures-fully-online"], "2/7/2025,,10", "3/7/2025,,11")
    assert note.startswith("a.csv: hàng 2, hàng 3: ")
    assert "không có “Số TTHC đủ điều kiện cung cấp dịch vụ công trực tuyến toàn trình”" in note


def test_the_places_of_many_rows_are_the_first_five(notes):
    (note,) = notes([ONLINE], *(f"{day}/7/2025,land,1" for day in range(1, 29)))
    assert note.startswith("a.csv: hàng 2, hàng 3, hàng 4, hàng 5, hàng 6 …: ")
