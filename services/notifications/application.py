"""What Notifications does when a mail server has answered: save what became of a notice."""

from datetime import datetime
from typing import Any

from psycopg_pool import ConnectionPool

from services.notifications.domain.notice import Notice
from services.notifications.read_models.outbox import Outbox, Waiting
from shared.event_store import EventStore, IntegrityError
from shared.settings import Settings


class Notifications(EventStore):
    name = "notifications"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self.outbox = Outbox(pool)

    def record_sent(self, waiting: Waiting, at: datetime) -> None:
        notice = Notice.send(waiting.about_event, waiting.recipient, waiting.channel, template=waiting.template, at=at)
        self._settle(waiting, notice, None, at)

    def record_failed(self, waiting: Waiting, reason: str, at: datetime) -> None:
        notice = Notice.fail(
            waiting.about_event, waiting.recipient, waiting.channel, template=waiting.template, reason=reason, at=at
        )
        self._settle(waiting, notice, reason, at)

    def _settle(self, waiting: Waiting, notice: Notice, failed_because: str | None, at: datetime) -> None:
        try:
            self.commit(notice, at=at, statements=[Outbox.settle(waiting.notice_id, failed_because, at)])
        except IntegrityError:  # settled before, or the outcome of the commit was unknown
            self.outbox.drop(waiting.notice_id)
