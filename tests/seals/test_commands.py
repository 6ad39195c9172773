"""minhbach audit key, seal, checkpoints, export, verify and witness, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli import app

OF_THE_AUDITOR = {"checkpoints", "export", "witness", "verify"}


@pytest.fixture
def typed(sealed_stack, history, tmp_path):
    """`minhbach audit …` as it is typed; what it prints, once its exit code is the expected one.

    With the owner's login, but for the auditor's commands, which have the auditor's and no key.
    """
    env = {"DATABASE_URL": history.settings.database_url, "NATS_URL": history.settings.nats_url, "COLUMNS": "200"}
    theirs, database = sealed_stack.settings("auditor").database_url, history.settings.database_url.rpartition("/")[2]
    auditor = env | {"DATABASE_URL": f"{theirs.rpartition('/')[0]}/{database}"}
    owner = env | {"MINHBACH_SEAL_KEY": str(tmp_path / "seal.key")}

    def run(*words, code=0):
        env = auditor if words[0] in OF_THE_AUDITOR else owner
        done = CliRunner().invoke(app, ["audit", *map(str, words)], env=env)
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_a_history_is_sealed_exported_verified_and_witnessed_as_typed(history, typed, tmp_path):
    assert "MINHBACH_SEAL_KEY" in typed("seal", code=2)
    key = typed("key", "new", "--name", "minhbach/51", "--out", tmp_path / "seal.key").strip()
    assert key.startswith("minhbach/51+")
    assert (tmp_path / "seal.key").stat().st_mode & 0o077 == 0
    assert "không ghi đè" in typed("key", "new", "--out", tmp_path / "seal.key", code=2)
    assert "không dùng làm tên khóa" in typed("key", "new", "--name", "A B", "--out", tmp_path / "x", code=2)
    assert "Chưa có niêm phong" in typed("checkpoints", code=1)
    assert "Chưa có niêm phong" in typed("export", "--out", tmp_path / "export", code=1)
    history.add(5)
    assert "chỉ tiêu" in typed("seal")
    assert "từ trước" in typed("seal")
    (last,) = json.loads(typed("checkpoints", "--json"))
    assert (last["service"], last["size"]) == ("indicators", 5)
    assert "verify.py" in typed("export", "--out", tmp_path / "export")
    outside = f"indicators:5:{last['root']}"
    assert "đủ 5 sự kiện" in typed("verify", tmp_path / "export", "--checkpoint", outside, "--key", key)
    assert "đã chứng kiến 5 sự kiện" in typed("witness", "--folder", tmp_path / "witness")
    shown = typed("witness", "--folder", tmp_path / "other", "--export", tmp_path / "export", "--json")
    assert [(each["service"], each["kind"]) for each in json.loads(shown)] == [("indicators", "first")]
    assert "nối tiếp đúng" in typed("verify", tmp_path / "export", "--checkpoint", tmp_path / "witness")
    position = history.positions()[2]
    history.alter(
        f"DELETE FROM indicators.indicators_events WHERE notification_id >= {position}",
        "DELETE FROM indicators.checkpoints",
    )
    typed("seal")
    typed("export", "--out", tmp_path / "export")
    refused = typed("verify", tmp_path / "export", "--checkpoint", outside, code=1)
    assert f"bản xuất chỉ còn 2, đến vị trí {history.positions()[-1]}" in refused
    assert "sổ bị lùi lại: đã chứng kiến 5 sự kiện" in typed("witness", "--folder", tmp_path / "witness", code=1)
    assert "không phải là thư mục của một bản xuất" in typed("verify", tmp_path / "nowhere", code=2)


def test_an_export_of_a_table_that_hides_events_ends_with_1_and_names_it(history, typed, tmp_path):
    typed("key", "new", "--name", "minhbach/51", "--out", tmp_path / "seal.key")
    history.add(2)
    typed("seal")
    typed("export", "--out", tmp_path / "export")
    history.run("ALTER TABLE indicators.indicators_events ENABLE ROW LEVEL SECURITY")
    refused = typed("export", "--out", tmp_path / "export", code=1)
    assert "indicators.indicators_events có chính sách che dòng" in refused


def test_a_key_is_replaced_by_one_that_both_sign(history, typed, tmp_path):
    typed("key", "new", "--name", "minhbach/51", "--out", tmp_path / "seal.key")
    history.add(1)
    typed("seal")
    typed("key", "new", "--after", tmp_path / "seal.key", "--out", tmp_path / "next.key")
    (tmp_path / "next.key").replace(tmp_path / "seal.key")
    history.add(1)
    typed("seal")
    typed("key", "new", "--name", "minhbach/51", "--out", tmp_path / "thief.key")
    (tmp_path / "thief.key").replace(tmp_path / "seal.key")
    history.add(1)
    assert "Không niêm phong sổ" in typed("seal", code=1)
    assert "giữ tên cũ" in typed("key", "new", "--after", tmp_path / "seal.key", "--name", "x", "--out", "y", code=2)
    assert "Không đọc được" in typed("key", "new", "--after", tmp_path / "nothing", "--out", tmp_path / "y", code=2)
