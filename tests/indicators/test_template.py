"""The template is taken by `readings push` as it is once it is filled in."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from services.indicators.cli import readings_app
from services.indicators.readings_file import FileErrors, read_readings
from services.indicators.readings_file.names.known import field_titles, measure_titles
from services.indicators.readings_file.template import LISTS, SHEET, measures_by_field, write_template


@pytest.mark.parametrize("measures", [measures_by_field(), list(measure_titles())], ids=["by field", "all"])
def test_a_filled_in_template_is_read_as_it_is(tmp_path: Path, measures: list[str]) -> None:
    path = tmp_path / "mẫu.xlsx"
    write_template(path, measures)
    book = load_workbook(path)
    counts = {measure: number for number, measure in enumerate(measures_by_field())}
    for row, (field, title) in enumerate(field_titles().items(), 2):
        book[SHEET].cell(row, 1, date(2025, 7, 5))
        book[SHEET].cell(row, 2, title)
        for column, measure in enumerate(measures, 3):
            book[SHEET].cell(row, column, counts.get(measure))
        assert book[LISTS].cell(row, 1).value == title
        assert book[LISTS].cell(row, 2).value == field
    book.save(path)

    read = read_readings(path)
    assert [(one.observed_on, one.field) for one in read.readings] == [(date(2025, 7, 5), f) for f in field_titles()]
    assert all(one.values == counts for one in read.readings)
    assert (read.refused, read.notes) == ([], [])


def test_an_empty_template_is_one_sentence(tmp_path: Path) -> None:
    write_template(tmp_path / "mẫu.xlsx", ["files-received"])
    with pytest.raises(FileErrors, match="không có số liệu nào"):
        read_readings(tmp_path / "mẫu.xlsx")


def test_cells_are_checked_and_fields_are_chosen(tmp_path: Path) -> None:
    write_template(tmp_path / "mẫu.xlsx", ["files-received", "files-resolved"])
    checks = load_workbook(tmp_path / "mẫu.xlsx")[SHEET].data_validations.dataValidation
    assert [(one.type, str(one.sqref)) for one in checks] == [
        ("date", "A2:A1001"), ("list", "B2:B1001"), ("whole", "C2:D1001"),
    ]  # fmt: skip
    assert checks[1].formula1 == f"'Danh mục'!$A$2:$A${1 + len(field_titles())}"
    assert all(one.error and one.showErrorMessage for one in checks)


def run(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(readings_app, ["template", *arguments])
    return ended.exit_code, ended.output


def test_the_command_makes_a_file_and_never_writes_over_one(tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    assert run("--out", str(path), "--measure", "Số hồ sơ đã giải quyết")[0] == 0
    header = next(load_workbook(path)[SHEET].iter_rows(max_row=1, values_only=True))
    assert header == ("Ngày", "Lĩnh vực", "Số hồ sơ đã giải quyết", "Ghi chú")
    code, printed = run("--out", str(path))
    assert (code, "đã có tệp này" in printed) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--out", "mau.csv"), ".xlsx"), (("--out", "m.xlsx", "--measure", "gì đó"), "minhbach readings names")],
)
def test_wrong_use_is_one_sentence(arguments: tuple[str, ...], words: str) -> None:
    code, printed = run(*arguments)
    assert (code, words in printed) == (2, True)
