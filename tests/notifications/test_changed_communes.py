"""Recipients after a commune is merged, divided, renamed or moved: by the day of the announcement."""

from datetime import date, timedelta

import pytest

from services.notifications.domain.commune import Commune
from shared.communes import CommuneChange
from tests.notifications import events
from tests.notifications.events import RECORDED_AT

TODAY = date(2025, 9, 15)  # of RECORDED_AT
LATER = TODAY + timedelta(days=30)
CENTRE = "trung-tam-phuc-vu-hanh-chinh-cong.{}@minhbach.example"
OFFICE = "phong-kinh-te.{}@minhbach.example"
A, B, C = (events.commune_registered(f"c-{n}", f"2104{n}", f"Xã {name}") for n, name in enumerate("ABC"))


def queued(scene):
    return sorted(scene.query("SELECT recipient, template, context ->> 'commune_name' FROM outbox"))


def test_successors_centre_is_notified_once_for_a_merged_commune(scene):
    scene.receive(A, B, events.commune_merged("c-0", "c-1"), events.task_assigned("c-0"))

    assert queued(scene) == [(CENTRE.format("21041"), "task_assigned", "xã A")]


def test_main_successors_centre_is_notified_for_a_divided_commune(scene):
    scene.receive(A, B, C, events.commune_divided("c-0", "c-2", "c-1"), events.submission_receipted("c-0"))

    assert [recipient for recipient, *_ in queued(scene)] == [CENTRE.format("21042")]


def test_chain_of_successors_is_followed(scene):
    scene.receive(
        A, B, C, events.commune_merged("c-0", "c-1"), events.commune_merged("c-1", "c-2", TODAY),
        events.deadline_missed("c-0", days_late=1),
    )  # fmt: skip

    assert [recipient for recipient, *_ in queued(scene)] == [CENTRE.format("21042")]


def test_commune_is_notified_itself_until_its_last_day(scene):
    scene.receive(A, B, events.commune_merged("c-0", "c-1", TODAY + timedelta(days=1)))
    scene.receive(events.task_assigned("c-0", support=()))

    assert [recipient for recipient, *_ in queued(scene)] == [OFFICE.format("21040")]


def test_escalation_to_the_province_is_not_redirected(scene):
    missed = events.deadline_missed("c-0", days_late=10, tell=("chair", "provincial-office"))
    scene.receive(A, B, events.commune_merged("c-0", "c-1"), missed)

    assert [recipient for recipient, *_ in queued(scene)] == [
        CENTRE.format("21041"),
        "van-phong.51@minhbach.example",
    ]


def test_notices_are_not_redirected_to_an_unregistered_successor(scene):
    scene.receive(A, events.commune_merged("c-0", "c-9"), events.task_assigned("c-0", support=()))

    assert [recipient for recipient, *_ in queued(scene)] == [OFFICE.format("21040")]


def test_published_report_is_sent_to_existing_communes_only(scene):
    scene.receive(A, B, events.commune_merged("c-0", "c-1"), events.report_published())
    scene.receive(events.report_published(edition=2))

    assert {recipient for recipient, *_ in queued(scene)} == {CENTRE.format("21041"), "van-phong.51@minhbach.example"}


@pytest.mark.parametrize(("day", "name", "code"), [(TODAY, "phường Mới", "21999"), (LATER, "xã A", "21040")])
def test_new_name_and_code_are_used_from_their_day_on(scene, day, name, code):
    scene.receive(A, events.commune_renamed("c-0", "Phường Mới", day, "21999"))
    scene.receive(events.task_assigned("c-0", support=()))

    assert queued(scene) == [(OFFICE.format(code), "task_assigned", name)]


def test_moved_commune_gets_the_reports_of_its_new_province(scene):
    scene.receive(A, B, events.commune_moved("c-0", "48", "Thành phố Đà Nẵng", TODAY))
    scene.receive(events.commune_moved("c-1", "48", "Thành phố Đà Nẵng", LATER))
    scene.receive(events.report_published(), events.deadline_missed("c-0", tell=("provincial-office",)))

    assert [recipient for recipient, *_ in queued(scene)] == [
        CENTRE.format("21041"),
        "van-phong.48@minhbach.example",
        "van-phong.51@minhbach.example",
    ]


def test_repeated_changes_are_ignored(scene):
    changes = (
        events.commune_merged("c-0", "c-1"),
        events.commune_renamed("c-1", "Phường Mới", TODAY),
    )
    scene.receive(A, B, *changes)
    scene.receive(A, B, *changes)
    scene.receive(events.task_assigned("c-0"))

    [(name,)] = scene.query("SELECT context ->> 'recipient_name' FROM outbox")
    assert name == "Trung tâm Phục vụ hành chính công phường Mới"


def test_kept_notices_of_a_merged_commune_go_to_its_successor(scene):
    scene.receive(events.submission_receipted("c-0"))
    scene.receive(A, B, events.commune_merged("c-0", "c-1"))

    assert [recipient for recipient, *_ in queued(scene)] == [CENTRE.format("21041")]


def test_circular_successors_end_without_a_successor():
    def gone(commune, successor):
        return Commune(commune, commune, f"Xã {commune}", "51", None, RECORDED_AT, TODAY, successor)

    circle = {"a": gone("a", "b"), "b": gone("b", "a")}

    assert circle["a"].successor_on(TODAY, circle) is None
    assert circle["a"].successor_on(TODAY - timedelta(days=1), circle) is None


def test_latest_change_in_force_on_the_day_applies():
    def named(name, day):
        return CommuneChange("a", day, name=name)

    commune = Commune("a", "1", "Xã A", "51", "Tỉnh", RECORDED_AT, changes=(named("Xã B", TODAY), named("Xã C", LATER)))

    assert [commune.on(day).name for day in (TODAY - timedelta(days=1), TODAY, LATER)] == ["Xã A", "Xã B", "Xã C"]
