"""The list of tasks: what an address keeps, what each other choice would keep, and the views of a role."""

import asyncio
from datetime import date
from types import SimpleNamespace

import pytest

from services.planning.web import province_tasks
from services.planning.web.facets import EXTENSIONS, LATE, facets, kept, views
from services.planning.web.paging import ON_A_PAGE, paged
from services.planning.wording import act_text, milestone_text
from shared.contracts import Answered
from shared.contracts.planning import ExtensionRequest, ProvinceTasks, TaskRow

TODAY = date(2025, 9, 16)
REQUEST = ExtensionRequest(obligation="1", due_on=date(2025, 10, 1), reason="thiếu người", by="Phòng Kinh tế")


def row(**fields):
    common = {
        "task_id": "t-1", "plan_id": "p-1", "commune": "21025", "name": "Xã A", "place": 1, "code": None,
        "content": "Việc", "lead": ("Phòng Kinh tế",), "support": (), "schedule_text": None, "deadlines": (),
        "state": "assigned", "percent": 0, "completed_on": None, "obligations": (), "closed": False,
        "withdrawn_on": None, "extension_request": None, "is_open": True, "days_late": 0, "unresolved": (),
    }  # fmt: skip
    return TaskRow(**{**common, **fields})


TASKS = (
    row(task_id="late", deadlines=(date(2025, 9, 1),), days_late=15),
    row(task_id="week", deadlines=(date(2025, 9, 21),), state="in-progress"),
    row(task_id="month", deadlines=(date(2025, 9, 30),), lead=("Văn phòng HĐND và UBND",), support=("Phòng Kinh tế",)),
    row(task_id="asked", deadlines=(date(2025, 12, 31),), extension_request=REQUEST),
    row(task_id="done", state="done", is_open=False),
)


@pytest.mark.parametrize(
    ("chosen", "ids"),
    [
        ({}, ["late", "week", "month", "asked", "done"]),
        ({"can": "cham"}, ["late"]),
        ({"can": "cho-duyet"}, ["done"]),
        ({"han": "14-ngay"}, ["week", "month"]),
        ({"han": "tuan-nay"}, ["week"]),
        ({"han": "thang-nay"}, ["late", "week", "month"]),
        ({"han": "quy-nay", "tinh-trang": "assigned"}, ["late", "month"]),
        ({"co-quan": "Văn phòng HĐND và UBND"}, ["month"]),
        ({"tim": "van phong"}, ["month"]),
        ({"tim": "KINH TẾ việc", "can": "cham"}, ["late"]),
        ({"tim": "không có"}, []),
    ],
)
def test_an_address_keeps_its_tasks(chosen, ids):
    assert [task.task_id for task in kept(TASKS, chosen, TODAY)] == ids


def test_a_facet_counts_with_the_rest_of_the_filter():
    found = facets(TASKS, {"han": "thang-nay", "tinh-trang": "assigned"}, TODAY)
    assert {each.value: each.tasks for each in found["tinh-trang"]} == {"assigned": 2, "in-progress": 1}
    assert {each.value: each.tasks for each in found["han"]} == {"14-ngay": 1, "thang-nay": 2, "quy-nay": 2}
    assert [(each.value, each.tasks) for each in found["co-quan"]] == [
        ("Phòng Kinh tế", 2),
        ("Văn phòng HĐND và UBND", 1),
    ]


def test_the_views_of_two_roles_are_each_there_once():
    found = views(TASKS, ("chair", "clerk"), TODAY)
    assert [(view.title, view.tasks) for view in found if view.chosen in (LATE, EXTENSIONS)] == [
        ("quá hạn", 1),
        ("xin gia hạn", 1),
    ]
    assert len({view.title for view in found}) == len(found)


def test_a_search_leaves_only_choices_that_keep_something():
    bodies = facets(TASKS, {"tim": "van phong"}, TODAY)["co-quan"]
    assert [(each.value, each.tasks) for each in bodies] == [("Phòng Kinh tế", 1), ("Văn phòng HĐND và UBND", 1)]


def test_the_late_tasks_of_a_province_are_all_there_however_many_one_answer_holds(monkeypatch):
    every = [row(task_id=f"t-{number}") for number in range(5)]

    async def answer(_, question):
        held = ProvinceTasks(tasks=every[question.skip : question.skip + 2], total=len(every), today=TODAY)
        return Answered[ProvinceTasks](positions={"planning": 1}, answer=held)

    monkeypatch.setattr(province_tasks, "ask", answer)
    monkeypatch.setattr(province_tasks, "visitor_of", lambda _: SimpleNamespace(account="binh"))
    monkeypatch.setattr(province_tasks, "known_at", lambda _: None)
    request = SimpleNamespace(path_params={"province": "51"}, query_params={})
    assert list(asyncio.run(province_tasks._asked(request, province_tasks._question(request))).answer.tasks) == every


def test_a_milestone_without_a_label_is_called_by_its_day_or_period():
    assert [milestone_text(key) for key in ("2025-06-10", "2025-Q2~2", "2025-08", "1")] == [
        "10/6/2025",
        "quý II năm 2025",
        "tháng 8 năm 2025",
        "hoàn thành",
    ]
    assert act_text("obligation-fulfilled", None, "2025-06-10", None).endswith(" 10/6/2025")


@pytest.mark.parametrize(("named", "page"), [("", 1), ("2", 2), ("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("99999", 1)])
def test_a_page_that_there_is_not_is_the_last_and_nonsense_the_first(named, page):
    every = [row(task_id=f"t-{number}") for number in range(ON_A_PAGE + 1)]
    shown = paged(SimpleNamespace(query_params={"trang": named}), every)
    assert (shown.page, shown.pages, len(shown.tasks)) == (page, 2, ON_A_PAGE if page == 1 else 1)
