"""The one place that connects to NATS, with the addresses, credentials and certificates of the settings."""

import ssl
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.settings import NatsServers, SettingsError


@dataclass
class Received(Msg):
    """A message with the size of its headers as they came: of several with one name nats-py keeps the last."""

    header_bytes: int = 0


class TolerantClient(Client):
    """nats-py 2.16.0 stops reading for good at a subject or header status that is not UTF-8; communes can send both."""

    needs_tls = False
    msg_class = Received
    _header_bytes = 0

    async def _process_headers(self, headers: bytes | None) -> dict[str, str] | None:
        self._header_bytes = len(headers or b"")
        try:
            found: dict[str, str] | None = await super()._process_headers(headers)
        except ValueError:
            return None
        return found

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Received:
        readable = subject.decode(errors="replace").encode()
        message: Received = super()._build_message(sid, readable, reply, data, headers)
        message.header_bytes = self._header_bytes
        return message

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        """nats-py 2.16.0 sends its password in the clear to a server without TLS, whatever the address asks for."""
        if initial_connection and self.needs_tls and not info.get("tls_required"):
            raise NatsError("the server offers no TLS, and the settings require it")
        await super()._process_info(info, initial_connection)


async def connect(servers: NatsServers, service: str | None = None, **options: Any) -> Client:
    """A connection to one of the servers; `service` as in `options_of`. Errors as of nats.connect."""
    client = TolerantClient()
    client.needs_tls = servers.is_encrypted
    await client.connect(**options_of(servers, service), **options)
    return client


def options_of(servers: NatsServers, service: str | None = None) -> dict[str, Any]:
    """Arguments of nats.connect. A service's inboxes have its own prefix: no other service may listen there."""
    given = {
        "user": servers.user if servers.password is not None else None,
        "password": servers.password,
        "token": servers.user if servers.password is None else None,
        "user_credentials": servers.credentials,
        "nkeys_seed": servers.nkey,
        "tls": tls_of(servers),
        "inbox_prefix": inbox_prefix(service) if service else None,
    }
    return {"servers": list(servers.urls)} | {name: value for name, value in given.items() if value is not None}


def inbox_prefix(service: str) -> str:
    return f"_INBOX.{service}"


def tls_of(servers: NatsServers) -> ssl.SSLContext | None:
    """Checks the server's certificate and name, against NATS_CA or else the system's authorities."""
    if not servers.is_encrypted:
        return None
    try:
        return ssl.create_default_context(cafile=servers.ca)
    except ssl.SSLError as wrong:
        raise SettingsError(f"NATS_CA holds no certificate: {wrong}") from None
