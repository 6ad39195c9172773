"""A task of a commune's plan: its life from assignment to acceptance, what it owes by when, and what is announced."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from services.planning.domain import task_events
from services.planning.domain.obligation import Obligation, merged, obligations
from services.planning.domain.reminder import Escalation, Reminder, escalation_from, reminders
from services.planning.domain.step import Refusal, Standing, Step
from shared.calendar import Calendar, Roll
from shared.clock import day_of
from shared.event_sourcing import Aggregate, Recorded


class Task(Aggregate):
    """States: assigned, acknowledged, in-progress, done, accepted, returned, withdrawn; closed when its plan is."""

    TOPIC = "planning.task"

    Assigned = task_events.Assigned
    Acknowledged = task_events.Acknowledged
    ProgressReported = task_events.ProgressReported
    ObligationFulfilled = task_events.ObligationFulfilled
    Completed = task_events.Completed
    Accepted = task_events.Accepted
    Returned = task_events.Returned
    Reopened = task_events.Reopened
    StepRefused = task_events.StepRefused
    Extended = task_events.Extended
    Resolved = task_events.Resolved
    Rescheduled = task_events.Rescheduled
    Revised = task_events.Revised
    Renumbered = task_events.Renumbered
    Withdrawn = task_events.Withdrawn
    Closed = task_events.Closed
    DeadlineApproached = task_events.DeadlineApproached
    DeadlineMissed = task_events.DeadlineMissed

    @classmethod
    def assign(
        cls, plan: UUID, key: str, at: datetime, *, calendar: Calendar, escalation: Escalation, **what: Any
    ) -> "Task":
        """`key` tells the task from the others of its plan, by what it says and not by where it stands.

        `what` as in Assigned, but for what is computed here.
        """
        identity, today = uuid5(plan, key), day_of(at)
        owed = obligations(what["milestones"], calendar, what["roll"], since=today, assigned_on=today)
        return cls._create(
            cls.Assigned,
            id=identity,
            timestamp=at,
            task_id=f"t-{identity.hex[:12]}",
            assigned_on=today,
            obligations=[obligation.stored() for obligation in owed],
            deadlines=_days(owed),
            escalation=[step.stored() for step in escalation],
            **what,
        )

    def __init__(
        self,
        *,
        task_id: str,
        plan_id: str,
        commune: str,
        assigned_on: date,
        escalation: list[dict[str, Any]],
        place: int,
        code: str | None,
        section: str | None,
        content: str,
        deliverable: str | None,
        lead: list[str],
        support: list[str],
        schedule_text: str | None,
        milestones: list[dict[str, Any]],
        roll: Roll,
        obligations: Sequence[Mapping[str, Any]],
    ) -> None:
        self.task_id = task_id
        self.plan_id = plan_id
        self.commune = commune
        self.assigned_on = assigned_on
        self.state = "assigned"
        self.closed = False
        self.percent = 0
        self.progress: tuple[Any, ...] | None = None
        self.completed_on: date | None = None
        self.done_by: str | None = None
        self.withdrawn_on: date | None = None
        self.announced: set[tuple[str, date, int]] = set()
        self.escalation = escalation_from(escalation)
        self.asks(
            place=place,
            code=code,
            section=section,
            content=content,
            deliverable=deliverable,
            lead=lead,
            support=support,
            schedule_text=schedule_text,
            milestones=milestones,
            roll=roll,
            obligations=obligations,
        )

    def asks(
        self,
        *,
        place: int,
        code: str | None,
        section: str | None,
        content: str,
        deliverable: str | None,
        lead: list[str],
        support: list[str],
        schedule_text: str | None,
        milestones: list[dict[str, Any]],
        roll: Roll,
        obligations: Sequence[Mapping[str, Any]],
        **_: Any,
    ) -> None:
        """What the plan, as issued or as amended, asks."""
        self.roll = roll
        self.place = place
        self.code = code
        self.section = section
        self.content = content
        self.deliverable = deliverable
        self.lead = lead
        self.support = support
        self.schedule_text = schedule_text
        self.milestones = milestones
        self.obligations = [Obligation.from_stored(said) for said in obligations]

    @property
    def deadlines(self) -> list[date]:
        """The due days of what is open, in order."""
        return _days(self.obligations)

    @property
    def next_reminder_on(self) -> date | None:
        """The day of the next announcement; None when there is none, or none while the task is not open."""
        return next((reminder.on for reminder in self._reminders()), None)

    def take(self, step: Step, at: datetime, calendar: Calendar) -> Refusal | None:
        """Take a step or refuse it; one that changes nothing (completed twice) stays quiet. Why it was refused."""
        refusal = step.refusal(self._standing)
        if refusal:
            self._record(self.StepRefused, at, step=step.stored(), rule=refusal.rule, sentence=refusal.sentence)
        else:
            getattr(self, f"_take_{step.step}")(step, at, calendar)
        return refusal

    def announce_deadlines(self, today: date, at: datetime) -> None:
        """Every reminder whose day has come, once, in the order of their days; nothing unless the task is open.

        After an outage it is told with the days that are really left, below zero when the deadline passed meanwhile:
        which reminders there are does not depend on when somebody looked.
        """
        for reminder in [each for each in self._reminders() if each.on <= today]:
            obligation, step = reminder.obligation, reminder.step
            assert obligation.due
            what = {
                **self._whose,
                "obligation": obligation.key,
                "label": obligation.label,
                "due_on": obligation.due,
                "tell": list(step.tell),
            }
            if step.days > 0:
                self._record(self.DeadlineMissed, at, days_late=step.days, **what)
            else:
                left = (obligation.due - today).days
                self._record(self.DeadlineApproached, at, days_before=-step.days, days_left=left, **what)

    def follow(self, calendar: Calendar, at: datetime) -> None:
        """Move what is open to where another calendar puts it; what is past under both stays as it was."""
        if not self._standing.is_open:
            return
        today, moved = day_of(at), []
        for each in self.obligations:
            if each.state == "open" and each.nominal and each.due:
                new = each.moved(each.nominal, calendar, self.roll, today)
                if new != each and new.due and max(new.due, each.due) >= today:
                    moved.append(new)
        if moved:
            self._move(self.Rescheduled, at, moved, calendar=calendar.version)

    def revise(self, at: datetime, *, calendar: Calendar, plan_version: int, **what: Any) -> bool:
        """What an amended plan asks instead; whether that is something else. A withdrawn task is taken up again."""
        today = day_of(at)
        asked = obligations(what["milestones"], calendar, what["roll"], since=today, assigned_on=self.assigned_on)
        owed = merged(self._owed_until(today), asked, today)
        changed = {name for name, said in what.items() if getattr(self, name) != said}
        if owed == self.obligations and changed <= {"place", "code", "section"} and self.state != "withdrawn":
            where = {name: what[name] for name in ("place", "code", "section")}
            if changed:
                self._record(self.Renumbered, at, plan_version=plan_version, **where)
            return False
        self._record(
            self.Revised,
            at,
            plan_version=plan_version,
            obligations=[obligation.stored() for obligation in owed],
            deadlines=_days(owed),
            **what,
        )
        return True

    def withdraw(self, at: datetime, *, by: str, reason: str, plan_version: int | None = None) -> bool:
        """What a plan asks no longer is not done and not late; it stays in history. Whether it was asked until now."""
        if self.closed or self.state == "withdrawn":
            return False
        self._record(self.Withdrawn, at, by=by, reason=reason, plan_version=plan_version, **self._whose)
        return True

    def close(self, at: datetime) -> None:
        if not self.closed and self.state != "withdrawn":
            self._record(self.Closed, at)

    def _take_acknowledge(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.state == "assigned":
            self._record(self.Acknowledged, at, by=step.by)

    def _take_progress(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.progress != (step.percent, step.note, step.by, step.evidence):
            what = {"percent": step.percent, "note": step.note, "evidence": step.evidence, "by": step.by}
            self._record(self.ProgressReported, at, **what)

    def _take_complete(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.completed_on:
            return
        what = {"evidence": step.evidence, "note": step.note, "by": step.by}
        if step.obligation is None:
            self._record(self.Completed, at, completed_on=day_of(at), **what)
            return
        done = next(each for each in self.obligations if each.key == step.obligation)
        if done.state == "open":
            left = [each for each in self.obligations if each != done]
            self._record(
                self.ObligationFulfilled,
                at,
                obligation=done.key,
                due_on=done.due,
                fulfilled_on=day_of(at),
                deadlines=_days(left),
                **what,
            )

    def _take_accept(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.state == "done":
            self._record(self.Accepted, at, by=step.by, note=step.note)

    def _take_return(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self._record(self.Returned, at, by=step.by, reason=step.note, **self._whose)

    def _take_reopen(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self._record(self.Reopened, at, by=step.by, reason=step.note)

    def _take_extend(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self._redate(self.Extended, step, self._standing.to_extend(step.obligation), at, calendar)

    def _take_resolve(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self._redate(self.Resolved, step, self._standing.to_resolve(step.obligation), at, calendar)

    def _take_withdraw(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self.withdraw(at, by=step.by, reason=step.note or "")

    def _redate(
        self, event: type[Recorded], step: Step, which: Iterable[Obligation], at: datetime, calendar: Calendar
    ) -> None:
        moved = []
        for each in which:
            nominal = step.due_on or (step.event_on and each.after(step.event_on, calendar))
            assert nominal, "a rule refuses a step without a day"
            moved.append(each.moved(nominal, calendar, self.roll, day_of(at)))
        if changed := [each for each in moved if each not in self.obligations]:
            self._move(event, at, changed, reason=step.note, by=step.by)

    def _move(self, event: type[Recorded], at: datetime, moved: Sequence[Obligation], **what: Any) -> None:
        by_key = {each.key: each for each in moved}
        after = [by_key.get(each.key, each) for each in self.obligations]
        changes = [each.stored() for each in moved]
        self._record(event, at, obligations=changes, deadlines=_days(after), **self._whose, **what)

    @property
    def _whose(self) -> dict[str, Any]:
        """What whoever hears of the task needs to tell of it."""
        return {"content": self.content, "lead": self.lead, "support": self.support}

    @property
    def _standing(self) -> Standing:
        return Standing(self.state, self.closed, self.done_by, self.obligations)

    def _owed_until(self, today: date) -> list[Obligation]:
        """Without what recurred while the task was withdrawn: nobody was asked for it."""
        if self.withdrawn_on is None:
            return self.obligations
        return [
            each
            for each in self.obligations
            if each.kind != "recurring" or not each.planned or not self.withdrawn_on <= each.planned < today
        ]

    def _reminders(self) -> list[Reminder]:
        if not self._standing.is_open:
            return []
        owing = reminders(self.obligations, self.escalation)
        return [reminder for reminder in owing if reminder.said not in self.announced]

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        self.trigger_event(event, timestamp=at, task_id=self.task_id, commune=self.commune, **what)


def _days(owed: Iterable[Obligation]) -> list[date]:
    return sorted({each.due for each in owed if each.state == "open" and each.due})
