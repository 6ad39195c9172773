"""Plans on real servers: targets and tasks of a day, known at another, from amendment to withdrawal.

Every look at what Reporting knows is compared with a replay of Planning's stored events, and each announcement has come
twice by then.
"""

from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from services.planning.documents.draft_reader import read_document
from services.planning.documents.draft_writer import as_yaml
from services.planning.plan_file import read_plan
from services.reporting.domain.drafts.evidence import Definition
from services.reporting.read_models import plans, tasks
from tests.reporting.planned import CHAIR, CULTURE, OFFICE, due, duty, quarterly, report_of

SATISFIED = Definition("satisfied", 1, "Hài lòng", ("yes",), ("all",), "undefined", date(2025, 7, 1))


def only(here, *milestones, lead=OFFICE):
    """A plan of one task for the first commune, in force since 1 July."""
    commune = here.communes[0]
    here.today(7, 1)
    here.planning.issue_plan(here.plan(duty("Rà soát thủ tục", *milestones, lead=lead), commune=commune))
    return here.tasks()["Rà soát thủ tục"]


def counted(here, month, day):
    """Of the only task: (done, open, late), None when it is not counted."""
    return here.counts(here.day(month, day)).get((here.communes[0], OFFICE))


class TestAnAmendedPlan:
    def test_has_its_targets_in_force_from_its_day(self, here):
        commune = here.communes[0]
        here.today(7, 1)
        here.planning.issue_plan(here.plan(commune=commune, satisfied=90))
        here.today(9, 20)
        here.amend(here.plan(commune=commune, satisfied=95))

        of_before, of_now = {(commune, "satisfied"): 90}, {(commune, "satisfied"): 95}
        assert here.targets(here.day(9, 25), "Q3") == of_before, "the quarter was counted until 14 September"
        assert here.targets(here.day(9, 25), "M09") == of_before
        assert here.targets(here.day(9, 25), "M10") == of_now
        assert here.targets(here.day(9, 20), "Q4") == of_now
        assert here.targets(here.day(9, 19), "Q4") == of_before, "nobody knew of it"
        assert here.targets(here.day(6, 30), "Q4") == {}

    @pytest.mark.parametrize("last_day", [14, 15])
    def test_counts_in_a_period_that_ends_on_its_day(self, here, last_day):
        here.today(7, 1)
        here.planning.issue_plan(here.plan(commune=here.communes[0], satisfied=90))
        here.today(9, last_day)
        here.amend(here.plan(commune=here.communes[0], satisfied=95))

        assert list(here.targets(here.day(9, 30), "Q3").values()) == [95 if last_day == 14 else 90]

    def test_ends_the_targets_that_it_drops_and_restores_those_that_it_takes_up(self, here):
        commune, other = here.communes[:2]
        here.today(2, 1)
        here.planning.issue_plan(here.plan(commune=commune, satisfied=90, online=60))
        here.planning.issue_plan(here.plan(commune=other, satisfied=80))
        here.today(4, 1)
        here.amend(here.plan(commune=commune, satisfied=90))
        here.today(7, 1)
        here.amend(here.plan(commune=commune, online=70))

        asked = {period: here.targets(here.day(10, 1), period) for period in ("Q1", "Q2", "Q3")}
        assert asked["Q1"] == {(commune, "satisfied"): 90, (commune, "online"): 60, (other, "satisfied"): 80}
        assert asked["Q2"] == {(commune, "satisfied"): 90, (other, "satisfied"): 80}
        assert asked["Q3"] == {(commune, "online"): 70, (other, "satisfied"): 80}

    def test_leaves_a_dropped_target_to_another_plan_of_the_commune(self, here):
        commune = here.communes[0]
        here.today(2, 1)
        here.planning.issue_plan(here.plan(commune=commune, regime="tthc-control", satisfied=85))
        here.planning.issue_plan(here.plan(commune=commune, satisfied=90))
        here.today(4, 1)
        here.amend(here.plan(commune=commune, regime="tthc-control", satisfied=87))
        here.today(7, 1)
        here.amend(here.plan(duty("Rà soát"), commune=commune, regime="tthc-control"))

        asked = [here.targets(here.day(10, 1), period)[commune, "satisfied"] for period in ("Q1", "Q2", "Q3")]
        assert asked == [90, 87, 90], "of several plans the one that fields something last"

    def test_of_a_province_is_that_of_the_communes_that_follow_it(self, here):
        first, second = here.communes[:2]
        here.today(7, 1)
        here.planning.issue_plan(here.plan(commune=second, satisfied=80))
        here.planning.issue_plan(here.plan(satisfied=90), standard=True)
        here.today(8, 1)
        here.amend(here.plan(satisfied=95))

        def asked(day, commune):
            report = report_of(replace(here.known(day), definitions=[SATISFIED]), commune)
            (line,) = report.indicators
            own = {one.commune: int(one.indicators[0].target.at_least) for one in report.communes}
            return int(line.target.at_least), own

        assert asked(here.day(8, 1), None) == (95, {first: 95, second: 80})
        assert asked(here.day(8, 1), first) == (95, {first: 95})
        assert asked(here.day(8, 1), second) == (80, {second: 80})
        assert asked(here.day(7, 31), None) == (90, {first: 90, second: 80})
        assert asked(here.day(7, 31), first) == (90, {first: 90})


