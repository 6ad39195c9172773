"""Who is told of a commune that is gone, was renamed or moved: by the day on which it was announced."""

from datetime import date, timedelta

import pytest

from services.notifications.domain.recipients import Change, Commune
from tests.notifications import announcements as announced
from tests.notifications.announcements import RECORDED_AT

TODAY = date(2025, 9, 15)  # of RECORDED_AT
LATER = TODAY + timedelta(days=30)
CENTRE = "trung-tam-phuc-vu-hanh-chinh-cong.{}@minhbach.example"
OFFICE = "phong-kinh-te.{}@minhbach.example"
A, B, C = (announced.commune_registered(f"c-{n}", f"2104{n}", f"Xã {name}") for n, name in enumerate("ABC"))


def told(scene):
    return sorted(scene.ask("SELECT recipient, template, context ->> 'commune_name' FROM outbox"))


def test_of_a_commune_that_is_gone_the_heirs_centre_is_told_once(scene):
    scene.hear(A, B, announced.commune_merged("c-0", "c-1"), announced.task_assigned("c-0"))

    assert told(scene) == [(CENTRE.format("21041"), "task_assigned", "xã A")]


def test_of_a_divided_commune_the_main_successors_centre_is_told(scene):
    scene.hear(A, B, C, announced.commune_divided("c-0", "c-2", "c-1"), announced.submission_receipted("c-0"))

    assert [recipient for recipient, *_ in told(scene)] == [CENTRE.format("21042")]


def test_an_heir_that_is_gone_too_has_an_heir(scene):
    scene.hear(
        A, B, C, announced.commune_merged("c-0", "c-1"), announced.commune_merged("c-1", "c-2", TODAY),
        announced.deadline_missed("c-0", days_late=1),
    )  # fmt: skip

    assert [recipient for recipient, *_ in told(scene)] == [CENTRE.format("21042")]


def test_before_its_last_day_is_over_a_commune_is_told_itself(scene):
    scene.hear(A, B, announced.commune_merged("c-0", "c-1", TODAY + timedelta(days=1)))
    scene.hear(announced.task_assigned("c-0", support=()))

    assert [recipient for recipient, *_ in told(scene)] == [OFFICE.format("21040")]


def test_what_escalates_to_the_province_goes_there_as_always(scene):
    missed = announced.deadline_missed("c-0", days_late=10, tell=("chair", "provincial-office"))
    scene.hear(A, B, announced.commune_merged("c-0", "c-1"), missed)

    assert [recipient for recipient, *_ in told(scene)] == [
        CENTRE.format("21041"),
        "van-phong.51@minhbach.example",
    ]


def test_mails_of_a_commune_whose_successor_nobody_registered_go_where_they_went(scene):
    scene.hear(A, announced.commune_merged("c-0", "c-9"), announced.task_assigned("c-0", support=()))

    assert [recipient for recipient, *_ in told(scene)] == [OFFICE.format("21040")]


def test_a_report_is_told_to_the_communes_that_there_are(scene):
    scene.hear(A, B, announced.commune_merged("c-0", "c-1"), announced.report_published())
    scene.hear(announced.report_published(edition=2))

    assert {recipient for recipient, *_ in told(scene)} == {CENTRE.format("21041"), "van-phong.51@minhbach.example"}


@pytest.mark.parametrize(("day", "name", "code"), [(TODAY, "phường Mới", "21999"), (LATER, "xã A", "21040")])
def test_a_new_name_and_code_are_used_from_their_day_on(scene, day, name, code):
    scene.hear(A, announced.commune_renamed("c-0", "Phường Mới", day, "21999"))
    scene.hear(announced.task_assigned("c-0", support=()))

    assert told(scene) == [(OFFICE.format(code), "task_assigned", name)]


def test_a_moved_commune_is_told_of_its_new_provinces_reports(scene):
    scene.hear(A, B, announced.commune_moved("c-0", "48", "Thành phố Đà Nẵng", TODAY))
    scene.hear(announced.commune_moved("c-1", "48", "Thành phố Đà Nẵng", LATER))
    scene.hear(announced.report_published(), announced.deadline_missed("c-0", tell=("provincial-office",)))

    assert [recipient for recipient, *_ in told(scene)] == [
        CENTRE.format("21041"),
        "van-phong.48@minhbach.example",
        "van-phong.51@minhbach.example",
    ]


def test_changes_heard_twice_change_nothing(scene):
    changes = (
        announced.commune_merged("c-0", "c-1"),
        announced.commune_renamed("c-1", "Phường Mới", TODAY),
    )
    scene.hear(A, B, *changes)
    scene.hear(A, B, *changes)
    scene.hear(announced.task_assigned("c-0"))

    [(words,)] = scene.ask("SELECT context ->> 'recipient_name' FROM outbox")
    assert words == "Trung tâm Phục vụ hành chính công phường Mới"


def test_what_waited_for_the_registration_of_a_commune_that_is_gone_by_then_goes_to_its_heir(scene):
    scene.hear(announced.submission_receipted("c-0"))
    scene.hear(A, B, announced.commune_merged("c-0", "c-1"))

    assert [recipient for recipient, *_ in told(scene)] == [CENTRE.format("21041")]


def test_a_circle_of_heirs_ends():
    def gone(commune, successor):
        return Commune(commune, commune, f"Xã {commune}", "51", None, RECORDED_AT, TODAY, successor)

    circle = {"a": gone("a", "b"), "b": gone("b", "a")}

    assert circle["a"].heir(TODAY, circle) is None
    assert circle["a"].heir(TODAY - timedelta(days=1), circle) is None


def test_of_several_changes_the_latest_that_is_in_force_holds():
    def named(name, day):
        return Change(day, None, name, None, None)

    commune = Commune("a", "1", "Xã A", "51", "Tỉnh", RECORDED_AT, changes=(named("Xã B", TODAY), named("Xã C", LATER)))

    assert [commune.on(day).name for day in (TODAY - timedelta(days=1), TODAY, LATER)] == ["Xã A", "Xã B", "Xã C"]
