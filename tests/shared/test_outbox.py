"""The outbox of a commune's machine, and the settings of its broker."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.commune_client.broker import Broker
from shared.commune_client.outbox import Kept, Outbox, all_entries
from shared.settings import SettingsError

ROOT = Path(__file__).parents[2]
HERE, ELSEWHERE = "127.0.0.1:4222", "nats.tinh.example:4222"
LOCK = """
import sys
from pathlib import Path
from shared.commune_client.outbox import Outbox
with Outbox(Path(sys.argv[1]), "x").locked(0) as is_locked:
    print(is_locked, flush=True)
    sys.stdin.read()
"""


def kept(number: int, kind: str = "readings") -> Kept:
    return Kept(kind, f"cli-{number}", b"{}")


def waiting(outbox: Outbox) -> list[str]:
    return [entry.submission_id for entry in outbox.waiting()]


def test_submissions_wait_in_the_order_in_which_they_were_accepted(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, HERE)
    for number in (3, 1, 2):
        outbox.keep(kept(number))

    assert waiting(outbox) == ["cli-3", "cli-1", "cli-2"]
    assert [entry.path.read_bytes() for entry in outbox.waiting()] == [b"{}"] * 3


def test_an_interrupted_write_is_not_a_submission(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, HERE)
    (tmp_path / "readings.cli-1.127.0.0.1%3A4222.next").write_bytes(b"{")
    (tmp_path / "notes.json").write_text("of somebody")

    assert waiting(outbox) == []


def test_an_outbox_sends_to_the_server_that_it_was_filled_for(tmp_path: Path) -> None:
    here, elsewhere = Outbox(tmp_path, HERE), Outbox(tmp_path, ELSEWHERE)
    here.keep(kept(1))
    elsewhere.keep(kept(2))

    assert (waiting(here), here.elsewhere()) == (["cli-1"], 1)
    assert (waiting(elsewhere), elsewhere.elsewhere()) == (["cli-2"], 1)

    here.take_over()
    assert (waiting(here), waiting(elsewhere), here.elsewhere()) == (["cli-1", "cli-2"], [], 0)


def test_submissions_of_an_earlier_version_name_no_server_and_are_sent(tmp_path: Path) -> None:
    (tmp_path / "report.abc.json").write_bytes(b"{}")

    assert waiting(Outbox(tmp_path, HERE)) == ["abc"]


def test_a_submission_that_is_set_aside_does_not_wait_and_is_listed(tmp_path: Path) -> None:
    env = {"MINHBACH_OUTBOX": str(tmp_path)}
    outbox = Outbox.of("21211", HERE, env)
    outbox.keep(kept(1))
    aside = outbox.set_aside(outbox.waiting()[0])

    assert waiting(outbox) == []
    [entry] = all_entries(env)
    assert (entry.path, entry.commune, entry.server, entry.refused) == (aside, "21211", HERE, True)


def test_one_process_at_a_time_sends_and_the_lock_ends_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOCK, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        with Outbox(tmp_path, HERE).locked(0) as is_locked:
            assert not is_locked
        other.kill()
    with Outbox(tmp_path, HERE).locked(5) as is_locked:
        assert is_locked


@pytest.mark.parametrize(
    ("env", "server", "commune"),
    [
        ({"NATS_URL": "nats://127.0.0.1:4222"}, HERE, None),
        ({"NATS_URL": "nats://commune-21211:m%40t@nats.tinh.example:4222"}, ELSEWHERE, "21211"),
        ({"NATS_URL": "tls://clerk:x@nats.tinh.example:4222", "MINHBACH_COMMUNE": "23356"}, ELSEWHERE, "23356"),
        ({"NATS_URL": "nats://commune-21211:x@127.0.0.1:4222", "MINHBACH_COMMUNE": "23356"}, HERE, "23356"),
    ],
)
def test_the_broker_is_known_by_its_address_and_the_commune_by_its_account(
    env: dict[str, str], server: str, commune: str | None
) -> None:
    broker = Broker.from_env(env)

    assert (broker.server, broker.commune) == (server, commune)


def test_a_stack_of_this_folder_is_one_server_whatever_its_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stack = tmp_path / "minhbach-data/stack.env"
    stack.parent.mkdir()
    servers = set()
    for port in (1, 2):
        stack.write_text(f"NATS_URL=nats://127.0.0.1:{port}\nDATABASE_URL=postgresql://x\n")
        servers.add(Broker.from_env({}).server)

    assert len(servers) == 1


@pytest.mark.parametrize(
    ("env", "english", "vietnamese"),
    [
        ({}, "NATS_URL is not set", "Chưa đặt NATS_URL"),
        ({"NATS_URL": "http://x"}, "NATS_URL is not an address", "NATS_URL không phải là địa chỉ máy chủ"),
    ],
)
def test_a_wrong_address_has_a_sentence_in_both_languages(
    env: dict[str, str], english: str, vietnamese: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=english) as wrong:
        Broker.from_env(env)

    assert wrong.value.vietnamese.startswith(vietnamese)