class TestATask:
    def test_that_is_extended_is_not_late_any_more_but_was_known_late(self, here):
        task = only(here, due(here.day(8, 31)))
        here.today(9, 10)
        assert here.step(task, "extend", due_on=here.day(9, 30), **CHAIR) == []

        assert counted(here, 9, 9) == (0, 1, 1)
        assert counted(here, 9, 10) == (0, 1, 0)
        assert counted(here, 9, 30) == (0, 1, 0)
        assert counted(here, 10, 1) == (0, 1, 1)
        assert counted(here, 6, 30) is None

    def test_keeps_its_new_day_and_its_new_body_through_later_steps(self, here):
        task = only(here, due(here.day(8, 31)))
        here.today(8, 1)
        here.step(task, "extend", due_on=here.day(9, 30), **CHAIR)
        here.amend(here.plan(duty(task.content, due(here.day(8, 31)), lead=CULTURE), commune=task.commune))
        for day, step, fields in ((2, "complete", {"evidence": "12/BC-UBND"}), (3, "return", CHAIR)):
            here.today(8, day)
            assert here.step(task, step, **fields) == []

        mine = (task.commune, CULTURE)
        known = [here.counts(here.day(*day)) for day in ((8, 2), (8, 3), (9, 30), (10, 1))]
        assert known == [{mine: (1, 0, 0)}, {mine: (0, 1, 0)}, {mine: (0, 1, 0)}, {mine: (0, 1, 1)}]

    def test_without_a_day_is_late_only_after_the_day_that_it_gets(self, here):
        task = only(here, {"kind": "after-event", "event": "tỉnh ban hành bộ chỉ số"})
        here.today(9, 1)
        assert here.step(task, "resolve", due_on=here.day(9, 10)) == []

        assert [counted(here, 8, 31), counted(here, 9, 10), counted(here, 9, 11)] == [(0, 1, 0)] * 2 + [(0, 1, 1)]

    def test_that_the_calendar_moves_is_late_after_the_day_to_which_it_is_moved(self, here):
        # A Thursday, whatever the year, whose next day is no holiday.
        day = next(d for d in (here.day(9, 14) + timedelta(n) for n in range(7)) if d.weekday() == 3)
        here.today(7, 1)
        here.planning.issue_plan(here.plan(duty("Báo cáo", due(day)), commune=here.communes[0], roll="forward"))
        here.today(9, 7)
        here.put_off(day, here.day(9, 7))
        assert here.planning.sweep(here.day(9, 7)).rescheduled == 1

        assert [task.deadlines for task in here.known(here.day(9, 6)).tasks] == [(day,)]
        after = [counted(here, 9, (day + timedelta(n)).day) for n in (0, 1, 2)]
        assert after == [(0, 1, 0), (0, 1, 0), (0, 1, 1)]

    def test_is_late_only_for_open_obligations(self, here):
        task = only(here, quarterly(here.year))
        here.today(9, 20)
        assert here.step(task, "complete", obligation=f"{here.year}-Q3", evidence="12/BC-UBND") == []
        here.today(12, 10)
        assert here.step(task, "complete", obligation=f"{here.year}-Q4", evidence="30/BC-UBND") == []

        assert counted(here, 9, 14) == (0, 1, 0)
        assert counted(here, 9, 19) == (0, 1, 1)
        assert counted(here, 9, 20) == (0, 1, 0)
        assert [task.deadlines for task in here.known(here.day(12, 9)).tasks] == [(here.day(12, 14),)]
        assert [task.deadlines for task in here.known(here.day(12, 10)).tasks] == [()]
        assert counted(here, 12, 31) == (1, 0, 0), "with its last obligation the task is done"

    def test_that_is_returned_or_reopened_is_not_done(self, here):
        task = only(here, due(here.day(8, 31)))
        for day, step, fields in (
            (5, "complete", {"evidence": "12/BC-UBND"}),
            (6, "return", CHAIR),
            (7, "complete", {"evidence": "15/BC-UBND"}),
            (8, "accept", CHAIR),
            (9, "reopen", CHAIR),
        ):
            here.today(9, day)
            assert here.step(task, step, **fields) == []

        late, done = (0, 1, 1), (1, 0, 0)
        assert [counted(here, 9, day) for day in range(4, 10)] == [late, done, late, done, done, late]

    def test_is_not_counted_while_it_is_withdrawn(self, here):
        task = only(here, due(here.day(8, 31)))
        here.today(9, 1)
        assert here.step(task, "withdraw", **CHAIR) == []
        here.today(9, 5)
        asked_again = duty(task.content, due(here.day(9, 10)), lead=CULTURE)
        here.amend(here.plan(asked_again, commune=task.commune))

        assert counted(here, 8, 31) == (0, 1, 0)
        assert here.counts(here.day(9, 4)) == here.counts(here.day(9, 4), task.commune) == {}
        assert here.counts(here.day(9, 5)) == {(task.commune, CULTURE): (0, 1, 0)}
        assert here.counts(here.day(9, 11), task.commune) == {(task.commune, CULTURE): (0, 1, 1)}

    def test_that_was_done_and_withdrawn_is_open_when_it_is_assigned_again(self, here):
        task = only(here, due(here.day(8, 31)))
        here.today(8, 1)
        assert here.step(task, "complete", evidence="12/BC-UBND") == []
        here.today(8, 10)
        here.amend(here.plan(commune=task.commune))
        here.today(8, 20)
        here.amend(here.plan(duty(task.content, due(here.day(8, 31))), commune=task.commune))

        assert [counted(here, 8, day) for day in (1, 10, 20)] == [(1, 0, 0), None, (0, 1, 0)]
        assert counted(here, 9, 1) == (0, 1, 1)

    def test_stays_done_or_extended_where_an_amendment_changes_something_else(self, here):
        commune, plain = here.communes[0], duty("Tuyên truyền", due(here.day(8, 31)))
        here.today(7, 1)
        here.planning.issue_plan(here.plan(duty("Rà soát", due(here.day(8, 31))), plain, commune=commune))
        here.today(8, 1)
        here.step(here.tasks()["Rà soát"], "complete", evidence="12/BC-UBND")
        here.step(here.tasks()["Tuyên truyền"], "extend", due_on=here.day(9, 30), **CHAIR)
        here.today(8, 2)
        moved = [duty(content, due(here.day(8, 31)), lead=CULTURE) for content in ("Rà soát", "Tuyên truyền")]
        here.amend(here.plan(*moved, duty("Tập huấn", due(here.day(8, 31))), commune=commune))

        assert here.counts(here.day(9, 1)) == {(commune, CULTURE): (1, 1, 0), (commune, OFFICE): (0, 1, 1)}
        assert here.counts(here.day(8, 1)) == {(commune, OFFICE): (1, 1, 0)}

    def test_of_another_commune_is_only_in_the_report_of_the_province(self, here):
        here.today(7, 1)
        here.planning.issue_plan(here.plan(duty("Rà soát", due(here.day(8, 31)))), standard=True)
        first, second = here.communes[:2]
        here.today(9, 1)
        here.step(here.tasks(second)["Rà soát"], "withdraw", **CHAIR)

        assert here.counts(here.day(9, 1)) == here.counts(here.day(9, 1), first) == {(first, OFFICE): (0, 1, 1)}
        assert here.counts(here.day(9, 1), second) == {}
        assert here.counts(here.day(8, 31), second) == {(second, OFFICE): (0, 1, 0)}


