"""Files for operators: the compose file, the image, the pins, and the permissions on NATS. No Docker needed."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import nats
import pytest
import yaml
from nats.js.api import StreamConfig

from deploy.embedded import servers as embedded
from deploy.embedded.servers import free_port
from deploy.nats_accounts import for_compose
from shared.contracts import Receipt
from tests.journeys.commune_machine import CommuneMachine

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "deploy" / "compose.yaml"
SERVICES = sorted(folder.name for folder in (ROOT / "services").iterdir() if (folder / "__init__.py").exists())
LOCKS = ["requirements.lock", "requirements-dev.lock"]

# In halves, so that this file does not name them either.
REGISTRIES = [
    f"{name}.{ending}"
    for name, ending in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy.golang", "org"),
        ("repo.maven.apache", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    ]
]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


def test_the_logs_of_every_container_may_go_to_another_machine_over_tls_alone(compose):
    elsewhere = yaml.safe_load((ROOT / "deploy/compose.logs.yaml").read_text(encoding="utf-8"))["services"]
    assert set(elsewhere) == set(compose)
    for described in elsewhere.values():
        [logging] = described.values()
        assert logging["options"]["syslog-address"].startswith("tcp+tls://${MINHBACH_LOG_SERVER:?")
        assert logging["options"]["syslog-tls-ca-cert"].startswith("${MINHBACH_LOG_CA:?")
        assert "syslog-tls-skip-verify" not in logging["options"]


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_runs_under_its_own_role_and_can_be_scaled(compose, service):
    described = compose[service]
    assert described["command"] == ["run", service]
    assert described["environment"]["DATABASE_URL"].startswith(f"postgresql://minhbach_{service}:${{")
    assert described["environment"]["NATS_URL"].startswith(f"nats://{service}:${{")
    assert described["depends_on"] == {"provision": {"condition": "service_completed_successfully"}}
    assert "healthcheck" in described
    assert not {"ports", "container_name", "network_mode"} & set(described)


def test_nothing_else_runs_our_image_but_provision_the_operator_and_the_keeper(compose):
    ours = {name for name, described in compose.items() if "build" in described}
    assert ours == {*SERVICES, "provision", "operator", "keeper"}
    assert compose["operator"]["profiles"] == ["operator"]  # not started with the others
    assert compose["provision"]["command"] == ["provision"]


def test_the_keeper_of_accounts_has_no_database_and_the_operator_no_right_to_reload(compose):
    keeper, operator = (compose[name]["environment"] for name in ("keeper", "operator"))
    assert "DATABASE_URL" not in keeper
    assert "NATS_RELOAD_URL" not in operator
    assert keeper["NATS_URL"].startswith("nats://keeper:${")
    assert keeper["NATS_RELOAD_URL"].startswith("nats://reload:${")
    assert compose["keeper"]["volumes"] == compose["operator"]["volumes"]


def test_provision_waits_for_healthy_servers(compose):
    for server in ("nats", "postgres"):
        assert compose["provision"]["depends_on"][server] == {"condition": "service_healthy"}
        assert "test" in compose[server]["healthcheck"]


def test_published_ports_are_on_loopback(compose):
    published = [port for described in compose.values() for port in described.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_every_variable_has_a_default_or_a_sentence_for_its_absence():
    written = COMPOSE.read_text(encoding="utf-8")
    variables = re.findall(r"\$(.)([A-Z_]*)([^}]*)", written)
    assert variables
    for brace, name, rest in variables:
        assert brace == "{", f"${brace}{name} is filled with nothing when it is not set"
        assert re.match(r":-\S|:\?\w+ \w+", rest), f"{name} has neither a default nor a sentence"


def test_the_folder_of_an_earlier_version_gets_the_passwords_that_it_lacks(tmp_path):
    secrets = tmp_path / "secrets"
    secrets.write_text("postgres=a\nplanning=b\n")
    found = embedded._passwords(secrets)
    assert (found["postgres"], found["planning"]) == ("a", "b")
    assert {"postgres", *embedded.ROLES} == found.keys()
    assert embedded._passwords(secrets) == found


def test_no_password_has_a_default():
    written = COMPOSE.read_text(encoding="utf-8")
    assert re.findall(r"\$\{([A-Z_]*PASSWORD[A-Z_]*):-", written) == []


def test_every_mount_of_compose_exists(compose):
    mounted = [volume for described in compose.values() for volume in described.get("volumes", [])]
    for source in (volume.split(":")[0] for volume in mounted):
        assert not source.startswith(".") or (COMPOSE.parent / source).exists(), source


def test_nats_gets_every_variable_its_accounts_name(compose):
    accounts = (ROOT / "deploy" / "nats" / "accounts.conf").read_text(encoding="utf-8")
    assert accounts == for_compose()
    named = set(re.findall(r"password: \$(\w+)", accounts))
    given = compose["nats"]["environment"]
    assert named == set(given)
    assert all(value.startswith('"${') and value.endswith('}"') for value in given.values())


@pytest.fixture
def nats_with_accounts(tmp_path) -> Iterator[str]:
    binary = shutil.which("nats-server", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    accounts, port = str(ROOT / "deploy" / "nats" / "accounts.conf"), free_port()
    process = subprocess.Popen(
        [binary, "-c", accounts, "-a", "127.0.0.1", "-p", str(port), "-sd", str(tmp_path)],
        env={
            "NATS_MINHBACH_PASSWORD": '"12e4"',
            "NATS_RELOAD_PASSWORD": '"2e2"',
            "NATS_KEEPER_PASSWORD": '"3e3"',
            "NATS_COMMUNE_EXAMPLE_PASSWORD": '"7f"',
            **{f"NATS_{service.upper()}_PASSWORD": '"1e1"' for service in SERVICES},
        },
        stderr=subprocess.DEVNULL,
    )
    yield f"127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.mark.servers
def test_a_commune_can_send_for_itself_only(nats_with_accounts):
    asyncio.run(_can_send_for_itself_only(nats_with_accounts))


async def _can_send_for_itself_only(address: str) -> None:
    errors: list[str] = []
    async with _connected(f"minhbach:12e4@{address}") as services:
        streams = services.jetstream()
        await streams.add_stream(StreamConfig(name="intake", subjects=["intake.*.*.*"]))
        async with _connected(f"commune-example:7f@{address}", errors) as commune:
            submit = commune.jetstream().publish
            receipts = await commune.subscribe("receipt.example.>")
            await commune.subscribe("receipt.other.>")
            await commune.publish("intake.other.readings.s1", b"{}")
            # The stream acknowledges on the reply subject: it must not become a submission of another commune.
            await commune.publish("intake.example.readings.s1", b"{}", reply="intake.other.readings.s2")
            # Later ones on the same connection: once they are stored, so is whatever the earlier ones led to.
            for submission in ("s3", "s4"):
                await submit(f"intake.example.readings.{submission}", b"{}")
            await services.publish("receipt.example.s3", b"{}")
            assert (await receipts.next_msg(timeout=5)).subject == "receipt.example.s3"
        stored = (await streams.stream_info("intake", subjects_filter=">")).state.subjects
    assert sorted(stored or {}) == [f"intake.example.readings.{submission}" for submission in ("s1", "s3", "s4")]
    assert [error for error in errors if '"intake.other.readings.s1"' in error]
    assert [error for error in errors if '"receipt.other.>"' in error]


@pytest.mark.servers
def test_a_commune_sends_with_its_account_alone(nats_with_accounts, tmp_path):
    """Its id is that of the account; the broker refuses a wrong password, and another commune's submissions."""
    (tmp_path / "readings.csv").write_text("reading_id,observed_on,field,files-received\nr1,2025-09-01,land,5\n")
    push = "readings", "push", tmp_path / "readings.csv"
    account = f"nats://commune-example:7f@{nats_with_accounts}"
    with Receipts(nats_with_accounts):
        denied = CommuneMachine(None, account.replace(":7f@", ":7g@"), tmp_path).run(*push)
        foreign = CommuneMachine("other", account, tmp_path).run(*push)
        sent = CommuneMachine(None, account, tmp_path).run(*push)

    assert (denied.code, foreign.code, sent.code) == (1, 1, 0), (denied, foreign, sent)
    assert "Máy chủ của tỉnh không nhận tài khoản trong NATS_URL; 1 bài gửi được giữ lại" in denied.err
    assert "không được gửi cho đơn vị other; 1 bài gửi được giữ lại" in foreign.err
    [own_names, *rest] = sent.err.splitlines()
    assert own_names.startswith("Chưa hỏi được tỉnh tên cột đã chọn trên trang web ("), "no service answers here"
    assert rest == ["Đã gửi cùng 1 bài gửi được giữ từ trước.", "Ghi nhận 2, trùng 0, từ chối 0 số liệu."]


