"""Where mail goes out, in whose name, and at which domain the recipients are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shared.settings import SettingsError

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
DOMAIN = re.compile(r"(?=.{1,190}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class MailSettings:
    """A mail server, and the addresses. `tls` is from the first byte, `starttls` after a greeting."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str
    password: str
    sender: str
    sender_address: str
    domain: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "MailSettings":
        """Read SMTP_URL, MINHBACH_MAIL_FROM and MINHBACH_MAIL_DOMAIN; SettingsError says what is wrong with one.

        SMTP_URL is smtp://user:password@host:port, smtps://… for TLS, or smtp://…?starttls=yes.
        """
        domain = env.get("MINHBACH_MAIL_DOMAIN") or "minhbach.example"
        if not DOMAIN.fullmatch(domain):
            raise SettingsError(f'MINHBACH_MAIL_DOMAIN is "{domain}"; a domain is written like mail.quangngai.gov.vn')
        sender = env.get("MINHBACH_MAIL_FROM") or f"Minh Bach <minhbach@{domain}>"
        address = parseaddr(sender)[1]
        if not ADDRESS.fullmatch(address) or not sender.isprintable() or not sender.isascii():
            raise SettingsError(
                f'MINHBACH_MAIL_FROM is "{sender}"; write minhbach@{domain} or Minh Bach <minhbach@{domain}>, in ASCII'
            )
        return cls(
            **_server(env.get("SMTP_URL") or "smtp://127.0.0.1:1025"),
            sender=sender,
            sender_address=address,
            domain=domain,
        )


def _server(url: str) -> dict[str, Any]:
    wrong = SettingsError("SMTP_URL cannot be read; write smtp://user:password@host:port, smtps://… or …?starttls=yes")
    try:
        parts = urlsplit(url)
        port = parts.port
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise wrong from None
    starttls = options.pop("starttls", ["no"])[-1]
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path.strip("/") or options or port == 0:
        raise wrong
    if starttls not in ("yes", "no") or (starttls == "yes" and parts.scheme == "smtps"):
        raise SettingsError("SMTP_URL: starttls is yes or no, and goes with smtp:// only")
    return {
        "host": parts.hostname,
        "port": port or DEFAULT_PORTS[parts.scheme],
        "tls": parts.scheme == "smtps",
        "starttls": starttls == "yes",
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
    }
