"""A broker with an account for each commune of the nation: seconds to its start and to a new account, and memory."""

import asyncio
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from deploy.credentials.reload import FOR_NEW_ACCOUNTS, reload
from deploy.embedded.nats_server import EmbeddedNats
from deploy.embedded.servers import _answers, free_port
from deploy.nats_accounts import RELOADER
from services.portal.application.broker_keys import new_key
from shared.contracts.portal import BrokerKeyIssued
from shared.settings import NatsServers

COMMUNES = 3321


def accounts() -> dict[str, object]:
    """Without clients but one; every commune has a key."""
    with tempfile.TemporaryDirectory(prefix="minhbach-bench-") as folder:
        (Path(folder) / "nats").mkdir()
        broker = EmbeddedNats(Path(folder), free_port())
        broker.configure()
        with broker.communes.alone():
            broker.communes.apply([_issued(str(n)) for n in range(COMMUNES)])
        with (Path(folder) / "nats.log").open("ab") as log:
            started = time.perf_counter()
            server = subprocess.Popen(broker.command(), stderr=log)
        try:
            while not _answers(f"nats://{broker.address}"):
                time.sleep(0.01)
            measured = psutil.Process(server.pid)
            figures: dict[str, object] = {
                "accounts": COMMUNES,
                "accounts_start_s": round(time.perf_counter() - started, 1),
                "accounts_start_cpu_s": _processor(measured),
                "accounts_rss_mb": round(measured.memory_info().rss / 1024**2),
            }
            before, started = _processor(measured), time.perf_counter()
            with broker.communes.alone():
                broker.communes.apply([_issued("new")])
            asyncio.run(reload(NatsServers.from_env({"NATS_URL": broker.url_of(RELOADER)}), FOR_NEW_ACCOUNTS))
            return figures | {
                "accounts_one_more_s": round(time.perf_counter() - started, 1),
                "accounts_one_more_cpu_s": round(_processor(measured) - before, 1),
                "accounts_rss_mb_after": round(measured.memory_info().rss / 1024**2),
            }
        finally:
            server.terminate()
            server.wait(30)


def _issued(commune: str) -> BrokerKeyIssued:
    at, public = datetime.now(UTC), new_key().public_key
    return BrokerKeyIssued(
        commune=commune, number=1, public_key=public, issued_at=at, by="bench", by_account=None,
        event_id=f"{commune}/1", recorded_at=at,
    )  # fmt: skip


def _processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return round(times.user + times.system, 1)
