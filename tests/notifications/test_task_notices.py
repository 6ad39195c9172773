"""What becomes of a task and its deadlines becomes notices that wait: twice, late, out of order, after an outage."""

from datetime import date

import pytest

from tests.notifications import announcements as announced
from tests.notifications.test_read_models import CENTRE, OFFICE, queued

LIFE = (
    announced.task_revised,
    announced.task_returned,
    announced.task_extended,
    announced.task_resolved,
    announced.task_rescheduled,
)


@pytest.mark.parametrize("event", LIFE, ids=[event.__name__ for event in LIFE])
def test_what_becomes_of_a_task_is_told_to_whoever_works_on_it(scene, event):
    heard = event()
    scene.hear(announced.commune_registered(), heard, heard)
    scene.hear(heard)

    assert queued(scene) == sorted([(OFFICE, event.__name__), (CENTRE, event.__name__)])


@pytest.mark.parametrize("event", LIFE, ids=[event.__name__ for event in LIFE])
def test_what_becomes_of_a_task_is_told_when_its_commune_is_registered_afterwards(scene, event):
    scene.hear(event())
    assert queued(scene) == []

    scene.hear(announced.commune_registered())

    assert queued(scene) == sorted([(OFFICE, event.__name__), (CENTRE, event.__name__)])


def test_a_withdrawn_task_is_told_to_whom_it_was_asked(scene):
    scene.hear(announced.commune_registered(), announced.task_withdrawn(support=()))

    [(recipient, words)] = scene.ask("SELECT recipient, context FROM outbox WHERE template = 'task_withdrawn'")
    assert recipient == OFFICE
    assert (words["content"], words["reason"]) == (announced.CONTENT, "Tỉnh đã làm thay")


def approaching(scene):
    rows = scene.ask("SELECT context FROM outbox WHERE template = 'deadline_approaching' AND recipient = %s", OFFICE)
    return sorted(words["days_left"] for (words,) in rows)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("days_left", range(-2, 8))
def test_after_an_outage_the_steps_of_one_day_are_told_once(scene, days_left, together):
    steps = [announced.deadline_approaching(days_before=days, days_left=days_left) for days in (7, 5, 3, 1)]
    scene.hear(announced.commune_registered())
    for batch in [steps] if together else [[step] for step in steps] + [[step] for step in reversed(steps)]:
        scene.hear(*batch)

    assert approaching(scene) == ([days_left] if days_left >= 0 else [])


def test_steps_of_different_days_are_told_on_each(scene):
    scene.hear(
        announced.commune_registered(),
        *(announced.deadline_approaching(days_before=days, days_left=days) for days in (7, 3, 1)),
    )

    assert approaching(scene) == [1, 3, 7]


def test_two_deadlines_of_one_task_on_one_day_are_each_told(scene):
    scene.hear(
        announced.commune_registered(),
        announced.deadline_approaching(obligation="2025-09-22", label="ban hành kế hoạch"),
        announced.deadline_approaching(obligation="2025-09-22~2", label="báo cáo kết quả"),
        announced.deadline_approaching(task_id="t-2"),
        announced.deadline_approaching(due_on=date(2025, 9, 23)),
    )

    assert approaching(scene) == [7, 7, 7, 7]


def test_steps_that_came_before_their_commune_are_told_once_too(scene):
    scene.hear(*(announced.deadline_approaching(days_before=days, days_left=1) for days in (7, 3, 1)))

    scene.hear(announced.commune_registered())

    assert approaching(scene) == [1]


@pytest.mark.parametrize("early", [True, False])
def test_a_missed_deadline_announced_before_announcements_said_whom_they_concern(scene, early):
    missed = announced.deadline_missed(days_late=3)
    for event in [missed, announced.commune_registered()] if early else [announced.commune_registered(), missed]:
        scene.hear(event)

    assert queued(scene) == [
        ("chu-tich.21040@minhbach.example", "deadline_missed_escalated"),
        (CENTRE, "deadline_missed_escalated"),
    ]


def test_such_a_character_in_what_becomes_of_a_task_holds_nothing_up(scene):
    nul = "a\x00b"
    scene.hear(
        announced.commune_registered(),
        announced.task_extended(reason=nul, by=nul, obligations=(announced.obligation(label=nul),)),
        announced.task_returned(content=nul),
        announced.task_withdrawn(reason=nul),
        announced.deadline_missed(label=nul),
    )

    assert len(queued(scene)) == 7
