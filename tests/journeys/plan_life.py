"""Pieces of the journeys of plans: plan files, the command as a process, and each service's view of a task."""

import json
import os
from collections import Counter
from itertools import count
from types import SimpleNamespace

from services.notifications.domain.address_book import AddressBook
from services.notifications.planner import TASK_TEMPLATES
from services.planning.publishers import TRANSLATIONS
from shared.contracts.planning import ReportProgress, TaskStep
from tests.commands import Command
from tests.journeys.province import Province, until

BOOK = AddressBook("minhbach.example")
STATE = "convert_from(state, 'utf8')::jsonb"
EVENT = "originator_id::text || '/' || originator_version"
# The stored events of a task about which whoever works on it gets a mail.
NOTIFIED = sorted(
    stored.TOPIC for stored, translate in TRANSLATIONS.items() if translate.__annotations__["return"] in TASK_TEMPLATES
)

PLANNED = "SELECT task_id, lead, deadlines, state IN ('done', 'accepted'), state = 'withdrawn' FROM tasks"
REPORTED = """
SELECT tasks.task_id, coalesce(latest.lead, tasks.lead), coalesce(latest.deadlines, tasks.deadlines),
    coalesce(latest.done, false), coalesce(latest.withdrawn, false)
FROM tasks LEFT JOIN LATERAL (
    SELECT * FROM task_changes WHERE task_changes.task_id = tasks.task_id ORDER BY position DESC LIMIT 1
) latest ON true
"""
OWED = f"SELECT {EVENT}, {STATE} ->> 'commune', {STATE} -> 'lead' || ({STATE} -> 'support')"

_numbers = count(1)


class Plans(Province):
    """A province whose plans are issued, amended and lived with."""

    def start(self, *arguments):
        """The command, as a process under way."""
        settings = self.stack.settings()
        urls = {"NATS_URL": settings.nats_url, "DATABASE_URL": settings.database_url}
        return Command(arguments, {**os.environ, **self.stack.env, **urls})

    def answers(self, *arguments):
        """What the command prints with --json."""
        return answer(self.start(*arguments, "--json"))

    def refused(self, *arguments):
        """What the command says where its answer is no."""
        process = self.start(*arguments)
        out, err = process.communicate()
        assert (process.returncode, out, "Traceback" in err) == (1, "", False), (out, err)
        return err

    def late(self, *arguments):
        """The codes of the tasks that the command lists as late, and how many days each is."""
        return {task["code"]: task["days_late"] for task in self.answers("task", "list", "--late", *arguments)}

    def submit(self, commune, *steps):
        """Steps of one submission, sent twice under its id, which gives one receipt, and once more under another."""
        submission, name = ReportProgress(steps=steps), f"life-{next(_numbers)}"
        first, _, again = self.send(*((commune, under, submission) for under in (name, name, f"{name}-again")))
        return first, again

    def task(self, commune, code):
        """A task as Planning's read model has it, by the number that its plan prints."""
        query = "SELECT task_id, state, percent, deadlines FROM tasks WHERE (commune, code) = (%s, %s)"
        (row,) = self.ask("planning", query, commune, code)
        return SimpleNamespace(**dict(zip(("task_id", "state", "percent", "deadlines"), row, strict=True)))

    def happened(self, change):
        """How often each task has stored an event."""
        query = f"SELECT {STATE} ->> 'task_id' FROM planning_events WHERE topic = %s"
        return Counter(task for (task,) in self.ask("planning", query, f"planning.task-{change}"))

    def notices(self):
        """(stored event of Planning, address) of everything that became of a mail."""
        query = f"SELECT {STATE} ->> 'about_event', {STATE} ->> 'recipient' FROM notifications_events"
        return Counter(self.ask("notifications", query))

    def owed(self):
        """(stored event, address) of whoever works on a task, for every event of which they must be notified."""
        events = self.ask("planning", f"{OWED} FROM planning_events WHERE topic = ANY(%s)", NOTIFIED)
        return Counter(
            {
                (event, recipient.address): 1
                for event, code, to in events
                for recipient in BOOK.bodies(to, SimpleNamespace(code=code, name=""))
            }
        )

    def differences(self):
        """Where Reporting or Notifications say something else of a task than Planning, or a mail was not sent once."""
        planned, reported = (set(map(repr, self.ask(*of))) for of in (("planning", PLANNED), ("reporting", REPORTED)))
        owed, notices = self.owed(), self.notices()
        return [
            *(f"only Planning has {task}" for task in planned - reported),
            *(f"only Reporting has {task}" for task in reported - planned),
            *(f"no mail: {notice}" for notice in owed.keys() - notices.keys()),
            *(f"{times} mails: {notice}" for notice, times in notices.items() if times > 1),
            *(f"{mail} was sent {n} times" for mail, n in Counter(self.mailbox.message_ids()).items() if n > 1),
            *([f"{waiting} notices wait"] if (waiting := self.waiting_notices()) else []),
        ]

    def wait_until_agreed(self, within=90.0):
        """Until Reporting and Notifications know what Planning knows, and everybody has been notified of it."""
        try:
            until(lambda: self._looks_settled() and not self.differences(), "all services know the same", within)
        finally:
            assert self.differences()[:5] == []

    def _looks_settled(self):
        """Cheap, so that whoever waits does not slow down what is waited for."""
        planned, reported = (self.ask(service, "SELECT count(*) FROM tasks") for service in ("planning", "reporting"))
        return planned == reported and not self.waiting_notices()

    def audited(self, code):
        """Whether what Reporting remembers is what the event stores say."""
        return self.answers("audit", "replay", "--province", code, "--quarter", "2025-Q3")


def answer(process):
    """What a command that was started with --json has printed."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    return json.loads(out)


def duty(code, content, *days, lead="Phòng Kinh tế", labels=None):
    """A task of a plan file, with a deadline on each of the days."""
    milestones = [
        {"kind": "deadline", "due": day.isoformat(), "label": label}
        for day, label in zip(days, labels or [None] * len(days), strict=True)
    ]
    return {"code": code, "content": content, "lead": [lead], "milestones": milestones}


def plan_file(path, *duties, **head):
    """Written as JSON, which a plan file may be."""
    span = {"from": "2025-01-01", "until": "2025-12-31"}
    fields = {"title": "Kế hoạch kiểm soát TTHC", "regime": "tthc-control", "year": 2025, "span": span} | head
    path.write_text(json.dumps({"plan": fields, "tasks": duties}, ensure_ascii=False))
    return path


def step(task, name, by="Phòng Kinh tế", **fields):
    return TaskStep(task_id=task, step=name, by=by, **fields)
