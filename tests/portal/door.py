"""The portal's site over a real database, with people who sign in to it in browsers of their own."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pyotp
from anyio.from_thread import BlockingPortal
from starlette.testclient import TestClient

from services.portal.application import Portal
from services.portal.sign_in.application import SignIn
from services.portal.sign_in.portal_key import PortalKey
from services.portal.sign_in.provider import Provider
from services.portal.web.pages import pages
from shared.grants import Actor
from shared.messaging.questions.question_client import NotAnswered
from shared.web.address import Address
from shared.web.site import Services

BY = Actor("Trần Thị Bình")
KEY = PortalKey(b"k" * 32)
ORIGIN = "https://minhbach.example.vn"
PASSWORD = "con trâu gặm cỏ ven đê 77"
SIGNED_OUT = "/dang-nhap"


async def nobody(*_):
    raise NotAnswered("nobody", "Dịch vụ đang không chạy.")


@dataclass
class Door:
    """The site over a real database, at a time that a test moves on."""

    portal: Portal
    sign_in: SignIn
    address: Address
    now: datetime
    loop: BlockingPortal
    provider: Provider | None = None
    home: str = ""

    def move_house(self):
        """To an address of this test alone, so that failures of others delay nobody here."""
        self.home = ".".join(map(str, (10, *secrets.token_bytes(3))))

    def later(self, by):
        self.now += by

    def browser(self, at="", origin=ORIGIN):
        """At `home`, where the people of a test are, or at another address."""
        site = pages(self.sign_in, Address(origin), Services(nobody, nobody, nobody), self.provider)
        browser = TestClient(
            site, base_url=origin, client=(at or self.home, 50000), follow_redirects=False,
            headers={"Origin": origin, "User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"},
        )  # fmt: skip
        browser.portal = self.loop  # or it starts a thread with a loop for each request
        return browser

    def account(self):
        name = f"s-{uuid4().hex[:8]}"
        self.portal.open_account(name, "Nguyễn Thị Lan", BY)
        return Person(self, name)


@dataclass
class Person:
    door: Door
    account: str
    totp: pyotp.TOTP | None = None

    def set_up(self, browser=None, password=PASSWORD, link=""):
        """By an invitation, a new one without `link`; the browser is signed in then."""
        browser = browser or self.door.browser()
        link = link or f"/moi/{self.door.sign_in.invite(self.account, BY)}"
        page = browser.get(link)
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
        self.totp = pyotp.TOTP(secret)
        form = {"mat-khau": password, "nhap-lai": password, "ma": self.code()}
        answer = browser.post(f"{link}/mat-khau", data=form)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/"), answer.text
        return browser

    def code(self):
        """The next one that was not used: half a minute later."""
        self.door.later(timedelta(seconds=30))
        return self.totp.at(self.door.now)

    def sign_in(self, browser, password=PASSWORD, code=None, **fields):
        form = {"tai-khoan": self.account, "mat-khau": password, "ma": code or self.code(), **fields}
        return browser.post("/dang-nhap", data=form)


def is_in(browser):
    answer = browser.get("/tai-khoan")
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(SIGNED_OUT)
    return answer.status_code == 200
