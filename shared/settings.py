"""What a process is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from shared.clock import Clock, file_clock, system_clock

STACK_FILE = Path("minhbach-data/stack.env")


class SettingsError(ValueError):
    """A setting is missing or cannot be read; the message is for the operator."""


@dataclass(frozen=True)
class Settings:
    """Where the servers are, and which clock to believe. `env` is kept for a service's own settings."""

    nats_url: str
    database_url: str
    clock: Clock
    http_host: str
    http_port: int
    env: Mapping[str, str]

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read NATS_URL, DATABASE_URL, MINHBACH_CLOCK_FILE, MINHBACH_HTTP_HOST and MINHBACH_HTTP_PORT.

        Without the two URLs, those of a stack that `minhbach up` keeps in this folder are used.
        """
        if "NATS_URL" not in env and "DATABASE_URL" not in env and STACK_FILE.exists():
            env = {**_stack(STACK_FILE), **env}
        for name in ("NATS_URL", "DATABASE_URL"):
            if not env.get(name):
                raise SettingsError(f"{name} is not set, and no stack runs here; start one with: minhbach up")
        try:
            conninfo_to_dict(env["DATABASE_URL"])
        except ProgrammingError as wrong:
            raise SettingsError(f"DATABASE_URL is not an address of a database: {wrong}".strip()) from None
        if not env["NATS_URL"].startswith(("nats://", "tls://")):
            raise SettingsError("NATS_URL is not an address; it looks like nats://127.0.0.1:4222")
        return cls(
            nats_url=env["NATS_URL"],
            database_url=env["DATABASE_URL"],
            clock=_clock(env.get("MINHBACH_CLOCK_FILE")),
            http_host=env.get("MINHBACH_HTTP_HOST", "127.0.0.1"),
            http_port=_port(env.get("MINHBACH_HTTP_PORT", "0")),
            env=env,
        )

    def database(self, service: str) -> dict[str, str]:
        """Connection parameters for a service. Whoever logs in, statements run as the service's own role."""
        parameters = {key: str(value) for key, value in conninfo_to_dict(self.database_url).items()}
        return parameters | {"options": f"-c role=minhbach_{service} -c search_path={service}"}


def _stack(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def _clock(path: str | None) -> Clock:
    if not path:
        return system_clock
    clock = file_clock(Path(path))
    try:
        clock()
    except (OSError, ValueError):
        raise SettingsError(
            f'MINHBACH_CLOCK_FILE is "{path}"; it must be a file with an instant such as 2025-09-16T08:00:00+07:00'
        ) from None
    return clock


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise SettingsError(f'MINHBACH_HTTP_PORT is "{text}"; a port is a number from 0 to 65535')
    return int(text)
