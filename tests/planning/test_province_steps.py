"""A step for tasks of many communes of which not all is recorded; and whose list an office sees."""

from datetime import date
from types import SimpleNamespace

from services.planning.web.province_steps import unfinished
from services.planning.web.province_tasks import _first, _ticked
from services.planning.web.tasks import own_body
from shared.grants import Grant, Scope
from shared.web.submitting import UNCONFIRMED, Ended
from shared.web.visitor import Visitor

A, B, CLOSED = (
    SimpleNamespace(task_id=each, commune=commune, name=commune)
    for each, commune in (("a", "A"), ("b", "B"), ("c", "B"))
)
CHOSEN, BATCH = [A, B, CLOSED], "0" * 32


def test_nothing_is_left_where_all_is_recorded():
    assert unfinished(Ended(2, 7, {}, []), CHOSEN, BATCH) is None


def test_one_refused_task_does_not_make_the_others_of_its_commune_look_refused():
    left = unfinished(Ended(1, 7, {"B": "Kế hoạch đã kết thúc."}, [], {"B": frozenset({"c"})}), CHOSEN, BATCH)

    assert left.errors == {"chon-B": "B, 1 trong 2 nhiệm vụ: Kế hoạch đã kết thúc."}
    assert (left.items, left.submission) == ({"c"}, None)


def test_a_submission_that_could_not_be_decided_is_left_whole():
    assert unfinished(Ended(1, 7, {"B": "Biểu mẫu này đã được gửi."}, []), CHOSEN, BATCH).items == {"b", "c"}


def test_without_a_receipt_the_same_form_goes_once_more_for_those_communes_alone():
    left = unfinished(Ended(1, 7, {"A": "Không được."}, ["B"], {"A": frozenset({"a"})}), CHOSEN, BATCH)

    assert left.errors == {"chon-A": "A: Không được.", "chon-B": f"B: {UNCONFIRMED}"}
    assert (left.items, left.submission) == ({"b", "c"}, BATCH)
    assert _ticked(CHOSEN, left, None, every=False) == left.items


def test_the_summary_leads_to_the_first_ticked_task_of_a_commune():
    assert _first(CHOSEN, {"c"}) == {"A": "a", "B": "c"}
    assert _first(CHOSEN, ()) == {"A": "a", "B": "b"}


def test_an_office_of_the_successor_has_its_own_tasks_of_a_merged_commune():
    grant = Grant("g-1", "lan", "office", Scope("B", "Phòng Kinh tế"), date(2025, 7, 1))
    request = SimpleNamespace(state=SimpleNamespace(visitor=Visitor("lan", "Lan", (grant,))))

    assert own_body(request, "B") == own_body(request, "A") == "Phòng Kinh tế"
