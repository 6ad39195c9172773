"""Links by which a newcomer signs in to a stack of this machine in each role: nobody has a password to begin with."""

import time
from datetime import timedelta
from typing import NamedTuple, get_args

from deploy.demo.running_services import RunningServices
from deploy.embedded.stack import Stack
from services.portal.application import Portal
from services.portal.sign_in.application import SignIn
from services.portal.wording import ROLES
from shared.cli.options import DEFAULT_PROVINCE
from shared.clock import day_of
from shared.grants import SCOPE_OF, Actor, Role, Scope
from shared.web.address import Address

COMMUNE = "21211"  # xã Tịnh Khê, which has a plan of its own in the demonstration
BODY = "Phòng Văn hóa - Xã hội"
BY = Actor("minhbach up")
LAST = timedelta(hours=1)
FOLLOWED_WITHIN = 30.0  # seconds
ACCOUNTS: dict[str, Role] = {f"thu-{role}": role for role in get_args(Role)}


class NewcomerLink(NamedTuple):
    account: str
    role: Role
    link: str


def newcomer_links(stack: Stack) -> list[NewcomerLink]:
    """None once anybody else has an account: then the operator invites. Each works once, for an hour."""
    services = RunningServices(stack)
    with services.open("portal", Portal) as portal:
        opened = {each.account for each in portal.accounts_known_at(day_of(portal.clock()))}
        if not opened <= set(ACCOUNTS):
            return []
        commune = _commune(services)
        deadline = time.monotonic() + FOLLOWED_WITHIN
        while not portal.places.is_known(commune) and time.monotonic() < deadline:
            time.sleep(0.1)
        address = Address.of(stack.settings("portal"))
        sign_in = SignIn(portal, portal.accounts.pool, address, None)
        return [_link(sign_in, account, role, commune, address) for account, role in ACCOUNTS.items()]


def _commune(services: RunningServices) -> str:
    """Of the communes that take part; where there are none, one takes part from now on."""
    with services.planning() as planning:
        known = planning.communes.ids()
        if not known:
            planning.register_communes(DEFAULT_PROVINCE, {COMMUNE})
    return COMMUNE if not known or COMMUNE in known else min(known)


def _link(sign_in: SignIn, account: str, role: Role, commune: str, address: Address) -> NewcomerLink:
    portal, title = sign_in.portal, ROLES[role]
    place = portal.places.on(commune, day_of(portal.clock()))
    scopes = {"commune": Scope(commune), "body": Scope(commune, BODY), "province": Scope(province=place.province)}
    portal.open_account(account, f"Người dùng thử ({title})", BY)
    portal.give(account, role, scopes[SCOPE_OF[role]], BY)
    return NewcomerLink(account, role, f"{address.origin}/moi/{sign_in.invite(account, BY, LAST)}")
