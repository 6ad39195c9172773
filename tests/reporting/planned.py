"""Plans as Planning makes them, and Reporting's tables: one province in one year for each test."""

import csv
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from services.planning.application import Planning
from services.planning.plan_file import PlanFile
from services.planning.publishers import announce
from services.planning.register import communes_of
from services.planning.subscribers import decisions
from services.reporting.audit.replay import replayed
from services.reporting.audit.replay_comparison import compare
from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.regime import regime_on
from services.reporting.read_models import Knowledge
from services.reporting.subscribers import SUBSCRIPTIONS
from shared.calendar.overrides import COLUMNS
from shared.clock import VIETNAM, move
from shared.contracts.planning import ReportProgress, TaskStep
from shared.messaging.following.follower import Announced, Follower
from shared.messaging.intake.intake import Submitted
from shared.periods import Period
from shared.process import open_pool

TABLES = ("communes", "plans", "plan_closings", "targets", "tasks", "task_changes", "known_positions", "tracking")
OFFICE, CULTURE = "Phòng Kinh tế", "Phòng Văn hoá - Xã hội"
CHAIR = {"by": "Chủ tịch UBND", "role": "chair", "note": "theo đề nghị của phòng"}


@dataclass
class Planned:
    """The province `code` in `year`; no test goes back behind the year of another, as the record's time does not."""

    planning: Planning
    knowledge: Knowledge
    pool: Any
    auditor: Any
    clock: Path
    calendar: Path
    code: str
    year: int
    submissions: int = 0

    @classmethod
    @contextmanager
    def on(cls, stack, folder, code, year):
        clock, calendar = folder / "clock", folder / "calendar.csv"
        _write(calendar)
        move(clock, datetime(year, 1, 1, 8, tzinfo=VIETNAM))
        settings = stack.settings("planning", MINHBACH_CLOCK_FILE=str(clock), MINHBACH_CALENDAR=str(calendar))
        reporting, auditor = stack.settings("reporting"), stack.settings("auditor")
        with open_pool(settings, "planning", size=2) as own, open_pool(reporting, "reporting", size=2) as pool:
            planning = Planning(settings, own)
            here = cls(planning, Knowledge(pool), pool, auditor, clock, calendar, code, year)
            planning.register_communes(code, here.communes[:2])
            yield here
            planning.close()

    @property
    def communes(self):
        return [entry.code for entry in communes_of(self.code)]

    def day(self, month, day):
        return date(self.year, month, day)

    def today(self, month, day):
        """It is another day, never an earlier one."""
        move(self.clock, datetime(self.year, month, day, 8, tzinfo=VIETNAM))

    def plan(self, *tasks, commune=None, regime="reform", roll="none", **targets):
        """The standard plan of the province, or a commune's own; `targets` are lower bounds by indicator."""
        span = {"from": self.day(1, 1), "until": self.day(12, 31)}
        head = {"title": "Kế hoạch", "province": self.code, "commune": commune, "year": self.year, "regime": regime}
        asked = tuple(
            {"name": name, "indicator": name, "target": {"at_least": bound}, "target_text": f"từ {bound}"}
            for name, bound in targets.items()
        )
        return PlanFile.model_validate(
            {"plan": head | {"span": span, "roll": roll}, "tasks": tasks, "indicators": asked}
        )

    def amend(self, plan, **which):
        self.planning.amend_plan(plan, by="Chủ tịch UBND", reason="Nghị quyết mới", **which, standard=True)

    def tasks(self, commune=None):
        """Planning's own list, by the content of each task."""
        return {task.content: task for task in self.planning.tasks.all(commune or self.communes[0])}

    def step(self, task, step, *, by=OFFICE, **fields):
        """As a commune submits it; the rules that refused it."""
        content = ReportProgress(steps=(TaskStep(task_id=task.task_id, step=step, by=by, **fields),))
        self.submissions += 1
        sent = Submitted(task.commune, "progress", f"{self.year}-{self.submissions}", b"", "", content)
        at = self.planning.clock()
        (outcome,) = decisions(self.planning)([sent], at)
        self.planning.commit(*outcome.aggregates, at=at, statements=outcome.statements)
        return [refused.rule for refused in outcome.receipt.refused]

    def put_off(self, day, decided_on):
        """A day that was a working day is none."""
        _write(self.calendar, (day, "off", decided_on, "Công văn của Văn phòng Chính phủ"))

    def announced(self):
        """What Reporting has not followed yet."""
        previous = self.knowledge.positions().get("planning", 0)
        for recorded in self.planning.events_after(previous, 100_000):
            if event := announce(recorded):
                position = recorded.position.number
                yield Announced(position, previous, event.subject, event.model_dump_json().encode())
                previous = position

    def follow(self, batches=lambda coming: [coming, coming]):
        """Everything that was announced since, in these batches, by default twice."""
        follower = Follower(self.pool, "planning", SUBSCRIPTIONS["planning"])
        for batch in batches(list(self.announced())):
            follower.apply(batch)

    def forget(self, position):
        """Where Reporting was, so that it applies again what it has applied."""
        with self.pool.connection() as connection:
            connection.execute("UPDATE tracking SET position = %s WHERE source = 'planning'", (position,))

    def held(self):
        with self.pool.connection() as connection:
            return {table: sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in TABLES}

    def known(self, day, period="Q3"):
        """What Reporting knew at the end of a day, compared with a replay of the stored events."""
        self.follow()
        asked = question(self.code, Period.parse(f"{self.year}-{period}"), day)
        known = self.knowledge.of(asked)
        assert compare(known, replayed(self.auditor, asked)) == []
        return known

    def targets(self, day, period="Q3"):
        """Lower bounds by commune (None for the province) and indicator."""
        return {(t.commune, t.indicator): int(t.target.at_least) for t in self.known(day, period).targets}

    def counts(self, day, commune=None):
        """(done, open, late) by commune and body, as the report of the province or of one commune says it."""
        report = report_of(self.known(day), commune)
        return {(count.commune, count.body): (count.done, count.open, count.late) for count in report.tasks}


def question(province, period, known_at):
    regime = regime_on(read_regimes(), "tthc-control", period.window()[1])
    return Question(province, period, known_at, regime)


def report_of(evidence, commune):
    """What it says of the province, or of one commune of it."""
    asked = replace(evidence.question, commune=commune)
    return Composition(replace(evidence, question=asked)).report()


def duty(content, *milestones, lead=OFFICE):
    return {"content": content, "lead": (lead,), "milestones": milestones}


def due(day):
    return {"kind": "deadline", "due": day}


def quarterly(year):
    return {"kind": "recurring", "every": "quarter", "from": date(year, 1, 1), "until": date(year, 12, 31), "on": "14"}


def _write(calendar, *overrides):
    with calendar.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *overrides])
