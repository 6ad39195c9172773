"""Records the outcome of a notice: sent, or failed for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg_pool import ConnectionPool

from services.notifications.domain.address_book import AddressBook
from services.notifications.domain.notice import MAIL, Notice
from services.notifications.domain.schedule import MailSchedule
from services.notifications.read_models.communes import Communes, known
from services.notifications.read_models.early_announcements import waiting_for_registration
from services.notifications.read_models.outbox import Outbox, WaitingNotice, queued
from shared.clock import day_of
from shared.record.event_store import EventStore, IntegrityError, Statement
from shared.settings import Settings
from shared.vietnamese import mid_sentence


@dataclass(frozen=True)
class UndeliveredMails:
    """Notifies a commune's one-stop centre of a body that no mail reaches, once a day for each address."""

    pool: ConnectionPool
    book: AddressBook
    schedule: MailSchedule

    def notify_centre(self, failed: WaitingNotice, reason: str, at: datetime) -> list[Statement]:
        """Nothing where the centre itself is not reached, or a province's office: `notice list` names them."""
        with self.pool.connection() as connection:
            commune = known(connection, [failed.commune]).get(failed.commune) if failed.commune else None
        if commune is None:
            return []
        centre = self.book.one_stop_centre(commune.on(day_of(at)))
        if centre.address == failed.recipient:
            return []
        about = f"undelivered/{failed.recipient}/{day_of(at)}"
        notice = WaitingNotice(
            notice_id=Notice.create_id(about, centre.address, MAIL),
            about_event=about,
            commune=commune.commune,
            recipient=centre.address,
            channel=MAIL,
            template="mail_undelivered",
            context={
                "recipient_name": centre.name,
                "commune_name": mid_sentence(commune.on(day_of(at)).name),
                "body": failed.context["recipient_name"],
                "address": failed.recipient,
                "reason": reason,
                "role": "centre",
            },
            created_at=at,
        )
        return [queued([notice], self.schedule)]


class Notifications(EventStore):
    name = "notifications"

    def __init__(self, settings: Settings, pool: ConnectionPool, undelivered: UndeliveredMails | None = None) -> None:
        super().__init__(settings)
        self.outbox = Outbox(pool)
        self.communes = Communes(pool)
        self._pool = pool
        self._undelivered = undelivered

    def waiting_for_registration(self, communes: Sequence[str]) -> int:
        """The number of announcements about these communes, which are not registered."""
        with self._pool.connection() as connection:
            return waiting_for_registration(connection, communes)

    def record_sent(self, waiting: WaitingNotice, at: datetime) -> None:
        notice = Notice.send(waiting.about_event, waiting.recipient, waiting.channel, template=waiting.template, at=at)
        self._settle(waiting, notice, None, at)

    def record_failed(self, waiting: WaitingNotice, reason: str, at: datetime) -> None:
        notice = Notice.fail(
            waiting.about_event, waiting.recipient, waiting.channel, template=waiting.template, reason=reason, at=at
        )
        self._settle(waiting, notice, reason, at)

    def _settle(self, waiting: WaitingNotice, notice: Notice, failed_because: str | None, at: datetime) -> None:
        statements = [Outbox.settle(waiting.notice_id, failed_because, at)]
        if failed_because is not None and self._undelivered:
            statements += self._undelivered.notify_centre(waiting, failed_because, at)
        try:
            self.commit(notice, at=at, statements=statements)
        except IntegrityError:  # settled before, or the outcome of the commit was unknown
            self.outbox.drop(waiting.notice_id)
