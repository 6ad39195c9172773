"""Who is told of a report's life, on a real PostgreSQL."""

import pytest

from tests.notifications import announcements as announced

CENTRE, CHAIR = "trung-tam-phuc-vu-hanh-chinh-cong.21040", "chu-tich.21040"
OFFICE = "van-phong.51"


def told(scene):
    rows = scene.ask("SELECT recipient, template FROM outbox ORDER BY recipient, template")
    return [(recipient.partition("@")[0], template) for recipient, template in rows]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (announced.report_due(), [(CENTRE, "report_due")]),
        (announced.report_late(), [(CHAIR, "report_late"), (CENTRE, "report_late")]),
        (announced.report_returned(), [(CENTRE, "report_returned")]),
        (announced.report_approved(), [(CENTRE, "report_approved")]),
        (announced.report_due(commune=None), [(OFFICE, "report_due")]),
        (announced.report_late(commune=None), [(OFFICE, "report_late")]),
        (announced.report_restated(), [(OFFICE, "report_restated")]),
    ],
    ids=lambda said: type(said).__name__ if hasattr(said, "event_id") else "",
)
def test_whoever_is_concerned_is_told_once_however_often_it_is_heard(scene, event, expected):
    scene.hear(announced.commune_registered(), event)
    scene.hear(event)

    assert told(scene) == expected


def test_a_commune_that_is_heard_of_later_is_told_then(scene):
    scene.hear(announced.report_returned())
    assert told(scene) == []
    scene.hear(announced.commune_registered())
    assert told(scene) == [(CENTRE, "report_returned")]
