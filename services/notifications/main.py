"""Notifications, ready to run: minhbach run notifications."""

from services.notifications.application import Notifications
from services.notifications.delivery import Delivery
from services.notifications.domain.recipients import AddressBook
from services.notifications.hearing import HEARD, Hearing
from services.notifications.mail_settings import MailSettings
from services.notifications.publishers import announce
from services.notifications.subscribers import subscribe
from shared.process import Process, open_pool
from shared.settings import Settings
from shared.tracking import Follower


def build(settings: Settings) -> Process:
    mail = MailSettings.from_env(settings.env)
    pool = open_pool(settings, "notifications")
    notifications = Notifications(settings, pool)
    process = Process(settings, notifications, announce, pool)
    hearing = Hearing(AddressBook(mail.domain))
    subscribe(process, {owner: Follower(pool, owner, events, hearing.remember) for owner, events in HEARD.items()})
    process.works(Delivery(settings, mail, notifications).run)
    return process
