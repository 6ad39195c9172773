"""Two instances of each service side by side: each takes its share, one leads, and its death costs nothing."""

from collections import Counter
from datetime import date, timedelta

import pytest

from shared.messaging import streams
from tests.journeys.leaders import leader
from tests.journeys.province import FIRST_DAY, completion, in_turn, readings_of, until
from tests.journeys.redelivery import redeliver_sooner

SERVICES = ("planning", "indicators", "reporting", "notifications")
LATER = date(2025, 9, 12)


@pytest.fixture(scope="module")
def province(found):
    with found(instances=2, communes=4, today=FIRST_DAY + timedelta(days=20)) as province:
        yield province


@pytest.fixture(scope="module")
def beheaded(province):
    """A stream under way, days passing, and each service's leader killed once and started again."""
    stack = province.stack
    redeliver_sooner(province)
    done = [completion(*task) for task in province.tasks()[::7]]
    readings = list(in_turn(*(readings_of(commune, "b", 50) for commune in province.communes)))
    killed = {}
    with province.sending([*readings[:100], *done, *readings[100:]], together=20) as stream:
        for number, service in enumerate(SERVICES, start=1):
            stream.wait_for(number * 25)
            province.move_to(FIRST_DAY + timedelta(days=20 + number * 15))
            led = until(lambda service=service: leader(stack, service), f"one {service} leads")
            led.process.kill()
            led.process.wait()
            successor = until(lambda service=service: leader(stack, service), f"another {service} leads")
            killed[service] = (led, successor)
            until(lambda name=led.name: name in stack.supervise(), "it is started again")
        stream.finish()
    province.move_to(LATER)
    return killed


@pytest.mark.parametrize("service", SERVICES)
def test_when_the_leader_is_killed_the_other_leads_and_everything_counts_once(province, beheaded, service):
    led, successor = beheaded[service]
    assert led.name != successor.name
    province.wait_until_counted()


def test_each_deadline_is_announced_once(province, beheaded):
    wanted = expected_announcements(province)

    def announced():
        return Counter(
            province.ask(
                "planning",
                "SELECT topic, convert_from(state, 'utf8')::jsonb ->> 'task_id',"
                " convert_from(state, 'utf8')::jsonb -> 'due_on' ->> '_data_',"
                " coalesce(convert_from(state, 'utf8')::jsonb -> 'days_before',"
                " convert_from(state, 'utf8')::jsonb -> 'days_late')::int"
                " FROM planning_events WHERE topic LIKE 'planning.task-deadline-%%'",
            )
        )

    assert len(wanted) > len(province.communes)
    until(lambda: wanted <= announced(), "every deadline that is due is announced")
    found = announced()
    assert set(found.values()) == {1}
    assert {key[1] for key in (found - wanted)} <= province.ledger.done, "only of tasks that were completed later"


def expected_announcements(province):
    """For tasks that nobody completed: 7, 3, 1 days before all that is due, 1, 3, 10 after, of the days that came."""
    expected = Counter()
    owed = (
        "SELECT task_id, (owed->>'due')::date FROM tasks, jsonb_array_elements(obligations) owed"
        " WHERE completed_on IS NULL AND owed->>'due' IS NOT NULL"
    )
    for task, due in province.ask("planning", owed):
        for days in (7, 3, 1):
            if FIRST_DAY <= due - timedelta(days=days) <= LATER:
                expected["planning.task-deadline-approached", task, due.isoformat(), days] += 1
        for days in (1, 3, 10):
            if due + timedelta(days=days) <= LATER:
                expected["planning.task-deadline-missed", task, due.isoformat(), days] += 1
    return expected


def test_each_notice_is_mailed_to_each_person_once(province, beheaded):
    province.wait_until_followed()
    province.wait_until_mailed()
    notified = Counter(
        province.ask(
            "notifications",
            "SELECT convert_from(state, 'utf8')::jsonb ->> 'about_event',"
            " convert_from(state, 'utf8')::jsonb ->> 'recipient' FROM notifications_events",
        )
    )
    assert set(notified.values()) == {1}
    assert len(notified) > len(province.tasks())


def test_afterwards_both_instances_of_each_service_are_ready(province, beheaded):
    assert sorted(instance.service for instance in province.stack.running) == sorted(streams.SERVICES * 2)
    for instance in province.stack.running:
        until(instance.ready, f"{instance.name} is ready")
