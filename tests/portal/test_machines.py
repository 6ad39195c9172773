"""The operator's page of communes' machines, over a real database: states of keys, and communes that are no more."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from services.portal.application.broker_keys import BrokerKeys, new_key
from services.portal.web.pages import pages
from shared.contracts.planning import CommuneMerged, CommuneRegistered
from shared.grants import Scope
from shared.messaging.following import places
from shared.messaging.following.follower import ReceivedEvent
from shared.web.address import Address
from shared.web.site import Services
from tests.portal.door import BY, ORIGIN, nobody

MACHINES = "/van-hanh/may-gui"
REVOKE = {"step": "revoke", "ly-do-thu-hoi": "đã sáp nhập"}


def received(contract, commune, **fields):
    envelope = {"event_id": f"{commune}/1", "recorded_at": datetime(2025, 7, 1, tzinfo=UTC)}
    return [ReceivedEvent(1, contract(commune=commune, **fields, **envelope))]


def registered(commune, province):
    named = {"kind": "xã", "name": "Xã", "province_name": "Tỉnh", "latitude": None, "longitude": None}
    return received(CommuneRegistered, commune, code="", province=province, in_force_from=None, **named)


class Communes:
    """Two of a province of this test alone; the old one has a key, and is merged into the new one afterwards."""

    def __init__(self, door):
        mark = uuid4().hex[:6]
        self.province, self.old, self.new = f"p{mark}", f"old-{mark}", f"new-{mark}"
        self.keys = BrokerKeys(door.portal)
        self.pool = door.portal.accounts.pool
        with self.pool.connection() as connection:
            for commune in (self.old, self.new):
                places.set_province(connection, registered(commune, self.province))

    def merge(self):
        merged = received(CommuneMerged, self.old, in_force_from=date(2025, 7, 1), source="x", into=self.new)
        with self.pool.connection() as connection:
            places.set_end(connection, merged)


@pytest.fixture
def communes(door):
    return Communes(door)


@pytest.fixture
def browse(door, person, communes):
    """A page of the operator of the province; `held` is what the broker has, None where it cannot be asked."""
    door.portal.give(person.account, "operator", Scope(province=communes.province), BY)
    held = {}

    async def ask_held(_):
        return held.get("now")

    site = pages(door.sign_in, Address(ORIGIN), Services(nobody, nobody, nobody), ask_held=ask_held)
    client = TestClient(
        site, base_url=ORIGIN, client=(door.home, 50000), follow_redirects=False, headers={"Origin": ORIGIN}
    )
    browser = person.set_up(client)

    def browse(now=None, form=None):
        held["now"] = now
        return browser.post(MACHINES, data=form) if form else browser.get(MACHINES)

    return browse


def test_a_key_of_a_commune_that_is_no_more_is_named_and_revoked(communes, browse):
    communes.keys.issue({communes.old: new_key().public_key}, BY)
    communes.merge()
    shown = browse().text
    assert "không còn" in shown
    assert f"nay là đơn vị {communes.new}; hãy thu hồi khóa khi số liệu" in shown
    refused = browse(form={"step": "issue", "don-vi": communes.old})
    assert (refused.status_code, f"Đơn vị {communes.old} không còn" in refused.text) == (422, True)
    replaced = browse(form={"step": "replace", "don-vi": communes.old, "ly-do-thay": "lộ khóa"})
    assert (replaced.status_code, "Đã cấp khóa cho 1 đơn vị" in replaced.text) == (200, True)
    assert browse(form={**REVOKE, "don-vi": communes.old}).status_code == 303
    after = browse().text
    assert communes.old not in after
    assert communes.new in after


def test_the_file_of_a_second_click_has_a_key_in_force(door, communes, browse):
    form = {"step": "issue", "don-vi": communes.new}
    assert "Nút vừa được bấm hai lần" not in browse(form=form).text
    assert "Nút vừa được bấm hai lần" in browse(form=form).text
    first, second = communes.keys.of([communes.new])
    assert (first.end is None, second.end) == (False, None)
    door.later(timedelta(minutes=2))
    assert browse(form=form).status_code == 422, "issued long ago: its file is with the commune"
    assert browse(form={"step": "issue-missing"}).status_code == 200, "the other commune has none"
    assert len(communes.keys.of([communes.new])) == 2


def test_each_key_has_the_state_that_the_broker_says(communes, browse):
    ended, key, foreign = (new_key().public_key for _ in range(3))
    communes.keys.issue({communes.new: ended}, BY)
    communes.keys.issue({communes.new: key}, BY, replacing="lộ khóa")

    def states(*held):
        return unescape(browse({communes.new: frozenset(held)}).text)

    assert "chưa rõ máy chủ đã nhận" in browse().text
    assert "đã ghi, máy chủ đang nhận" in states()
    assert "đang dùng được" in states(key)
    assert "đã thu hồi, máy chủ chưa ngắt" in states(key, ended)
    assert "có khóa ở máy chủ, chưa ghi ở cổng" in states(key, foreign)


def test_whoever_signed_in_long_ago_signs_in_again_before_a_key_is_issued(door, communes, browse):
    door.later(timedelta(minutes=11))
    sent = browse(form={"step": "issue", "don-vi": communes.new})
    assert (sent.status_code, sent.headers["location"].startswith("/dang-nhap?")) == (303, True)
    assert communes.keys.of([communes.new]) == []


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"step": "issue"}, "Hãy chọn ít nhất một đơn vị."),
        ({"step": "issue", "don-vi": "21025"}, "Hãy chọn đơn vị của tỉnh."),
        ({"step": "revoke", "don-vi": "NEW"}, "Hãy ghi lý do."),
        ({"step": "replace", "don-vi": "NEW", "ly-do-thay": " "}, "Hãy ghi lý do."),
        ({**REVOKE, "don-vi": "NEW"}, "không có khóa nào đang có hiệu lực."),
        ({"step": "buy", "don-vi": "NEW"}, "Việc này không làm được ở đây; hãy tải lại trang."),
    ],
    ids=["nothing-chosen", "of-another-province", "no-reason", "an-empty-reason", "no-key", "no-step"],
)
def test_a_form_that_cannot_be_recorded_comes_back_with_a_sentence(communes, browse, form, sentence):
    named = {name: communes.new if value == "NEW" else value for name, value in form.items()}
    answer = browse(form=named)
    assert (answer.status_code, sentence in unescape(answer.text)) == (422, True)
