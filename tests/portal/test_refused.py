"""A request that is refused for want of a right leaves one line in the log, of pages and of the API."""

from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient

from services.portal.api.application import application
from services.portal.rights import Rights
from shared.clock import day_of
from tests.portal.door import BY, ORIGIN

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
