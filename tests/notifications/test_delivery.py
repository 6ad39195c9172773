"""From the outbox to a real mail server: nothing lost, and twice only where nothing else can be known."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter

from eventsourcing.persistence import OperationalError

from deploy import embedded
from deploy.mailbox import Mailbox
from services.notifications.application import Notifications
from services.notifications.read_models.claims import Claims
from tests.notifications import announcements as announced
from tests.notifications.waiting import until

# A sender that is killed when the server has taken its fourth mail, before it is recorded.
KILLED = """
import os, signal, threading
from services.notifications.application import Notifications
from services.notifications.delivery import Delivery
from services.notifications.mail_settings import MailSettings
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


def queue(scene, tasks, support=()):
    scene.hear(announced.commune_registered(), *(announced.task_assigned(support=support) for _ in range(tasks)))


def sent(scene):
    return [event for event in scene.recorded() if type(event).__name__ == "Sent"]


def test_while_the_mail_server_is_away_nothing_is_lost_and_then_all_is_sent_once(scene, tmp_path):
    mailbox = Mailbox(tmp_path / "mails", port=embedded.free_port())
    queue(scene, 30, announced.SUPPORT)
    with scene.sending(mailbox.url):
        until(lambda: scene.ask("SELECT FROM outbox WHERE last_error IS NOT NULL"))
        assert scene.outbox.counts().waiting == 60
        assert "refused" in "".join(notice["last_error"] or "" for notice in scene.outbox.waiting())
        with mailbox:
            until(lambda: scene.outbox.counts().waiting == 0)

    assert len(mailbox.message_ids()) == len(set(mailbox.message_ids())) == 60
    assert len(sent(scene)) == 60


def test_a_mail_server_that_dies_and_comes_back_gets_the_rest(scene, tmp_path):
    mailbox = Mailbox(tmp_path / "mails", port=embedded.free_port())
    queue(scene, 300)
    with scene.sending(mailbox.start().url):
        until(lambda: mailbox.count() > 50)
        os.kill(mailbox.pid, signal.SIGKILL)
        until(lambda: scene.ask("SELECT FROM outbox WHERE last_error IS NOT NULL"))
        assert scene.outbox.counts().waiting
        mailbox.stop()
        with mailbox:
            until(lambda: scene.outbox.counts().waiting == 0)

    identities = Counter(mailbox.message_ids())
    assert len(identities) == len(sent(scene)) == 300
    assert identities.total() <= 301  # the mail that the server was just taking


def test_killed_between_acceptance_and_commit_the_mail_comes_again_with_the_same_message_id(scene, tmp_path):
    queue(scene, 10)
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
    queue(scene, 300)
    with Mailbox(tmp_path / "mails") as mailbox:
        with scene.sending(mailbox.url, mailbox.url):
            until(lambda: scene.outbox.counts().waiting == 0)

        assert len(mailbox.message_ids()) == len(set(mailbox.message_ids())) == 300
    assert len(sent(scene)) == 300


def test_what_one_sender_has_claimed_is_nobody_elses_until_its_connection_ends(scene):
    queue(scene, 25)
    with Claims.open(scene.settings, "notifications") as other:
        with Claims.open(scene.settings, "notifications") as one:
            assert (len(one.take()), len(other.take()), len(other.take())) == (20, 5, 0)
        until(lambda: len(other.take()) == 20)


def test_what_the_server_refuses_for_good_is_a_fact(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["550 no such user"])
    queue(scene, 1, announced.SUPPORT)
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    [failed] = [event for event in scene.recorded() if type(event).__name__ == "Failed"]
    assert failed.recipient == "phong-kinh-te.21040@minhbach.example"
    assert failed.reason == "550 no such user"
    assert server.accepted == ["trung-tam-phuc-vu-hanh-chinh-cong.21040@minhbach.example"]
    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 1, "failed": 1}


def test_what_the_server_puts_off_waits_and_holds_up_nobody(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["450 later", "451 later still"])
    queue(scene, 1, announced.SUPPORT)
    with scene.sending(url):
        until(lambda: server.accepted)
        until(lambda: scene.outbox.counts().waiting == 0)

    assert server.accepted[0].startswith("trung-tam")
    assert len(server.accepted) == len(sent(scene)) == 2


def test_a_server_that_closes_with_421_is_away_and_nothing_failed(scene, mail_server):
    server, url = mail_server(phong_kinh_te=["421 closing"])
    queue(scene, 2)
    with scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

    assert len(server.accepted) == len(sent(scene)) == 2
    assert scene.outbox.counts().failed == 0


def test_a_notice_that_cannot_be_written_waits_and_holds_up_nobody(scene, mail_server):
    _, url = mail_server()
    queue(scene, 2)
    with scene.pool.connection() as connection:
        connection.execute("UPDATE outbox SET context = '{}' WHERE notice_id = (SELECT notice_id FROM outbox LIMIT 1)")
    with scene.sending(url):
        until(lambda: scene.outbox.counts().sent == 1)
        until(lambda: scene.ask("SELECT FROM outbox WHERE attempts > 0"))

    assert scene.outbox.counts().waiting == 1
    assert "undefined" in scene.outbox.waiting()[0]["last_error"]


def test_a_sender_that_waits_for_a_silent_server_ends_when_it_is_told_to(scene, mail_server):
    _, url = mail_server(phong_kinh_te=["silence"])
    queue(scene, 3)

    async def send_and_stop():
        sending = asyncio.ensure_future(scene.delivery(url).run())
        await asyncio.to_thread(until, lambda: scene.ask("SELECT FROM outbox WHERE claimed_by IS NOT NULL"))
        await asyncio.sleep(0.2)
        sending.cancel()
        await asyncio.wait([sending], timeout=20)
        assert sending.cancelled()

    asyncio.run(send_and_stop())
    assert scene.outbox.counts().waiting == 3
    assert scene.ask("SELECT FROM outbox WHERE claimed_by IS NOT NULL") == []


class Faltering(Notifications):
    name = "notifications"
    faults = 2

    def commit(self, *aggregates, **how):
        if self.faults:
            self.faults -= 1
            raise OperationalError("the database is away")
        super().commit(*aggregates, **how)


def test_when_the_database_fails_after_acceptance_the_commit_is_tried_again_and_not_the_mail(scene, mail_server):
    server, url = mail_server()
    queue(scene, 1)
    scene.notifications = Faltering(scene.settings, scene.pool)
    with scene.notifications, scene.sending(url):
        until(lambda: scene.outbox.counts().waiting == 0)

        assert len(server.accepted) == len(sent(scene)) == 1
        assert scene.notifications.faults == 0
