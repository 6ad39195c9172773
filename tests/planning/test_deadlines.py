import asyncio
import time
from contextlib import suppress
from datetime import UTC, date, datetime

from services.planning.application import Planning
from services.planning.deadlines import sweep_for_ever
from services.planning.plan_file import PlanFile
from services.planning.register import communes_of
from shared.clock import move
from shared.process import open_pool

SOON = 20.0


def plan(commune):
    deadline = {"kind": "deadline", "due": date(2025, 9, 30)}
    span = {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)}
    head = {"commune": commune, "title": "Kế hoạch", "regime": "reform", "year": 2025, "span": span}
    duty = {"content": "Rà soát TTHC", "lead": ("Phòng Kinh tế",), "milestones": (deadline,)}
    return PlanFile.model_validate({"plan": head, "tasks": (duty,)})


def test_a_day_that_comes_is_swept_and_days_that_were_jumped_over_too(stack, tmp_path):
    clock = tmp_path / "clock"
    move(clock, datetime(2025, 9, 20, 1, tzinfo=UTC))
    settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock))
    entry = communes_of("25")[0]
    with open_pool(settings, "planning") as pool:
        planning = Planning(settings, pool)
        planning.register([entry], date(2025, 7, 1))
        planning.issue_plan(plan(entry.code))

        def days_announced():
            facts = [fact.event for fact in planning.facts_after(0, 100_000)]
            mine = [event for event in facts if getattr(event, "commune", None) == entry.code]
            return [event.days_left for event in mine if hasattr(event, "days_left")]

        def announced(day, expected):
            move(clock, datetime(2025, 9, day, 1, tzinfo=UTC))
            until = time.monotonic() + SOON
            while days_announced() != expected and time.monotonic() < until:
                time.sleep(0.05)
            assert days_announced() == expected

        async def days_come():
            sweeping = asyncio.create_task(sweep_for_ever(planning, settings.clock))
            await asyncio.to_thread(announced, 23, [7])
            await asyncio.to_thread(announced, 29, [7, 1, 1])
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping

        asyncio.run(days_come())
        planning.close()
