"""An address that somebody made up has a page that says so, whatever stands in it."""

import asyncio
import re
from itertools import product

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.routing import Mount, Route

from services.portal.web.pages import pages
from shared.grants import Scope
from shared.web.address import Address
from shared.web.site import Services
from tests.portal.door import BY, ORIGIN, nobody

JUNK = ["x", "51", "21025", "2025-Q9", "99999999999999999999", "%00", "%25", "' OR 1=1", "ế" * 40, "a" * 400, ".."]


def paths_of(routes, prefix=""):
    for route in routes:
        if isinstance(route, Mount):
            yield from paths_of(route.routes, prefix + route.path)
        elif isinstance(route, Route) and "GET" in (route.methods or ()):
            yield prefix + route.path


@pytest.fixture(scope="module")
def visitor(door):
    """Somebody with every role, so that no page is refused before its address is read."""
    door.move_house()
    person = door.account()
    for role in ("provincial-officer", "auditor", "operator"):
        door.portal.give(person.account, role, Scope(province="51"), BY)
    return person.set_up()


def test_no_address_breaks_a_page(door, visitor):
    site = pages(door.sign_in, Address(ORIGIN), Services(nobody, nobody, nobody), None)
    paths = {re.sub(r":\w+\}", "}", path) for path in paths_of(site._app.routes)}
    assert len(paths) > 40
    names = ("ky", "tuan", "biet-den", "tu", "an-ban", "loc", "che-do")
    urls = [
        ORIGIN + re.sub(r"\{\w+\}", junk, path) + query
        for path, junk in product(sorted(paths), JUNK)
        for query in ("", "?" + "&".join(f"{name}={junk}" for name in names))
    ]
    assert asyncio.run(broken(visitor, door.home, urls)) == []


async def broken(visitor, at, urls):
    """In one loop: a test client starts a thread with one for each address, longer than most pages take."""
    transport = ASGITransport(visitor.app, client=(at, 50000))
    async with AsyncClient(transport=transport, headers=visitor.headers, cookies=visitor.cookies) as client:
        assert (await client.get(f"{ORIGIN}/tai-khoan")).status_code == 200
        return [url for url in urls if (await client.get(url)).status_code == 500]
