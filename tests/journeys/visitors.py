"""Accounts of a province with their grants, signed in: the tokens of their sessions."""

from datetime import UTC, datetime

from services.portal.application import Portal
from services.portal.read_models.sessions import Client, Sessions
from services.portal.sign_in.tokens import digest_of, new_token
from shared.grants import Actor
from shared.process import open_pool
from tests.journeys.province import until

BY = Actor("Trần Thị Bình")


def signed_in(province, grants):
    """By account the token of its session; `grants` are the role and the scope of each account."""
    tokens = {}
    with open_pool(province.stack.settings("portal"), "portal", size=2) as pool:
        accounts = Portal(province.stack.settings("portal"), pool)
        until(lambda: all(accounts.places.is_known(each) for each in province.communes), "the communes are known")
        for account, (role, scope) in grants.items():
            accounts.open_account(account, f"Người {account}", BY)
            accounts.give(account, role, scope, BY)
            tokens[account] = new_token()
            Sessions(pool).begin(digest_of(tokens[account]), account, "password", Client("", ""), datetime.now(UTC))
        accounts.close()
    return tokens


def cookie(url, token):
    """For Playwright's `add_cookies`, which wants TLS of a secure cookie; browsers trust localhost."""
    return {"name": "__Host-minhbach", "value": token, "url": url.replace("http:", "https:"), "secure": True}
