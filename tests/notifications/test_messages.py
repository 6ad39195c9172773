"""Each stored event leads to its public message."""

from services.notifications.publishers import announce
from tests.notifications import events
from tests.notifications.events import RECORDED_AT


def announcements(scene):
    return [announce(recorded) for recorded in scene.history()]


def test_sent_notice_is_announced(scene):
    task = events.task_assigned(support=())
    scene.receive(events.commune_registered(), task)
    notice = scene.claim()
    scene.notifications.record_sent(notice, RECORDED_AT)

    [announced] = announcements(scene)
    assert announced.subject == "notifications.event.notice-sent.v1"
    assert announced.notice_id == str(notice.notice_id)
    assert (announced.about_event, announced.recipient, announced.channel) == (task.event_id, notice.recipient, "mail")


def test_failed_notice_is_announced_with_its_reason(scene):
    scene.receive(events.commune_registered(), events.task_assigned(support=()))
    scene.notifications.record_failed(scene.claim(), "550 no such user", RECORDED_AT)

    [announced] = announcements(scene)
    assert announced.subject == "notifications.event.notice-failed.v1"
    assert announced.reason == "550 no such user"
