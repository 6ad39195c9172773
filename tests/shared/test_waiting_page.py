"""A page that takes long is answered at once by one that says so, and given to the account that asked, once."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route

from shared.web import waiting
from shared.web.visitor import Visitor
from shared.web.waiting import MOST_OF_ACCOUNT, AwaitedPages

BROWSER = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
NO_PAGES = ("/minh-chung/", "/dang-nhap", "/moi/")
PATIENT = {"prefer": "wait=60"}  # for what is not slow: the machine may be


class Slow:
    """A site whose pages take as long as `ready` is not set; what was made."""

    def __init__(self):
        self.ready, self.made = asyncio.Event(), []
        routes = [Route("/{name:path}", self.page), Route("/{name:path}", self.form, methods=["POST"])]
        slow = Middleware(
            AwaitedPages, lambda _, again: PlainTextResponse(f"waiting {again}", 202), NO_PAGES, at_once=0.01
        )
        self.app = Starlette(routes=routes, middleware=[Middleware(AsAccount), slow])
        transport = httpx.ASGITransport(app=self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://site", headers=BROWSER)

    async def page(self, request: Request):
        self.made.append(request.url.query)
        name = request.path_params["name"]
        if name == "streamed":
            return StreamingResponse(self.parts())
        await self.ready.wait()
        if name == "fault":
            raise RuntimeError("fault of a page")
        response = PlainTextResponse(f"page {request.url.query}")
        response.set_cookie("of", request.headers.get("cookie", ""), max_age=0)  # the client keeps none
        return response

    async def parts(self):
        for part in ("one ", "two"):
            await self.ready.wait()
            await asyncio.sleep(0.01)
            yield part

    async def form(self, request: Request):
        sent = await request.body()
        await self.ready.wait()
        self.made.append(sent)
        return RedirectResponse("/done", 303)


class AsAccount:
    """The account that the header names has signed in; none where it is empty."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if account := dict(scope["headers"]).get(b"account", b"an").decode():
            scope.setdefault("state", {})["visitor"] = Visitor(account, account, ())
        await self.app(scope, receive, send)


def on(story):
    """Run a story on a slow site."""

    async def run():
        site = Slow()
        async with site.client:
            await story(site)

    asyncio.run(run())


async def made_later(site, request):
    """The answer to a request that is sent before the page is ready: it came in one, however long it took."""
    asked = asyncio.ensure_future(request)
    done, _ = await asyncio.wait({asked}, timeout=0.1)  # ten times as long as a page may take
    assert not done, "nothing is answered in between"
    site.ready.set()
    return await asked


@pytest.mark.parametrize("path", ["so-lieu/21025/ma/r.1", "nhiem-vu/21025/t-1.json.2"])
def test_an_id_with_a_dot_is_no_file(path):
    async def story(site):
        assert (await site.client.get(f"/{path}")).text == f"waiting /{path}"

    on(story)


def test_a_page_that_takes_long_comes_at_its_own_address_and_is_made_once():
    async def story(site):
        first = await site.client.get("/xã?a=1&b=")
        assert (first.status_code, first.text) == (202, "waiting /x%C3%A3?a=1&b=")
        again = await made_later(site, site.client.get(first.text.removeprefix("waiting ")))
        assert (again.status_code, again.text, len(site.made)) == (200, "page a=1&b=", 1)
        assert (await site.client.get("/xã?a=1&b=", headers=PATIENT)).text == "page a=1&b="
        assert len(site.made) == 2, "what was given is not given again"

    on(story)


def test_an_answer_is_of_its_account_in_its_session_and_goes_out_with_its_cookies():
    async def story(site):
        await site.client.get("/page", headers={"cookie": "session=1"})
        site.ready.set()
        for others in ({"account": "binh", "cookie": "session=1"}, {"cookie": "session=2"}, {"account": ""}):
            await site.client.get("/page", headers=others)
        assert len(site.made) == 4, "each has its own"
        own = await site.client.get("/page", headers={"cookie": "session=1"})
        assert (len(site.made), own.headers["set-cookie"].startswith('of="session=1"')) == (4, True)

    on(story)


