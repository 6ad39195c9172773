"""Pages and their JSON as of a past day: communes, periods, editions and work are those of that day."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from services.planning.web.pages import PART as PLANNING
from services.portal.web.home.page import Home
from services.portal.web.public import PublicPages
from services.reporting.web.pages import PART as REPORTING
from shared.contracts import Answered
from shared.contracts.planning import CommuneRow, ListCommunes, ListedCommunes, ListProvinceTasks, ProvinceTasks
from shared.contracts.reporting import (
    EditionRow,
    ListedEditions,
    ListEditions,
    ListedReports,
    ListProvinceReports,
    ReportRow,
)
from shared.grants import Grant, Scope
from shared.web.address import Address
from shared.web.site import Part, Services, Site
from shared.web.visitor import Visitor

ORIGIN, NOW = "http://localhost", datetime(2025, 11, 20, 1, tzinfo=UTC)
OFFICER = Grant("officer.1", "officer", "provincial-officer", Scope(province="51"), date(2025, 1, 1))
CHANGED = (date(2025, 7, 5), date(2025, 11, 3))


class SignedIn:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["visitor"] = Visitor("officer", "Trần Thị Bình", (OFFICER,))
        await self._app(scope, receive, send)


def commune(code, name, since, gone=None):
    return CommuneRow(commune=code, code=code, name=name, province="51", in_force_from=since, gone_from=gone)


def edition(number, day):
    return EditionRow(
        regime="tthc-control", period="2025-Q2", edition=number, content_sha256="", by="Lê Chi", reason="",
        published_at=datetime(2025, *day, 3, tzinfo=UTC),
    )  # fmt: skip


COMMUNES = (
    commune("1", "Xã Còn", date(2025, 7, 1)),
    commune("2", "Xã Nhập", date(2025, 7, 1), gone=date(2025, 11, 1)),
    commune("3", "Xã Mới", date(2025, 11, 1)),
)
EDITIONS = (edition(1, (7, 5)), edition(2, (11, 3)))
APPROVED = ReportRow(
    commune="1", code="1", name="Xã Còn", regime="tthc-control", period="2025-Q2", state="approved", due_on=None,
    days_late=0, submission=1, submitted_by="Lê Văn Tám", submitted_on=date(2025, 7, 2), reviewed_by="Lê Chi",
    reason=None, changed=None, missed=None, outdated=True,
)  # fmt: skip


class Province:
    """Answers as the services do; `questions` are those that were put."""

    def __init__(self):
        self.questions = []

    async def ask(self, question):
        self.questions.append(question)
        match question:
            case ListCommunes():  # who is to come is in the list too
                day = question.known_at or date(2025, 11, 20)
                there = (row for row in COMMUNES if row.gone_from is None or day < row.gone_from)
                answer = ListedCommunes(communes=tuple(there))
            case ListProvinceReports():
                answer = ListedReports(reports=(APPROVED,), changed_on=CHANGED)
            case ListProvinceTasks():
                answer = ProvinceTasks(today=date(2025, 11, 20), tasks=(), total=0)
            case ListEditions():
                answer = ListedEditions(editions=EDITIONS, changed_on=CHANGED)
        return Answered[type(answer)](positions={}, answer=answer)

    def last(self, kind):
        return next(each for each in reversed(self.questions) if isinstance(each, kind))


@pytest.fixture
def province():
    return Province()


@pytest.fixture
def browser(province):
    portal = SimpleNamespace(clock=lambda: NOW)
    folder = next(iter(PLANNING.folder.parents[1].glob("portal/web")))
    own = Part("portal", folder, [Route("/viec.json", Home(portal).as_json), *PublicPages("public").routes])
    services = Services(province.ask, None, None)
    parts = [own, PLANNING, REPORTING]
    site = Site(Address(ORIGIN), services, parts, lambda: NOW, shut=[Middleware(SignedIn)])
    return TestClient(site.application(), base_url=ORIGIN)


@pytest.mark.parametrize(
    ("query", "listed"),
    [("", ["Xã Còn", "Xã Mới"]), ("?biet-den=2025-09-16", ["Xã Còn", "Xã Nhập"])],
)
def test_the_communes_to_choose_from_are_those_of_the_day(browser, query, listed):
    text = browser.get(f"/nhiem-vu{query}").text
    assert re.findall(r'<a href="/nhiem-vu/\d[^>]*>([^<]+)</a>', text) == listed
    assert [row["name"] for row in browser.get(f"/nhiem-vu.json{query}").json()["communes"]] == listed
    audit = browser.get(f"/kiem-toan/51{query}").text
    assert re.findall(r'<option value="\d">([^<]+)</option>', audit) == listed


@pytest.mark.parametrize(("query", "period"), [("", "2025-Q3"), ("?biet-den=2025-06-20", "2025-Q2")])
def test_a_page_without_a_period_is_about_the_last_quarter_before_its_day(province, browser, query, period):
    text = browser.get(f"/bao-cao/tinh/51{query}").text
    assert province.last(ListProvinceReports).period == period
    assert f'<option value="{period}" selected>' in text
    browser.get(f"/bao-cao/tinh/51.json{query}")
    assert province.last(ListProvinceReports).period == period
    assert f'<option value="{period}" selected>' in browser.get(f"/kiem-toan/51{query}").text


def test_no_two_buttons_of_a_page_with_filters_have_the_same_name(browser):
    names = re.findall(r'<button class="second" type="submit">([^<]+)</button>', browser.get("/bao-cao/tinh/51").text)
    assert names == ["Xem ngày này", "Xem"]


@pytest.mark.parametrize(("query", "listed"), [("", [1, 2]), ("?biet-den=2025-09-16", [1])])
def test_the_public_list_as_json_has_the_editions_of_the_day_as_its_page(browser, query, listed):
    found = browser.get(f"/cong-khai/51.json{query}").json()
    assert [row["edition"] for row in found["editions"]] == listed
    assert not {"by", "by_account"} & {*found["editions"][0]}
    page = browser.get(f"/cong-khai/51{query}").text
    assert sorted(map(int, re.findall(r'href="/cong-khai/51/2025-Q2/(\d)', page))) == listed


@pytest.mark.parametrize(("query", "day"), [("", None), ("?biet-den=2025-09-16", "2025-09-16")])
def test_my_work_as_json_names_its_day_and_the_days_of_changes(browser, query, day):
    found = browser.get(f"/viec.json{query}").json()
    assert (found["today"], found["known_at"], found["changed_on"]) == ("2025-11-20", day, ["2025-07-05", "2025-11-03"])


def test_of_an_approval_that_was_overtaken_an_officer_reads_that_figures_changed_once(browser):
    [place] = browser.get("/viec.json").json()["places"]
    [section] = place["todo"]
    assert section["title"] == "Đã duyệt, sau đó số liệu đã từng đổi"
    assert section["things"][0]["note"] == "nộp ngày 2/7/2025"
