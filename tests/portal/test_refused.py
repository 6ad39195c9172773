"""A request that is refused for want of a right leaves one line in the log, of pages and of the API."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.portal.api.application import application
from services.portal.connection import Connection
from services.portal.rights import Rights
from services.portal.web.pages import pages
from shared.clock import day_of
from shared.contracts import Receipt, Refused
from shared.web.address import Address
from shared.web.site import Services
from shared.web.submitting import SUBMISSION, new_submission
from tests.journeys.rights import rows
from tests.portal.door import BY, ORIGIN, nobody

NO_CONNECTION: Any = None  # what is refused is not asked


def logged(caplog):
    return [record.message for record in caplog.records if record.name == "shared.web.refused"]


def test_a_refused_page_is_one_line_of_the_log(door, person, caplog):
    browser = person.set_up()
    assert browser.get("/van-hanh/phien?tai-khoan=x").status_code == 403
    assert browser.get("/tai-khoan").status_code == 200
    assert logged(caplog) == [f"refused: 'GET' '/van-hanh/phien' of account '{person.account}' from '{door.home}'"]


def test_a_page_of_another_site_is_refused_in_the_log_too(door, caplog):
    answer = door.browser("192.0.2.9").post("/dang-nhap", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert logged(caplog) == ["refused: 'POST' '/dang-nhap' of account '' from '192.0.2.9'"]


def test_a_program_that_is_refused_is_one_line_of_the_log(door, person, caplog):
    end = day_of(door.portal.clock()) + timedelta(days=1)
    key = door.portal.issue_key(person.account, "phần mềm", end, BY).secret
    api = application(door.portal, Rights(door.portal), NO_CONNECTION)
    client = TestClient(api, base_url=ORIGIN, client=("192.0.2.8", 50000), headers={"Authorization": f"Bearer {key}"})
    assert client.get("/communes/21025/tasks").status_code == 403
    line = f"refused: 'GET' '/communes/21025/tasks' of account '{person.account}' from '192.0.2.8'"
    assert logged(caplog) == [line]


async def not_granted(scope, submission_id, actor, submission):
    refused = Refused(item=submission.kind, rule="not-granted", sentence="Tài khoản chưa được giao quyền.")
    now, kind = datetime.now(UTC), submission.kind
    return Receipt(submission_id=submission_id, commune=scope, kind=kind, sha256="", recorded_at=now, accepted=0,
                   refused=(refused,))  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/so-sanh/21025"),
        ("GET", "/so-sanh/tinh/51"),
        ("GET", "/ke-hoach/21025/ban-thao"),
        ("POST", "/ke-hoach/21025/ban-thao"),
        ("GET", "/bao-cao/21025"),
        ("POST", "/an-ban/51/2025-Q3/cong-bo"),
    ],
)
def test_the_portal_refuses_by_itself_for_want_of_a_grant(door, person, method, path):
    """It has no connection here: no service is asked, and none gets the command."""
    connection = Connection(NO_CONNECTION, NO_CONNECTION, Rights(door.portal))
    site = pages(door.sign_in, Address(ORIGIN), connection.services)
    own = {"client": (door.home, 50000), "headers": {"Origin": ORIGIN}, "follow_redirects": False}
    browser = person.set_up(TestClient(site, base_url=ORIGIN, **own))
    form = {"data": {SUBMISSION: new_submission(), "step": "publish", "viec": "doc"}} if method == "POST" else {}
    assert browser.request(method, path, **form).status_code == 403


NAMED = {"commune": "21025", "province": "51", "period": "2025-Q3", "day": "2025-09-10", "edition:int": "1",
         "format": "html", "indicator": "online-files", "sha256": "0" * 64}  # fmt: skip


def test_the_portal_refuses_every_page_of_a_place_by_itself(door, person):
    """As above, for each page of a commune or a province in docs/rights.md."""
    connection = Connection(NO_CONNECTION, NO_CONNECTION, Rights(door.portal))
    site = pages(door.sign_in, Address(ORIGIN), connection.services)
    own = {"client": (door.home, 50000), "headers": {"Origin": ORIGIN}, "follow_redirects": False}
    browser = person.set_up(TestClient(site, base_url=ORIGIN, **own))
    shown = [
        name.removeprefix("GET ")
        for name, cells in rows("Page").items()
        if cells["about"] in ("commune", "province") and name.startswith("GET ")
    ]
    answers = {
        path: browser.get(re.sub(r"{([^}]+)}", lambda place: NAMED.get(place[1], "x-1"), path)) for path in shown
    }
    assert len(answers) > 50
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 403} == {}


def test_a_command_that_its_service_refuses_is_one_line_of_the_log(door, person, caplog):
    site = pages(door.sign_in, Address(ORIGIN), Services(nobody, not_granted, nobody))
    own = {"client": (door.home, 50000), "headers": {"Origin": ORIGIN}, "follow_redirects": False}
    browser = person.set_up(TestClient(site, base_url=ORIGIN, **own))
    path = "/an-ban/51/2025-Q3/cong-bo"
    assert browser.post(path, data={SUBMISSION: new_submission(), "step": "publish"}).status_code == 503
    assert logged(caplog) == [f"refused: 'POST' '{path}' of account '{person.account}' from '{door.home}'"]
