"""Which accounts and grants an operator has to do with: those of the operator's own province."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.portal.application import Portal
from services.portal.domain.account import Account
from services.portal.domain.refusal import RequestRefused
from shared.clock import day_of
from shared.grants import Scope
from shared.web.visitor import Visitor, visitor_of

NO_ACCOUNT = "Tỉnh không có tài khoản nào tên như vậy."


def operator_of(request: Request) -> Visitor:
    """The visitor, who is an operator. A page that refuses everybody else."""
    visitor = visitor_of(request)
    if not visitor.has_role("operator"):
        raise HTTPException(403)
    return visitor


def provinces_of(operator: Visitor) -> set[str]:
    return {grant.scope.province for grant in operator.grants_of("operator") if grant.scope.province}


async def account_of(request: Request, portal: Portal, name: str) -> Account:
    """404 for an account of another province, and for an unknown one."""
    found = await asyncio.to_thread(own_account, portal, operator_of(request), name)
    if found is None:
        raise HTTPException(404, NO_ACCOUNT)
    return found


def own_account(portal: Portal, operator: Visitor, name: str) -> Account | None:
    """An account all of whose grants, today's and later ones, are in the operator's province, or one opened there."""
    try:
        account = portal.account(name)
    except RequestRefused:
        return None
    return account if _is_own(portal, operator, account) else None


def own_accounts(portal: Portal, operator: Visitor) -> list[Account]:
    """By their ids, closed ones among them."""
    return [each for each in portal.accounts_known_at(day_of(portal.clock())) if _is_own(portal, operator, each)]


def _is_own(portal: Portal, operator: Visitor, account: Account) -> bool:
    """Whoever has a grant in another province, too, is changed by those who run the system.

    Without a grant that lasts, an account is of the province of those that ended; without any, of the operator's who
    opened it: another one could make a way to sign in, and wait for a grant. What was opened at the terminal is of all.
    """
    day = day_of(portal.clock())
    lasting = [grant for grant in account.grants.values() if grant.until is None or grant.until >= day]
    grants = lasting or list(account.grants.values())
    if not grants and account.opened_by:
        grants = [each for each in portal.account(account.opened_by).grants.values() if each.role == "operator"]
        if not grants:
            return False
    return {portal.province_of(grant, day) for grant in grants} <= provinces_of(operator)


def is_own_scope(portal: Portal, operator: Visitor, scope: Scope) -> bool:
    """Whether an operator gives grants for a commune or a province."""
    province = scope.province
    if scope.commune:
        province = portal.places.on(scope.commune, day_of(portal.clock())).province
    return province in provinces_of(operator)
