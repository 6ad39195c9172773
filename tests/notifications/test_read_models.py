"""Received events become waiting notices: twice, late, out of order."""

from datetime import timedelta

import psycopg

from services.notifications.read_models import TABLES, communes
from shared.messaging.following.follower import ReceivedEvent
from tests.notifications import events
from tests.notifications.events import RECORDED_AT
from tests.notifications.scene import CENTRE, OFFICE, PROVINCE


def test_each_event_notifies_its_recipients(scene):
    scene.receive(
        events.commune_registered(),
        events.task_assigned(),
        events.deadline_approaching(days_before=3, days_left=3),
        events.deadline_approaching(days_before=7, days_left=3),
        events.deadline_missed(days_late=1, tell=("lead",)),
        events.deadline_missed(days_late=3, tell=("one-stop-centre", "chair")),
        events.deadline_missed(days_late=10, tell=("provincial-office",)),
        events.submission_receipted(refused=50),
        events.submission_receipted(refused=0),
        events.report_published(),
    )

    assert scene.queued() == sorted(
        [
            (OFFICE, "task_assigned"),
            (CENTRE, "task_assigned"),
            (OFFICE, "deadline_approaching"),
            (CENTRE, "deadline_approaching"),
            (OFFICE, "deadline_missed"),
            ("chu-tich.21040@minhbach.example", "deadline_missed_escalated"),
            (CENTRE, "deadline_missed_escalated"),
            (PROVINCE, "deadline_missed_escalated"),
            (CENTRE, "reading_refused"),
            (CENTRE, "report_published"),
            (PROVINCE, "report_published"),
        ]
    )


def test_repeated_event_is_queued_once(scene):
    task = events.task_assigned()
    scene.receive(events.commune_registered(), task, task)
    scene.receive(task)

    assert len(scene.queued()) == 2


def test_repeated_event_is_ignored_after_its_notice_was_sent(scene):
    task = events.task_assigned(support=())
    scene.receive(events.commune_registered(), task)
    scene.notifications.record_sent(scene.claim(), RECORDED_AT)

    scene.receive(task)

    assert scene.queued() == []
    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 1, "failed": 0}


def test_settling_a_notice_twice_records_one_outcome(scene):
    scene.receive(events.commune_registered(), events.task_assigned(support=()))
    notice = scene.claim()

    scene.notifications.record_sent(notice, RECORDED_AT)
    scene.notifications.record_sent(notice, RECORDED_AT)
    scene.notifications.record_failed(notice, "550", RECORDED_AT)

    assert [type(event).__name__ for event in scene.recorded()] == ["Sent"]
    assert scene.queued() == []


def test_early_event_is_kept_until_its_commune_is_registered(scene):
    scene.receive(events.submission_receipted("c-1"), events.submission_receipted("c-9"))
    assert scene.queued() == []

    scene.receive(events.commune_registered("c-1"))

    assert scene.queued() == [(CENTRE, "reading_refused")]
    assert scene.query("SELECT commune FROM kept") == [("c-9",)]


def test_early_report_reaches_the_communes_registered_before_it(scene):
    day = timedelta(days=1)
    scene.receive(events.report_published(recorded_at=RECORDED_AT))
    scene.receive(
        events.commune_registered("c-1", recorded_at=RECORDED_AT - day),
        events.commune_registered("c-2", "21041", "Xã Sơn Mỹ", recorded_at=RECORDED_AT + day),
    )

    assert scene.queued() == [(CENTRE, "report_published"), (PROVINCE, "report_published")]


def test_repeated_registration_sends_no_old_notices(scene):
    scene.receive(events.report_published(), events.commune_registered())
    before = scene.queued()

    scene.receive(events.commune_registered(name="Phường Tịnh Khê"))
    assert scene.queued() == before

    scene.receive(events.task_assigned(support=()))
    [(context,)] = scene.query("SELECT context FROM outbox WHERE template = 'task_assigned'")
    assert context["recipient_name"] == "Phòng Kinh tế phường Tịnh Khê"


def test_repeated_registration_fills_in_the_province_name(scene):
    scene.receive(events.commune_registered())
    with scene.pool.connection() as connection:  # as an earlier version had left it
        connection.execute("UPDATE communes SET province_name = NULL")
    office = "SELECT context ->> 'recipient_name' FROM outbox WHERE about_event = %s"

    before, after = (events.deadline_missed(tell=("provincial-office",)) for _ in range(2))
    scene.receive(before)
    scene.receive(events.commune_registered())
    scene.receive(after)

    assert scene.query(office, before.event_id) == [("Văn phòng UBND cấp tỉnh",)]
    assert scene.query(office, after.event_id) == [("Văn phòng UBND tỉnh Quảng Ngãi",)]


def test_tables_of_an_earlier_version_are_migrated_with_their_rows(stack):
    with psycopg.connect(stack.settings().database_url) as connection:
        connection.execute("CREATE SCHEMA earlier; SET LOCAL search_path TO earlier")
        connection.execute(
            "CREATE TABLE communes (commune text PRIMARY KEY, code text NOT NULL, name text NOT NULL,"
            " province text NOT NULL, registered_at timestamptz NOT NULL);"
            "INSERT INTO communes VALUES ('c-1', '21040', 'Xã Tịnh Khê', '51', '2025-07-01T00:00Z')"
        )
        connection.execute(TABLES)
        connection.execute(TABLES)

        assert communes.known(connection, ["c-1"])["c-1"].province_name is None
        communes.register(connection, [ReceivedEvent(1, events.commune_registered())])
        known = communes.known(connection, ["c-1"])["c-1"]
        assert known.province_name == "Tỉnh Quảng Ngãi"
        assert known.registered_at < RECORDED_AT, "it was not new"
        connection.rollback()


def test_nul_characters_are_removed(scene):
    scene.receive(
        events.commune_registered(),
        events.task_assigned(content="a\x00b", lead=("Phòng\x00",)),
    )

    assert len(scene.queued()) == 2


def test_thousands_of_tasks_in_one_batch(scene):
    scene.receive(events.commune_registered(), *(events.task_assigned() for _ in range(2000)))

    assert scene.outbox.counts().waiting == 4000
