"""A commune's own names of columns and fields are kept beside its outbox, and found again however they are written."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.indicators.cli import readings_app
from services.indicators.readings_file.names.own import (
    FILE,
    KeptNames,
    OwnNamesUnreadable,
    read_own_names,
    write_own_names,
)


def test_names_are_read_as_they_were_written(tmp_path: Path) -> None:
    kept = KeptNames().with_columns({"Hồ sơ vào": "files-received", "Cán bộ": ""}).with_fields({"Tư pháp": "justice"})
    write_own_names(tmp_path / "23356", kept)
    assert read_own_names(tmp_path / "23356") == kept
    assert read_own_names(tmp_path / "21548") == KeptNames()


def test_a_name_in_other_letters_replaces_and_forgets_the_one_that_is_there() -> None:
    kept = KeptNames().with_columns({"Hồ sơ vào": "files-received"}).with_columns({"HỒ SƠ VÀO:": "files-due"})
    assert kept.columns == {"HỒ SƠ VÀO:": "files-due"}
    assert kept.without("hồ sơ vào") == KeptNames()


@pytest.mark.parametrize(
    "content", ["{", '{"columns": {"a": ["b"]}}', '{"other": {}}', '{"columns": {"a": "' + "b" * 300_000]
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(OwnNamesUnreadable, match=r"names\.json"):
        read_own_names(tmp_path)


def run(tmp_path: Path, *arguments: str, **more: str) -> tuple[int, str]:
    env = {"MINHBACH_OUTBOX": str(tmp_path), "MINHBACH_COMMUNE": "23356", "COLUMNS": "80", **more}
    ended = CliRunner().invoke(readings_app, list(arguments), env=env)
    return ended.exit_code, ended.output


def test_the_command_keeps_lists_and_forgets_names(tmp_path: Path) -> None:
    code, printed = run(
        tmp_path, "columns", "--column", "Hồ sơ vào=Số hồ sơ TTHC tiếp nhận", "--field", "Tư pháp=Chứng thực",
        "--skip", "Cán bộ",
    )  # fmt: skip
    assert code == 0
    assert [word in printed for word in ("files-received", "justice", "(bỏ qua)")] == [True] * 3
    assert run(tmp_path, "columns", "--forget", "tư pháp")[1].count("justice") == 0
    assert read_own_names(tmp_path / "23356").columns == {"Hồ sơ vào": "files-received", "Cán bộ": ""}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("columns", "--column", "Hồ sơ vào"), 2, "hãy viết như"),
        (("columns", "--column", "Hồ sơ vào=gì đó"), 2, "minhbach readings names"),
        (("columns", "--field", "Tư pháp=gì đó"), 2, "minhbach readings names"),
        (("columns", "--forget", "Tư pháp"), 1, "Chưa đặt tên"),
        (("names", "--kind", "indicator"), 2, "field, measure"),
    ],
)
def test_wrong_use_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    ended, printed = run(tmp_path, *arguments)
    assert (ended, words in printed) == (code, True)
    assert len(printed.splitlines()) <= 2


def test_every_name_and_id_is_listed(tmp_path: Path) -> None:
    code, printed = run(tmp_path, "names")
    assert code == 0
    assert "Đất đai" in printed
    assert "procedures-needing-population-data" in printed
    assert max(map(len, printed.splitlines())) <= 80


def test_without_the_province_a_file_is_read_with_the_names_of_the_machine_and_kept(tmp_path: Path) -> None:
    write_own_names(tmp_path / "23356", KeptNames().with_columns({"Hồ sơ vào": "files-received"}))
    file = tmp_path / "thang-9.csv"
    file.write_text("Ngày,Lĩnh vực,Hồ sơ vào\n5/9/2025,Đất đai,12\n", "utf-8")
    code, printed = run(tmp_path, "push", str(file), NATS_URL="nats://127.0.0.1:1")
    sentences = " ".join(printed.split())
    assert code == 1
    assert "Chưa hỏi được tỉnh tên cột đã chọn trên trang web" in sentences
    assert "dùng tên cột nhớ trên máy này" in sentences
    assert "1 bài gửi được giữ lại trên máy này" in sentences
