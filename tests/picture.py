"""`python -m tests.picture DATA PNG`: the picture of the portal in the README, on the data that `make demo` kept."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from deploy.embedded.stack import Stack
from services.portal.application import Portal
from services.portal.read_models.sessions import Client, Sessions
from services.portal.sign_in.tokens import digest_of, new_token
from shared.clock import day_of
from shared.grants import Actor, Scope
from shared.process import open_pool
from tests.chromium import START
from tests.journeys.province import until

ACCOUNT, PROVINCE, PAGE = "pham-thu-ha", "51", "/bao-cao/tinh/51?ky=2025-Q3"
SIZE = {"width": 1280, "height": 860}


def main(data: Path, picture: Path) -> None:
    with Stack(data, env={"MINHBACH_CLOCK_FILE": str(data.absolute() / "clock")}) as stack:
        token = signed_in(stack)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**START)
            context = browser.new_context(locale="vi-VN", viewport=SIZE)
            context.add_cookies([{"name": "minhbach", "value": token, "url": stack.public_url}])
            page = context.new_page()

            def is_whole():
                return page.goto(stack.public_url + PAGE).status == 200 and "Đang đếm" not in page.content()

            until(is_whole, "Reporting knows the grant, and what is unusual is counted")
            page.screenshot(path=picture)
            browser.close()


def signed_in(stack: Stack) -> str:
    settings = stack.settings("portal")
    with open_pool(settings, "portal", size=2) as pool:
        portal, by, token = Portal(settings, pool), Actor("make demo"), new_token()
        if ACCOUNT not in {each.account for each in portal.accounts_known_at(day_of(portal.clock()))}:
            portal.open_account(ACCOUNT, "Phạm Thu Hà", by)
            portal.give(ACCOUNT, "provincial-officer", Scope(province=PROVINCE), by)
        Sessions(pool).begin(digest_of(token), ACCOUNT, "password", Client("", ""), datetime.now(UTC))
        portal.close()
    return token


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
