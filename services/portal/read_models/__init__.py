"""The tables of the portal: accounts, keys, who signs in, services seen, places of communes, the key of the desk."""

from services.portal.read_models import accounts, attempts, broker_keys, credentials, presence, sessions
from shared.messaging.following import places
from shared.messaging.intake import desk_signature

SIGN_IN_TABLES = sessions.TABLES + credentials.TABLES + attempts.TABLES
OF_OTHERS = presence.TABLES + places.TABLES + desk_signature.PRIVATE_TABLE
TABLES = accounts.TABLES + broker_keys.TABLES + SIGN_IN_TABLES + OF_OTHERS
