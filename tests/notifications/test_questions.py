"""Questions about notices, answered by Notifications on a real PostgreSQL."""

from services.notifications.questions import QUESTIONS
from shared.contracts.notifications import ListNotices, ListProvinceNotices
from tests.notifications import events
from tests.notifications.events import RECORDED_AT


def ask(scene, kind, **fields):
    return QUESTIONS[kind](scene.notifications, kind(**fields))


def test_a_commune_and_its_province_see_waiting_and_failed_notices(scene):
    registered = events.commune_registered()
    scene.receive(registered, events.task_assigned(support=()))
    scene.notifications.record_failed(scene.claim(), "550 no such user", RECORDED_AT)
    own = ask(scene, ListNotices, commune=registered.commune)
    assert (own.sent, own.failed, [each.reason for each in own.failed_notices]) == (0, 1, ["550 no such user"])
    assert own.waiting == len(own.longest_waiting)
    assert ask(scene, ListProvinceNotices, province=registered.province) == own
    assert ask(scene, ListNotices, commune=registered.commune, most=0).failed_notices == ()
    for nothing in (ask(scene, ListNotices, commune="other"), ask(scene, ListProvinceNotices, province="99")):
        assert (nothing.waiting, nothing.failed) == (0, 0)


def test_where_a_commune_is_follows_its_successors(scene):
    registered = events.commune_registered()
    scene.receive(registered)
    place = scene.notifications.communes.place
    assert place(registered.commune, RECORDED_AT.date()) == (registered.commune, registered.province)
    assert place("unknown", RECORDED_AT.date()) == ("unknown", None)
