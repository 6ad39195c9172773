"""What Notifications remembers of others, and what waits to be said."""

from services.notifications.read_models import communes, outbox, reminders

TABLES = communes.TABLES + reminders.TABLES + outbox.TABLES
