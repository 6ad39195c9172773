"""A province's report of one period in one regime: due, published as edition 1, restated as further editions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.content.narrative import refusal_to_write
from services.reporting.domain.lifecycle import province_report_events as events
from services.reporting.domain.lifecycle.commune_report_events import DUE
from services.reporting.domain.lifecycle.province_report_events import EditionFields, ReportState, RestatedFields
from services.reporting.domain.lifecycle.reminders import Reminder
from services.reporting.domain.refusal import Refusal
from shared.clock import day_of
from shared.grants import Actor
from shared.record.aggregate import Aggregate
from shared.refusal_rules import BY_MISSING, REASON_MISSING
from shared.regimes import DEFAULT_REGIME

PUBLISHED = "published"


@dataclass(frozen=True)
class UnapprovedCommune:
    """A commune whose own report is not approved with the figures of the province's report, and the reason."""

    name: str
    reason: str


class Report(ReportState, Aggregate):
    TOPIC = "reporting.report"

    Opened = events.Opened
    Due = events.Due
    Late = events.Late
    SectionWritten = events.SectionWritten
    Published = events.Published
    Restated = events.Restated
    ChangeRefused = events.ChangeRefused

    @staticmethod
    def create_id(province: str, period: str, regime: str = DEFAULT_REGIME) -> UUID:
        in_regime = "" if regime == DEFAULT_REGIME else f"{regime}/"
        return uuid5(NAMESPACE_OID, f"reporting/report/{province}/{in_regime}{period}")

    @classmethod
    def open(cls, province: str, period: str, regime: str, regime_name: str, at: datetime) -> "Report":
        return cls._create(
            cls.Opened, timestamp=at, province=province, period=period, regime=regime, regime_name=regime_name
        )

    @property
    def edition(self) -> int:
        """The number of the last edition; 0 before the first."""
        return len(self.editions)

    @property
    def state(self) -> str:
        return PUBLISHED if self.editions else DUE

    def remind(self, reminder: Reminder, province_name: str, today: date, at: datetime) -> None:
        """Record that the report is due or late; a step that was announced, or a published report, records nothing."""
        if self.editions or reminder.is_announced(self.announced):
            return
        event = self.Due if reminder.step <= 0 else self.Late
        days = {"days_left" if event is self.Due else "days_late": abs((reminder.due_on - today).days)}
        self.trigger_event(
            event,
            timestamp=at,
            **self._identity,
            province_name=province_name,
            due_on=reminder.due_on,
            step=reminder.step,
            **days,
        )

    def write(self, section: str, text: str, at: datetime, *, by: str, account: str | None = None) -> Refusal | None:
        """Write a section of the report, or take its text away with an empty one; the same text records nothing."""
        if refusal := refusal_to_write(section, text, by):
            return self._refuse("write", Actor(by, account), refusal, at)
        if text == next((written.text for written in self.narrative if written.section == section), ""):
            return None
        self.trigger_event(
            self.SectionWritten,
            timestamp=at,
            province=self.province,
            regime=self.regime,
            period=self.period,
            section=section,
            text=text,
            by=by,
            by_account=account,
            written_on=day_of(at),
        )
        return None

    def publish(
        self,
        content_sha256: str,
        at: datetime,
        *,
        incomplete: bool,
        unapproved: Sequence[UnapprovedCommune],
        by: str,
        account: str | None = None,
        **fields: Unpack[EditionFields],
    ) -> Refusal | None:
        """Publish edition 1; the same content again records nothing.

        With unapproved communes only when the publisher accepts that the report is `incomplete`.
        """
        if self.editions and content_sha256 == self.editions[-1].content_sha256:
            return None
        if refusal := next(self._refusals_to_publish(incomplete, unapproved), None):
            return self._refuse("publish", Actor(by, account), refusal, at)
        self.trigger_event(
            self.Published,
            timestamp=at,
            **self._identity,
            edition=1,
            content_sha256=content_sha256,
            unapproved=[each.name for each in unapproved],
            by=by,
            by_account=account,
            **fields,
        )
        return None

    def restate(
        self,
        content_sha256: str,
        at: datetime,
        *,
        moved: int,
        by: str,
        reason: str,
        account: str | None = None,
        rewritten: bool = False,
        **fields: Unpack[RestatedFields],
    ) -> Refusal | None:
        """Publish another edition, of which `moved` figures changed, or a written section (`rewritten`).

        Without changes it is refused, unrecorded.
        """
        if refusal := next(self._refusals_to_restate(by, reason), None):
            return self._refuse("restate", Actor(by, account), refusal, at)
        if not moved and not rewritten:
            return Refusal("nothing-moved", f"Số liệu không thay đổi so với lần công bố {self.edition}.")
        self.trigger_event(
            self.Restated,
            timestamp=at,
            **self._identity,
            edition=self.edition + 1,
            replaces=self.edition,
            content_sha256=content_sha256,
            moved=moved,
            by=by,
            by_account=account,
            reason=reason,
            **fields,
        )
        return None

    def _refusals_to_publish(self, incomplete: bool, unapproved: Sequence[UnapprovedCommune]) -> Iterator[Refusal]:
        if self.editions:
            yield Refusal(
                "published",
                f"Báo cáo đã được công bố (lần {self.edition}); muốn thay đổi thì công bố lại kèm lý do.",
            )
        if unapproved and not incomplete:
            listed = "; ".join(f"{each.name} ({each.reason})" for each in unapproved[:10])
            listed += "; …" if len(unapproved) > 10 else ""
            yield Refusal("incomplete", f"Báo cáo của {len(unapproved)} đơn vị chưa được duyệt: {listed}.")

    def _refusals_to_restate(self, by: str, reason: str) -> Iterator[Refusal]:
        if not self.editions:
            yield Refusal("not-published", "Báo cáo này chưa được công bố lần nào.")
        if not by.strip():
            yield Refusal(BY_MISSING, "Chưa ghi người công bố lại.")
        if not reason.strip():
            yield Refusal(REASON_MISSING, "Chưa ghi lý do công bố lại.")

    def _refuse(self, change: str, by: Actor, refusal: Refusal, at: datetime) -> Refusal:
        self.trigger_event(
            self.ChangeRefused,
            timestamp=at,
            province=self.province,
            regime=self.regime,
            period=self.period,
            change=change,
            by=by.name,
            by_account=by.account,
            rule=refusal.rule,
            sentence=refusal.sentence,
        )
        return refusal

    @property
    def _identity(self) -> dict[str, str]:
        return {
            "province": self.province,
            "period": self.period,
            "regime": self.regime,
            "regime_name": self.regime_name,
        }