class Receipts(threading.Thread):
    """The province's side: a stream, and a receipt for each submission."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address = address
        self._ready, self._ended = threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self.start()
        assert self._ready.wait(30)

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join(10)

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        async with _connected(f"minhbach:12e4@{self._address}") as services:
            await services.jetstream().add_stream(StreamConfig(name="intake", subjects=["intake.*.*.*"]))

            async def give_receipt(message: Any) -> None:
                _, commune, kind, submission_id = message.subject.split(".")
                at = datetime(2025, 9, 16, tzinfo=UTC)
                receipt = Receipt(
                    submission_id=submission_id,
                    commune=commune,
                    kind=kind,
                    sha256=sha256(message.data).hexdigest(),
                    recorded_at=at,
                    accepted=1,
                )
                await services.publish(f"receipt.{commune}.{submission_id}", receipt.model_dump_json().encode())

            await services.subscribe("intake.*.*.*", cb=give_receipt)
            self._ready.set()
            await asyncio.to_thread(self._ended.wait)


@contextlib.asynccontextmanager
async def _connected(login: str, errors: list[str] | None = None):
    async def note(error: Exception) -> None:
        if errors is not None:
            errors.append(str(error))

    # The first attempts meet a server that is still starting.
    client = await nats.connect(f"nats://{login}", error_cb=note, reconnect_time_wait=0.1, max_reconnect_attempts=100)
    try:
        yield client
    finally:
        await client.close()


def test_the_image_installs_from_the_locks_and_drops_root():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in dockerfile.splitlines() if re.search(r"pip (install|wheel)", line) and "RUN" in line]
    assert len(installs) == 4
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert "--require-hashes -r /tmp/requirements.lock" in dockerfile
    assert "USER minhbach" in dockerfile
    assert 'ENTRYPOINT ["minhbach"]' in dockerfile


def test_dockerignore_lets_through_every_copied_file():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    for name in " ".join(copies).split():
        assert f"!{name}" in ignore, name


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock):
    written = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}[^\n]*)+", written, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[^#\s]", written, re.MULTILINE))
    assert all("==" in pin for pin in pins)
    assert "://" not in written
    assert "file:" not in written


def test_both_locks_pin_the_same_versions():
    runtime, development = (_pins(ROOT / lock) for lock in LOCKS)
    assert runtime.items() <= development.items()


def test_no_file_names_the_host_of_a_package_registry():
    for path in _files():
        written = path.read_text(encoding="utf-8", errors="ignore").lower()
        assert not [host for host in REGISTRIES if host in written], path


def test_no_file_of_settings_and_no_uv_lock_is_in_the_repository():
    assert [path for path in _files() if path.name in {".env", "uv.lock"}] == []


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def _files() -> list[Path]:
    # safe.directory: CI may check out as one user and test as another.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_a_port_is_free_at_once_after_whoever_listened_and_not_before() -> None:
    """Pages keep their address over a restart, though browsers were connected a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = server.accept()
            assert free_port(port) != port
            accepted.close()
            assert client.recv(1) == b""
    assert free_port(port) == port


def test_two_processes_are_not_given_the_same_port() -> None:
    """Not even those that would choose the same ones in the same order, before anybody listens there."""
    program = (
        "import os, sys; from deploy.embedded import servers; os.getpid = lambda: 1\n"
        "print([servers.free_port() for _ in range(9)], flush=True); sys.stdin.read()\n"
    )
    start = partial(subprocess.Popen, [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, text=True)
    with start(stdout=subprocess.PIPE) as one, start(stdout=subprocess.PIPE) as other:
        given = [set(json.loads(process.stdout.readline())) for process in (one, other) if process.stdout]
        one.communicate()
        other.communicate()
    assert (len(given[0] | given[1]), len(given)) == (18, 2)
