"""The use cases on real servers. Each test has communes of a province of its own, since all share one database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from services.planning.domain.refusal import RequestRefused
from services.planning.domain.tasks.submission import ProgressSubmission, UnreadableMessage
from services.planning.domain.tasks.task import Task
from services.planning.plan_file import PlanFile
from services.planning.publishers import announce
from services.planning.register import communes_of
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed, PlanIssued, TargetSet, TaskAssigned
from tests.planning.province import DUE, events_of, of_type, opened, receipts_of, steps, task_of

DAYS = [date(2025, 9, day) for day in range(20, 31)] + [date(2025, 10, day) for day in range(1, 5)]


def plan(province, commune=None, title="Kế hoạch", tasks=2):
    duty = {"content": "Rà soát TTHC", "lead": ("Phòng Kinh tế",), "milestones": ({"kind": "deadline", "due": DUE},)}
    return PlanFile.model_validate(
        {
            "plan": {
                "commune": commune,
                "province": province,
                "title": title,
                "regime": "tthc-control",
                "year": 2025,
                "span": {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)},
            },
            "tasks": (duty,) * tasks,
            "indicators": (
                {"name": "Hài lòng", "target": {"at_least": 90}, "target_text": "90", "indicator": "satisfaction"},
            ),
        }
    )


def test_communes_are_registered_once(planning):
    assert planning.register_communes("04") == len(communes_of("04")) == len(planning.communes.of("04"))
    assert planning.register_communes("04") == 0
    with pytest.raises(RequestRefused, match='"99" không phải là mã của một tỉnh'):
        planning.register_communes("99")


def test_a_plan_issued_twice_is_issued_once(planning):
    planning.register_communes("08")
    commune = communes_of("08")[0].code
    file = plan("08", commune)

    first, again = planning.issue_plan(file), planning.issue_plan(file, date(2025, 12, 1))

    assert (first.plans, first.tasks, again.plans, again.tasks, again.already) == (1, 2, 0, 0, 1)
    assert len(of_type(events_of(planning, commune), Task.Assigned)) == len(planning.tasks.all(commune)) == 2
    with pytest.raises(RequestRefused, match=f"Đã có kế hoạch {first.plan_id} cùng loại của năm 2025"):
        planning.issue_plan(plan("08", commune, title="Khác"))


def test_a_plan_needs_a_registered_commune_of_its_province(planning):
    planning.register_communes("11")
    code = communes_of("11")[0].code

    with pytest.raises(RequestRefused, match="Đơn vị có mã 00000 chưa đăng ký tham gia"):
        planning.issue_plan(plan("11", "00000"))
    with pytest.raises(RequestRefused, match=r"Kế hoạch là của tỉnh 12, còn .* thuộc tỉnh 11"):
        planning.issue_plan(plan("12", code))
    with pytest.raises(RequestRefused, match="Kế hoạch không ghi là của đơn vị nào"):
        planning.issue_plan(plan(None))
    assert planning.issue_plan(plan(None), commune=code).plans == 1


def test_a_draft_without_a_commune_is_not_issued_as_a_standard_plan(planning):
    planning.register_communes("11")

    with pytest.raises(RequestRefused, match="Kế hoạch không ghi là của đơn vị nào"):
        planning.issue_plan(plan("11", title="Bản thảo"))
    assert [listed.title for listed in planning.plans.all() if listed.province == "11"].count("Bản thảo") == 0


def test_a_standard_plan_is_issued_for_communes_without_a_plan_and_repeating_it_adds_the_missing_ones(planning):
    entries = communes_of("12")
    planning.register(entries[:3], date(2025, 7, 1))
    planning.issue_plan(plan("12", entries[0].code, title="Riêng"))

    first = planning.issue_plan(plan("12"), standard=True)
    again = planning.issue_plan(plan("12"), standard=True)
    planning.register(entries[:4], date(2025, 7, 1))
    more = planning.issue_plan(plan("12"), standard=True)

    assert (first.plans, first.tasks) == (3, 4)
    assert (again.plans, again.already) == (0, 1)
    assert (more.plans, more.tasks) == (1, 2)
    titles = {issued.commune: issued.title for issued in planning.plans.all() if issued.province == "12"}
    assert titles == {None: "Kế hoạch", entries[0].code: "Riêng"} | {e.code: "Kế hoạch" for e in entries[1:4]}


def test_sweeping_the_same_days_again_announces_nothing_new(planning):
    commune = communes_of("14")[0].code
    planning.register(communes_of("14")[:1], date(2025, 7, 1))
    planning.issue_plan(plan("14", commune))
    for day in [*DAYS, *DAYS]:
        planning.sweep(day)

    events = events_of(planning, commune)
    assert sorted(event.days_left for event in of_type(events, Task.DeadlineApproached)) == [1, 1, 3, 3, 7, 7]
    assert sorted(event.days_late for event in of_type(events, Task.DeadlineMissed)) == [1, 1, 3, 3]


def test_two_instances_sweeping_at_once_announce_each_reminder_once(stack, clock, planning):
    entries = communes_of("15")
    planning.register(entries, date(2025, 7, 1))
    planning.issue_plan(plan("15", tasks=4), standard=True)
    with opened(stack, clock) as other, ThreadPoolExecutor(2) as threads:
        swept = list(threads.map(lambda one: one.sweep(date(2025, 10, 3)), [planning, other.planning]))

    announced = events_of(planning, *(entry.code for entry in entries))
    missed = of_type(announced, Task.DeadlineMissed)
    assert len(of_type(announced, Task.DeadlineApproached)) == 3 * 4 * len(entries) <= sum(s.approached for s in swept)
    assert len(missed) == len({(event.task_id, event.days_late) for event in missed}) == 2 * 4 * len(entries)


def test_a_repeated_submission_is_recorded_once_and_gets_the_same_receipt(here):
    planning, commune = here.planning, communes_of("19")[0].code
    planning.register(communes_of("19")[:1], date(2025, 7, 1))
    planning.issue_plan(plan("19", commune))
    body = steps((task_of(planning, commune), "progress", '"percent": 40'))

    first, again = receipts_of(here, commune, [("s1", body)], [("s1", body)])

    assert first == again
    assert (first.accepted, first.duplicates, first.refused) == (1, 0, ())
    events = events_of(planning, commune)
    assert len(of_type(events, Task.ProgressReported)) == len(of_type(events, ProgressSubmission.Receipted)) == 1
    assert planning.tasks.all(commune)[0].percent == 40


def test_submissions_of_one_batch_see_the_effects_of_earlier_ones(here):
    planning, commune = here.planning, communes_of("20")[0].code
    planning.register(communes_of("20")[:1], date(2025, 7, 1))
    planning.issue_plan(plan("20", commune))
    task = task_of(planning, commune)
    done, progress = (task, "complete", '"evidence": "12/BC"'), (task, "progress", '"percent": 50')

    receipts = receipts_of(here, commune, [("s1", steps(progress, done)), ("s2", steps(progress, done)), ("s3", "{")])

    assert [(r.accepted, r.duplicates, [x.rule for x in r.refused], r.parked is None) for r in receipts] == [
        (2, 0, [], True),
        (0, 1, ["completed"], True),
        (0, 0, [], False),
    ]
    events = events_of(planning, commune)
    assert len(of_type(events, Task.StepRefused)) == len(of_type(events, UnreadableMessage.Parked)) == 1
    assert planning.tasks.all(commune)[0].state == "done"
    planning.sweep(date(2025, 10, 3))
    assert {event.task_id for event in of_type(events_of(planning, commune), Task.DeadlineMissed)} == {
        planning.tasks.all(commune)[1].task_id
    }


def test_a_commune_can_report_on_its_own_tasks_only(here):
    planning, (own, other) = here.planning, communes_of("22")[:2]
    planning.register([own, other], date(2025, 7, 1))
    planning.issue_plan(plan("22"), standard=True)
    body = steps((task_of(planning, other.code), "progress", '"percent": 1'), ("t-0", "progress", '"percent": 1'))

    (receipt,) = receipts_of(here, own.code, [("s1", body)])

    assert (receipt.accepted, [x.rule for x in receipt.refused]) == (0, ["unknown-task", "unknown-task"])
    (settled,) = of_type(events_of(planning, own.code), ProgressSubmission.Receipted)
    assert [refused["item"] for refused in settled.refused] == [task_of(planning, other.code), "t-0"]
    assert not of_type(events_of(planning, other.code), Task.StepRefused)


def test_stored_events_are_announced(planning):
    commune = communes_of("24")[0].code
    planning.register(communes_of("24")[:1], date(2025, 7, 1))
    planning.issue_plan(plan("24", commune, tasks=1))
    planning.sweep(date(2025, 10, 1))

    announced = [event for recorded in events_of(planning, commune) if (event := announce(recorded))]

    names = [type(event).__name__ for event in announced]
    assert names == ["CommuneRegistered", "PlanIssued", "TaskAssigned", *["DeadlineApproaching"] * 3, "DeadlineMissed"]
    _, issued, assigned, *_, last, missed = announced
    assert isinstance(issued, PlanIssued)
    assert issued.targets == (
        TargetSet(indicator="satisfaction", name="Hài lòng", target={"at_least": "90"}, target_text="90"),
    )
    assert isinstance(assigned, TaskAssigned)
    assert assigned.deadlines == (DUE,)
    assert isinstance(last, DeadlineApproaching)
    assert (last.task_id, last.days_before, last.days_left) == (assigned.task_id, 1, -1)
    assert isinstance(missed, DeadlineMissed)
    assert (missed.due_on, missed.days_late, missed.lead) == (DUE, 1, assigned.lead)
