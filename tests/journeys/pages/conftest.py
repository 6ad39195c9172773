"""A province whose pages are tried, and a browser for an account of each role."""

from types import SimpleNamespace

import pytest

from deploy.embedded.stack import Stack
from shared.grants import Scope
from tests.journeys.browsing import browsers
from tests.journeys.pages import LEAD, TODAY
from tests.journeys.province import CODE, Province


@pytest.fixture(scope="package")
def portal(tmp_path_factory, start_servers):
    """A province of three communes at the end of a quarter, and a browser for an account of each role."""
    folder = tmp_path_factory.mktemp("pages")

    def make_stack(**options):
        env = {**options.pop("env"), "MINHBACH_PUBLIC_ACCOUNT": "auditor"}
        return Stack(folder / "stack", start_servers=start_servers, env=env, **options)

    with Province.of(make_stack, folder, communes=3, today=TODAY) as province:
        own, other, quiet = province.communes
        scopes = {
            "quiet-clerk": Scope(quiet), "quiet-office": Scope(quiet, LEAD), "quiet-chair": Scope(quiet),
            "clerk": Scope(own), "office": Scope(own, LEAD), "chair": Scope(own), "neighbour": Scope(other),
            "provincial-officer": Scope(province=CODE), "auditor": Scope(province=CODE),
            "operator": Scope(province=CODE), "foreign-operator": Scope(province="48"),
        }  # fmt: skip
        accounts = {
            name: ("clerk" if name == "neighbour" else name.removeprefix("quiet-").removeprefix("foreign-"), scope)
            for name, scope in scopes.items()
        }
        found = {name.replace("-", "_"): browser for name, browser in browsers(province, accounts).items()}
        yield SimpleNamespace(own=own, other=other, quiet=quiet, province=province, **found)
