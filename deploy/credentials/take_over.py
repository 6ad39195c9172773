"""Records in the portal what the folder of the broker's accounts has and the portal does not: of earlier versions, and
after a database was put back to a backup."""

from datetime import datetime

from deploy.credentials.accounts import NKEY, CommuneAccounts, ends
from services.portal.application import Portal
from services.portal.application.broker_keys import BrokerKeys, EarlierKey
from services.portal.domain.refusal import LONGEST_TEXT
from services.portal.read_models.broker_keys import End
from shared.grants import Actor
from shared.record.pool import open_pool
from shared.settings import Settings


def take_over(portal: Portal, accounts: CommuneAccounts) -> int:
    """How many keys were recorded; again: none."""
    return BrokerKeys(portal).take_over(earlier_keys(accounts))


def take_over_keys(settings: Settings, accounts: CommuneAccounts) -> int:
    """The same with the database of these settings, which are the portal's."""
    if not accounts.entries():
        return 0
    with open_pool(settings, "portal", size=2) as pool:
        portal = Portal(settings, pool)
        try:
            return take_over(portal, accounts)
        finally:
            portal.close()


def earlier_keys(accounts: CommuneAccounts) -> list[EarlierKey]:
    """Every key that was issued, in order, and how it ended."""
    found: dict[str, EarlierKey] = {}
    in_force: dict[str, list[str]] = {}
    for entry in accounts.entries():
        at, by = datetime.fromisoformat(entry["at"]), Actor(_text(entry["by"]), entry.get("by_account"))
        logins = in_force.setdefault(entry["commune"], [])
        if entry["act"] == "revoked":
            for login in [each for each in logins if ends(entry, each)]:
                found[login] = found[login]._replace(end=End(at, by, _text(entry["reason"])))
                logins.remove(login)
        elif entry["kind"] == NKEY:
            found[entry["login"]] = EarlierKey(entry["commune"], entry["login"], at, by, None)
            logins.append(entry["login"])
    return list(found.values())


def _text(text: str) -> str:
    """Earlier versions checked neither names nor reasons, and the portal refuses an empty or a long one."""
    return text.strip()[:LONGEST_TEXT] or "không rõ"
