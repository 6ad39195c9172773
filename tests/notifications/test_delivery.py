"""From the outbox to a real mail server: nothing lost, and twice only where nothing else can be known."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import time

from eventsourcing.persistence import OperationalError

from deploy.embedded.servers import free_port
from deploy.mailbox import Mailbox
from services.notifications.application import Notifications, UndeliveredMails
from services.notifications.domain.address_book import AddressBook
from services.notifications.domain.schedule import MailSchedule
from services.notifications.read_models.claims import Claims
from shared.clock import day_of
from tests.notifications import events
from tests.notifications.scene import CENTRE, OFFICE, until

TODAY = day_of(events.RECORDED_AT)
# A sender that is killed when the server has taken its fourth mail, before it is recorded.
KILLED = """
import os, signal, threading
from services.notifications.application import Notifications
from services.notifications.mail.delivery import Delivery
from services.notifications.mail.settings import MailSettings
from shared.process import open_pool
from shared.settings import Settings

class Dying(Notifications):
    name = "notifications"
    left = 3
    def record_sent(self, waiting, at):
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        super().record_sent(waiting, at)

settings = Settings.from_env()
dying = Dying(settings, open_pool(settings, "notifications"))
Delivery(settings, MailSettings.from_env(settings.env), dying).send_until(threading.Event())
"""


def queue_tasks(scene, tasks, support=()):
    scene.receive(events.commune_registered(), *(events.task_assigned(support=support) for _ in range(tasks)))


def sent(scene):
    return [event for event in scene.recorded() if type(event).__name__ == "Sent"]


def test_notices_wait_while_the_mail_server_is_away_and_are_then_sent_once(scene, tmp_path):
    mailbox = Mailbox(tmp_path / "mails", port=free_port())
    queue_tasks(scene, 30, events.SUPPORT)
    with scene.sending(mailbox.url):
        until(lambda: scene.query("SELECT FROM outbox WHERE last_error IS NOT NULL"))
        assert scene.outbox.counts().waiting == 60
        assert "refused" in "".join(notice["last_error"] or "" for notice in scene.outbox.waiting())
        with mailbox:
            until(lambda: scene.outbox.counts().waiting == 0)

    assert len(mailbox.message_ids()) == len(set(mailbox.message_ids())) == 60
    assert len(sent(scene)) == 60


def test_sending_resumes_after_a_killed_mail_server_returns(scene, tmp_path):
    mailbox = Mailbox(tmp_path / "mails", port=free_port())
    queue_tasks(scene, 300)
    with scene.sending(mailbox.start().url):
        until(lambda: mailbox.count() > 50)
        os.kill(mailbox.pid, signal.SIGKILL)
        until(lambda: scene.query("SELECT FROM outbox WHERE last_error IS NOT NULL"))
        assert scene.outbox.counts().waiting
        mailbox.stop()
        with mailbox:
            until(lambda: scene.outbox.counts().waiting == 0)

    identities = Counter(mailbox.message_ids())
    assert len(identities) == len(sent(scene)) == 300
    assert identities.total() <= 301  # the mail that the server was just taking


def test_mail_is_sent_again_with_the_same_message_id_after_a_kill_before_the_commit(scene, tmp_path):
    queue_tasks(scene, 10)
    with Mailbox(tmp_path / "mails") as mailbox:
        env = {**os.environ, **scene.settings.env, "SMTP_URL": mailbox.url}
        killed = subprocess.run([sys.executable, "-c", KILLED], env=env, timeout=60, check=False)
        assert killed.returncode == -signal.SIGKILL
        assert (mailbox.count(), len(sent(scene)), scene.outbox.counts().waiting) == (4, 3, 7)
        with scene.sending(mailbox.url):
            until(lambda: scene.outbox.counts().waiting == 0)

        identities = Counter(mailbox.message_ids())
    assert sorted(identities.values()) == [1] * 9 + [2]
    assert len(sent(scene)) == 10


def test_two_senders_send_each_notice_once(scene, tmp_path):
    queue_tasks(scene, 300)
    with Mailbox(tmp_path / "mails") as mailbox:
        with scene.sending(mailbox.url, mailbox.url):
            until(lambda: scene.outbox.counts().waiting == 0)

        assert len(mailbox.message_ids()) == len(set(mailbox.message_ids())) == 300
    assert len(sent(scene)) == 300


def test_claims_hold_until_the_senders_connection_ends(scene):
    queue_tasks(scene, 25)
    with Claims.open(scene.settings, "notifications") as other:
        with Claims.open(scene.settings, "notifications") as one:
            assert (len(one.take(TODAY)), len(other.take(TODAY)), len(other.take(TODAY))) == (20, 5, 0)
        until(lambda: len(other.take(TODAY)) == 20)


def test_permanent_refusal_is_recorded_as_failed(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["550 no such user"])
    queue_tasks(scene, 1, events.SUPPORT)
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    [failed] = [event for event in scene.recorded() if type(event).__name__ == "Failed"]
    assert failed.recipient == "phong-kinh-te.21040@minhbach.example"
    assert failed.reason == "550 no such user"
    assert server.accepted == ["trung-tam-phuc-vu-hanh-chinh-cong.21040@minhbach.example"]
    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 1, "failed": 1}


def test_temporary_refusal_is_retried_without_blocking_others(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["450 later", "451 later still"])
    queue_tasks(scene, 1, events.SUPPORT)
    with scene.sending(url):
        until(lambda: server.accepted)
        until(lambda: scene.outbox.counts().waiting == 0)

    assert server.accepted[0].startswith("trung-tam")
    assert len(server.accepted) == len(sent(scene)) == 2


def test_answer_421_counts_as_server_away(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["421 closing"])
    queue_tasks(scene, 2)
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    assert len(server.accepted) == len(sent(scene)) == 2
    assert scene.outbox.counts().failed == 0


def test_notice_that_cannot_be_rendered_waits_without_blocking_others(scene, mail_server):
    _, url = mail_server()
    queue_tasks(scene, 2)
    with scene.pool.connection() as connection:
        connection.execute("UPDATE outbox SET context = '{}' WHERE notice_id = (SELECT notice_id FROM outbox LIMIT 1)")
    with scene.sending(url):
        until(lambda: scene.outbox.counts().sent == 1)
        until(lambda: scene.query("SELECT FROM outbox WHERE attempts > 0"))

    assert scene.outbox.counts().waiting == 1
    assert "undefined" in scene.outbox.waiting()[0]["last_error"]


def test_sender_stops_while_it_waits_for_a_silent_server(scene, mail_server):
    _, url = mail_server(phong_kinh_te=["silence"])
    queue_tasks(scene, 3)

    async def send_and_stop():
        sending = asyncio.ensure_future(scene.delivery(url).run())
        await asyncio.to_thread(until, lambda: scene.query("SELECT FROM outbox WHERE claimed_by IS NOT NULL"))
        await asyncio.sleep(0.2)
        sending.cancel()
        await asyncio.wait([sending], timeout=20)
        assert sending.cancelled()

    asyncio.run(send_and_stop())
    assert scene.outbox.counts().waiting == 3
    assert scene.query("SELECT FROM outbox WHERE claimed_by IS NOT NULL") == []


class Faltering(Notifications):
    name = "notifications"
    faults = 2

    def commit(self, *aggregates, **how):
        if self.faults:
            self.faults -= 1
            raise OperationalError("the database is away")
        super().commit(*aggregates, **how)


def test_commit_is_retried_without_sending_again_when_the_database_fails(scene, mail_server):
    server, url = mail_server()
    queue_tasks(scene, 1)
    scene.notifications = Faltering(scene.settings, scene.pool)
    with scene.notifications, scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

        assert len(server.accepted) == len(sent(scene)) == 1
        assert scene.notifications.faults == 0


def test_a_recipient_gets_one_daily_mail_and_urgent_ones_at_once(scene, mail_server):
    server, url = mail_server()
    scene.schedule = MailSchedule(time(7, 30))
    queue_tasks(scene, 5, events.SUPPORT)
    scene.receive(events.report_returned())
    waiting = scene.query(
        "SELECT count(*) FROM outbox WHERE next_attempt_at > now() AND next_attempt_at <= now() + interval '1 day'"
        " AND (next_attempt_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::time = '07:30'"
    )
    assert waiting == [(10,)]
    with scene.sending(url):
        until(lambda: scene.outbox.counts().sent == 1)
        assert server.accepted == [CENTRE]
        scene.query("UPDATE outbox SET next_attempt_at = now() RETURNING 1")
        until(lambda: scene.outbox.counts().waiting == 0)

    assert Counter(server.accepted) == {CENTRE: 2, OFFICE: 1}
    assert len(sent(scene)) == 11, "each notice is recorded"


def test_a_remark_on_many_tasks_is_one_mail_to_each_recipient(scene, mail_server):
    server, url = mail_server()
    scene.receive(events.commune_registered(), *(events.task_commented(task_id=f"t-{task}") for task in range(30)))
    scene.receive(events.task_commented(task_id="t-30"))  # of the same step, in another batch
    waiting = "SELECT DISTINCT ON (recipient) notice_id FROM outbox ORDER BY recipient, created_at"
    scene.query(f"UPDATE outbox SET next_attempt_at = now() WHERE notice_id IN ({waiting}) RETURNING 1")
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    assert len(set(server.accepted)) == len(server.accepted)
    assert len(sent(scene)) == 31 * len(server.accepted), "each notice is recorded"


def test_a_daily_mail_that_is_refused_for_good_fails_each_of_its_notices_and_names_them(scene, mail_server):
    _, url = mail_server(phong_kinh_te=["550 no such user"])
    scene.schedule = MailSchedule(time(7, 30))
    queue_tasks(scene, 3)
    scene.query("UPDATE outbox SET next_attempt_at = now() RETURNING 1")
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    failed = scene.outbox.failed(["c-1"])
    assert [(each["recipient"], each["template"], each["reason"]) for each in failed] == [
        (OFFICE, "task_assigned", "550 no such user")
    ] * 3
    assert scene.outbox.failed(["c-2"]) == []
    assert len(scene.outbox.failed(most=2)) == 2


def test_the_one_stop_centre_is_notified_of_a_body_that_no_mail_reaches_once_a_day(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["550 no such user"] * 2)
    undelivered = UndeliveredMails(scene.pool, AddressBook("minhbach.example"), MailSchedule())
    scene.notifications = Notifications(scene.settings, scene.pool, undelivered)
    queue_tasks(scene, 2)
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 1, "failed": 2}
    assert server.accepted == [CENTRE]
    assert [event.template for event in sent(scene)] == ["mail_undelivered"]
    scene.notifications.close()


def test_nobody_is_notified_of_a_centre_that_no_mail_reaches(scene, mail_server):
    _, url = mail_server(trung_tam_phuc_vu_hanh_chinh_cong=["550 no such user"])
    undelivered = UndeliveredMails(scene.pool, AddressBook("minhbach.example"), MailSchedule())
    scene.notifications = Notifications(scene.settings, scene.pool, undelivered)
    scene.receive(events.commune_registered(), events.report_returned())
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 0, "failed": 1}
    scene.notifications.close()
