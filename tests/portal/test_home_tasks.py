"""The tasks on the first page: of the commune and of those that went into it, each amount as in the list behind it."""

import asyncio
from datetime import date
from types import SimpleNamespace

import pytest

from services.portal.web.home import tasks
from services.portal.web.home.sections import Looking
from shared.contracts import Answered
from shared.contracts.planning import FormerCommune, ListedTasks, TaskRow
from shared.grants import Scope

TODAY, OLD = date(2025, 11, 20), "21025-until-20250630"


def row(task_id, commune, due, **fields):
    return TaskRow.model_validate(
        {
            "task_id": task_id, "plan_id": "p", "commune": commune, "name": "Xã Cũ", "place": 1, "code": "1",
            "content": "Rà soát", "lead": (), "support": (), "schedule_text": None, "deadlines": (due,), "percent": 0,
            "state": "assigned", "completed_on": None, "obligations": (), "closed": False, "withdrawn_on": None,
            "extension_request": None, "is_open": True, "days_late": max((TODAY - due).days, 0), "unresolved": (),
        }
        | fields
    )  # fmt: skip


LATE, SOON = date(2025, 11, 10), date(2025, 11, 25)
OF = {
    "21025": [row("a", "21025", SOON)],
    OLD: [row("b", OLD, LATE), row("c", OLD, LATE, followed=True), row("d", OLD, date(2026, 6, 1))],
}


@pytest.fixture
def looking(monkeypatch):
    async def ask(_, question):
        former = (FormerCommune(commune=OLD, name="Xã Cũ", open=3),) if question.commune == "21025" else ()
        answer = ListedTasks(today=TODAY, tasks=OF[question.commune], former=former)
        return Answered[ListedTasks](positions={}, answer=answer)

    monkeypatch.setattr(tasks, "ask", ask)
    monkeypatch.setattr(tasks, "visitor_of", lambda _: SimpleNamespace(account="binh"))
    return Looking(None, Scope("21025"), "21025", TODAY, None, set())


def test_tasks_of_a_former_commune_are_counted_apart_and_lead_to_its_own_list(looking):
    found = asyncio.run(tasks.of_chair(looking))
    assert [(each.title, each.amount, each.more) for each in found] == [
        ("Nhiệm vụ quá hạn ở xã Cũ (đơn vị cũ)", 2, f"/nhiem-vu/{OLD}?can=cham"),
        ("Chờ chấp nhận", 0, "/nhiem-vu/21025?can=cho-duyet"),
        ("Xin gia hạn", 0, "/nhiem-vu/21025?can=cho-gia-han"),
        ("Nhiệm vụ sắp đến hạn", 1, "/nhiem-vu/21025?han=14-ngay"),
        ("Việc tôi theo dõi ở xã Cũ (đơn vị cũ)", 1, f"/nhiem-vu/{OLD}?can=theo-doi"),
    ]


def test_a_body_sees_its_tasks_of_a_former_commune_too(looking):
    titles = [each.title for each in asyncio.run(tasks.of_body(looking))]
    assert titles == [
        "Kết quả bị trả lại",
        "Nhiệm vụ quá hạn ở xã Cũ (đơn vị cũ)",
        "Nhiệm vụ sắp đến hạn",
        "Việc tôi theo dõi ở xã Cũ (đơn vị cũ)",
    ]


def test_a_returned_task_of_a_body_that_is_late_is_among_the_overdue_as_in_the_list_behind_them():
    of = tasks.OfCommune([row("r", "21025", LATE, state="returned")], "/nhiem-vu/21025", TODAY)
    returned, overdue, *_ = tasks._of_body(of)
    assert (returned.amount, overdue.amount, overdue.more) == (1, 1, "/nhiem-vu/21025?can=cham")
