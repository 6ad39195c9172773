"""The review board when a receipt does not come: it is shown for its commune alone, and sent again once."""

import re
from datetime import date, timedelta

import pytest
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from services.reporting.web.pages import PART
from shared.clock import system_clock
from shared.commune_client.sender import NotConfirmed
from shared.contracts import Answered, Receipt
from shared.contracts.indicators import CountUnusualReadings, UnusualReadings
from shared.contracts.reporting import ListedReports, ProvinceOverview, RankedCommune, ReportRow, ShowProvinceOverview
from shared.grants import Grant, Scope
from shared.messaging.questions.question_client import NotAnswered
from shared.web.address import Address
from shared.web.site import Services, Site
from shared.web.visitor import Visitor

ORIGIN = "http://localhost"
COMMUNES = ("21025", "21028", "21034")
COUNTED = (date(2025, 6, 15), date(2025, 9, 14))
OFFICER = Grant("officer.1", "officer", "provincial-officer", Scope(province="51"), date(2025, 1, 1))


class SignedIn:
    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        scope.setdefault("state", {})["visitor"] = Visitor("officer", "Trần Thị Bình", (OFFICER,))
        await self._app(scope, receive, send)


class Province:
    """Three submitted reports; no receipt comes for those in `silent`."""

    def __init__(self):
        self.silent, self.sent, self.overview = set(), [], None
        self.unusual = UnusualReadings(totals=dict.fromkeys(COMMUNES, 0))

    async def ask(self, question):
        if isinstance(question, ShowProvinceOverview):
            return Answered[ProvinceOverview](positions={}, answer=self.overview)
        if isinstance(question, CountUnusualReadings):
            if self.unusual is None:
                raise NotAnswered("not-ready", "Chưa trả lời được.")
            assert (question.observed_from, question.observed_until) == COUNTED
            return Answered[UnusualReadings](positions={}, answer=self.unusual)
        rows = [
            ReportRow(
                commune=each, code=each, name=f"Xã {each}", regime="tthc-control", period="2025-Q3", state="submitted",
                due_on=None, days_late=0, submission=1, submitted_by="Lê Văn Tám", submitted_on=date(2025, 9, 15),
                reviewed_by=None, reason=None, changed=0, missed=0, outdated=False, counted_from=COUNTED[0],
                counted_until=COUNTED[1],
            )
            for each in COMMUNES
        ]  # fmt: skip
        return Answered[ListedReports](positions={}, answer=ListedReports(reports=tuple(rows)))

    async def send(self, scope, submission_id, actor, submission):
        self.sent.append((scope, submission_id))
        if scope in self.silent:
            raise NotConfirmed(submission_id)
        at = system_clock() + timedelta()
        return Receipt(
            submission_id=submission_id, commune=scope, kind=submission.kind, sha256="", recorded_at=at, accepted=1
        )

    async def check(self, question):
        pass


@pytest.fixture
def province():
    return Province()


@pytest.fixture
def browser(province):
    services = Services(province.ask, province.send, province.check)
    site = Site(Address(ORIGIN), services, [PART], shut=[Middleware(SignedIn)])
    return TestClient(site.application(), base_url=ORIGIN, headers={"Origin": ORIGIN}, follow_redirects=False)


PATH = "/bao-cao/tinh/51?ky=2025-Q3"


def submission_of(page):
    return re.search(r'name="lan-gui" value="(\w+)"', page)[1]


def ticked_in(page):
    return re.findall(r'id="chon-(\d+)"[^>]* checked', page)


def test_a_receipt_that_does_not_come_is_shown_for_its_commune_alone_and_is_sent_again_under_the_same_id(
    province, browser
):
    form = {"lan-gui": submission_of(browser.get(PATH).text), "step": "approve"}
    province.silent = {"21028"}
    answer = browser.post(PATH, data=form | {"bao-cao": [f"{each} 1" for each in COMMUNES]})
    assert answer.status_code == 503
    assert "2 đơn vị đã duyệt" in answer.text
    assert re.findall(r'href="#chon-(\d+)"', answer.text) == ["21028"]
    assert "Xã 21028: Máy chủ chưa xác nhận" in answer.text
    assert ticked_in(answer.text) == ["21028"]
    province.silent = set()
    form["lan-gui"] = submission_of(answer.text)
    again = browser.post(PATH, data=form | {"bao-cao": ["21028 1"]})
    assert again.status_code == 303
    assert [each for each in province.sent if each[0] == "21028"] == [("21028", form["lan-gui"])] * 2


def test_unusual_readings_stand_beside_each_report_and_filter_the_board(province, browser):
    province.unusual = UnusualReadings(totals={"21025": 0, "21028": 3}, uncounted=("21034",))
    text = browser.get(PATH).text
    assert re.findall(r'href="([^"]+#khac-thuong)">3<', text) == ["/bao-cao/21028/2025-Q3#khac-thuong"]
    assert "<strong>1</strong> có số khác thường" in text
    assert "Đang đếm số khác thường của 1 đơn vị" in text
    kept = browser.get(f"{PATH}&loc=khac-thuong").text
    assert ("Xã 21028" in kept, "Xã 21025" in kept, "Xã 21034" in kept) == (True, False, True), (
        "also of whom is not counted yet"
    )
    assert browser.get(PATH.replace("51?", "51.json?")).json()["unusual"] == {"21025": 0, "21028": 3, "21034": None}


def test_the_board_stands_without_unusual_readings_where_they_are_not_counted(province, browser):
    province.unusual = None
    for path in (PATH, f"{PATH}&biet-den=2025-09-20", f"{PATH}&loc=khac-thuong"):
        text = browser.get(path).text
        assert ("Xã 21028" in text, "hác thường" in text, "khác xa" in text) == (True, False, False)


def overview(communes):
    ranking = tuple(
        RankedCommune(commune=f"{place:05}", name=f"Xã {place}", rank=place, met=3, missed=1, unknown=0, reported=True)
        for place in range(1, communes + 1)
    )
    return ProvinceOverview(
        province_name="Tỉnh Quảng Ngãi", regime="tthc-control", regime_name="Kiểm soát TTHC", period="2025-Q3",
        counted_from=date(2025, 6, 15), counted_until=date(2025, 9, 14), known_at=date(2025, 9, 20), not_reported=(),
        figures=(), ranking=ranking, charts=(), tasks_done=0, tasks_open=0, tasks_late=0, warnings=(), narrative=(),
    )  # fmt: skip


@pytest.mark.parametrize(("communes", "folded"), [(3, 0), (20, 0), (96, 86)])
def test_a_long_ranking_is_folded_after_the_first_ten(province, browser, communes, folded):
    province.overview = overview(communes)
    text = browser.get("/bao-cao/tinh/51/2025-Q3").text
    before, _, behind = text.partition('<details class="fold">')
    assert (before.count("don-vi-"), behind.count("don-vi-")) == (communes - folded, folded)
    assert f"Xếp hạng {communes} đơn vị" in text
