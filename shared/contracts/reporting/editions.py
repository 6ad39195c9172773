"""Editions of a province's report: published, restated, listed, shown, audited."""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts import Command, Event, Id, Message, ProvinceQuestion
from shared.contracts.indicators import Day
from shared.contracts.reporting.figures import MovedFigure
from shared.contracts.reporting.values import (
    EDITION_READERS,
    PROVINCE_READERS,
    EditionNumber,
    EditionQuestion,
    Explanation,
    OfPeriod,
    PeriodName,
)
from shared.regimes import DEFAULT_REGIME, DEFAULT_REGIME_TITLE


class PublishReport(Command):
    """The province publishes its report as known at the end of a day, today's state without one.

    `incomplete`: also where reports of communes are not approved, which the report then names.
    """

    kind: ClassVar[str] = "publish"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    known_at: Day | None = None
    incomplete: bool = False


class RestateReport(Command):
    """The province publishes another edition, with the reason."""

    kind: ClassVar[str] = "restate"
    roles = ("provincial-officer",)

    regime: Id = DEFAULT_REGIME
    period: PeriodName
    known_at: Day | None = None
    reason: Explanation


class ReportPublished(Event):
    """An edition of the province's report; `content_sha256` is over its canonical JSON.

    `unapproved` are the names of communes whose own report is not approved with these figures; `by` is empty in
    announcements of the time before editions were signed.
    """

    subject = "reporting.event.report-published.v1"

    report_id: str
    province: str
    province_name: str
    period: str
    edition: int
    known_at: date
    content_sha256: str
    headline: tuple[str, ...]
    regime: str = DEFAULT_REGIME
    regime_name: str = DEFAULT_REGIME_TITLE
    unapproved: tuple[str, ...] = ()
    by: str = ""
    by_account: str | None = None


class ReportRestated(Event):
    """Another edition of a published report: how many figures moved, the first of them in words, the reason, by whom.

    `corrections` counts the corrections and withdrawals of readings that it follows from.
    """

    subject = "reporting.event.report-restated.v1"

    report_id: str
    province: str
    province_name: str
    period: str
    regime: str
    regime_name: str
    edition: int
    replaces: int
    known_at: date
    content_sha256: str
    moved: int
    corrections: int
    headline: tuple[str, ...]
    reason: str
    by: str
    by_account: str | None = None


class EditionRow(Message):
    """An edition of a province's report; `content_sha256` is over its canonical JSON.

    `regime_name` is the regime's title in lists, "" where one edition is shown. `by_account` is the account with which
    `by` published it, null where none did.
    """

    regime: str
    period: str
    edition: int
    content_sha256: str
    published_at: datetime
    by: str
    reason: str
    regime_name: str = ""
    by_account: str | None = None


class ListedEditions(Message):
    """`changed_on` are the days on which any edition was published, whatever the day of knowledge."""

    editions: tuple[EditionRow, ...]
    changed_on: tuple[date, ...] = ()


class ListEditions(ProvinceQuestion[ListedEditions]):
    """The editions of a province that were published by the end of a day, of one regime or period or of all."""

    subject = "reporting.query.editions.v1"
    roles = EDITION_READERS

    regime: Id | None = None
    period: PeriodName | None = None
    known_at: Day | None = None


class PublishedEdition(Message):
    """`content` is the canonical JSON as it was published: SHA-256 of its UTF-8 bytes is `content_sha256`."""

    edition: EditionRow
    last: int
    content: str


class ShowEdition(EditionQuestion[PublishedEdition]):
    """One edition, the last one without a number."""

    subject = "reporting.query.edition.v1"


class EditionMoves(Message):
    """What a restatement of today would list: `moved` since an edition, and the readings behind it.

    `readings` are their numbers before and after, `corrections` those of corrections and withdrawals, `late` those of
    readings that came late and replace none. `rewritten`: sections that people write are others.
    """

    edition: int
    moved: tuple[MovedFigure, ...]
    readings: tuple[int, int]
    corrections: int
    late: int
    rewritten: bool


class ListEditionMoves(OfPeriod, ProvinceQuestion[EditionMoves]):
    """What moved since an edition, the last one without a number; nothing is published."""

    subject = "reporting.query.edition-moves.v1"
    roles = PROVINCE_READERS

    edition: EditionNumber | None = None
    known_at: Day | None = None
