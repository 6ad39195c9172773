"""Settings of a process, read from its environment: where the servers are, and which clock counts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.clock import Clock, file_clock, system_clock

STACK_FILE = Path("minhbach-data/stack.env")


class SettingsError(ValueError):
    """A setting is missing or cannot be read. The message is for the operator, `vietnamese` for everybody else."""

    def __init__(self, message: str, vietnamese: str = "") -> None:
        super().__init__(message)
        self.vietnamese = vietnamese or message


@dataclass(frozen=True)
class NatsServers:
    """Where NATS is, and who connects: by user and password of the addresses, a credentials file, or an NKEY's seed."""

    urls: tuple[str, ...]
    user: str | None = None
    password: str | None = None
    credentials: str | None = None
    nkey: str | None = None
    ca: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether a server without TLS is refused."""
        return self.ca is not None or any(url.startswith("tls:") for url in self.urls)

    @property
    def hosts(self) -> str:
        """Hosts and ports: the same servers for another user, and after a password is changed."""
        return ",".join(sorted(urlsplit(url).netloc for url in self.urls))

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "NatsServers":
        """Read NATS_URL, one address or several with commas, NATS_CREDENTIALS, NATS_NKEY and NATS_CA.

        A commune's machine needs no other setting. SettingsError for one that is missing or wrong.
        """
        addresses = [urlsplit(url.strip()) for url in _required(env, "NATS_URL").split(",")]
        if not all(address.scheme in ("nats", "tls") and address.netloc for address in addresses):
            raise SettingsError(
                "NATS_URL is not an address; it looks like nats://127.0.0.1:4222",
                "NATS_URL không phải là địa chỉ máy chủ; địa chỉ có dạng nats://127.0.0.1:4222",
            )
        named = next((address for address in addresses if address.username), None)
        return cls(
            urls=tuple(a._replace(netloc=a.netloc.rpartition("@")[2]).geturl() for a in addresses),
            user=unquote(named.username or "") if named else None,
            password=unquote(named.password) if named and named.password is not None else None,
            credentials=_file(env, "NATS_CREDENTIALS"),
            nkey=_file(env, "NATS_NKEY"),
            ca=_file(env, "NATS_CA"),
        )


@dataclass(frozen=True)
class Settings:
    """Where the servers are, and which clock to believe. `env` is kept for a service's own settings.

    `role` is whose rights statements run with, where it is not the service's own.
    """

    database_url: str
    clock: Clock
    http_host: str
    http_port: int
    env: Mapping[str, str]
    role: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read DATABASE_URL, MINHBACH_CLOCK_FILE, MINHBACH_HTTP_HOST and MINHBACH_HTTP_PORT.

        Without DATABASE_URL and NATS_URL, those of a stack that `minhbach up` keeps in this folder are used.
        """
        env = with_stack(env)
        return cls(
            database_url=_database_url(env),
            clock=_clock(env.get("MINHBACH_CLOCK_FILE")),
            http_host=env.get("MINHBACH_HTTP_HOST", "127.0.0.1"),
            http_port=_port(env.get("MINHBACH_HTTP_PORT", "0")),
            env=env,
        )

    @property
    def nats(self) -> NatsServers:
        """SettingsError where they are missing or wrong: many commands need the database only."""
        return NatsServers.from_env(self.env)

    @property
    def nats_url(self) -> str:
        return self.env["NATS_URL"]

    def database(self, service: str) -> dict[str, str]:
        """Connection parameters for a service. Whoever logs in, statements run as the service's own role, or `role`.

        Without PostgreSQL's compiler, which takes longer than the statements of a page themselves.
        """
        from psycopg.conninfo import conninfo_to_dict

        parameters = {key: str(value) for key, value in conninfo_to_dict(self.database_url).items()}
        options = f"-c role=minhbach_{self.role or service} -c search_path={service} -c jit=off"
        return parameters | {"options": options}


def with_stack(env: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, with the URLs of the stack that runs in this folder where it names no server itself."""
    if "NATS_URL" in env or "DATABASE_URL" in env or not STACK_FILE.exists():
        return env
    return {**dict(line.split("=", 1) for line in STACK_FILE.read_text().splitlines() if "=" in line), **env}


def _database_url(env: Mapping[str, str]) -> str:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    url = _required(env, "DATABASE_URL")
    try:
        conninfo_to_dict(url)
    except ProgrammingError as wrong:
        reason = str(wrong).strip()
        raise SettingsError(
            f"DATABASE_URL is not an address of a database: {reason}",
            f"DATABASE_URL không phải là địa chỉ cơ sở dữ liệu: {reason}",
        ) from None
    return url


def _required(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise SettingsError(
            f"{name} is not set, and no stack runs here; start one with: minhbach up",
            f"Chưa đặt {name}, và ở thư mục này không có hệ thống nào đang chạy (minhbach up)",
        )
    return env[name]


def _file(env: Mapping[str, str], name: str) -> str | None:
    path = env.get(name)
    if path and not Path(path).is_file():
        raise SettingsError(
            f'{name} is "{path}", and there is no such file', f'{name} là "{path}", nhưng không có tệp đó'
        )
    return path or None


def _clock(path: str | None) -> Clock:
    if not path:
        return system_clock
    clock = file_clock(Path(path))
    try:
        clock()
    except (OSError, ValueError):
        raise SettingsError(
            f'MINHBACH_CLOCK_FILE is "{path}"; it must be a file with an instant such as 2025-09-16T08:00:00+07:00',
            f'MINHBACH_CLOCK_FILE là "{path}"; phải là tệp ghi một thời điểm như 2025-09-16T08:00:00+07:00',
        ) from None
    return clock


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise SettingsError(
            f'MINHBACH_HTTP_PORT is "{text}"; a port is a number from 0 to 65535',
            f'MINHBACH_HTTP_PORT là "{text}"; cổng là một số từ 0 đến 65535',
        )
    return int(text)
