"""The settings of mail: the server, the sender, and the domain of the recipients."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from services.notifications.domain.schedule import MailSchedule
from shared.settings import SettingsError

DAILY = "daily"
_TEMPLATES = Path(__file__).parent.parent / "templates"
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
    schedule: MailSchedule = field(default_factory=MailSchedule)

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
            schedule=_schedule(env),
        )


def _schedule(env: Mapping[str, str]) -> MailSchedule:
    """MINHBACH_MAIL_DAILY_AT: the hour of the daily mail. MINHBACH_MAIL_AT_ONCE: templates that never wait for it."""
    hour, at_once = env.get("MINHBACH_MAIL_DAILY_AT"), env.get("MINHBACH_MAIL_AT_ONCE")
    try:
        daily_at = time.fromisoformat(hour) if hour else None
    except ValueError:
        raise SettingsError(f'MINHBACH_MAIL_DAILY_AT is "{hour}"; an hour is written like 07:30') from None
    if daily_at and (daily_at.tzinfo or daily_at.second):
        raise SettingsError(f'MINHBACH_MAIL_DAILY_AT is "{hour}"; an hour is written like 07:30')
    if at_once is None:
        return MailSchedule(daily_at)
    named = frozenset(name.strip() for name in at_once.split(",") if name.strip())
    if unknown := sorted(named - templates()):
        raise SettingsError(
            f"MINHBACH_MAIL_AT_ONCE: there is no template {unknown[0]}; there are {', '.join(sorted(templates()))}"
        )
    return MailSchedule(daily_at, named)


def templates() -> frozenset[str]:
    """The names of the mails that are written about events."""
    names = (file.name.removesuffix(".txt.j2") for file in _TEMPLATES.glob("*.txt.j2"))
    return frozenset(name for name in names if not name.startswith("_") and name != DAILY)


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
