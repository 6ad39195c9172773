"""Where people see the portal, and which proxies it believes: MINHBACH_PUBLIC_URL and MINHBACH_TRUSTED_PROXIES."""

import re
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from shared.settings import Settings, SettingsError

THIS_MACHINE = "localhost"
ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*)(?P<port>:\d{1,5})?")


@dataclass(frozen=True)
class Address:
    """`origin` is scheme, host and port, as browsers write it. Nothing is ever taken from the header Host."""

    origin: str
    trusted_proxies: tuple[str, ...] = ()

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def host(self) -> str:
        """The domain that passkeys are bound to."""
        return urlsplit(self.origin).hostname or THIS_MACHINE

    @classmethod
    def of(cls, settings: Settings) -> "Address":
        """SettingsError for an address without TLS on another machine, and for a proxy that is no address."""
        without = f"http://{THIS_MACHINE}" + (f":{settings.http_port}" if settings.http_port else "")
        proxies = (each.strip() for each in settings.env.get("MINHBACH_TRUSTED_PROXIES", "").split(","))
        return cls(
            _origin(settings.env.get("MINHBACH_PUBLIC_URL") or without), tuple(_proxy(each) for each in proxies if each)
        )


def _origin(url: str) -> str:
    found = ORIGIN.fullmatch(url.lower().removesuffix("/"))
    if not found or (found["scheme"] == "http" and found["host"] != THIS_MACHINE):
        raise SettingsError(
            f'MINHBACH_PUBLIC_URL is "{url}"; it is https:// and the name of a host, such as https://minhbach.example.vn,'
            f" or http://{THIS_MACHINE} and a port on this machine"
        )
    usual = {"https": ":443", "http": ":80"}[found["scheme"]]
    return f"{found['scheme']}://{found['host']}{(found['port'] or '').removesuffix(usual)}"


def _proxy(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise SettingsError(
            f'MINHBACH_TRUSTED_PROXIES has "{text}"; it is addresses or networks with commas, such as'
            " 10.0.0.5,10.1.0.0/24"
        ) from None
