"""The tables of docs/rights.md, and a running stack with an account of each role and of each way to have none."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from deploy.embedded.stack import Stack
from services.planning.application import Planning
from services.portal.application import Portal
from shared.clock import day_of
from shared.grants import SCOPE_OF, Actor, Scope
from shared.messaging.intake.desk_signature import Signing
from shared.process import open_pool
from tests.journeys.province import until

PAGE = Path(__file__).parents[2] / "docs/rights.md"
ONE, OTHER, ELSEWHERE = "21025", "21028", "20194"
BODY, BY = "Văn phòng", Actor("Trần Thị Bình")
HERE, THERE = "51", "48"
# Accounts that may do nothing; the last was never opened.
WITHOUT = ("withdrawn", "later", "closed", "nobody", "unknown")
# The places that a cell allows, by how far they are from the grant.
ALLOWED = {"own": {"own"}, "body": {"own"}, "province": {"own", "other"}, "–": set()}


def rows(first):
    """Of the tables whose first column has this name, by the name of each row: what it is about, and its cells."""
    found, header = {}, []
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[1] == "about":
            header = cells
        elif line.startswith("| `") and header[0] == first:
            found[cells[0]] = dict(zip(header[1:], cells[1:], strict=True))
    return found


def targets(about):
    """By how far they are from the grant."""
    if about == "province":
        return {"own": HERE, "elsewhere": THERE}
    return {"own": ONE, "other": OTHER, "elsewhere": ELSEWHERE}


@contextmanager
def started(folder, start_servers, *communes):
    """All services and two provinces; `communes` of the first one besides."""
    with Stack(folder, start_servers=start_servers) as stack:
        with open_pool(stack.settings("planning"), "planning") as pool:
            planning = Planning(stack.settings("planning"), pool)
            planning.register_communes(HERE, [ONE, OTHER, *communes])
            planning.register_communes(THERE, [ELSEWHERE])
            planning.close()
        with open_pool(stack.settings("portal"), "portal", size=2) as pool:
            portal = Portal(stack.settings("portal"), pool)
            until(lambda: portal.places.is_known(ELSEWHERE), "the communes are known")
            open_accounts(portal, BODY)
            [url] = stack.servers.commune_urls([ONE]).values()
            yield SimpleNamespace(stack=stack, signing=Signing(pool), machine_url=url, portal=portal, pool=pool)
            portal.close()


def open_accounts(portal, body):
    """Each is named after its role; `last` is the account that is opened last, of an officer of the province."""
    today = day_of(portal.clock())
    scopes = {"commune": Scope(ONE), "body": Scope(ONE, body), "province": Scope(province=HERE)}
    for account in (*SCOPE_OF, *WITHOUT[:-1]):
        portal.open_account(account, f"Người {account}", BY)
    for role, scope in SCOPE_OF.items():
        portal.give(role, role, scopes[scope], BY)
        for account in ("closed", "withdrawn"):
            grant = portal.give(account, role, scopes[scope], BY)
            if account == "withdrawn":
                portal.withdraw(grant, "thay người", BY)
        portal.give("later", role, scopes[scope], BY, today + timedelta(days=2))
    portal.close_account("closed", "nghỉ hưu", BY)
    portal.open_account("last", "Người cuối", BY)
    portal.give("last", "provincial-officer", Scope(province=HERE), BY)
