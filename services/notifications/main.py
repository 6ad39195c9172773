"""Notifications, ready to run: minhbach run notifications."""

from pathlib import Path

from services.notifications.application import Notifications, UndeliveredMails
from services.notifications.domain.address_book import AddressBook
from services.notifications.mail.address_file import read_addresses
from services.notifications.mail.delivery import Delivery
from services.notifications.mail.settings import MailSettings
from services.notifications.publishers import announce
from services.notifications.questions import QUESTIONS
from services.notifications.subscribers import subscribe
from shared.contracts.notifications import ShowNotificationsHealth
from shared.process import Process, open_pool
from shared.settings import Settings


def build(settings: Settings) -> Process:
    mail = MailSettings.from_env(settings.env)
    pool = open_pool(settings, "notifications")
    file = settings.env.get("MINHBACH_ADDRESS_BOOK")
    book = AddressBook(mail.domain, read_addresses(Path(file)) if file else {})
    notifications = Notifications(settings, pool, UndeliveredMails(pool, book, mail.schedule))
    process = Process(settings, notifications, announce, pool)
    subscribe(process, book, mail.schedule)
    process.checks_grants(notifications.communes.places)
    process.answers(QUESTIONS, ShowNotificationsHealth)
    process.works(Delivery(settings, mail, notifications).run)
    return process
