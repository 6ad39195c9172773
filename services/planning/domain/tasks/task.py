"""A task of a commune's plan, from assignment to acceptance: its steps, reminders, amendments and moved deadlines."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import UUID, uuid5

from services.planning.domain.refusal import Refusal
from services.planning.domain.tasks import events
from services.planning.domain.tasks.deadline_rules import DeadlineRules
from services.planning.domain.tasks.event_fields import MovedFields, Summary, TaskHead
from services.planning.domain.tasks.following import following_of, without
from services.planning.domain.tasks.obligation import OWED, Obligation, merged, obligations
from services.planning.domain.tasks.state import WITHDRAWN, ExtensionRequest, TaskDefinition, TaskState, due_days
from services.planning.domain.tasks.step import Step
from shared.calendar import Calendar
from shared.clock import day_of
from shared.record.aggregate import Aggregate, Recorded


class Task(TaskState, Aggregate):
    TOPIC = "planning.task"

    Assigned = events.Assigned
    Acknowledged = events.Acknowledged
    ProgressReported = events.ProgressReported
    ObligationFulfilled = events.ObligationFulfilled
    Completed = events.Completed
    Accepted = events.Accepted
    Returned = events.Returned
    Reopened = events.Reopened
    EvidenceAttached = events.EvidenceAttached
    Commented = events.Commented
    Followed = events.Followed
    Unfollowed = events.Unfollowed
    StepRefused = events.StepRefused
    Extended = events.Extended
    ExtensionRequested = events.ExtensionRequested
    ExtensionDeclined = events.ExtensionDeclined
    Resolved = events.Resolved
    Rescheduled = events.Rescheduled
    Revised = events.Revised
    Renumbered = events.Renumbered
    Withdrawn = events.Withdrawn
    Closed = events.Closed
    DeadlineApproached = events.DeadlineApproached
    DeadlineMissed = events.DeadlineMissed

    @classmethod
    def assign(
        cls,
        plan: UUID,
        key: str,
        at: datetime,
        *,
        plan_id: str,
        commune: str,
        definition: TaskDefinition,
        rules: DeadlineRules,
    ) -> "Task":
        """`key` identifies the task within its plan by its text, not by its position."""
        identity, today = uuid5(plan, key), day_of(at)
        owed = obligations(definition.milestones, rules.calendar, rules.roll, since=today, assigned_on=today)
        return cls._create(
            cls.Assigned,
            id=identity,
            timestamp=at,
            task_id=f"t-{identity.hex[:12]}",
            plan_id=plan_id,
            commune=commune,
            assigned_on=today,
            obligations=[obligation.stored() for obligation in owed],
            deadlines=due_days(owed),
            escalation=[step.stored() for step in rules.escalation],
            roll=rules.roll,
            **definition.fields(),
        )

    def take(self, step: Step, at: datetime, calendar: Calendar) -> Refusal | None:
        """Take a step, or record and return its refusal. A step that changes nothing (completed twice) is ignored."""
        refusal = step.refusal(self, day_of(at))
        if refusal:
            self.trigger_event(
                self.StepRefused, **self._head(at), step=step.stored(), rule=refusal.rule, sentence=refusal.sentence
            )
        else:
            getattr(self, f"_take_{step.step.replace('-', '_')}")(step, at, calendar)
        return refusal

    def announce_deadlines(self, today: date, at: datetime) -> None:
        """Record every reminder whose day has come, once, in the order of their days; none unless the task is open.

        After an outage a reminder gives the days that are really left, below zero when the deadline passed meanwhile:
        which reminders there are does not depend on the days of the sweeps.
        """
        for reminder in [each for each in self.pending_reminders() if each.on <= today]:
            obligation, step = reminder.obligation, reminder.step
            assert obligation.due
            fields = {
                **self._summary,
                "obligation": obligation.key,
                "label": obligation.label,
                "due_on": obligation.due,
                "tell": list(step.tell),
            }
            if step.days > 0:
                self.trigger_event(self.DeadlineMissed, **self._head(at), days_late=step.days, **fields)
            else:
                left = (obligation.due - today).days
                self.trigger_event(
                    self.DeadlineApproached, **self._head(at), days_before=-step.days, days_left=left, **fields
                )

    def follow(self, calendar: Calendar, at: datetime) -> None:
        """Move open obligations to where another calendar puts them; those past under both calendars stay."""
        if not self.is_open:
            return
        today, moved = day_of(at), []
        for each in self.obligations:
            if each.state == OWED and each.nominal and each.due:
                new = each.moved(each.nominal, calendar, self.roll, today)
                if new != each and new.due and max(new.due, each.due) >= today:
                    moved.append(new)
        if moved:
            self._move(self.Rescheduled, at, moved, calendar=calendar.version)

    def revise(self, definition: TaskDefinition, at: datetime, *, rules: DeadlineRules, plan_version: int) -> bool:
        """Take over the definition of an amended plan. A withdrawn task is taken up again.

        False where the task stays the same, although perhaps with another number.
        """
        today = day_of(at)
        required = obligations(
            definition.milestones, rules.calendar, rules.roll, since=today, assigned_on=self.assigned_on
        )
        owed = merged(self._owed_until(today), required, today, forgives=self.forgives_missed_deadlines)
        before = {**self.definition.fields(), "roll": self.roll}
        after = {**definition.fields(), "roll": rules.roll}
        changed = {name for name in after if after[name] != before[name]}
        if owed == self.obligations and changed <= {"place", "code", "section"} and self.state != WITHDRAWN:
            if changed:
                number = {name: after[name] for name in ("place", "code", "section")}
                self.trigger_event(self.Renumbered, **self._head(at), plan_version=plan_version, **number)
            return False
        self.trigger_event(
            self.Revised,
            **self._head(at),
            plan_version=plan_version,
            obligations=[obligation.stored() for obligation in owed],
            deadlines=due_days(owed),
            **after,
        )
        return True

    def withdraw(
        self, at: datetime, *, by: str, reason: str, plan_version: int | None = None, account: str | None = None
    ) -> bool:
        """A task that its plan drops is not done and not late; it stays in history. False where it was withdrawn."""
        if self.closed or self.state == WITHDRAWN:
            return False
        signed = {"by": by, "by_account": account}
        self.trigger_event(
            self.Withdrawn, **self._head(at), **signed, reason=reason, plan_version=plan_version, **self._summary
        )
        return True

    def close(self, at: datetime) -> None:
        if not self.closed and self.state != WITHDRAWN:
            self.trigger_event(self.Closed, **self._head(at))

    def _take_acknowledge(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.state == "assigned":
            self.trigger_event(self.Acknowledged, **self._head(at), **step.signed)

    def _take_progress(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.progress != (step.percent, step.note, step.by, step.evidence):
            report = {"percent": step.percent, "note": step.note, "evidence": step.evidence, **step.signed}
            self.trigger_event(self.ProgressReported, **self._head(at), **report)

    def _take_complete(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.completed_on:
            return
        report = {"evidence": step.evidence, "note": step.note, **step.signed}
        if step.obligation is None:
            self.trigger_event(self.Completed, **self._head(at), completed_on=day_of(at), **report)
            return
        done = self.obligation(step.obligation)
        assert done, "a rule refuses a step on an unknown obligation"
        if done.state == OWED:
            self.trigger_event(
                self.ObligationFulfilled,
                **self._head(at),
                obligation=done.key,
                due_on=done.due,
                fulfilled_on=day_of(at),
                deadlines=due_days(each for each in self.obligations if each != done),
                **report,
            )
            if self.owes_nothing:
                self.trigger_event(self.Completed, **self._head(at), completed_on=day_of(at), **report)

    def _take_accept(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if self.state == "done":
            self.trigger_event(self.Accepted, **self._head(at), **step.signed, note=step.note)

    def _take_return(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self.trigger_event(self.Returned, **self._head(at), **step.signed, reason=step.note, **self._summary)

    def _take_reopen(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self.trigger_event(self.Reopened, **self._head(at), **step.signed, reason=step.note)

    def _take_request_extension(self, step: Step, at: datetime, calendar: Calendar) -> None:
        assert step.due_on, "a rule refuses a request without a day"
        (owed,) = self.to_extend(step.obligation)
        request = ExtensionRequest(owed.key, step.due_on, step.note or "", step.by, step.account)
        if request != self.extension_request:
            fields = {"obligation": request.obligation, "label": owed.label, "due_on": owed.due}
            self.trigger_event(
                self.ExtensionRequested,
                **self._head(at),
                **fields,
                requested=request.due_on,
                reason=request.reason,
                **step.signed,
                **self._summary,
            )

    def _take_decline_extension(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if request := self.extension_request:
            requested = {"requested": request.due_on, "requested_by": request.by, "obligation": request.obligation}
            self.trigger_event(
                self.ExtensionDeclined, **self._head(at), **requested, reason=step.note, **step.signed, **self._summary
            )

    def _take_extend(self, step: Step, at: datetime, calendar: Calendar) -> None:
        granted = step.as_requested(self.extension_request)
        self._redate(self.Extended, granted, self.to_extend(granted.obligation), at, calendar)

    def _take_resolve(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self._redate(self.Resolved, step, self.to_resolve(step.obligation), at, calendar)

    def _take_withdraw(self, step: Step, at: datetime, calendar: Calendar) -> None:
        self.withdraw(at, by=step.by, account=step.account, reason=step.note or "")

    def _take_attach(self, step: Step, at: datetime, calendar: Calendar) -> None:
        assert step.file, "a rule refuses a step without a file"
        if step.file.sha256 not in self.files:
            self.trigger_event(self.EvidenceAttached, **self._head(at), **step.signed, **step.file.stored())

    def _take_comment(self, step: Step, at: datetime, calendar: Calendar) -> None:
        assert step.note, "a rule refuses a comment without words"
        self.trigger_event(
            self.Commented, **self._head(at), **step.signed, role=step.role, note=step.note, **self._summary
        )

    def _take_follow(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if following_of(step.actor, step.grant) not in self.followers:
            self.trigger_event(self.Followed, **self._head(at), **step.signed, role=step.role, grant=step.grant)

    def _take_unfollow(self, step: Step, at: datetime, calendar: Calendar) -> None:
        if without(self.followers, step.actor) != self.followers:
            self.trigger_event(self.Unfollowed, **self._head(at), **step.signed)

    def _redate(
        self, event: type[Recorded], step: Step, owed: Iterable[Obligation], at: datetime, calendar: Calendar
    ) -> None:
        moved = []
        for each in owed:
            nominal = step.due_on or (step.event_on and each.after(step.event_on, calendar))
            assert nominal, "a rule refuses a step without a day"
            moved.append(each.moved(nominal, calendar, self.roll, day_of(at)))
        if changed := [each for each in moved if each not in self.obligations]:
            self._move(event, at, changed, reason=step.note, **step.signed)

    def _move(
        self, event: type[Recorded], at: datetime, moved: Sequence[Obligation], **fields: Unpack[MovedFields]
    ) -> None:
        by_key = {each.key: each for each in moved}
        after = [by_key.get(each.key, each) for each in self.obligations]
        changes = [each.stored() for each in moved]
        self.trigger_event(
            event, **self._head(at), obligations=changes, deadlines=due_days(after), **self._summary, **fields
        )

    @property
    def _summary(self) -> Summary:
        return {"content": self.definition.content, "lead": self.definition.lead, "support": self.definition.support}

    def _owed_until(self, today: date) -> list[Obligation]:
        """Without the occurrences that fell into the time when the task was withdrawn."""
        if self.withdrawn_on is None:
            return self.obligations
        return [
            each
            for each in self.obligations
            if each.kind != "recurring" or not each.planned or not self.withdrawn_on <= each.planned < today
        ]

    def _head(self, at: datetime) -> TaskHead:
        return {"timestamp": at, "task_id": self.task_id, "commune": self.commune}
