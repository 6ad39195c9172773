"""Signed-in accounts at the portal's pages, over HTTP: links are read from the pages, forms are filled in and sent."""

import re
from datetime import UTC, datetime
from html import unescape

import httpx
import psycopg

from services.portal.application import Portal
from services.portal.read_models.sessions import Client, Sessions
from services.portal.sign_in.tokens import digest_of, new_token
from shared.grants import Actor
from shared.process import open_pool
from tests.journeys.province import until

BY = Actor("Trần Thị Bình")
# For Playwright's contexts: what is looked at once is the page, and not the one that says that it is being made.
PATIENT = {"extra_http_headers": {"Prefer": "wait=60"}}


class Browser:
    """A signed-in account's way to the pages: links are read from them, and forms are sent as they are filled in."""

    def __init__(self, url, token):
        headers = {"Cookie": f"__Host-minhbach={token}", "Origin": url, "Sec-Fetch-Site": "same-origin"}
        # The server ends a connection after five idle seconds: one that is reused just then would break.
        limits = httpx.Limits(keepalive_expiry=2)
        self.client = httpx.Client(base_url=url, headers=headers, timeout=60, follow_redirects=False, limits=limits)
        self.token = token

    def page(self, path, status=200):
        return self._answer(status, "GET", path).text

    def send(self, path, status, page=None, **fields):
        """A form of a page, with the id of the submission that it has; the page that comes of it."""
        page = page or self.page(path)
        fields = {"lan-gui": re.search(r'name="lan-gui" value="(\w+)"', page)[1], **fields}
        answer = self._answer(status, "POST", path, data=fields)
        return self.page(answer.headers["location"]) if status == 303 else answer.text

    def _answer(self, status, method, path, **sent):
        """The same request again while a service is late with its answer or receipt: the machine is slow."""

        def in_time():
            answer = self.client.request(method, path, **sent)
            return None if answer.status_code == 503 != status else answer

        answer = until(in_time, f"an answer of {path}")
        assert answer.status_code == status, f"{path}: {answer.status_code} {text_of(answer.text)[:500]}"
        return answer

    @property
    def cookie(self):
        """For Playwright's `add_cookies`, which wants TLS of a secure cookie; browsers trust localhost."""
        url = str(self.client.base_url).replace("http:", "https:")
        return {"name": "__Host-minhbach", "value": self.token, "url": url, "secure": True}

    def upload(self, path, name, content):
        """The answer to a document that a page reads."""
        return self.client.post(path, data={"viec": "doc"}, files={"van-ban": (name, content)})

    def submit_form(self, path, status, **fields):
        """A form of many fields, as a browser sends one that has files too."""
        parts = [(field, (None, value)) for field, value in fields.items()]
        answer = self._answer(status, "POST", path, files=parts)
        return self.page(answer.headers["location"]) if status == 303 else answer.text

    def links(self):
        """Of the navigation."""
        navigation = re.search(r"<nav class=\"navigation\".*?</nav>", self.page("/"), re.DOTALL)[0]
        return re.findall(r'href="([^"]+)"', navigation)

    def opens_all(self):
        answers = [self.client.get(link, follow_redirects=True) for link in self.links()]
        return all(answer.status_code == 200 for answer in answers)


def fields_of(html):
    """The hidden fields of a page's form."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', html)}


def text_of(html):
    """What a person reads, but for the frame, which ends with the moment and the address of the page on paper."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


KNOWN = " UNION ALL ".join(
    f"SELECT grant_id FROM {service}.grants WHERE grant_id = ANY(%(grants)s)"
    for service in ("planning", "indicators", "reporting", "notifications")
)


def browsers(province, accounts):
    """A browser for each account, by name: `accounts` are role and scope, granted and known to every service."""
    settings, found, grants = province.stack.settings("portal"), {}, []
    with open_pool(settings, "portal", size=2) as pool:
        portal = Portal(settings, pool)
        until(lambda: all(portal.places.is_known(each) for each in province.communes), "the communes are known")
        for account, (role, scope) in accounts.items():
            portal.open_account(account, f"Người {account}", BY)
            grants.append(portal.give(account, role, scope, BY))
            token = new_token()
            Sessions(pool).begin(digest_of(token), account, "password", Client("", ""), datetime.now(UTC))
            found[account] = Browser(province.stack.public_url, token)
        portal.close()
    with psycopg.connect(province.stack.settings().database_url, autocommit=True) as connection:
        known = (KNOWN, {"grants": grants})
        until(lambda: len(connection.execute(*known).fetchall()) == 4 * len(grants), "every service knows the grants")
    return found
