"""Changes of tasks and deadlines become waiting notices: twice, late, out of order, after an outage."""

from datetime import date

import pytest

from tests.notifications import events
from tests.notifications.scene import CENTRE, OFFICE, PROVINCE

LIFE = (
    events.task_revised,
    events.task_returned,
    events.task_extended,
    events.task_extension_declined,
    events.task_resolved,
    events.task_rescheduled,
)


@pytest.mark.parametrize("event", LIFE, ids=[event.__name__ for event in LIFE])
def test_task_change_notifies_lead_and_support_once(scene, event):
    change = event()
    scene.receive(events.commune_registered(), change, change)
    scene.receive(change)

    assert scene.queued() == sorted([(OFFICE, event.__name__), (CENTRE, event.__name__)])


@pytest.mark.parametrize("event", LIFE, ids=[event.__name__ for event in LIFE])
def test_early_task_change_is_kept_until_the_registration(scene, event):
    scene.receive(event())
    assert scene.queued() == []

    scene.receive(events.commune_registered())

    assert scene.queued() == sorted([(OFFICE, event.__name__), (CENTRE, event.__name__)])


def test_a_requested_extension_is_put_before_the_chair_and_the_centre(scene):
    scene.receive(events.commune_registered(), events.task_extension_requested())

    template = "task_extension_requested"
    rows = scene.query("SELECT context->>'role' FROM outbox WHERE template = %s ORDER BY 1", template)
    assert rows == [("centre",), ("chair",)]


def test_withdrawn_task_notifies_its_bodies(scene):
    scene.receive(events.commune_registered(), events.task_withdrawn(support=()))

    [(recipient, context)] = scene.query("SELECT recipient, context FROM outbox WHERE template = 'task_withdrawn'")
    assert recipient == OFFICE
    assert (context["content"], context["reason"]) == (events.CONTENT, "Tỉnh đã làm thay")


def approaching(scene):
    rows = scene.query("SELECT context FROM outbox WHERE template = 'deadline_approaching' AND recipient = %s", OFFICE)
    return sorted(context["days_left"] for (context,) in rows)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("days_left", range(-2, 8))
def test_steps_of_one_day_remind_once_after_an_outage(scene, days_left, together):
    steps = [events.deadline_approaching(days_before=days, days_left=days_left) for days in (7, 5, 3, 1)]
    scene.receive(events.commune_registered())
    for batch in [steps] if together else [[step] for step in steps] + [[step] for step in reversed(steps)]:
        scene.receive(*batch)

    assert approaching(scene) == ([days_left] if days_left >= 0 else [])


def test_steps_of_different_days_remind_on_each(scene):
    scene.receive(
        events.commune_registered(),
        *(events.deadline_approaching(days_before=days, days_left=days) for days in (7, 3, 1)),
    )

    assert approaching(scene) == [1, 3, 7]


def test_deadlines_of_one_day_each_remind(scene):
    scene.receive(
        events.commune_registered(),
        events.deadline_approaching(obligation="2025-09-22", label="ban hành kế hoạch"),
        events.deadline_approaching(obligation="2025-09-22~2", label="báo cáo kết quả"),
        events.deadline_approaching(task_id="t-2"),
        events.deadline_approaching(due_on=date(2025, 9, 23)),
    )

    assert approaching(scene) == [7, 7, 7, 7]


def test_early_steps_remind_once(scene):
    scene.receive(*(events.deadline_approaching(days_before=days, days_left=1) for days in (7, 3, 1)))

    scene.receive(events.commune_registered())

    assert approaching(scene) == [1]


@pytest.mark.parametrize("early", [True, False])
def test_old_missed_deadline_without_roles_uses_default_recipients(scene, early):
    missed = events.deadline_missed(days_late=3)
    for event in [missed, events.commune_registered()] if early else [events.commune_registered(), missed]:
        scene.receive(event)

    assert scene.queued() == [
        ("chu-tich.21040@minhbach.example", "deadline_missed_escalated"),
        (CENTRE, "deadline_missed_escalated"),
    ]


def test_nul_characters_in_task_changes_are_removed(scene):
    nul = "a\x00b"
    scene.receive(
        events.commune_registered(),
        events.task_extended(reason=nul, by=nul, obligations=(events.obligation(label=nul),)),
        events.task_returned(content=nul),
        events.task_withdrawn(reason=nul),
        events.deadline_missed(label=nul),
    )

    assert len(scene.queued()) == 7


