"""Communes on a real PostgreSQL, with events twice, late and out of order, and the rules that follow from them."""

from datetime import UTC, date, datetime

import pytest

from services.indicators.domain.assessment import Assessment
from services.indicators.domain.reading import Ending
from services.indicators.read_models.rules import CurrentRules
from services.indicators.subscribers import PLANNING
from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneRegistered, CommuneRenamed
from shared.messaging.following.follower import Announced, Follower
from shared.regimes_file import reading_windows
from tests.emptied_tables import OneConnection, emptied

AT = datetime(2025, 7, 2, 1, tzinfo=UTC)
FIRST = date(2025, 7, 1)
TODAY = date(2025, 9, 10)
OLD = "21025-until-20250630"
ENDED = f"Đơn vị có mã {OLD} không còn từ ngày 1/7/2025; số liệu từ ngày đó do phường Cẩm Thành báo cáo."


@pytest.fixture
def connection(stack):
    with emptied(stack, "indicators", "communes", "commune_endings", "plan_spans", "tracking") as connection:
        yield connection


def event(contract, commune, **fields):
    return contract(event_id=f"{commune}/1", recorded_at=AT, commune=commune, **fields)


def registered(commune, name, day=FIRST):
    place = {"kind": "Phường", "province": "51", "province_name": "Tỉnh Quảng Ngãi"}
    where = {"latitude": None, "longitude": None, "in_force_from": day}
    return event(CommuneRegistered, commune, code=commune[:5], name=name, **place, **where)


def merged(commune, into, day=FIRST):
    return event(CommuneMerged, commune, into=into, in_force_from=day, source="x")


def announced(*events):
    for position, message in enumerate(events, start=1):
        yield Announced(position, position - 1, message.subject, message.model_dump_json().encode())


def rules_after(connection, *events):
    follower = Follower(OneConnection(connection), "planning", PLANNING)
    coming = list(announced(*events))
    follower.apply(coming[:1])
    follower.apply(coming[1:] + coming[:1])
    follower.apply(coming)
    return CurrentRules(OneConnection(connection), reading_windows({})).load()


def assessed(rules, act):
    assessment = Assessment(OLD, rules, TODAY, {})
    act(assessment)
    return assessment


CAM_THANH = (registered("21025", "Phường Cẩm Thành"), registered(OLD, "Phường Nguyễn Nghiêm", None))


def test_ended_commune_may_report_days_before_its_end_only(connection):
    rules = rules_after(connection, *CAM_THANH, merged(OLD, "21025"))

    def refusals(day):
        return assessed(rules, lambda v: v.record("r1", day, None, {"x": 1})).refused

    assert [(r["rule"], r["sentence"]) for r in refusals(FIRST)] == [("commune-ended", ENDED)]
    assert [r["rule"] for r in refusals(TODAY)] == ["commune-ended"]
    assert "commune-ended" not in {r["rule"] for r in refusals(date(2025, 6, 30))}


def test_ended_commune_may_correct_earlier_readings(connection):
    rules = rules_after(connection, *CAM_THANH, merged(OLD, "21025"))
    rules = type(rules)(communes=rules.communes, endings=rules.endings, measures={"x": "X"})

    def corrected(v):
        v.record("r1", date(2025, 6, 30), None, {"x": 1})
        v.correct("r1", {"x": 2}, "đếm nhầm")
        v.withdraw("r1", "gửi nhầm")

    assert [len(assessed(rules, corrected).__dict__[kind]) for kind in ("recorded", "corrected", "withdrawn")] == [
        1,
        1,
        1,
    ]


def test_commune_may_report_days_before_its_first_day(connection):
    rules = rules_after(connection, *CAM_THANH, merged(OLD, "21025"))
    assessment = Assessment("21025", rules, TODAY, {})
    assessment.record("r1", date(2025, 6, 20), None, {"x": 1})

    assert [r["rule"] for r in assessment.refused] == ["unknown-measure"]


def test_main_successor_of_a_divided_commune_has_its_latest_name(connection):
    parts = ({"commune": "21136", "share": None}, {"commune": "21157", "share": None})
    divided = event(CommuneDivided, "21142-until-20250630", into=parts, in_force_from=FIRST, source="x")
    renamed = event(CommuneRenamed, "21136", name="Phường Cà Đam", code=None, in_force_from=TODAY, source="x")
    rules = rules_after(connection, registered("21136", "Xã Cà Đam"), divided, renamed)

    assert rules.endings == {"21142-until-20250630": Ending(FIRST, "Phường Cà Đam")}


def test_successor_without_a_name_is_named_by_its_id(connection):
    connection.execute("INSERT INTO communes VALUES ('21025')")

    assert rules_after(connection, merged(OLD, "21025")).endings[OLD] == Ending(FIRST, "21025")
