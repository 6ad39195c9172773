"""What Indicators hears of communes, on a real PostgreSQL: twice, late and out of order, and what it judges by it."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import psycopg
import pytest

from services.indicators.domain.reading import Ending
from services.indicators.domain.submission import Verdict
from services.indicators.read_models import HEARD, Judging, remember
from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneRegistered, CommuneRenamed
from shared.tracking import Announced, Follower

AT = datetime(2025, 7, 2, 1, tzinfo=UTC)
FIRST = date(2025, 7, 1)
TODAY = date(2025, 9, 10)
OLD = "21025-until-20250630"
ENDED = f"Đơn vị có mã {OLD} không còn từ ngày 1/7/2025; số liệu từ ngày đó do phường Cẩm Thành báo cáo."


class OneConnection:
    """A pool of one connection, all in one transaction that is never committed."""

    def __init__(self, connection):
        self._connection = connection

    @contextmanager
    def connection(self):
        yield self._connection


@pytest.fixture
def connection(stack):
    with psycopg.connect(**stack.settings("indicators").database("indicators")) as connection:
        for table in ("communes", "commune_endings", "plan_spans", "tracking"):
            connection.execute(f"DELETE FROM {table}")
        yield connection
        connection.rollback()


def event(contract, commune, **said):
    return contract(event_id=f"{commune}/1", recorded_at=AT, commune=commune, **said)


def registered(commune, name, day=FIRST):
    place = {"kind": "Phường", "province": "51", "province_name": "Tỉnh Quảng Ngãi"}
    where = {"latitude": None, "longitude": None, "in_force_from": day}
    return event(CommuneRegistered, commune, code=commune[:5], name=name, **place, **where)


def merged(commune, into, day=FIRST):
    return event(CommuneMerged, commune, into=into, in_force_from=day, source="x")


def announced(*events):
    for position, said in enumerate(events, start=1):
        yield Announced(position, position - 1, said.subject, said.model_dump_json().encode())


def heard(connection, *events):
    follower = Follower(OneConnection(connection), "planning", HEARD, remember)
    coming = list(announced(*events))
    follower.apply(coming[:1])
    follower.apply(coming[1:] + coming[:1])
    follower.apply(coming)
    return Judging(OneConnection(connection)).rules()


def judged(rules, act):
    verdict = Verdict(OLD, rules, TODAY, {})
    act(verdict)
    return verdict


CAM_THANH = (registered("21025", "Phường Cẩm Thành"), registered(OLD, "Phường Nguyễn Nghiêm", None))


def test_a_commune_that_is_gone_may_tell_of_the_days_before_its_end_only(connection):
    rules = heard(connection, *CAM_THANH, merged(OLD, "21025"))

    def refusals(day):
        return judged(rules, lambda v: v.record("r1", day, None, {"x": 1})).refused

    assert [(r["rule"], r["sentence"]) for r in refusals(FIRST)] == [("commune-ended", ENDED)]
    assert [r["rule"] for r in refusals(TODAY)] == ["commune-ended"]
    assert "commune-ended" not in {r["rule"] for r in refusals(date(2025, 6, 30))}


def test_a_reading_of_before_is_corrected_after_the_end(connection):
    rules = heard(connection, *CAM_THANH, merged(OLD, "21025"))
    rules = type(rules)(communes=rules.communes, endings=rules.endings, measures={"x": "X"})

    def corrected(v):
        v.record("r1", date(2025, 6, 30), None, {"x": 1})
        v.correct("r1", {"x": 2}, "đếm nhầm")
        v.withdraw("r1", "gửi nhầm")

    assert [len(judged(rules, corrected).__dict__[kind]) for kind in ("recorded", "corrected", "withdrawn")] == [
        1,
        1,
        1,
    ]


def test_a_commune_of_the_register_may_tell_of_days_before_its_first(connection):
    rules = heard(connection, *CAM_THANH, merged(OLD, "21025"))
    verdict = Verdict("21025", rules, TODAY, {})
    verdict.record("r1", date(2025, 6, 20), None, {"x": 1})

    assert [r["rule"] for r in verdict.refused] == ["unknown-measure"]


def test_of_a_divided_commune_the_main_successor_is_named_by_its_latest_name(connection):
    parts = ({"commune": "21136", "share": None}, {"commune": "21157", "share": None})
    divided = event(CommuneDivided, "21142-until-20250630", into=parts, in_force_from=FIRST, source="x")
    renamed = event(CommuneRenamed, "21136", name="Phường Cà Đam", code=None, in_force_from=TODAY, source="x")
    rules = heard(connection, registered("21136", "Xã Cà Đam"), divided, renamed)

    assert rules.endings == {"21142-until-20250630": Ending(FIRST, "phường Cà Đam")}


def test_a_successor_that_was_registered_before_names_were_remembered_is_named_by_its_id(connection):
    connection.execute("INSERT INTO communes VALUES ('21025')")

    assert heard(connection, merged(OLD, "21025")).endings[OLD] == Ending(FIRST, "21025")
