"""The questions that the portal answers, each with the function that answers it."""

from services.portal.application import Portal
from services.portal.rows import grant_row, key_row
from shared.clock import day_of
from shared.contracts.portal import ListedGrants, ListGrants, OwnAccount, ShowAccount
from shared.messaging.questions.questions import NO_GRANT, Functions


def show_account(portal: Portal, question: ShowAccount) -> OwnAccount:
    if question.actor is None:
        raise NO_GRANT
    account, today = portal.account(question.actor), day_of(portal.clock())
    return OwnAccount(
        account=account.account,
        name=account.name,
        until=account.until,
        grants=tuple(grant_row(account, grant) for grant in account.grants_on(today)),
        keys=tuple(map(key_row, account.keys_on(today))),
    )


def list_grants(portal: Portal, question: ListGrants) -> ListedGrants:
    day = question.known_at or day_of(portal.clock())
    known = portal.grants_known_at(day, question.role)
    found = (each for each in known if portal.province_of(each[1], day) == question.province)
    return ListedGrants(grants=tuple(grant_row(account, grant) for account, grant in found))


QUESTIONS: Functions[Portal] = {
    ShowAccount: show_account,
    ListGrants: list_grants,
}
