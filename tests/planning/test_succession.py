"""Changes of communes on a real database: the owner of a code on a day, and several changes together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from fractions import Fraction

import psycopg
import pytest

from services.planning.domain.communes.commune import Commune
from services.planning.domain.refusal import RequestRefused
from services.planning.read_models import TABLES, Communes
from services.planning.register import communes_of
from services.planning.register.lineage import predecessors_of
from shared.grants import Place
from tests.planning.province import duty, events_of, of_type, on, plan_of, recorded

FIRST = date(2025, 7, 1)
EVE = FIRST - timedelta(days=1)
NEXT = date(2026, 7, 1)
ACT = "01/NQ-HĐND"
OF_GIA_LAI = iter(communes_of("52"))  # communes for each test that needs some


@pytest.fixture(scope="module")
def quang_ngai():
    return [old.commune for old in predecessors_of("51")]


@pytest.fixture
def with_predecessors(planning):
    planning.register_communes("51")
    planning.succession.register_predecessors("51")
    return planning


@pytest.fixture
def some(planning):
    """Ids, which are codes, of communes that no other test has."""

    def take(count):
        entries = [next(OF_GIA_LAI) for _ in range(count)]
        planning.register(entries, FIRST)
        return [entry.code for entry in entries]

    return take


def test_former_communes_are_registered_once_with_their_successors(with_predecessors, quang_ngai):
    planning = with_predecessors
    events = events_of(planning, *quang_ngai)

    assert planning.succession.register_predecessors("51") == 0
    assert len(events_of(planning, *quang_ngai)) == len(events)
    assert len(of_type(events, Commune.Registered)) == 273
    assert len(of_type(events, Commune.Merged)) == 272
    (divided,) = of_type(events, Commune.Divided)
    assert (divided.commune, divided.into) == (
        "21142-until-20250630",
        [{"commune": "21136", "share": None}, {"commune": "21157", "share": None}],
    )
    assert {event.in_force_from for event in of_type(events, Commune.Merged)} == {FIRST}


def test_registering_predecessors_continues_after_an_interruption(planning):
    planning.register_communes("38")
    commits, commit = [], planning.commit

    def stopped_after_two(*aggregates, **how):
        if len(commits) == 2:
            raise KeyboardInterrupt
        commits.append(sum(len(each.pending_events) for each in aggregates))
        commit(*aggregates, **how)

    planning.commit = stopped_after_two
    with pytest.raises(KeyboardInterrupt):
        planning.succession.register_predecessors("38")
    planning.commit = commit

    assert commits == [400, 400]
    assert planning.succession.register_predecessors("38") == 547 - 400
    assert len(planning.succession.listed(EVE, "38")) == 547


def test_two_instances_register_each_predecessor_once(planning, another):
    planning.register_communes("82")
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(one.succession.register_predecessors, "82") for one in (planning, another)]
        assert all(done.result() >= 0 for done in both)
    ids = [old.commune for old in predecessors_of("82")]

    assert len(events_of(planning, *ids)) == 2 * len(ids)


def test_only_predecessors_of_registered_communes_are_registered(planning):
    planning.register_communes("66", ["22015"])

    assert planning.succession.register_predecessors("66") == len(
        [o for o in predecessors_of("66") if o.into == ("22015",)]
    )


def test_a_code_belongs_to_different_communes_on_different_days(with_predecessors):
    communes = with_predecessors.communes

    assert communes.with_code("21025", EVE).name == "Phường Nguyễn Nghiêm (Thành phố Quảng Ngãi)"
    assert communes.with_code("21025", FIRST).name == "Phường Cẩm Thành"
    assert communes.with_code("21025").commune == "21025"
    assert communes.with_code("21019", FIRST) is None
    assert communes.named("21019-until-20250630").gone_from == FIRST
    assert communes.with_code("") is None


def test_the_map_before_and_after_2025_07_01(with_predecessors):
    succession = with_predecessors.succession

    assert len(succession.listed(EVE, "51")) == 273
    assert len(succession.listed(FIRST, "51")) == 96
    assert {commune.commune for commune in succession.listed(FIRST, "51")} == {e.code for e in communes_of("51")}


def test_a_commune_is_found_by_its_code_before_its_first_day(planning, some):
    (commune,) = some(1)

    assert planning.communes.with_code(commune, EVE).commune == commune


def test_the_map_is_listed_as_known_at_a_day(planning, some, clock):
    a, b = some(2)
    on(clock, date(2026, 6, 20))
    planning.succession.merge(a, b, NEXT, ACT)

    def there(day, known_at):
        return a in {commune.commune for commune in planning.succession.listed(day, "52", known_at)}

    assert there(NEXT, date(2026, 6, 19))
    assert not there(NEXT, date(2026, 6, 20))
    assert there(NEXT - timedelta(days=1), date(2026, 6, 20))
    assert not there(NEXT, None)


def test_a_repeated_change_is_recorded_once(planning, some):
    a, b, c = some(3)
    parts = [(b, Fraction(1, 3)), (c, Fraction(2, 3))]

    assert planning.succession.divide(a, parts, NEXT, ACT) is True
    assert planning.succession.divide(a, parts, NEXT, ACT) is False
    assert len(recorded(planning, a, Commune.Divided)) == 1
    assert planning.communes.predecessors_of(c) == [a]


def test_two_opposite_mergers_at_once_do_not_both_happen(planning, another, some):
    a, b = some(2)
    with ThreadPoolExecutor(2) as threads:
        answers = [
            threads.submit(planning.succession.merge, a, b, NEXT, ACT),
            threads.submit(another.succession.merge, b, a, NEXT, ACT),
        ]
        refused = [answer.exception() for answer in answers]

    assert sorted(type(each) for each in refused if each) == [RequestRefused]
    assert len([*recorded(planning, a, Commune.Merged), *recorded(planning, b, Commune.Merged)]) == 1


def test_a_commune_that_received_another_later_cannot_end_before(planning, some):
    a, b, c = some(3)
    planning.succession.merge(a, b, NEXT, ACT)

    with pytest.raises(RequestRefused, match="có đơn vị nhập vào"):
        planning.succession.merge(b, c, NEXT - timedelta(days=30), ACT)
    assert planning.succession.merge(b, c, NEXT + timedelta(days=1), ACT)


def test_an_unknown_successor_is_refused(planning, some):
    (a,) = some(1)

    with pytest.raises(RequestRefused, match="Không có đơn vị nào mang mã 00000"):
        planning.succession.merge(a, "00000", NEXT, ACT)
    with pytest.raises(RequestRefused, match="Không có đơn vị nào mang mã 00000"):
        planning.succession.rename("00000", "Xã A", None, NEXT, ACT)


def test_a_free_code_is_taken_over_by_a_commune_with_an_id_of_its_own(planning, some):
    a, b = some(2)
    planning.succession.merge(a, b, NEXT, ACT)
    with pytest.raises(RequestRefused, match="Mã này đã là mã của"):
        planning.succession.establish(a, "Xã Mới", "52", NEXT - timedelta(days=1))

    assert planning.succession.establish(a, "Xã Mới", "52", NEXT)
    assert not planning.succession.establish(a, "Xã Mới", "52", NEXT)
    assert planning.communes.with_code(a, NEXT - timedelta(days=1)).commune == a
    assert planning.communes.with_code(a, NEXT).commune == f"{a}-from-20260701"
    assert planning.succession.rename(b, None, "52999", NEXT, ACT)
    with pytest.raises(RequestRefused, match="Mã này đã là mã của Xã Mới"):
        planning.succession.rename(b, None, a, NEXT, ACT)


def test_a_new_code_applies_from_its_day_on(planning, some):
    (a,) = some(1)
    planning.succession.rename(a, None, "52998", NEXT, ACT)

    assert planning.communes.with_code(a, NEXT) is None
    assert planning.communes.with_code(a, NEXT - timedelta(days=1)).code == a
    assert planning.communes.with_code("52998", NEXT).commune == a
    assert planning.communes.named(a, NEXT).commune == a


def test_a_moved_commune_is_listed_in_its_province_on_the_day(planning, some):
    (a,) = some(1)
    planning.succession.move(a, "56", None, NEXT, ACT)

    def province(day):
        return next(c.province for c in planning.succession.listed(day) if c.commune == a)

    assert (province(NEXT - timedelta(days=1)), province(NEXT)) == ("52", "56")
    with pytest.raises(RequestRefused, match="không phải là mã của một tỉnh"):
        planning.succession.move(a, "99", None, NEXT, ACT)


def test_a_commune_with_a_known_end_gets_no_new_standard_plan(planning, some):
    a, b, c = some(3)
    planning.issue_plan(plan_of(a, duty("Rà soát", date(2026, 9, 30)), title="Của xã"))
    planning.succession.merge(a, b, NEXT, ACT)
    planning.succession.merge(c, b, NEXT, ACT)
    planning.issue_plan(plan_of(None, duty("Báo cáo", date(2026, 9, 30)), province="52"), standard=True)

    with_plan = {plan.commune for plan in planning.plans.all()}
    assert (a in with_plan, b in with_plan, c in with_plan) == (True, True, False)
    assert len(planning.tasks.all(a)) == 1


def test_tables_of_an_earlier_version_are_completed_and_keep_their_communes(stack):
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("CREATE SCHEMA earlier_planning; SET LOCAL search_path TO earlier_planning")
        connection.execute(
            "CREATE TABLE communes (commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL,"
            " province text NOT NULL); INSERT INTO communes VALUES ('21211', '21211', 'Xã Tịnh Khê', '51')"
        )
        connection.execute(TABLES)
        connection.execute(TABLES)
        (row,) = connection.execute("SELECT in_force_from, name FROM commune_spells").fetchall()
        connection.rollback()

    assert row == (FIRST, "Xã Tịnh Khê")


def test_the_tables_equal_the_events(planning, some):
    a, b = some(2)
    planning.succession.rename(a, "Phường Hai", None, date(2027, 1, 1), ACT)
    planning.succession.rename(a, "Phường Một", None, date(2026, 1, 1), ACT)
    planning.succession.merge(a, b, date(2028, 1, 1), ACT)
    commune = planning.repository.get(Commune.create_id(a))

    for day in (EVE, FIRST, date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31)):
        assert planning.communes.with_code(a, day).name == commune.on(day).name
    assert planning.communes.with_code(a, date(2028, 1, 1)) is None
    assert isinstance(planning.communes, Communes)


def test_a_commune_is_where_its_last_successor_is(with_predecessors):
    """Which grants of accounts cover it is decided by that."""
    place = with_predecessors.communes.place
    divided, successor = "21142-until-20250630", "21136"
    assert (place(divided, EVE), place(divided, FIRST)) == (Place(divided, "51"), Place(successor, "51"))
    assert place(successor, NEXT) == Place(successor, "51")
    assert place("unknown", NEXT) == Place("unknown", None)
