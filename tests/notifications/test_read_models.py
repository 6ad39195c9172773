"""What is heard becomes notices that wait: twice, late, out of order."""

from datetime import timedelta

import psycopg

from services.notifications.read_models import TABLES, communes
from tests.notifications import announcements as announced
from tests.notifications.announcements import RECORDED_AT

CENTRE = "trung-tam-phuc-vu-hanh-chinh-cong.21040@minhbach.example"
OFFICE = "phong-kinh-te.21040@minhbach.example"


def queued(scene):
    return sorted(scene.ask("SELECT recipient, template FROM outbox"))


def test_each_announcement_is_told_to_whom_it_concerns(scene):
    scene.hear(
        announced.commune_registered(),
        announced.task_assigned(),
        announced.deadline_approaching(days_before=3, days_left=3),
        announced.deadline_approaching(days_before=7, days_left=3),
        announced.deadline_missed(days_late=1, tell=("lead",)),
        announced.deadline_missed(days_late=3, tell=("one-stop-centre", "chair")),
        announced.deadline_missed(days_late=10, tell=("provincial-office",)),
        announced.submission_receipted(refused=50),
        announced.submission_receipted(refused=0),
        announced.report_published(),
    )

    assert queued(scene) == sorted(
        [
            (OFFICE, "task_assigned"),
            (CENTRE, "task_assigned"),
            (OFFICE, "deadline_approaching"),
            (CENTRE, "deadline_approaching"),
            (OFFICE, "deadline_missed"),
            ("chu-tich.21040@minhbach.example", "deadline_missed_escalated"),
            (CENTRE, "deadline_missed_escalated"),
            ("van-phong.51@minhbach.example", "deadline_missed_escalated"),
            (CENTRE, "reading_refused"),
            (CENTRE, "report_published"),
            ("van-phong.51@minhbach.example", "report_published"),
        ]
    )


def test_the_same_event_twice_waits_once(scene):
    task = announced.task_assigned()
    scene.hear(announced.commune_registered(), task, task)
    scene.hear(task)

    assert len(queued(scene)) == 2


def test_an_event_heard_again_after_its_notice_was_sent_stays_quiet(scene):
    task = announced.task_assigned(support=())
    scene.hear(announced.commune_registered(), task)
    scene.notifications.record_sent(claimed(scene), RECORDED_AT)

    scene.hear(task)

    assert queued(scene) == []
    assert vars(scene.outbox.counts()) == {"waiting": 0, "sent": 1, "failed": 0}


def test_what_was_settled_before_leaves_the_outbox_without_a_second_fact(scene):
    scene.hear(announced.commune_registered(), announced.task_assigned(support=()))
    notice = claimed(scene)

    scene.notifications.record_sent(notice, RECORDED_AT)
    scene.notifications.record_sent(notice, RECORDED_AT)
    scene.notifications.record_failed(notice, "550", RECORDED_AT)

    assert [type(event).__name__ for event in scene.recorded()] == ["Sent"]
    assert queued(scene) == []


def test_what_comes_before_its_commune_is_told_when_the_commune_is_registered(scene):
    scene.hear(announced.submission_receipted("c-1"), announced.submission_receipted("c-9"))
    assert queued(scene) == []

    scene.hear(announced.commune_registered("c-1"))

    assert queued(scene) == [(CENTRE, "reading_refused")]
    assert scene.ask("SELECT commune FROM kept") == [("c-9",)]


def test_a_report_heard_before_the_registrations_reaches_the_communes_of_then(scene):
    day = timedelta(days=1)
    scene.hear(announced.report_published(recorded_at=RECORDED_AT))
    scene.hear(
        announced.commune_registered("c-1", recorded_at=RECORDED_AT - day),
        announced.commune_registered("c-2", "21041", "Xã Sơn Mỹ", recorded_at=RECORDED_AT + day),
    )

    assert queued(scene) == [(CENTRE, "report_published"), ("van-phong.51@minhbach.example", "report_published")]


def test_a_commune_that_is_renamed_is_told_nothing_again(scene):
    scene.hear(announced.report_published(), announced.commune_registered())
    before = queued(scene)

    scene.hear(announced.commune_registered(name="Phường Tịnh Khê"))
    assert queued(scene) == before

    scene.hear(announced.task_assigned(support=()))
    [(words,)] = scene.ask("SELECT context FROM outbox WHERE template = 'task_assigned'")
    assert words["recipient_name"] == "Phòng Kinh tế phường Tịnh Khê"


def test_the_name_of_the_province_is_learnt_from_a_registration_that_comes_again(scene):
    scene.hear(announced.commune_registered())
    with scene.pool.connection() as connection:  # as an earlier version had left it
        connection.execute("UPDATE communes SET province_name = NULL")
    office = "SELECT context ->> 'recipient_name' FROM outbox WHERE about_event = %s"

    before, after = (announced.deadline_missed(tell=("provincial-office",)) for _ in range(2))
    scene.hear(before)
    scene.hear(announced.commune_registered())
    scene.hear(after)

    assert scene.ask(office, before.event_id) == [("Văn phòng UBND cấp tỉnh",)]
    assert scene.ask(office, after.event_id) == [("Văn phòng UBND tỉnh Quảng Ngãi",)]


def test_tables_of_an_earlier_version_are_completed_and_keep_their_rows(stack):
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
        assert communes.register(connection, [announced.commune_registered()]) == []
        assert communes.known(connection, ["c-1"])["c-1"].province_name == "Tỉnh Quảng Ngãi"
        connection.rollback()


def test_a_character_that_postgresql_does_not_keep_holds_nothing_up(scene):
    scene.hear(
        announced.commune_registered(),
        announced.task_assigned(content="a\x00b", lead=("Phòng\x00",)),
    )

    assert len(queued(scene)) == 2


def test_thousands_of_tasks_at_once(scene):
    scene.hear(announced.commune_registered(), *(announced.task_assigned() for _ in range(2000)))

    assert scene.outbox.counts().waiting == 4000


def claimed(scene):
    from services.notifications.read_models.claims import Claims

    with Claims.open(scene.settings, "notifications") as claims:
        [notice] = claims.take()
    return notice
