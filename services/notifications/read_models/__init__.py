"""The tables of Notifications: communes, kept announcements, reminders, and notices that wait or are settled."""

from services.notifications.read_models import communes, early_announcements, followers, outbox, reminders

TABLES = communes.TABLES + early_announcements.TABLES + reminders.TABLES + followers.TABLES + outbox.TABLES
