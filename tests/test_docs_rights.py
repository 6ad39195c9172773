"""Every route of the pages and of the API has a row in docs/rights.md, and every row a route."""

from types import SimpleNamespace

from services.portal.api.application import described
from services.portal.api.routes import PREFIX, QUESTIONS, SUBMISSIONS
from services.portal.web.cookies import Cookies
from services.portal.web.pages import parts
from shared.clock import system_clock
from shared.grants import SCOPE_OF
from shared.web.address import Address
from tests.journeys.rights import rows

ROWS = rows("Page") | rows("Address")


def routes():
    """Of the pages, and of the API."""
    sign_in = SimpleNamespace(portal=SimpleNamespace(clock=system_clock))
    cookies, provider = Cookies(Address("http://localhost")), SimpleNamespace(name="")
    of_pages = [route for part in parts(sign_in, cookies, provider) for route in part.routes]
    for prefix, found in (("", of_pages), (PREFIX, described().routes)):
        for route in found:
            yield from (f"{method} {prefix}{route.path}" for method in route.methods - {"HEAD"})


def test_every_route_is_in_the_tables():
    assert sorted(routes()) == sorted(ROWS)


def test_an_address_of_the_api_has_the_rights_of_its_question_or_submission():
    of_contracts = rows("Question") | rows("What is sent")
    for route in QUESTIONS:
        if found := of_contracts.get(route.question.subject):
            assert found == {**ROWS[f"GET {PREFIX}{route.path}"], "machine": found["machine"]}
    for route in SUBMISSIONS:
        named = [cells for name, cells in of_contracts.items() if name.split()[0] == route.submission.kind]
        for role in SCOPE_OF:
            cells = {each[role] for each in named} - {"–"}
            assert ROWS[f"PUT {PREFIX}{route.path}"][role] == (cells.pop() if cells else "–")