@pytest.mark.parametrize("path", ["a.xlsx", "tep.docx", "a/b.json", "minh-chung/a/b/c", "dang-nhap", "moi/a", "/host"])
def test_an_address_of_no_page_is_waited_for(path):
    async def story(site):
        answer = await made_later(site, site.client.get(f"http://site/{path}"))
        assert (answer.status_code, len(site.made)) == (200, 1)

    on(story)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-mode": "cors"},
        {"sec-fetch-dest": "iframe"},
        {"sec-fetch-mode": "", "accept": "*/*"},
        PATIENT,
        {"account": ""},
    ],
)
def test_nobody_but_a_browser_that_opens_a_page_for_an_account_is_put_off(headers):
    async def story(site):
        assert (await made_later(site, site.client.get("/page", headers=headers))).status_code == 200

    on(story)


def test_a_browser_that_does_not_name_its_purpose_is_put_off_too():
    async def story(site):
        old = {"sec-fetch-mode": "", "accept": "text/html,*/*"}
        assert (await site.client.get("/page", headers=old)).status_code == 202

    on(story)


def test_a_form_is_answered_by_its_own_end_however_long_that_takes():
    async def story(site):
        answer = await made_later(site, site.client.post("/form", content=b"good"))
        assert (answer.status_code, answer.headers["location"], site.made) == (303, "/done", [b"good"])

    on(story)


def test_after_a_form_no_page_is_given_that_was_begun_before_it():
    async def story(site):
        await site.client.get("/list")
        site.ready.set()
        await site.client.post("/form", content=b"good")
        assert (await site.client.get("/list", headers=PATIENT)).text == "page "
        assert site.made == ["", b"good", ""]

    on(story)


def test_a_page_that_another_process_was_asked_for_is_made_anew():
    async def story(site):
        first = await site.client.get("/page?a=1")
        other = Slow()
        other.ready.set()
        async with other.client:
            again = await other.client.get(first.text.removeprefix("waiting "), headers=PATIENT)
        assert (again.status_code, again.text) == (200, "page a=1")

    on(story)


def test_a_page_in_parts_is_whole_after_its_first_request_has_ended():
    async def story(site):
        assert (await site.client.get("/streamed")).status_code == 202
        assert (await made_later(site, site.client.get("/streamed"))).text == "one two"
        assert len(site.made) == 1

    on(story)


def test_a_fault_is_raised_where_the_browser_waits():
    async def story(site):
        first = await site.client.get("/fault")
        with pytest.raises(RuntimeError):
            await made_later(site, site.client.get(first.text.removeprefix("waiting ")))

    on(story)


def test_an_answer_for_which_nobody_comes_is_forgotten_and_its_fault_logged(monkeypatch):
    logged = asyncio.Queue()
    monkeypatch.setattr(waiting, "KEPT", 0.0)
    monkeypatch.setattr(waiting.log, "error", lambda *line, exc_info: logged.put_nowait((line, exc_info)))

    async def story(site):
        for name in ("page", "fault"):
            await site.client.get(f"/{name}")
        site.ready.set()
        (_, address), fault = await asyncio.wait_for(logged.get(), 60)
        assert (address, str(fault)) == ("/fault", "fault of a page")
        await site.client.get("/page")
        assert len(site.made) == 3, "made anew"

    on(story)


def test_an_account_has_a_number_of_pages_made_and_waits_for_more():
    async def story(site):
        for number in range(MOST_OF_ACCOUNT):
            assert (await site.client.get(f"/page?{number}")).status_code == 202
        assert (await site.client.get("/page", headers={"account": "binh"})).status_code == 202
        assert (await made_later(site, site.client.get("/page?more"))).text == "page more"
        assert (await site.client.get("/page?0")).text == "page 0"
        assert len(site.made) == MOST_OF_ACCOUNT + 2

    on(story)
