"""A new day announces its deadlines, and those of days on which nothing ran."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, date, datetime

from services.planning.application import Planning
from services.planning.plan_file import PlanFile
from services.planning.register import communes_of
from shared.clock import move
from shared.daily_work import run_daily
from shared.process import open_pool

SOON = 90.0


def plan(commune):
    deadline = {"kind": "deadline", "due": date(2025, 9, 30)}
    span = {"from_": date(2025, 1, 1), "until": date(2025, 12, 31)}
    head = {"commune": commune, "title": "Kế hoạch", "regime": "reform", "year": 2025, "span": span}
    duty = {"content": "Rà soát TTHC", "lead": ("Phòng Kinh tế",), "milestones": (deadline,)}
    return PlanFile.model_validate({"plan": head, "tasks": (duty,)})


def test_a_new_day_is_swept_together_with_skipped_days(stack, tmp_path):
    clock = tmp_path / "clock"
    move(clock, datetime(2025, 9, 20, 1, tzinfo=UTC))
    settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock))
    entry = communes_of("25")[0]
    with open_pool(settings, "planning") as pool:
        planning = Planning(settings, pool)
        planning.register([entry], date(2025, 7, 1))
        planning.issue_plan(plan(entry.code))

        def days_announced():
            events = [recorded.event for recorded in planning.events_after(0, 100_000)]
            mine = [event for event in events if getattr(event, "commune", None) == entry.code]
            return [event.days_left for event in mine if hasattr(event, "days_left")]

        def announced(day, expected):
            move(clock, datetime(2025, 9, day, 1, tzinfo=UTC))
            until = time.monotonic() + SOON
            while days_announced() != expected and time.monotonic() < until:
                time.sleep(0.05)
            assert days_announced() == expected

        async def days_come():
            sweeping = asyncio.create_task(run_daily(planning.sweep, settings.clock))
            await asyncio.to_thread(announced, 23, [7])
            await asyncio.to_thread(announced, 29, [7, 1, 1])
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping

        asyncio.run(days_come())
        planning.close()
