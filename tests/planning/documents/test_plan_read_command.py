"""minhbach plan read: plan files and warnings, refusals, and files that are not overwritten."""

import json

import pytest
from typer.testing import CliRunner

from services.planning.cli import drafts, plan_app
from services.planning.plan_file import read_plan

TEXT = """\
Số: 07/KH-UBND

Xốp, ngày 09 tháng 01 năm 2026

KẾ HOẠCH
Kiểm soát thủ tục hành chính năm 2026 của xã Xốp, tỉnh Quảng Ngãi

1. Niêm yết thủ tục.

- Dán bảng tin ở nơi người dân dễ thấy.

- Bộ phận chủ trì: Văn phòng HĐND và UBND.

- Bộ phận phối hợp: Phòng Kinh tế.

- Sản phẩm: Biên bản niêm yết.

- Thời gian thực hiện: Quý I.

2. Sơ kết.

- Bộ phận chủ trì: Phòng Kinh tế.

- Bộ phận phối hợp: Công an xã.

- Sản phẩm: Báo cáo.

- Thời gian thực hiện: Trước ngày 31/9/2026.
"""


def ran(*arguments: object):
    assert drafts
    answer = CliRunner().invoke(plan_app, ["read", *(str(argument) for argument in arguments)])
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


def test_the_command_prints_a_plan_file_and_warnings_on_standard_error(tmp_path) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file)
    issued = tmp_path / "plan.yaml"
    issued.write_text(answer.stdout, encoding="utf-8")
    assert answer.exit_code == 0
    assert [task.code for task in read_plan(issued).tasks] == ["1", "2"]
    first, *warnings = answer.stderr.splitlines()
    assert first == "2 nhiệm vụ, 0 chỉ tiêu; 1 điều cần xem lại:"
    assert warnings[0].startswith("- dòng 20: ")
    assert max(len(line) for line in answer.stderr.splitlines()) <= 80


def test_with_json_it_prints_json_and_no_warnings(tmp_path) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file, "--json")
    assert answer.stderr == ""
    assert "Văn phòng HĐND và UBND" in answer.stdout
    assert json.loads(answer.stdout)["plan"]["commune"] == "23356"


def test_an_unreadable_file_is_one_sentence_and_wrong_usage_has_another_exit_code(tmp_path) -> None:
    missing = ran(tmp_path / "missing.docx")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert missing.stderr.startswith(f"{tmp_path / 'missing.docx'}: ")
    assert len(missing.stderr.splitlines()) == 1
    assert ran().exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), [("plan.yaml", []), ("plan.json", []), ("plan.yaml", ["--json"])])
def test_with_out_the_plan_is_in_the_file_and_the_warnings_are_printed(tmp_path, name: str, options: list[str]) -> None:
    file, written = tmp_path / "ke-hoach.txt", tmp_path / name
    file.write_text(TEXT, encoding="utf-8")
    answer = ran(file, "--out", written, *options)
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert answer.stderr.startswith("2 nhiệm vụ, 0 chỉ tiêu; 1 điều cần xem lại:\n- dòng 20: ")
    assert [task.code for task in read_plan(written).tasks] == ["1", "2"]
    assert written.read_text(encoding="utf-8").startswith("{" if "json" in f"{name}{options}" else "plan:")
    assert sorted(tmp_path.iterdir()) == sorted([file, written])


@pytest.mark.slow
def test_an_existing_file_is_only_overwritten_with_force(tmp_path) -> None:
    file, written = tmp_path / "ke-hoach.txt", tmp_path / "plan.yaml"
    file.write_text(TEXT, encoding="utf-8")
    written.write_text("của tôi", encoding="utf-8")
    refused = ran(file, "--out", written)
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert written.read_text(encoding="utf-8") == "của tôi"
    assert ran(file, "--out", written, "--force").exit_code == 0
    assert len(read_plan(written).tasks) == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ke-hoach.txt", ".", "missing/plan.yaml", "a" * 300])
def test_nothing_is_written_where_no_plan_may_be_written(tmp_path, name: str) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    refused = ran(file, "--out", tmp_path / name, "--force")
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert file.read_text(encoding="utf-8") == TEXT
    assert list(tmp_path.iterdir()) == [file]


def test_an_unreadable_document_leaves_the_output_file_unchanged(tmp_path) -> None:
    written = tmp_path / "plan.yaml"
    written.write_text("của tôi", encoding="utf-8")
    assert ran(tmp_path / "missing.docx", "--out", written, "--force").exit_code == 1
    assert written.read_text(encoding="utf-8") == "của tôi"


@pytest.mark.slow
def test_without_an_answer_of_the_province_the_standard_catalogue_is_used_and_named(tmp_path, monkeypatch) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(f"{TEXT}\nIII. MỤC TIÊU\n\n1. Tỷ lệ hồ sơ trực tuyến đạt 80%.\n", encoding="utf-8")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("NATS_URL", "nats://commune-c1:x@127.0.0.1:9")
    monkeypatch.chdir(tmp_path)

    last = ran(file).stderr.splitlines()[-1]
    assert last.startswith("Chỉ tiêu được gắn theo danh mục chuẩn của Minh Bạch, vì: ")
    assert "Chưa kết nối được với máy chủ của tỉnh" in last