def test_a_comment_goes_to_the_bodies_and_the_chair_but_not_to_whoever_wrote_it(scene):
    comment = events.task_commented(by="Phòng Kinh tế", by_account=None, role="body")
    scene.receive(events.commune_registered(), comment, comment)
    assert [template for _, template in scene.queued()] == ["task_commented"] * 2
    assert OFFICE not in {address for address, _ in scene.queued()}
    [(note,)] = scene.query("SELECT DISTINCT context->>'note' FROM outbox")
    assert note == "Cần báo cáo kỹ hơn"


def test_who_follows_gets_the_news_of_a_task_and_its_comments_until_it_is_unfollowed(scene):
    scene.receive(events.commune_registered(), events.task_followed(), events.task_followed(task_id="t-2"))
    scene.receive(events.task_unfollowed("tam", None), events.deadline_approaching(days_left=-1))
    scene.receive(events.task_returned(), events.task_commented(by="Phòng Kinh tế", by_account=None, role="body"))
    scene.receive(events.task_unfollowed(), events.task_returned())
    province = (
        "SELECT template, context->>'role', context->>'news' FROM outbox WHERE recipient LIKE '%%.51@%%' ORDER BY 1"
    )
    assert scene.query(province) == [
        ("task_commented", "province", None),
        ("task_followed", "province", "bị trả lại kết quả"),
    ]


def followed_by(scene):
    return scene.query("SELECT count(*) FROM outbox WHERE recipient LIKE '%%.51@%%'")[0][0]


def test_following_ends_for_good_with_its_grant_and_the_account(scene):
    scene.receive(events.commune_registered(), events.task_followed(account="lan", grant="lan.1"))
    scene.receive(events.task_returned())
    assert followed_by(scene) == 1, "Planning knew the grant, which is not known here yet"
    scene.receive(events.account_opened("lan"), events.grant_given("lan.1", "lan"), events.task_returned())
    assert followed_by(scene) == 2
    scene.receive(events.grant_withdrawn("lan.1", "lan"), events.grant_given("lan.2", "lan"), events.task_returned())
    assert followed_by(scene) == 2
    scene.receive(events.task_followed(account="lan", grant="lan.2"), events.task_returned())
    assert followed_by(scene) == 3
    scene.receive(events.account_closed("lan"), events.task_returned())
    assert followed_by(scene) == 3


def test_a_mail_that_waits_is_not_sent_when_nobody_for_whom_it_is_follows_any_more(scene):
    scene.receive(events.commune_registered(), events.account_opened("ha"), events.grant_given("ha.1", "ha"))
    scene.receive(events.task_followed(), events.task_followed(account="ha", grant="ha.1", by="Đỗ Thị Hà"))
    scene.receive(events.task_returned(), events.task_unfollowed())
    assert PROVINCE in {each.recipient for each in scene.due()}, "of two followers there one still follows"
    scene.receive(events.grant_withdrawn("ha.1", "ha"))
    assert {each.recipient for each in scene.due()} == {OFFICE, CENTRE}
    assert followed_by(scene) == 0


def test_following_ends_with_the_last_day_of_its_grant(scene):
    scene.receive(events.commune_registered(), events.account_opened("ha"))
    scene.receive(events.grant_given("ha.1", "ha", until=date(2025, 7, 1)), events.grant_given("ha.2", "ha"))
    scene.receive(events.task_followed(account="ha", grant="ha.1"), events.task_returned())
    assert followed_by(scene) == 0


def test_a_body_that_follows_its_own_task_gets_one_notice(scene):
    scene.receive(events.commune_registered(), events.task_followed("body", "Phòng Kinh tế", None))
    scene.receive(events.task_returned())
    assert scene.queued() == sorted([(OFFICE, "task_returned"), (CENTRE, "task_returned")])


def test_a_commenter_that_follows_gets_no_notice_of_its_own_comment(scene):
    scene.receive(events.commune_registered(), events.task_followed("chair", "Nguyễn Văn An", "an"))
    scene.receive(events.task_commented(role="chair", by="Nguyễn Văn An", by_account="an"))
    assert {address for address, _ in scene.queued()} == {OFFICE, CENTRE}
