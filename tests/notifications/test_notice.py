"""A notice is one per event, recipient and channel, and is recorded as sent or failed."""

from datetime import UTC, datetime

from services.notifications.domain.notice import MAIL, Notice

AT = datetime(2025, 9, 15, tzinfo=UTC)


def test_notice_id_depends_on_event_recipient_and_channel():
    one = Notice.create_id("e/1", "a@b.example", MAIL)

    assert one == Notice.create_id("e/1", "a@b.example", MAIL)
    assert len({one, Notice.create_id("e/2", "a@b.example", MAIL), Notice.create_id("e/1", "c@b.example", MAIL)}) == 3
    assert one != Notice.create_id("e/1", "a@b.example", "zalo")


def test_send_records_sent():
    notice = Notice.send("e/1", "a@b.example", MAIL, template="task_assigned", at=AT)

    [sent] = notice.pending_events
    assert isinstance(sent, Notice.Sent)
    assert (sent.about_event, sent.recipient, sent.template) == ("e/1", "a@b.example", "task_assigned")
    assert sent.timestamp == AT
    assert notice.id == Notice.create_id("e/1", "a@b.example", MAIL)


def test_fail_records_failed_with_its_reason():
    notice = Notice.fail("e/1", "a@b.example", MAIL, template="task_assigned", reason="550 no such user", at=AT)

    [failed] = notice.pending_events
    assert isinstance(failed, Notice.Failed)
    assert failed.reason == "550 no such user"
