"""Grants and keys of an account as answers and pages give them to others."""

from services.portal.domain.account import Account
from services.portal.domain.state import Key
from shared.contracts.portal import GrantRow, KeyRow
from shared.grants import Grant


def grant_row(account: Account, grant: Grant) -> GrantRow:
    by = account.given_by[grant.grant]
    return GrantRow(
        grant=grant.grant,
        account=grant.account,
        name=account.name,
        role=grant.role,
        commune=grant.scope.commune,
        body=grant.scope.body,
        province=grant.scope.province,
        in_force_from=grant.in_force_from,
        until=grant.until,
        by=by.name,
        by_account=by.account,
    )


def key_row(key: Key) -> KeyRow:
    return KeyRow(key=key.key, program=key.program, until=key.until, commune=key.commune, read_only=key.read_only)
