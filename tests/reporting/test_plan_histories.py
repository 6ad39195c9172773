"""A year of plans and steps taken at random: tables, replay and Planning's own tasks agree on every day of it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from services.reporting.domain.drafts.evidence import KnownTask
from tests.reporting.planned import CHAIR, CULTURE, OFFICE, due, duty, quarterly

# Of a task that is done, and of one that is not; some are refused, since they come out of turn.
OF_DONE, OF_OPEN = ("return", "accept", "reopen"), ("complete", "complete", "extend", "extend", "resolve", "withdraw")
DUTIES = ("Rà soát thủ tục", "Tuyên truyền", "Báo cáo quý", "Tập huấn nghiệp vụ", "Số hóa hồ sơ")
REGIMES = ("reform", "tthc-control")
STEPS, LOOKED_AT = 80, 20


class History:
    def __init__(self, here, seed):
        self.here = here
        self.random = Random(seed)
        self.days = [here.day(1, 2)]
        self.issued = []
        self.taken = Counter()

    def happen(self):
        """Something every few days; which of it counted, by kind."""
        here, acts = self.here, [self.amend, self.register, self.sweep, *[self.step] * 12]
        for which in [(None, "reform"), (here.communes[0], "tthc-control")]:
            here.planning.issue_plan(self.plan(*which), standard=True)
            self.issued.append(which)
        for _ in range(STEPS):
            later = self.days[-1] + timedelta(self.random.choice([0, 0, 2, 5, 10]))
            self.days.append(min(later, here.day(12, 20)))
            here.today(self.days[-1].month, self.days[-1].day)
            self.random.choice(acts)()
        return self.taken

    def plan(self, commune, regime):
        tasks = [self.duty(content) for content in DUTIES if self.random.random() < 0.7]
        targets = {
            name: self.random.randrange(50, 99) for name in ("satisfied", "online") if self.random.random() < 0.7
        }
        roll = self.random.choice(["none", "forward"])
        return self.here.plan(*tasks, commune=commune, regime=regime, roll=roll, **targets)

    def duty(self, content):
        day = self.here.day(1, 20) + timedelta(self.random.randrange(300))
        waiting = {"kind": "by-reference", "text": "theo kế hoạch của tỉnh"}
        owed = [one for one in (due(day), quarterly(self.here.year), waiting) if self.random.random() < 0.5]
        return duty(content, *owed, lead=self.random.choice([OFFICE, CULTURE]))

    def amend(self):
        commune, regime = self.random.choice(self.issued)
        self.here.amend(self.plan(commune, regime))
        self.taken["amend"] += 1

    def register(self):
        """One more commune takes part, sometimes with a plan of its own."""
        known = len(self.here.planning.communes.of(self.here.code))
        self.here.planning.register_communes(self.here.code, self.here.communes[: known + 1])
        if self.random.random() < 0.5:
            which = (self.here.communes[known], self.random.choice(REGIMES))
            self.here.planning.issue_plan(self.plan(*which), standard=True)
            self.issued.append(which)

    def sweep(self):
        """The next day on which something is due becomes a day off."""
        today = self.days[-1]
        coming = {due for task in self.here.tasks().values() for due in task.deadlines if due > today and task.is_open}
        if coming:
            self.here.put_off(min(coming), today)
        self.taken["reschedule"] += self.here.planning.sweep(today).rescheduled

    def step(self):
        commune = self.random.choice(self.here.planning.communes.of(self.here.code)).code
        if not (tasks := list(self.here.tasks(commune).values())):
            return
        task = self.random.choice(tasks)
        step = self.random.choice(OF_DONE if task.is_done else OF_OPEN)
        fields = {"evidence": "12/BC-UBND"} if step == "complete" else dict(CHAIR)
        if step in {"complete", "extend", "resolve"}:
            fields["obligation"] = self.random.choice([None, *(each["key"] for each in task.obligations)])
        if step in {"extend", "resolve"}:
            fields["due_on"] = max([self.days[-1], *task.deadlines]) + timedelta(self.random.randrange(60))
        if not self.here.step(task, step, **fields):
            self.taken[f"{step} one" if step == "complete" and fields["obligation"] else step] += 1

    def batches(self, coming):
        """Cut anywhere, some of it delivered again, and at times the next one missing."""
        applied = 0
        while applied < len(coming):
            start = self.random.randint(max(0, applied - 5), min(applied + 1, len(coming) - 1))
            end = start + self.random.randint(1, 40)
            yield coming[start:end]
            applied = max(applied, min(end, len(coming))) if start <= applied else applied


def owed(task):
    """A done task owes nothing: Planning lists no deadline of it, a report counts it as done."""
    return replace(task, deadlines=()) if task.done else task


def as_planning_lists_them(here, day):
    communes = [commune.code for commune in here.planning.communes.of(here.code)]
    listed = [task for commune in communes for task in here.planning.tasks_known_at(day, commune)]
    return Counter(
        KnownTask(task.commune, tuple(task.lead), tuple(task.deadlines), task.is_done)
        for task in listed
        if task.state != "withdrawn"
    )


@pytest.mark.parametrize("seed", range(4))
def test_on_every_day_of_a_random_history_tables_and_replay_and_planning_agree(here, seed):
    history = History(here, seed)
    taken = history.happen()
    here.follow(history.batches)

    assert taken.total() > 15, "a history in which something happens"
    for day in history.random.sample(sorted({day + timedelta(n) for day in history.days for n in (-1, 0)}), LOOKED_AT):
        known = here.known(day, history.random.choice(["Q1", "Q2", "Q3", "Q4", "M08", f"{day:M%m}"]))
        assert Counter(map(owed, known.tasks)) == as_planning_lists_them(here, day)
