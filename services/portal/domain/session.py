"""How long a signed-in session lasts and is kept, and when it is fresh enough to end other sessions."""

from datetime import datetime, timedelta
from typing import NamedTuple

IDLE = timedelta(minutes=30)
LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a page is no reason to write more often
KEPT = timedelta(days=30)  # in the table, from its beginning
# Whoever signed in so recently need not sign in again to change how the account is opened.
FRESH = timedelta(minutes=10)


class Session(NamedTuple):
    """`session` names it and opens nothing; `method` is `password`, `passkey` or `provider`."""

    session: str
    account: str
    method: str
    address: str
    agent: str
    began_at: datetime
    seen_at: datetime

    def is_fresh_at(self, now: datetime) -> bool:
        return now < self.began_at + FRESH
