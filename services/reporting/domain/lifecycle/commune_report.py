"""A commune's report of one period in one regime: due, submitted, returned, submitted again, approved."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.lifecycle import commune_report_events as events
from services.reporting.domain.lifecycle.commune_report_events import (
    APPROVED,
    DUE,
    OWED,
    RETURNED,
    SUBMITTED,
    CommuneReportState,
    OvertakingFields,
    Remark,
    ReportIdentity,
    ReviewFields,
    SubmittedFields,
)
from services.reporting.domain.lifecycle.reminders import Reminder
from services.reporting.domain.refusal import Refusal
from shared.clock import day_of
from shared.grants import Actor
from shared.record.aggregate import Aggregate, Recorded
from shared.refusal_rules import ALREADY_SUBMITTED, BY_MISSING, FOUR_EYES, NOT_SUBMITTED, REASON_MISSING


class CommuneReport(CommuneReportState, Aggregate):
    """The decisions about one commune's report. Before its submission it is a draft, which is computed, not stored.

    `account` is that of `by`, None where no account acts. Four eyes are two accounts, or else two names.
    """

    TOPIC = "reporting.commune-report"

    Opened = events.Opened
    Due = events.Due
    Late = events.Late
    Reminded = events.Reminded
    Submitted = events.Submitted
    Returned = events.Returned
    Approved = events.Approved
    ApprovalOvertaken = events.ApprovalOvertaken
    StepRefused = events.StepRefused

    @staticmethod
    def create_id(commune: str, regime: str, period: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"reporting/commune-report/{commune}/{regime}/{period}")

    @classmethod
    def open(cls, at: datetime, **identity: Unpack[ReportIdentity]) -> "CommuneReport":
        return cls._create(cls.Opened, timestamp=at, **identity)

    def remind(self, reminder: Reminder, today: date, at: datetime) -> None:
        """Record that the report is due or late; a step that was announced, or a submitted report, records nothing."""
        if self.state not in OWED or reminder.is_announced(self.announced):
            return
        event = self.Due if reminder.step <= 0 else self.Late
        days = {"days_left" if event is self.Due else "days_late": abs((reminder.due_on - today).days)}
        self.trigger_event(event, timestamp=at, **self.identity, due_on=reminder.due_on, step=reminder.step, **days)

    def ask_for(
        self, due_on: date, at: datetime, *, by: str, note: str = "", account: str | None = None
    ) -> Refusal | None:
        """A person reminds the commune of its report, which is not submitted; once a day, the next records nothing."""
        today = day_of(at)
        if refusal := next(self._refusals_to_ask(by), None):
            return self._refuse("remind", Actor(by, account), refusal, at)
        if self.reminded_on == today:
            return None
        self.trigger_event(
            self.Reminded,
            timestamp=at,
            **self.identity,
            due_on=due_on,
            days_left=(due_on - today).days,
            note=note,
            by=by,
            by_account=account,
            reminded_on=today,
        )
        return None

    def submit(
        self,
        at: datetime,
        *,
        by: str,
        figures_sha256: str,
        account: str | None = None,
        **fields: Unpack[SubmittedFields],
    ) -> Refusal | None:
        """Submit a report; the same figures again, not returned since, record nothing. An approved one is refused."""
        if self.state in (SUBMITTED, APPROVED) and figures_sha256 == self.figures_sha256:
            return None
        if self.state == APPROVED:
            return Refusal(
                "already-approved",
                f"Báo cáo đã được {self.reviewed_by} duyệt; muốn thay đổi thì đề nghị cấp tỉnh trả lại trước.",
            )
        self.trigger_event(
            self.Submitted,
            timestamp=at,
            **self._keys,
            submission=self.submission + 1,
            submitted_on=day_of(at),
            by=by,
            by_account=account,
            figures_sha256=figures_sha256,
            **fields,
        )
        return None

    def send_back(
        self, at: datetime, *, by: str, reason: str, cells: Sequence[Remark] = (), account: str | None = None
    ) -> Refusal | None:
        """Return the report with a reason, also after approval; the same return again records nothing."""
        actor, before = Actor(by, account), Actor(self.reviewed_by or "", self.reviewed_by_account)
        is_same = self.reason == reason and self.cells == list(cells) and actor.is_same(before)
        if self.state == RETURNED and is_same:
            return None
        if refusal := next(self._refusals_to_return(actor, reason), None):
            return self._refuse("return", actor, refusal, at)
        self._decide(self.Returned, actor, at, reason=reason, cells=list(cells))
        return None

    def approve(
        self, at: datetime, *, by: str, submission: int | None = None, account: str | None = None
    ) -> Refusal | None:
        """Approve the last submission; approving it again records nothing.

        `submission` is the number of the submission that was reviewed; None for the last. An older one is refused.
        """
        if self.state == APPROVED and submission in (None, self.submission):
            return None
        actor = Actor(by, account)
        if refusal := next(self._refusals_to_approve(actor, submission), None):
            return self._refuse("approve", actor, refusal, at)
        self._decide(self.Approved, actor, at, content_sha256=self.content_sha256)
        return None

    def overtake(self, at: datetime, **fields: Unpack[OvertakingFields]) -> None:
        """Record that figures changed after the submission that is approved; the same figures again record nothing."""
        known = self.overtaken and self.overtaken.figures_sha256 == fields["figures_sha256"]
        if self.state != APPROVED or not fields["moved"] or known:
            return
        self.trigger_event(
            self.ApprovalOvertaken,
            timestamp=at,
            **self.identity,
            submission=self.submission,
            approved_by=self.reviewed_by or "",
            **fields,
        )

    def _refusals_to_ask(self, by: str) -> Iterator[Refusal]:
        if not by.strip():
            yield Refusal(BY_MISSING, "Chưa ghi người thực hiện.")
        if self.state in (SUBMITTED, APPROVED):
            yield Refusal(ALREADY_SUBMITTED, "Đơn vị đã nộp báo cáo này.")

    def _refusals_to_return(self, by: Actor, reason: str) -> Iterator[Refusal]:
        yield from self._refusals_to_review(by)
        if not reason.strip():
            yield Refusal(REASON_MISSING, "Chưa ghi lý do trả lại.")

    def _refusals_to_approve(self, by: Actor, submission: int | None) -> Iterator[Refusal]:
        yield from self._refusals_to_review(by)
        if submission not in (None, self.submission):
            yield Refusal("superseded", f"Đơn vị đã nộp lại; lần nộp mới nhất là lần {self.submission}.")

    def _refusals_to_review(self, by: Actor) -> Iterator[Refusal]:
        if not by.name.strip():
            yield Refusal(BY_MISSING, "Chưa ghi người thực hiện.")
        if self.state == DUE:
            yield Refusal(NOT_SUBMITTED, "Đơn vị chưa nộp báo cáo này.")
        if self.state == RETURNED:
            yield Refusal("returned", "Báo cáo đã được trả lại và đơn vị chưa nộp lại.")
        if by.is_same(Actor(self.submitted_by, self.submitted_by_account)):
            yield Refusal(FOUR_EYES, "Người nộp báo cáo không được tự duyệt hoặc trả lại báo cáo của mình.")

    def _decide(self, event: type[Recorded], by: Actor, at: datetime, **fields: Unpack[ReviewFields]) -> None:
        self.trigger_event(
            event,
            timestamp=at,
            **self._keys,
            submission=self.submission,
            by=by.name,
            by_account=by.account,
            **fields,
        )

    def _refuse(self, step: str, by: Actor, refusal: Refusal, at: datetime) -> Refusal:
        fields = {"by": by.name, "by_account": by.account, "rule": refusal.rule, "sentence": refusal.sentence}
        self.trigger_event(self.StepRefused, timestamp=at, **self._keys, step=step, **fields)
        return refusal

    @property
    def _keys(self) -> dict[str, str]:
        """The identity as events of people store it."""
        return {name: str(value) for name, value in self.identity.items() if name != "province_name"}
