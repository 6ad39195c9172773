"""One Notifications on a real PostgreSQL: received events, the outbox, senders and the recorded outcomes."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby

from services.notifications.domain.address_book import AddressBook
from services.notifications.domain.schedule import MailSchedule
from services.notifications.mail.delivery import Delivery
from services.notifications.mail.settings import MailSettings
from services.notifications.read_models.claims import Claims
from services.notifications.subscribers import subscriptions
from shared.clock import day_of
from shared.messaging.following.follower import ReceivedEvent
from shared.messaging.following.grants import PORTAL
from tests.notifications.events import RECORDED_AT

CENTRE = "trung-tam-phuc-vu-hanh-chinh-cong.21040@minhbach.example"
OFFICE = "phong-kinh-te.21040@minhbach.example"
PROVINCE = "van-phong.51@minhbach.example"


class Scene:
    """Given received events, when senders run, then the outbox, the record and the mail server hold something."""

    def __init__(self, settings, notifications, pool):
        self.settings = settings
        self.notifications = notifications
        self.pool = pool
        self.outbox = notifications.outbox
        self.schedule = MailSchedule()
        self._after = notifications.recorder.max_notification_id() or 0

    def receive(self, *events):
        """Each run of events of one service is a batch."""
        received = [ReceivedEvent(position, event) for position, event in enumerate(events, start=1)]
        by_owner = subscriptions(AddressBook("minhbach.example"), self.schedule) | {"portal": PORTAL}
        with self.pool.connection() as connection:
            for owner, batch in groupby(received, lambda each: each.event.subject.partition(".")[0]):
                by_owner[owner].apply(connection, list(batch))

    def queued(self):
        return sorted(self.query("SELECT recipient, template FROM outbox"))

    def claim(self):
        """The only notice that waits."""
        [notice] = self.due()
        return notice

    def due(self):
        """The notices that a sender would take now."""
        with Claims.open(self.settings, "notifications") as claims:
            return claims.take(day_of(RECORDED_AT))

    def delivery(self, url):
        mail = replace(MailSettings.from_env({"SMTP_URL": url}), schedule=self.schedule)
        return Delivery(self.settings, mail, self.notifications)

    @contextmanager
    def sending(self, *urls):
        """A sender for each URL, until the block ends."""
        stop = threading.Event()
        senders = [threading.Thread(target=self.delivery(url).send_until, args=(stop,)) for url in urls]
        for sender in senders:
            sender.start()
        try:
            yield
        finally:
            stop.set()
            for sender in senders:
                sender.join(30)

    def query(self, query, *parameters):
        with self.pool.connection() as connection:
            return connection.execute(query, parameters).fetchall()

    def history(self):
        return self.notifications.events_after(self._after, 10_000)

    def recorded(self):
        return [recorded.event for recorded in self.history()]


def until(happened, within=90.0):
    """Wait on progress."""
    deadline = time.monotonic() + within
    while not (result := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return result
