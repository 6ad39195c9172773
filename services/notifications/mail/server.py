"""Sends mails over one connection to the mail server, kept open, and sorts its refusals."""

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence

from services.notifications.mail.settings import MailSettings

# RFC 5321, 4.5.3.2, asks for minutes: who gives up early on a slow server sends the same mail again and again.
ANSWERS_WITHIN = 300.0
CONNECTS_WITHIN = 10.0
LOOKED_AT_AFTER = 10.0
SERVICE_CLOSING = 421


# The first that fits, a subclass before its class.
REASONS: Sequence[tuple[type[Exception], str]] = (
    (ConnectionRefusedError, "Máy chủ thư không nhận kết nối"),
    (TimeoutError, "Máy chủ thư không trả lời kịp"),
    (socket.gaierror, "Không tìm thấy máy chủ thư"),
    (ssl.SSLError, "Không lập được kết nối bảo mật với máy chủ thư"),
    (smtplib.SMTPServerDisconnected, "Máy chủ thư ngắt kết nối"),
    (Exception, "Không gửi được qua máy chủ thư"),
)


class MailRefused(Exception):
    """The server will never take this mail for this recipient (a 5xx answer)."""


class MailPutOff(Exception):
    """The server asks to try this mail later (a 4xx answer)."""


class MailServerAway(Exception):
    """No mail at all can be sent now: no connection, no log-in, or our own sender is not accepted."""


class MailServer:
    """Not for several threads at once."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None
        self._used_at = 0.0

    def send(self, recipient: str, message: bytes) -> None:
        """When this returns, the server has taken the mail; one of the three exceptions above otherwise."""
        try:
            self._open().sendmail(self._settings.sender_address, [recipient], message)
        except smtplib.SMTPRecipientsRefused as refused:
            raise self._answer(*refused.recipients[recipient]) from None
        except smtplib.SMTPDataError as refused:
            raise self._answer(refused.smtp_code, refused.smtp_error) from None
        except (smtplib.SMTPException, OSError) as away:
            self.close()
            raise MailServerAway(_reason(away)) from None
        self._used_at = time.monotonic()

    def close(self) -> None:
        if self._connection:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.close()
        self._connection = None

    def cut(self) -> None:
        """From another thread: end a wait for an answer."""
        connection = self._connection
        if connection and connection.sock:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _open(self) -> smtplib.SMTP:
        if self._connection and time.monotonic() - self._used_at > LOOKED_AT_AFTER and not self._alive():
            self.close()
        if not self._connection:
            self._connection = self._connect()
        return self._connection

    def _alive(self) -> bool:
        assert self._connection
        try:
            return self._connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _connect(self) -> smtplib.SMTP:
        at = self._settings
        # local_hostname: otherwise smtplib asks the DNS for our own name, which can take long.
        if at.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                at.host, at.port, at.domain, timeout=CONNECTS_WITHIN, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(at.host, at.port, at.domain, timeout=CONNECTS_WITHIN)
        try:
            if at.starttls:
                connection.starttls(context=ssl.create_default_context())
            if at.user:
                connection.login(at.user, at.password)
        except BaseException:
            connection.close()
            raise
        assert connection.sock
        connection.sock.settimeout(ANSWERS_WITHIN)
        return connection

    def _answer(self, code: int, error: bytes | str) -> Exception:
        text = " ".join(_text(code, error).split())[:500]
        if code == SERVICE_CLOSING:
            self.close()
            return MailServerAway(text)
        return MailRefused(text) if code >= 500 else MailPutOff(text)


def _reason(away: Exception) -> str:
    """For the operator: what is the matter, and the words of the server or of the system."""
    if isinstance(away, smtplib.SMTPResponseException):
        return _text(away.smtp_code, away.smtp_error)[:500]
    sentence = next(sentence for kind, sentence in REASONS if isinstance(away, kind))
    return f"{sentence}: {away}"[:500]


def _text(code: int, error: bytes | str) -> str:
    return f"{code} {error.decode(errors='replace') if isinstance(error, bytes) else error}"
