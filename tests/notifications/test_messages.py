"""This fact leads to that announcement."""

from services.notifications.publishers import announce
from tests.notifications import announcements as announced
from tests.notifications.announcements import RECORDED_AT
from tests.notifications.test_read_models import claimed


def announcements(scene):
    return [announce(fact) for fact in scene.notifications.facts_after(scene._after, 10)]


def test_a_notice_that_was_sent_is_announced(scene):
    task = announced.task_assigned(support=())
    scene.hear(announced.commune_registered(), task)
    notice = claimed(scene)
    scene.notifications.record_sent(notice, RECORDED_AT)

    [said] = announcements(scene)
    assert said.subject == "notifications.event.notice-sent.v1"
    assert said.notice_id == str(notice.notice_id)
    assert (said.about_event, said.recipient, said.channel) == (task.event_id, notice.recipient, "mail")


def test_a_notice_that_failed_is_announced_with_its_reason(scene):
    scene.hear(announced.commune_registered(), announced.task_assigned(support=()))
    scene.notifications.record_failed(claimed(scene), "550 no such user", RECORDED_AT)

    [said] = announcements(scene)
    assert said.subject == "notifications.event.notice-failed.v1"
    assert said.reason == "550 no such user"
