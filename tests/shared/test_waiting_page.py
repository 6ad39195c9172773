"""A page that takes long is answered at once by one that says so, and given to the account that asked, once."""

import asyncio
import re
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from shared.web import waiting
from shared.web.waiting import Waiting

BROWSER = {"sec-fetch-mode": "navigate"}


class Slow:
    """A site whose pages take as long as `ready` is not set; how often each was made."""

    def __init__(self):
        self.ready, self.made = asyncio.Event(), []
        routes = [Route("/{name}", self.page), Route("/{name}", self.form, methods=["POST"])]
        slow = Middleware(Waiting, lambda _, again: PlainTextResponse(f"waiting {again}", 202), at_once=0.01)
        self.app = Starlette(routes=routes, middleware=[Middleware(AsAccount), slow])
        transport = httpx.ASGITransport(app=self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://site", headers=BROWSER)

    async def page(self, request: Request):
        self.made.append(request.url.query)
        await self.ready.wait()
        if request.path_params["name"] == "fault":
            raise RuntimeError("fault of a page")
        return PlainTextResponse(f"page {request.url.query}")

    async def form(self, request: Request):
        sent = await request.body()
        await self.ready.wait()
        self.made.append(sent)
        return RedirectResponse("/done", 303) if sent == b"good" else PlainTextResponse(f"wrong {sent!r}", 422)


class AsAccount:
    """The account that the header names has signed in."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        account = dict(scope["headers"]).get(b"account", b"an").decode()
        scope.setdefault("state", {})["visitor"] = SimpleNamespace(account=account)
        await self.app(scope, receive, send)


def on(story):
    """Run a story on a slow site."""

    async def run():
        site = Slow()
        async with site.client:
            await story(site)

    asyncio.run(run())


async def made_later(site, request):
    """The answer to a request that is sent before the page is ready."""
    asked = asyncio.ensure_future(request)
    await asyncio.sleep(0)
    site.ready.set()
    return await asked


def test_a_page_that_takes_long_comes_at_its_own_address_and_is_made_once():
    async def story(site):
        first = await site.client.get("/xã?a=1&b=")
        assert (first.status_code, first.text) == (202, "waiting /x%C3%A3?a=1&b=")
        again = await made_later(site, site.client.get(first.text.removeprefix("waiting ")))
        assert (again.status_code, again.text, len(site.made)) == (200, "page a=1&b=", 1)
        assert (await site.client.get("/xã?a=1&b=")).text == "page a=1&b="
        assert len(site.made) == 2, "what was given is not given again"

    on(story)


def test_a_form_is_sent_once_and_its_end_is_given_to_its_account_alone():
    async def story(site):
        for sent, status in ((b"good", 303), (b"bad", 422)):
            site.ready.clear()
            address = (await site.client.post("/form?k=1", content=sent)).text.removeprefix("waiting ")
            assert re.fullmatch(r"/form\?k=1&dang-cho=[\w-]{22}", address)
            foreign = await made_later(site, site.client.get(address, headers={"account": "binh"}))
            assert foreign.text == "page k=1", "a page of theirs, and no part of it is another's"
            ended = await site.client.get(address)
            assert (ended.status_code, ended.headers.get("location")) == (status, "/done" if status == 303 else None)
            assert (await site.client.get(address)).text == "page k=1"
        assert site.made.count(b"good") == site.made.count(b"bad") == 1

    on(story)


def test_after_a_form_no_page_is_given_that_was_begun_before_it():
    async def story(site):
        await site.client.get("/list")
        site.ready.set()
        await site.client.post("/form", content=b"good")
        assert (await site.client.get("/list")).text == "page "
        assert site.made == ["", b"good", ""]

    on(story)


def test_nobody_but_a_browser_that_opens_a_page_is_put_off():
    async def story(site):
        for headers in ({"sec-fetch-mode": "cors"}, {"sec-fetch-mode": "", "accept": "*/*"}, {"prefer": "wait=60"}):
            site.ready.clear()
            asked = site.client.get("/page", headers=headers)
            assert (await made_later(site, asked)).status_code == 200
        site.ready.clear()
        old = {"sec-fetch-mode": "", "accept": "text/html,*/*"}
        assert (await site.client.get("/other", headers=old)).status_code == 202

    on(story)


def test_a_fault_is_raised_where_the_browser_waits():
    async def story(site):
        first = await site.client.get("/fault")
        with pytest.raises(RuntimeError):
            await made_later(site, site.client.get(first.text.removeprefix("waiting ")))

    on(story)


def test_an_answer_for_which_nobody_comes_again_is_forgotten(monkeypatch):
    async def story(site):
        await site.client.get("/page")
        site.ready.set()
        await asyncio.sleep(0)
        monkeypatch.setattr(waiting, "KEPT", -1.0)
        assert (await site.client.get("/page")).status_code == 200
        assert len(site.made) == 2

    on(story)
