"""A portal that is killed before it has its receipts, and a service that is away: nothing is lost or counted twice."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256

import httpx
import nats
import psycopg
from nats.js.errors import NotFoundError

from services.portal.application import Portal
from shared.messaging.questions.question_client import NOBODY, SILENT
from shared.messaging.streams import DESK_DOOR
from tests.journeys.browsing import fields_of, text_of
from tests.journeys.programs import Programs
from tests.journeys.province import until


def status_of(sent):
    """None where the connection broke: of a portal that died, or after five seconds the answer "not confirmed"."""
    try:
        return sent.result().status_code
    except httpx.TransportError:
        return None


async def is_on_the_desk(url, *subjects):
    client = await nats.connect(url)
    try:
        return all([await client.jetstream().get_last_msg("desk", subject) for subject in subjects])
    except NotFoundError:
        return False
    finally:
        await client.close()


def test_a_click_and_a_request_of_a_portal_killed_before_their_receipts_are_recorded_once(portal):
    """A page's form and a program's request: sent again after the restart, each has the receipt of the first time."""
    province, own = portal.province, portal.own
    path, cells = f"/so-lieu/{own}?tuan=2025-08-20&linh-vuc=land", {"files-received.2025-08-20": "77"}
    page = portal.clerk.page(path)
    with province.service("portal", Portal) as opened:
        key = Programs.issue(opened, "clerk", "một cửa")
    api, by_program = f"/api/v1/communes/{own}/submissions/readings/killed-1", {"Authorization": f"Bearer {key}"}
    reading = {"reading_id": "killed-1", "observed_on": "2025-08-21", "field": "land", "values": {"files-received": 78}}

    def put():
        with httpx.Client(base_url=province.stack.public_url, headers=by_program, timeout=60) as program:
            return program.put(api, json={"readings": [reading]})

    def recorded():
        query = "SELECT counts->>'files-received' FROM readings WHERE commune = %s AND observed_on BETWEEN %s AND %s"
        return sorted(row[0] for row in province.ask("indicators", query, own, date(2025, 8, 20), date(2025, 8, 21)))

    of_account = f"killed-1-{sha256(b'clerk').hexdigest()[:16]}"  # ids of one account are no other account's
    subjects = [DESK_DOOR.submission(own, "readings", each) for each in (fields_of(page)["lan-gui"], of_account)]
    url = province.stack.servers.nats_url
    [door] = [instance for instance in province.stack.running if instance.service == "portal"]
    with psycopg.connect(province.stack.settings().database_url) as owner, ThreadPoolExecutor() as people:
        owner.execute("LOCK TABLE indicators.indicators_events IN EXCLUSIVE MODE")  # it answers, and records nothing
        form = {"lan-gui": fields_of(page)["lan-gui"], **cells}
        click = people.submit(portal.clerk.client.post, path, data=form)
        request = people.submit(put)
        until(lambda: asyncio.run(is_on_the_desk(url, *subjects)), "the desk holds both")
        door.process.kill()
        door.process.wait()
        assert status_of(click) in (None, 503)
        assert status_of(request) in (None, 202)
        assert recorded() == []
    until(lambda: recorded() == ["77", "78"], "both are recorded, though nobody waits for their receipts")
    assert door.name in province.stack.supervise()
    province.stack.wait_until_ready()
    assert ">77</a>" in portal.clerk.send(path, 303, page, **cells)
    first, again = put(), put()
    assert first.json() == again.json()
    assert (first.status_code, first.json()["accepted"], first.json()["duplicates"]) == (200, 1, 0)
    assert recorded() == ["77", "78"]


def test_while_reporting_is_away_its_pages_say_so_and_the_others_work(portal):
    stack, path = portal.province.stack, f"/bao-cao/{portal.own}"
    [reporting] = [instance for instance in stack.running if instance.service == "reporting"]
    reporting.process.kill()
    reporting.process.wait()
    sentence = text_of(portal.clerk.page(path, 503))
    assert NOBODY in sentence or SILENT in sentence
    assert "Người clerk" in portal.clerk.page(f"/nhiem-vu/{portal.own}")

    def is_seen_away():
        found = portal.operator.client.get("/van-hanh.json").json()["reporting"]
        return not found["answers"] and found["seen"] and not found["seen"]["answers"]

    until(is_seen_away, "the operator's page says since when it is away")
    assert "không trả lời, từ" in text_of(portal.operator.page("/van-hanh"))
    assert "Chưa hỏi được báo cáo" in text_of(portal.operator.page("/van-hanh/bai-gui?ma=op-sent"))
    assert reporting.name in stack.supervise()

    def is_back():
        stack.supervise()  # as `minhbach up` does every second
        return portal.clerk.client.get(path).status_code == 200

    until(is_back, "its pages come back", within=240)
