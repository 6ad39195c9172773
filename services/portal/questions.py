"""The questions that the portal answers, each with the function that answers it."""

from services.portal.application import Portal
from services.portal.domain.account import Account
from shared.clock import day_of
from shared.contracts.portal import GrantRow, KeyRow, ListedGrants, ListGrants, OwnAccount, ShowAccount
from shared.grants import Grant
from shared.messaging.questions import NO_GRANT, Functions


def show_account(portal: Portal, question: ShowAccount) -> OwnAccount:
    if question.actor is None:
        raise NO_GRANT
    account, today = portal.account(question.actor), day_of(portal.clock())
    return OwnAccount(
        account=account.account,
        name=account.name,
        until=account.until,
        grants=tuple(_row(account, grant) for grant in account.grants_on(today)),
        keys=tuple(
            KeyRow(key=key.key, program=key.program, until=key.until, commune=key.commune, read_only=key.read_only)
            for key in account.keys_on(today)
        ),
    )


def list_grants(portal: Portal, question: ListGrants) -> ListedGrants:
    day = question.known_at or day_of(portal.clock())
    known = portal.grants_known_at(day, question.role)
    found = (each for each in known if portal.province_of(each[1], day) == question.province)
    return ListedGrants(grants=tuple(_row(account, grant) for account, grant in found))


def _row(account: Account, grant: Grant) -> GrantRow:
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


QUESTIONS: Functions[Portal] = {
    ShowAccount: show_account,
    ListGrants: list_grants,
}
