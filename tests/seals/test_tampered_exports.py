"""Whoever holds an export alters its files, without the database: each way is found, and named by kind and history."""

import gzip
import json
import shutil

import pytest

from services.reporting.audit.proof import event_files, verify
from services.reporting.audit.proof.export import export


@pytest.fixture(scope="module")
def untampered(unaltered, tmp_path_factory):
    """An export with files of four events each."""
    folder = tmp_path_factory.mktemp("export")
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in (
            (event_files, "EVENTS_OF_A_FILE", 4),
            (verify, "SEGMENT_LEVEL", 2),
            (verify, "SEGMENT", 4),
        ):
            patch.setattr(module, name, value)
        export(unaltered.settings, folder, None, lambda *_: None)
        assert found(folder) == set()
        yield folder


@pytest.fixture
def folder(untampered, tmp_path):
    return shutil.copytree(untampered, tmp_path, dirs_exist_ok=True)


def found(folder):
    return {(each.kind, each.service) for each in verify.verify(folder, [], [])["findings"]}


def events_of(folder, service="indicators"):
    return sorted((folder / service).glob("events-*"))


def rewrite(path, change):
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(change(lines))))


def reverse_lines(folder):
    rewrite(events_of(folder)[1], lambda lines: lines[::-1])


def repeat_a_line(folder):
    rewrite(events_of(folder)[1], lambda lines: [lines[0], *lines[:-1]])


def cut_a_file(folder):
    path = events_of(folder)[1]
    path.write_bytes(path.read_bytes()[:-20])


def cut_its_lines(folder):
    rewrite(events_of(folder)[2], lambda lines: lines[:2])


def swap_two_files(folder):
    one, other, *_ = events_of(folder)
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def remove_a_file(folder):
    events_of(folder)[0].unlink()


def copy_a_file_behind(folder):
    shutil.copy(events_of(folder)[0], folder / "indicators/events-0000000013-0000000016.jsonl.gz")


def copy_a_file_between(folder):
    shutil.copy(events_of(folder)[0], folder / "indicators/events-0000000005-0000000007.jsonl.gz")


def remove_the_last_checkpoint_and_its_events(folder):
    path = folder / "indicators/checkpoints.jsonl"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    events_of(folder)[2].unlink()
    rewrite(events_of(folder)[1], lambda lines: lines)


def remove_a_checkpoint_between(folder):
    path = folder / "indicators/checkpoints.jsonl"
    first, _, last = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(first + last, encoding="utf-8")


def reorder_checkpoints(folder):
    path = folder / "indicators/checkpoints.jsonl"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[::-1]), encoding="utf-8")


def remove_all_checkpoints(folder):
    (folder / "indicators/checkpoints.jsonl").unlink()


def remove_a_history(folder):
    shutil.rmtree(folder / "indicators")


def take_checkpoints_of_another_history(folder):
    for name in ("checkpoints.jsonl", "keys.jsonl"):
        shutil.copy(folder / "reporting" / name, folder / "indicators" / name)


def take_another_history(folder):
    shutil.rmtree(folder / "indicators")
    shutil.copytree(folder / "reporting", folder / "indicators")


def alter_a_history_in_the_description(folder):
    described = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    described["histories"]["indicators"]["events"] = 13
    (folder / "export.json").write_text(json.dumps(described), encoding="utf-8")


KINDS = {
    reverse_lines: "order",
    repeat_a_line: "order",
    cut_a_file: "unreadable",
    cut_its_lines: "missing",
    swap_two_files: "order",
    remove_a_file: "unreadable",
    copy_a_file_behind: "order",
    copy_a_file_between: "unreadable",
    remove_the_last_checkpoint_and_its_events: "shorter",
    remove_a_checkpoint_between: "checkpoint",
    reorder_checkpoints: "checkpoint",
    remove_all_checkpoints: "missing",
    remove_a_history: "missing",
    take_checkpoints_of_another_history: "checkpoint",
    take_another_history: "unreadable",
    alter_a_history_in_the_description: "shorter",
}


@pytest.mark.parametrize("tamper", KINDS, ids=lambda tamper: tamper.__name__)
def test_a_tampered_export_is_found(folder, tamper):
    tamper(folder)
    assert (KINDS[tamper], "indicators") in found(folder)


@pytest.mark.parametrize(
    "row",
    [{"events": "1\x1b[2J"}, {"root": "Sổ chỉ tiêu: đủ 8 sự kiện."}, {"service": "../elsewhere"}],
    ids=lambda row: next(iter(row)),
)
def test_a_description_with_other_than_numbers_and_roots_is_refused_unprinted(folder, row):
    described = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    known = described["histories"].pop("indicators")
    described["histories"][row.get("service", "indicators")] = known | row
    (folder / "export.json").write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(verify.Unreadable, match=r"^Tệp export\.json của bản xuất không đọc được\.$"):
        verify.verify(folder, [], [])


def test_the_histories_that_an_export_does_not_have_are_named(folder):
    right = verify.verify(folder, [], [])["right"]
    assert "Bản xuất không có sổ: kế hoạch, thông báo, cổng." in right
