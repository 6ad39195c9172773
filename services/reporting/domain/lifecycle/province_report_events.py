"""The state of a province's report and its stored events, with the change that each makes."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from services.reporting.domain.content.narrative import SECTIONS, RecordedSection, WrittenSection
from shared.record.aggregate import Created, Recorded, had_no_accounts
from shared.regimes import DEFAULT_REGIME, DEFAULT_REGIME_TITLE


@dataclass(frozen=True)
class EditionRecord:
    """One edition in a report's history: the hash of its content and, of a restatement, the hash of its changes.

    `by` is the person who published it at `at`, by the account `by_account` where one did.
    """

    number: int
    content_sha256: str
    known_at: date
    at: datetime
    by: str = ""
    reason: str = ""
    changes_sha256: str | None = None
    by_account: str | None = None


class EditionFields(TypedDict):
    """The fields that every edition's event has besides the hash of its content; `positions` are by service.

    `pins` are versions by data file: of the regime, the calendar, the map, the forms. `headline` are sentences of the
    announcement.
    """

    province_name: str
    known_at: date
    positions: dict[str, int]
    headline: list[str]
    definitions: str
    map_day: date | None
    pins: dict[str, str]


class RestatedFields(EditionFields):
    """`corrections` is the number of readings corrected since the edition before."""

    unapproved: list[str]
    corrections: int
    changes_sha256: str


class ReportState:
    """`announced` is the last announced reminder: (due date, step). `editions` are in their order.

    `written` are all texts of its written sections, in their order; an empty one takes a section's text away.
    """

    def __init__(self, province: str, period: str, regime: str, regime_name: str) -> None:
        self.province = province
        self.period = period
        self.regime = regime
        self.regime_name = regime_name
        self.announced: tuple[date, int] | None = None
        self.editions: list[EditionRecord] = []
        self.written: list[RecordedSection] = []

    @property
    def narrative(self) -> tuple[WrittenSection, ...]:
        """The last text of each section, in the order of the report."""
        last = {written.section: written for written in self.written}
        return tuple(last[section].printed() for section in SECTIONS if section in last and last[section].text)


class Opened(Created):
    TOPIC = "reporting.report-opened"
    class_version = 2

    province: str
    period: str
    regime: str
    regime_name: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        state.update(regime=DEFAULT_REGIME, regime_name=DEFAULT_REGIME_TITLE)


class Announced(Recorded):
    """A reminder: `step` is the planned days after `due_on`."""

    province: str
    province_name: str
    regime: str
    regime_name: str
    period: str
    due_on: date
    step: int

    def apply(self, aggregate: ReportState) -> None:
        aggregate.announced = (self.due_on, self.step)


class Due(Announced):
    """Before the deadline: `days_left` are the real days."""

    TOPIC = "reporting.report-due"

    days_left: int


class Late(Announced):
    TOPIC = "reporting.report-late"

    days_late: int


class SectionWritten(Recorded):
    """A person wrote a section; `text` is empty where the section's text was taken away."""

    TOPIC = "reporting.report-section-written"
    class_version = 2

    province: str
    regime: str
    period: str
    section: str
    text: str
    by: str
    by_account: str | None
    written_on: date

    upcast_v1_v2 = staticmethod(had_no_accounts)

    def apply(self, aggregate: ReportState) -> None:
        written = RecordedSection(self.section, self.text, self.by, self.written_on, self.by_account)
        aggregate.written.append(written)


class Published(Recorded):
    """Edition 1. `unapproved` are the names of communes whose own report was not approved with these figures."""

    TOPIC = "reporting.report-published"
    class_version = 3

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
    by_account: str | None

    @staticmethod
    def upcast_v1_v2(state: dict[str, object]) -> None:
        # Version 1 had no choice of map or calendar, and did not record who publishes.
        state.update(regime=DEFAULT_REGIME, regime_name=DEFAULT_REGIME_TITLE, definitions="then", map_day=None)
        state.update(pins={}, unapproved=[], by="")

    upcast_v2_v3 = staticmethod(had_no_accounts)

    def apply(self, aggregate: ReportState) -> None:
        edition = EditionRecord(self.edition, self.content_sha256, self.known_at, self.timestamp, self.by)
        aggregate.editions.append(replace(edition, by_account=self.by_account))


class Restated(Recorded):
    """Another edition in place of `replaces`; `moved` is the number of changed figures."""

    TOPIC = "reporting.report-restated"
    class_version = 2

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
    by_account: str | None

    upcast_v1_v2 = staticmethod(had_no_accounts)

    def apply(self, aggregate: ReportState) -> None:
        edition = EditionRecord(self.edition, self.content_sha256, self.known_at, self.timestamp, self.by, self.reason)
        aggregate.editions.append(replace(edition, changes_sha256=self.changes_sha256, by_account=self.by_account))


class ChangeRefused(Recorded):
    TOPIC = "reporting.report-change-refused"
    class_version = 2

    province: str
    regime: str
    period: str
    change: str
    by: str
    by_account: str | None
    rule: str
    sentence: str

    upcast_v1_v2 = staticmethod(had_no_accounts)
