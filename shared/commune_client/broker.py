"""The province's broker as a commune's machine knows it: by NATS_URL, with the commune's account in it, alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from shared.settings import STACK_FILE, NatsServers, with_stack

ACCOUNT = "commune-"  # a commune's NATS user is named so, followed by its id


@dataclass(frozen=True)
class Broker:
    """`server` is how an outbox remembers the broker; `commune` is None where neither setting nor account names one."""

    servers: NatsServers
    server: str
    commune: str | None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Broker":
        """Read the settings of NATS, or the stack that runs in this folder, and MINHBACH_COMMUNE, or the user.

        SettingsError for an address that is missing or none.
        """
        found = with_stack(env)
        servers = NatsServers.from_env(found)
        user = servers.user or ""
        account = user.removeprefix(ACCOUNT) if user.startswith(ACCOUNT) else None
        return cls(servers, servers.hosts if found is env else _own_stack(), env.get("MINHBACH_COMMUNE") or account)


def _own_stack() -> str:
    """The folder of the stack, which has another port after each start."""
    return f"stack-{sha256(bytes(STACK_FILE.resolve())).hexdigest()[:16]}"
