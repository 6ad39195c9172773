"""Sends the notices of the outbox to the mail server, each once, whichever process is killed in between.

The one window: a sender that is killed, or cut off, after the server has taken a mail and before its own commit sends
that mail again, with the same Message-ID; of a mail of several notices those that are not recorded yet, as another
mail.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial

from eventsourcing.persistence import PersistenceError
from psycopg import Error as DatabaseError

from services.notifications.application import Notifications
from services.notifications.mail.letters import compose, compose_daily, letters_of
from services.notifications.mail.server import MailPutOff, MailRefused, MailServer, MailServerAway
from services.notifications.mail.settings import MailSettings
from services.notifications.read_models.claims import Claims
from services.notifications.read_models.outbox import WaitingNotice
from shared.clock import day_of
from shared.settings import Settings

IDLE = 1.0  # seconds between looks into an empty outbox
LONGEST_PAUSE = 60.0
ENDS_WITHIN = 5.0
MOST_IN_A_MAIL = 200

Mail = list[WaitingNotice]  # of one recipient

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
                    today, together = day_of(self._notifications.clock()), self._mail.schedule.daily_at is not None
                    if notices := claims.take(today, together=together):
                        self._send_all(claims, self._mails(notices), stop)
                    else:
                        stop.wait(IDLE)
        finally:
            self._server.close()

    def _mails(self, notices: Sequence[WaitingNotice]) -> list[Mail]:
        """Each notice by itself, a remark with the same one on other tasks, or all that waited for the daily mail."""
        by_recipient: dict[str, Mail] = {}
        alone: Mail = []
        for notice in sorted(notices, key=lambda each: (each.created_at, each.notice_id)):
            if self._mail.schedule.waits(notice.template):
                by_recipient.setdefault(notice.recipient, []).append(notice)
            else:
                alone.append(notice)
        return [
            mail[at : at + MOST_IN_A_MAIL]
            for mail in (*letters_of(alone), *by_recipient.values())
            for at in range(0, len(mail), MOST_IN_A_MAIL)
        ]

    def _send_all(self, claims: Claims, mails: list[Mail], stop: threading.Event) -> None:
        while mails and not stop.is_set():
            try:
                self._send(claims, mails[0], stop)
            except MailServerAway as away:
                self._wait_for_server(claims, mails, away, stop)
                return
            self._failures = 0
            mails = mails[1:]
        if mails:
            claims.give_back([notice for mail in mails for notice in mail])

    def _send(self, claims: Claims, notices: Mail, stop: threading.Event) -> None:
        try:
            message = self._composed(notices)
        except Exception as fault:  # a defect of ours: these wait for a mended version, alarmed, the others go on
            log.exception("notice %s", notices[0].notice_id)
            for notice in notices:
                claims.put_off(notice.notice_id, f"{type(fault).__name__}: {fault}")
            return
        recipient = notices[0].recipient
        try:
            self._server.send(recipient, message)
        except MailRefused as refused:
            log.warning("the mail server refuses a mail to %s for good: %s", recipient, refused)
            self._settle(notices, partial(self._notifications.record_failed, reason=str(refused)), stop)
        except MailPutOff as later:
            for notice in notices:
                claims.put_off(notice.notice_id, str(later))
        else:
            self._settle(notices, self._notifications.record_sent, stop)

    def _composed(self, notices: Mail) -> bytes:
        at = self._notifications.clock()
        return (compose if len(letters_of(notices)) == 1 else compose_daily)(notices, self._mail, at)

    def _settle(self, notices: Mail, record: Callable[..., None], stop: threading.Event) -> None:
        for notice in notices:
            _insist(partial(record, notice, at=self._notifications.clock()), stop)

    def _wait_for_server(self, claims: Claims, mails: list[Mail], away: MailServerAway, stop: threading.Event) -> None:
        notices = [notice for mail in mails for notice in mail]
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
