"""What Notifications remembers of others, and what waits to be said."""

from services.notifications.read_models import communes, outbox

TABLES = communes.TABLES + outbox.TABLES
