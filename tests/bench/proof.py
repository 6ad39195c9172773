"""What it costs to seal a history, to export it, and to verify the export, each as a command of its own."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from deploy.embedded.stack import Stack


def proof(stack: Stack, events: int) -> dict[str, object]:
    """Events per second and peak memory of each command, over all events of Indicators; and what they take on disk."""
    env = {
        **os.environ,
        "NATS_URL": stack.servers.nats_url,
        "DATABASE_URL": stack.servers.database_url,
        "MINHBACH_SEAL_KEY": str(stack.seal_key),
    }
    minhbach = [sys.executable, "-m", "deploy.cli", "audit"]
    with tempfile.TemporaryDirectory(prefix="minhbach-export-") as folder:
        figures = measured("seal", [*minhbach, "seal", "--json"], env, events)
        figures |= measured("export", [*minhbach, "export", "--out", folder], env, events)
        figures |= measured("verify", [sys.executable, "-I", "-S", f"{folder}/verify.py"], env, events)
        sizes = [path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()]
    figures["exported_mb"] = round(sum(sizes) / 1024**2)
    figures["sealed_store_mb"] = megabytes(stack, "indicators.indicators_events")
    figures["seals_mb"] = megabytes(stack, "indicators.checkpoints")
    return figures


def measured(name: str, command: list[str], env: dict[str, str], events: int) -> dict[str, object]:
    started = time.perf_counter()
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - started
    assert status == 0, name
    return {
        f"{name}_events_per_s": round(events / seconds),
        f"{name}_events_per_processor_s": round(events / (used.ru_utime + used.ru_stime)),
        f"{name}_peak_mb": round(used.ru_maxrss / 1024),
    }


def megabytes(stack: Stack, table: str) -> int:
    with psycopg.connect(stack.servers.database_url) as connection:
        row = connection.execute("SELECT pg_total_relation_size(to_regclass(%s))", (table,)).fetchone()
    return round(row[0] / 1024**2) if row else 0
