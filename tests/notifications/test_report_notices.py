"""Recipients of the notices about a report, on a real PostgreSQL."""

import pytest

from tests.notifications import events
from tests.notifications.scene import CENTRE, PROVINCE

CHAIR = "chu-tich.21040@minhbach.example"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (events.report_due(), [(CENTRE, "report_due")]),
        (events.report_late(), [(CHAIR, "report_late"), (CENTRE, "report_late")]),
        (events.report_reminded(), [(CHAIR, "report_reminded"), (CENTRE, "report_reminded")]),
        (events.report_reminded(days_left=2), [(CENTRE, "report_reminded")]),
        (events.report_returned(), [(CENTRE, "report_returned")]),
        (events.report_approved(), [(CENTRE, "report_approved")]),
        (
            events.report_approval_overtaken(),
            [
                (CHAIR, "report_approval_overtaken"),
                (CENTRE, "report_approval_overtaken"),
                (PROVINCE, "report_approval_overtaken"),
            ],
        ),
        (events.report_due(commune=None), [(PROVINCE, "report_due")]),
        (events.report_late(commune=None), [(PROVINCE, "report_late")]),
        (events.report_restated(), [(PROVINCE, "report_restated")]),
    ],
    ids=lambda value: type(value).__name__ if hasattr(value, "event_id") else "",
)
def test_repeated_report_event_notifies_each_recipient_once(scene, event, expected):
    scene.receive(events.commune_registered(), event)
    scene.receive(event)

    assert scene.queued() == expected


def test_early_report_event_is_kept_until_the_registration(scene):
    scene.receive(events.report_returned())
    assert scene.queued() == []
    scene.receive(events.commune_registered())
    assert scene.queued() == [(CENTRE, "report_returned")]
