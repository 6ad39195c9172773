"""What a province was told about one period in one regime, edition after edition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from services.reporting.domain.refusal import Refusal
from services.reporting.domain.reminders import Reminder
from shared.event_sourcing import Aggregate, Created, Recorded

# Before there were several, every report was of this regime.
FIRST_REGIME, FIRST_REGIME_NAME = "tthc-control", "Kiểm soát thủ tục hành chính"


@dataclass(frozen=True)
class Edition:
    """One edition: its content's hash and, where it restates another, that of what moved. `by` signed it at `at`."""

    number: int
    content_sha256: str
    known_at: date
    at: datetime
    by: str = ""
    reason: str = ""
    changes_sha256: str | None = None


@dataclass(frozen=True)
class Unapproved:
    """A commune whose own report was not approved as the province's says it, and why that is so."""

    name: str
    why: str


class Report(Aggregate):
    TOPIC = "reporting.report"

    class Opened(Created):
        TOPIC = "reporting.report-opened"
        class_version = 2

        province: str
        period: str
        regime: str
        regime_name: str

        @staticmethod
        def upcast_v1_v2(said: dict[str, Any]) -> None:
            said.update(regime=FIRST_REGIME, regime_name=FIRST_REGIME_NAME)

    class Due(Recorded):
        """Announced ahead: `step` is by how many days the regime says, `days_left` how many really were left."""

        TOPIC = "reporting.report-due"

        province: str
        province_name: str
        regime: str
        regime_name: str
        period: str
        due_on: date
        step: int
        days_left: int

        def apply(self, aggregate: "Report") -> None:
            aggregate.announced = (self.due_on, self.step)

    class Late(Recorded):
        TOPIC = "reporting.report-late"

        province: str
        province_name: str
        regime: str
        regime_name: str
        period: str
        due_on: date
        step: int
        days_late: int

        def apply(self, aggregate: "Report") -> None:
            aggregate.announced = (self.due_on, self.step)

    class Published(Recorded):
        """`unapproved` are the communes whose own report was not approved as it is published here, by name.

        `pins` are versions by what they are a version of: of the regime, the calendar, the map, the forms.
        """

        TOPIC = "reporting.report-published"
        class_version = 2

        province: str
        province_name: str
        period: str
        edition: int
        known_at: date
        content_sha256: str
        positions: dict[str, int]
        headline: list[str]
        regime: str
        regime_name: str
        definitions: str
        map_day: date | None
        pins: dict[str, str]
        unapproved: list[str]
        by: str

        @staticmethod
        def upcast_v1_v2(said: dict[str, Any]) -> None:
            # Neither map nor calendar was chosen then, and nobody was asked who publishes.
            said.update(regime=FIRST_REGIME, regime_name=FIRST_REGIME_NAME, definitions="then", map_day=None)
            said.update(pins={}, unapproved=[], by="")

        def apply(self, aggregate: "Report") -> None:
            edition = Edition(self.edition, self.content_sha256, self.known_at, self.timestamp, self.by)
            aggregate.editions.append(edition)

    class Restated(Recorded):
        """Another edition instead of `replaces`. What moved is kept under `changes_sha256`, as the contents are."""

        TOPIC = "reporting.report-restated"

        province: str
        province_name: str
        period: str
        edition: int
        replaces: int
        known_at: date
        content_sha256: str
        positions: dict[str, int]
        headline: list[str]
        regime: str
        regime_name: str
        definitions: str
        map_day: date | None
        pins: dict[str, str]
        unapproved: list[str]
        moved: int
        corrections: int
        changes_sha256: str
        reason: str
        by: str

        def apply(self, aggregate: "Report") -> None:
            edition = Edition(self.edition, self.content_sha256, self.known_at, self.timestamp, self.by, self.reason)
            aggregate.editions.append(replace(edition, changes_sha256=self.changes_sha256))

    class ChangeRefused(Recorded):
        TOPIC = "reporting.report-change-refused"

        province: str
        regime: str
        period: str
        change: str
        by: str
        rule: str
        sentence: str

    @staticmethod
    def create_id(province: str, period: str, regime: str = FIRST_REGIME) -> UUID:
        in_regime = "" if regime == FIRST_REGIME else f"{regime}/"
        return uuid5(NAMESPACE_OID, f"reporting/report/{province}/{in_regime}{period}")

    @classmethod
    def open(cls, province: str, period: str, regime: str, regime_name: str, at: datetime) -> "Report":
        whose: dict[str, Any] = {"province": province, "period": period, "regime": regime, "regime_name": regime_name}
        return cls._create(cls.Opened, timestamp=at, **whose)

    def __init__(self, province: str, period: str, regime: str, regime_name: str) -> None:
        self.province = province
        self.period = period
        self.regime = regime
        self.regime_name = regime_name
        self.announced: tuple[date, int] | None = None
        self.editions: list[Edition] = []

    @property
    def edition(self) -> int:
        """The last one; 0 before the first."""
        return len(self.editions)

    def remind(self, reminder: Reminder, province_name: str, today: date, at: datetime) -> None:
        """Say that it is due, or late; a step that was said stays quiet, and so does what is published."""
        if self.editions or reminder.said(self.announced):
            return
        event = self.Due if reminder.step <= 0 else self.Late
        days = {"days_left" if event is self.Due else "days_late": abs((reminder.due_on - today).days)}
        self._record(event, at, province_name=province_name, due_on=reminder.due_on, step=reminder.step, **days)

    def publish(
        self,
        content_sha256: str,
        at: datetime,
        *,
        incomplete: bool,
        unapproved: Sequence[Unapproved],
        by: str,
        **pinned: Any,
    ) -> Refusal | None:
        """The first edition; the same content again stays quiet. `pinned` as in Published.

        Without every commune's approval only when it is said to be `incomplete`.
        """
        if self.editions and content_sha256 == self.editions[-1].content_sha256:
            return None
        if refusal := next(self._refusals_to_publish(incomplete, unapproved), None):
            return self._refuse("publish", by, refusal, at)
        more = {"unapproved": [each.name for each in unapproved], "by": by, "edition": 1}
        self._record(self.Published, at, content_sha256=content_sha256, **more, **pinned)
        return None

    def restate(
        self, content_sha256: str, at: datetime, *, moved: int, by: str, reason: str, **pinned: Any
    ) -> Refusal | None:
        """Another edition, which says what moved; where nothing did, nothing is recorded. `pinned` as in Restated."""
        if refusal := next(self._refusals_to_restate(by, reason), None):
            return self._refuse("restate", by, refusal, at)
        if not moved:
            return Refusal("nothing-moved", f"Số liệu không thay đổi so với lần công bố {self.edition}.")
        self._record(
            self.Restated,
            at,
            edition=self.edition + 1,
            replaces=self.edition,
            content_sha256=content_sha256,
            moved=moved,
            by=by,
            reason=reason,
            **pinned,
        )
        return None

    def _refusals_to_publish(self, incomplete: bool, unapproved: Sequence[Unapproved]) -> Iterator[Refusal]:
        if self.editions:
            yield Refusal(
                "published",
                f"Báo cáo đã được công bố (lần {self.edition}); muốn thay đổi thì công bố lại kèm lý do"
                " (minhbach report restate).",
            )
        if unapproved and not incomplete:
            listed = "; ".join(f"{each.name} ({each.why})" for each in unapproved[:10])
            listed += "; …" if len(unapproved) > 10 else ""
            yield Refusal(
                "incomplete",
                f"Báo cáo của {len(unapproved)} đơn vị chưa được duyệt: {listed}. Nếu vẫn công bố thì thêm"
                " --incomplete.",
            )

    def _refusals_to_restate(self, by: str, reason: str) -> Iterator[Refusal]:
        if not self.editions:
            yield Refusal("not-published", "Báo cáo này chưa được công bố lần nào.")
        if not by.strip():
            yield Refusal("by-missing", "Chưa ghi người công bố lại.")
        if not reason.strip():
            yield Refusal("reason-missing", "Chưa ghi lý do công bố lại.")

    def _refuse(self, change: str, by: str, refusal: Refusal, at: datetime) -> Refusal:
        whose = {"province": self.province, "regime": self.regime, "period": self.period}
        what = {"change": change, "by": by, "rule": refusal.rule, "sentence": refusal.sentence}
        self.trigger_event(self.ChangeRefused, timestamp=at, **whose, **what)
        return refusal

    def _record(self, event: type[Recorded], at: datetime, **what: Any) -> None:
        whose = {"province": self.province, "regime": self.regime, "regime_name": self.regime_name}
        self.trigger_event(event, timestamp=at, period=self.period, **whose, **what)
