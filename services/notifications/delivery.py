"""From the outbox to the mail server: each notice sent once, whatever dies in between.

The one window: a sender that is killed, or cut off, after the server has taken a mail and before its own commit sends
that mail again, with the same Message-ID.
"""

import asyncio
import logging
import threading
from collections.abc import Callable

from eventsourcing.persistence import PersistenceError
from psycopg import Error as DatabaseError

from services.notifications.application import Notifications
from services.notifications.letters import compose
from services.notifications.mail_server import MailPutOff, MailRefused, MailServer, MailServerAway
from services.notifications.mail_settings import MailSettings
from services.notifications.read_models.claims import Claims
from services.notifications.read_models.outbox import Waiting
from shared.settings import Settings

IDLE = 0.25
LONGEST_PAUSE = 60.0
ENDS_WITHIN = 5.0

log = logging.getLogger(__name__)


class Delivery:
    """One sender. Every instance has one; each notice is claimed by one of them."""

    def __init__(self, settings: Settings, mail: MailSettings, notifications: Notifications) -> None:
        self._settings = settings
        self._mail = mail
        self._notifications = notifications
        self._server = MailServer(mail)
        self._failures = 0

    async def run(self) -> None:
        """Until cancelled; then it finishes the mail that it is at, so that this one is not sent again."""
        stop = threading.Event()
        sending = asyncio.ensure_future(asyncio.to_thread(self.send_until, stop))
        try:
            await asyncio.shield(sending)
        finally:
            stop.set()
            await asyncio.wait([sending], timeout=ENDS_WITHIN)
            self._server.cut()
            await asyncio.gather(sending, return_exceptions=True)

    def send_until(self, stop: threading.Event) -> None:
        try:
            with Claims.open(self._settings, self._notifications.name) as claims:
                while not stop.is_set():
                    if notices := claims.take():
                        self._send_all(claims, notices, stop)
                    else:
                        stop.wait(IDLE)
        finally:
            self._server.close()

    def _send_all(self, claims: Claims, notices: list[Waiting], stop: threading.Event) -> None:
        while notices and not stop.is_set():
            try:
                self._send(claims, notices[0], stop)
            except MailServerAway as away:
                self._wait_for_server(claims, notices, away, stop)
                return
            self._failures = 0
            notices = notices[1:]
        if notices:
            claims.give_back(notices)

    def _send(self, claims: Claims, notice: Waiting, stop: threading.Event) -> None:
        try:
            message = compose(notice, self._mail, self._notifications.clock())
        except Exception as fault:  # a defect of ours: this one waits for a mended version, alarmed, the others go on
            log.exception("notice %s", notice.notice_id)
            claims.put_off(notice.notice_id, f"{type(fault).__name__}: {fault}")
            return
        try:
            self._server.send(notice.recipient, message)
        except MailRefused as refused:
            reason = str(refused)
            _insist(lambda: self._notifications.record_failed(notice, reason, self._notifications.clock()), stop)
        except MailPutOff as later:
            claims.put_off(notice.notice_id, str(later))
        else:
            _insist(lambda: self._notifications.record_sent(notice, self._notifications.clock()), stop)

    def _wait_for_server(
        self, claims: Claims, notices: list[Waiting], away: MailServerAway, stop: threading.Event
    ) -> None:
        pause = min(LONGEST_PAUSE, 2.0**self._failures)
        self._failures = min(self._failures + 1, 10)
        log.warning("the mail server %s:%s is away: %s", self._mail.host, self._mail.port, away)
        claims.give_back(notices, str(away))
        stop.wait(pause)


def _insist(record: Callable[[], None], stop: threading.Event) -> None:
    """The server has answered, so the outcome is known: while the database is away, wait for it, do not send again."""
    pause = 0.1
    while True:
        try:
            return record()
        except (PersistenceError, DatabaseError) as away:
            log.warning("the outcome of a notice waits for the database: %s", away)
            if stop.wait(pause):
                raise
            pause = min(5.0, pause * 2)
