"""A file of corrections or withdrawals: readings by id, or by day and field, each with a reason and a person."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.indicators.readings_file import Choices, FileErrors
from services.indicators.readings_file.changes import Change, FileChanges, read_changes


def csv(folder: Path, text: str) -> Path:
    path = folder / "sửa.csv"
    path.write_text(text, "utf-8")
    return path


def read(path: Path, *, by: str = "Hà", reason: str = "nhập nhầm", withdraw: bool = False) -> FileChanges:
    return read_changes(path, Choices(), by=by, reason=reason, withdraw=withdraw)


def test_a_reading_is_named_by_its_id_or_by_its_day_and_field(tmp_path: Path) -> None:
    text = "Mã số liệu,Ngày,Lĩnh vực,files-received\nq3-7,,,4\n,5/7/2025,Đất đai,5\n,05-07-2025,,6\n"
    found = read(csv(tmp_path, text))
    assert [(one.reading_id, one.values) for one in found.changes] == [
        ("q3-7", {"files-received": 4}),
        ("20250705-land", {"files-received": 5}),
        ("20250705-all", {"files-received": 6}),
    ]
    assert found.refused == []


def test_a_row_may_have_its_own_reason_and_person(tmp_path: Path) -> None:
    text = "Mã số liệu,Số hồ sơ TTHC tiếp nhận,Lý do,Người sửa\na,1,đếm sót,Lê Văn Tám\nb,2,,\n"
    assert read(csv(tmp_path, text)).changes == [
        Change("a", {"files-received": 1}, "đếm sót", "Lê Văn Tám"),
        Change("b", {"files-received": 2}, "nhập nhầm", "Hà"),
    ]


def test_a_withdrawal_has_no_counts(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "Ngày,Lĩnh vực,files-received\n5/7/2025,land,5\n"), withdraw=True)
    assert found.changes == [Change("20250705-land", {}, "nhập nhầm", "Hà")]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (",,,4\n", "cột “Ngày”: để trống"),
        ("a b,,,4\n", "“a b” không phải là mã"),
        ("a,,,\n", "không có số liệu nào để sửa"),
        ("a,,,4\na,,,5\n", "cùng số liệu “a” với hàng 2 nhưng khác nội dung"),
        (",9/13/2025,,4\n", "không có tháng 13"),
        (",5/7/2025,Đất sét,4\n", "“Đất sét” không phải là lĩnh vực đã biết"),
    ],
)
def test_a_row_that_is_no_change_is_refused_at_its_place(tmp_path: Path, rows: str, why: str) -> None:
    found = read(csv(tmp_path, f"Mã số liệu,Ngày,Lĩnh vực,files-received\n{rows}"))
    (refused,) = found.refused
    assert why in "; ".join(refused.reasons)


def test_nobody_and_no_reason_are_refused(tmp_path: Path) -> None:
    (refused,) = read(csv(tmp_path, "Mã số liệu,files-received\na,4\n"), by="", reason=" ").refused
    assert refused.reasons == ("chưa ghi lý do (--reason hoặc cột Lý do)", "chưa ghi người thực hiện (--by)")


def test_days_that_a_spreadsheet_may_have_exchanged_are_refused(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Ngày", "files-received"], ["13/7/2025", 1], ["14/7/2025", 2]):
        book.active.append(row)
    book.active.append([date(2025, 5, 7), 3])
    book.save(tmp_path / "sửa.xlsx")
    found = read(tmp_path / "sửa.xlsx")
    assert [one.reading_id for one in found.changes] == ["20250713-all", "20250714-all"]
    assert "có thể đã đổi ngày với tháng" in found.refused[0].reasons[0]


def test_a_file_without_readings_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileErrors, match="không có hàng tiêu đề"):
        read(csv(tmp_path, "files-received\n4\n"))


def test_json_lines_have_a_reason_and_a_person(tmp_path: Path) -> None:
    path = tmp_path / "sửa.jsonl"
    path.write_text('{"reading_id": "a", "values": {"files-received": 3}, "reason": "sót", "by": "Tám"}\n', "utf-8")
    assert read(path).changes == [Change("a", {"files-received": 3}, "sót", "Tám")]
