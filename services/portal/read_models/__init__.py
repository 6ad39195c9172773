"""The tables of the portal: accounts, who signs in, services seen, places of communes, the key of the desk."""

from services.portal.read_models import accounts, attempts, credentials, presence, sessions
from shared.messaging import desk_signature, places

SIGN_IN_TABLES = sessions.TABLES + credentials.TABLES + attempts.TABLES
TABLES = accounts.TABLES + SIGN_IN_TABLES + presence.TABLES + places.TABLES + desk_signature.PRIVATE_TABLE