def test_announcements_applied_twice_change_nothing(here):
    here.follow()
    start = here.knowledge.positions()["planning"]
    task = only(here, due(here.day(8, 31)), quarterly(here.year))
    here.step(task, "extend", due_on=here.day(9, 20), obligation=f"{here.day(8, 31)}", **CHAIR)
    here.step(task, "complete", obligation=f"{here.year}-Q3", evidence="12/BC-UBND")
    here.step(task, "complete", evidence="12/BC-UBND")
    here.step(task, "return", **CHAIR)
    here.amend(here.plan(commune=task.commune, satisfied=90))
    here.amend(here.plan(duty(task.content, lead=CULTURE), commune=task.commune, satisfied=95))
    here.follow()
    before = here.held()
    here.forget(start)
    assert len(list(here.announced())) >= 8
    here.follow()

    assert here.held() == before


def test_tables_of_an_earlier_version_keep_their_rows(here, plan_stack):
    """Its changes hold only whether a task is done; later changes still have the body and days of the task."""
    task = only(here, due(here.day(8, 31)))
    here.today(8, 1)
    here.step(task, "complete", evidence="12/BC-UBND")
    here.follow()
    with psycopg.connect(plan_stack.settings().database_url) as owner:
        owner.execute("SET search_path TO reporting")
        for column in ("lead", "deadlines", "withdrawn"):
            owner.execute(f"ALTER TABLE task_changes DROP COLUMN {column}")
        for column in ("version_of", "in_force_from"):
            owner.execute(f"ALTER TABLE plans DROP COLUMN {column}")
        owner.execute(plans.TABLES + tasks.TABLES)
    here.today(9, 1)
    here.step(task, "reopen", **CHAIR)

    assert counted(here, 8, 1) == (1, 0, 0)
    assert counted(here, 9, 1) == (0, 1, 1)
    assert [task.deadlines for task in here.known(here.day(9, 1)).tasks] == [(here.day(8, 31),)]


