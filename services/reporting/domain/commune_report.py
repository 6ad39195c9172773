"""A commune's report of one period in one regime: due, submitted, returned, submitted again, approved."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.refusal import Refusal, same_person
from services.reporting.domain.reminders import Reminder
from shared.clock import day_of
from shared.event_sourcing import Aggregate, Created, Recorded

DUE, SUBMITTED, RETURNED, APPROVED = "due", "submitted", "returned", "approved"


class CommuneReport(Aggregate):
    """Its draft is stored nowhere: until it is submitted, it is what the commune's readings add up to."""

    TOPIC = "reporting.commune-report"

    class Opened(Created):
        TOPIC = "reporting.commune-report-opened"

        province: str
        province_name: str
        commune: str
        regime: str
        regime_name: str
        period: str

    class Due(Recorded):
        """Announced ahead: `step` is by how many days the regime says, `days_left` how many really were left."""

        TOPIC = "reporting.commune-report-due"

        province: str
        province_name: str
        commune: str
        regime: str
        regime_name: str
        period: str
        due_on: date
        step: int
        days_left: int

        def apply(self, aggregate: "CommuneReport") -> None:
            aggregate.announced = (self.due_on, self.step)

    class Late(Recorded):
        TOPIC = "reporting.commune-report-late"

        province: str
        province_name: str
        commune: str
        regime: str
        regime_name: str
        period: str
        due_on: date
        step: int
        days_late: int

        def apply(self, aggregate: "CommuneReport") -> None:
            aggregate.announced = (self.due_on, self.step)

    class Submitted(Recorded):
        """`content_sha256` is of the whole report as kept, `figures_sha256` of what is said in it.

        `pins` are versions by what they are a version of: of the regime, the calendar, the map, the forms.
        """

        TOPIC = "reporting.commune-report-submitted"

        province: str
        commune: str
        regime: str
        regime_name: str
        period: str
        submission: int
        submission_id: str
        by: str
        submitted_on: date
        due_on: date | None
        days_late: int
        known_at: date
        content_sha256: str
        figures_sha256: str
        positions: dict[str, int]
        definitions: str
        map_day: date | None
        pins: dict[str, str]
        explanations: dict[str, str]
        stated: dict[str, int]

        def apply(self, aggregate: "CommuneReport") -> None:
            aggregate.state = SUBMITTED
            aggregate.submission = self.submission
            aggregate.submitted_by = self.by
            aggregate.submitted_on = self.submitted_on
            aggregate.due_on = self.due_on
            aggregate.days_late = self.days_late
            aggregate.content_sha256 = self.content_sha256
            aggregate.figures_sha256 = self.figures_sha256
            aggregate.stated = self.stated
            aggregate.explanations = self.explanations
            aggregate.reviewed_by = aggregate.reason = None

    class Returned(Recorded):
        TOPIC = "reporting.commune-report-returned"

        province: str
        commune: str
        regime: str
        regime_name: str
        period: str
        submission: int
        by: str
        reason: str

        def apply(self, aggregate: "CommuneReport") -> None:
            aggregate.state = RETURNED
            aggregate.reviewed_by = self.by
            aggregate.reason = self.reason

    class Approved(Recorded):
        TOPIC = "reporting.commune-report-approved"

        province: str
        commune: str
        regime: str
        regime_name: str
        period: str
        submission: int
        by: str
        content_sha256: str

        def apply(self, aggregate: "CommuneReport") -> None:
            aggregate.state = APPROVED
            aggregate.reviewed_by = self.by

    class StepRefused(Recorded):
        TOPIC = "reporting.commune-report-step-refused"

        province: str
        commune: str
        regime: str
        regime_name: str
        period: str
        step: str
        by: str
        rule: str
        sentence: str

    @staticmethod
    def create_id(commune: str, regime: str, period: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"reporting/commune-report/{commune}/{regime}/{period}")

    @classmethod
    def open(cls, at: datetime, **whose: Any) -> "CommuneReport":
        """`whose` as in Opened."""
        return cls._create(cls.Opened, timestamp=at, **whose)

    def __init__(
        self, *, province: str, province_name: str, commune: str, regime: str, regime_name: str, period: str
    ) -> None:
        self.whose = {
            "province": province,
            "province_name": province_name,
            "commune": commune,
            "regime": regime,
            "regime_name": regime_name,
            "period": period,
        }
        self.state = DUE
        self.announced: tuple[date, int] | None = None
        self.submission = 0
        self.submitted_by = ""
        self.submitted_on: date | None = None
        self.due_on: date | None = None
        self.days_late = 0
        self.content_sha256 = ""
        self.figures_sha256 = ""
        self.stated: dict[str, int] = {}
        self.explanations: dict[str, str] = {}
        self.reviewed_by: str | None = None
        self.reason: str | None = None

    def remind(self, reminder: Reminder, today: date, at: datetime) -> None:
        """Say that it is due, or late; a step that was said stays quiet, and so does what nobody owes any more."""
        if self.state in (SUBMITTED, APPROVED) or reminder.said(self.announced):
            return
        event = self.Due if reminder.step <= 0 else self.Late
        days = {"days_left" if event is self.Due else "days_late": abs((reminder.due_on - today).days)}
        self.trigger_event(event, timestamp=at, **self.whose, due_on=reminder.due_on, step=reminder.step, **days)

    def submit(self, at: datetime, *, by: str, figures_sha256: str, **pinned: Any) -> Refusal | None:
        """`pinned` as in Submitted. What was submitted so already, and not returned, stays quiet."""
        if self.state in (SUBMITTED, APPROVED) and figures_sha256 == self.figures_sha256:
            return None
        if self.state == APPROVED:
            return Refusal(
                "already-approved",
                f"Báo cáo đã được {self.reviewed_by} duyệt; muốn thay đổi thì đề nghị cấp tỉnh trả lại trước.",
            )
        more = {"submission": self.submission + 1, "submitted_on": day_of(at)}
        self._record(self.Submitted, at, by=by, figures_sha256=figures_sha256, **more, **pinned)
        return None

    def send_back(self, at: datetime, *, by: str, reason: str) -> Refusal | None:
        """Return it with a reason, also when it was approved; returned twice for the same reason stays quiet."""
        if self.state == RETURNED and self.reason == reason and same_person(by, self.reviewed_by or ""):
            return None
        if refusal := next(self._refusals_to_return(by, reason), None):
            return self._refuse("return", by, refusal, at)
        self._record(self.Returned, at, submission=self.submission, by=by, reason=reason)
        return None

    def approve(self, at: datetime, *, by: str, submission: int | None = None) -> Refusal | None:
        """Approve what was submitted last. `submission` is the one that was looked at, where somebody says so.

        Approved twice stays quiet.
        """
        if self.state == APPROVED and submission in (None, self.submission):
            return None
        if refusal := next(self._refusals_to_approve(by, submission), None):
            return self._refuse("approve", by, refusal, at)
        self._record(self.Approved, at, submission=self.submission, by=by, content_sha256=self.content_sha256)
        return None

    def _refusals_to_return(self, by: str, reason: str) -> Iterator[Refusal]:
        yield from self._refusals_to_review(by)
        if not reason.strip():
            yield Refusal("reason-missing", "Chưa ghi lý do trả lại.")

    def _refusals_to_approve(self, by: str, submission: int | None) -> Iterator[Refusal]:
        yield from self._refusals_to_review(by)
        if submission not in (None, self.submission):
            yield Refusal("superseded", f"Đơn vị đã nộp lại; lần nộp mới nhất là lần {self.submission}.")

    def _refusals_to_review(self, by: str) -> Iterator[Refusal]:
        if not by.strip():
            yield Refusal("by-missing", "Chưa ghi người thực hiện.")
        if self.state == DUE:
            yield Refusal("not-submitted", "Đơn vị chưa nộp báo cáo này.")
        if self.state == RETURNED:
            yield Refusal("returned", "Báo cáo đã được trả lại và đơn vị chưa nộp lại.")
        if same_person(by, self.submitted_by):
            yield Refusal("four-eyes", "Người nộp báo cáo không được tự duyệt hoặc trả lại báo cáo của mình.")

    def _refuse(self, step: str, by: str, refusal: Refusal, at: datetime) -> Refusal:
        self._record(self.StepRefused, at, step=step, by=by, rule=refusal.rule, sentence=refusal.sentence)
        return refusal

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        whose = {name: said for name, said in self.whose.items() if name != "province_name"}
        self.trigger_event(event, timestamp=at, **whose, **what)