class TestAPlanThatHasEnded:
    def test_has_no_targets_in_a_period_that_ends_after_it_was_closed(self, here):
        commune = here.communes[0]
        here.today(7, 1)
        asked = here.plan(duty("Rà soát thủ tục", due(here.day(9, 10))), commune=commune, satisfied=90)
        issued = here.planning.issue_plan(asked)
        here.today(9, 20)
        here.planning.close_plan(issued.plan_id, by="Chủ tịch UBND", reason="sắp xếp lại đơn vị")

        assert (here.targets(here.day(9, 25), "Q3"), here.targets(here.day(9, 25), "Q4")) == (
            {(commune, "satisfied"): 90},
            {},
        )
        assert len(here.known(here.day(9, 25), "Q3").tasks) == 1
        assert here.known(here.day(9, 25), "Q4").tasks == []
        assert len(here.known(here.day(9, 19), "Q4").tasks) == 1, "nobody knew of it"

    def test_is_not_late_for_ever(self, here):
        here.today(1, 5)
        asked = here.plan(duty("Rà soát thủ tục", due(here.day(3, 31))), commune=here.communes[0])
        half = asked.plan.model_copy(update={"span": asked.plan.span.model_copy(update={"until": here.day(6, 30)})})
        here.planning.issue_plan(asked.model_copy(update={"plan": half}))
        here.today(12, 1)

        assert len(here.known(here.day(12, 1), "Q2").tasks) == 1
        assert here.known(here.day(12, 1), "Q3").tasks == []


def test_the_targets_of_a_plan_document_that_was_read_are_assessed(here, tmp_path):
    document = tmp_path / "plan.txt"
    document.write_text(READ.format(year=here.year), encoding="utf-8")
    draft = read_document(document)
    draft.plan.commune, draft.plan.province = here.communes[0], None
    file = tmp_path / "plan.yaml"
    file.write_text(as_yaml(draft), encoding="utf-8")
    here.today(7, 1)
    here.planning.issue_plan(read_plan(file))

    assert here.targets(here.day(9, 20)) == {
        (here.communes[0], "online-files"): 60,
        (here.communes[0], "satisfaction"): 90,
    }


READ = """\
KẾ HOẠCH
Kiểm soát thủ tục hành chính năm {year}

1. Rà soát thủ tục.
- Cơ quan chủ trì: Phòng Kinh tế.
- Thời gian thực hiện: Quý III.

Mục tiêu:
- Tỷ lệ hồ sơ trực tuyến trên tổng số hồ sơ tiếp nhận đạt tối thiểu 60%.
- Mức độ hài lòng của người dân, doanh nghiệp đạt tối thiểu 90%.
"""
