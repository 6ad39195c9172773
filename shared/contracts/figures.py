"""A figure with everything that it rests on, and two states of a report with each event that moved a figure.

Counts are None where nothing was reported, which is not zero. `position` is that of the event in its service's history.
"""

from datetime import date, datetime
from decimal import Decimal

from shared.contracts import Message


class FigureSource(Message):
    """The event behind a rule: a formula's definition, or the plan that sets a target."""

    service: str
    position: int
    recorded_on: date


class FigureMeasure(Message):
    """A measure of the formula. `sides` are numerator, denominator or both; `total` counts also what is in no rate."""

    measure: str
    name: str
    kind: str
    sides: tuple[str, ...]
    total: int | None


class FigureFormula(Message):
    """The version in force; `act` is the document that defines it."""

    version: int
    in_force_from: date
    act: str
    zero_denominator: str
    source: FigureSource | None


class FigureTarget(Message):
    """The target in force, as its plan wrote it; `met` is None without a rate."""

    text: str
    met: bool | None
    plan_id: str | None
    source: FigureSource | None


class FigurePart(Message):
    """A commune's part in a province's figure."""

    commune: str
    code: str
    name: str
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    readings: int


class FigureUnit(Message):
    """A commune, present or former, of which counts are in the figure."""

    commune: str
    name: str


class Cause(Message):
    """An event that moved figures, or a rule of the program without one.

    `kind` is late, corrected, withdrawn, new, formula, territory, target or rule; `text` says all of it in Vietnamese.
    `count` is more than 1 for `new` only: readings of days that the earlier state could not know. `reading` is the id
    of a reading, `day` the day that it is about or the first day in force.
    """

    place: int
    kind: str
    text: str
    commune: str
    reading: str | None
    service: str | None
    position: int | None
    recorded_on: date | None
    day: date | None
    submission_id: str | None
    reason: str | None
    by: str | None
    count: int


class FigureBefore(Message):
    """The figure as it was known at the end of an earlier day, and what moved it since; empty where nothing did."""

    known_at: date
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    causes: tuple[Cause, ...]
    causes_in_all: int


class ShownFigure(Message):
    """One figure of a commune, or of a province (`commune` None), as known at a day's end or as an edition has it.

    `counted` is numerator and denominator as the tables give them for that day: of an edition they are compared with
    what was published, if nothing was `recorded_later` in the same day. `changed_on` are the days on which something
    that it can rest on was recorded; `positions` how far each history is known in it; `computation` the version of the
    rules of counting.
    """

    province: str
    commune: str | None
    code: str | None
    unit: str
    indicator: str
    name: str
    regime: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    edition: int | None
    edition_sha256: str | None
    numerator: int | None
    denominator: int | None
    rate: Decimal | None
    rate_before: Decimal | None
    counted: tuple[int | None, int | None]
    recorded_later: bool
    formula: FigureFormula
    target: FigureTarget | None
    measures: tuple[FigureMeasure, ...]
    units: tuple[FigureUnit, ...]
    parts: tuple[FigurePart, ...]
    readings: int
    left_out: tuple[date, ...]
    map_day: date
    map_version: str
    computation: int
    positions: dict[str, int]
    field_names: dict[str, str]
    changed_on: tuple[date, ...]
    before: FigureBefore | None


class ReportState(Message):
    """One of the two states of a comparison: of an edition, or of what was known at the end of a day."""

    edition: int | None
    known_at: date
    readings: int


class ComparedFigure(Message):
    """A figure, or a target (`is_target`), before and after, as printed; `causes` are places in the list of causes."""

    commune: str
    unit: str
    item: str
    name: str
    before: str
    after: str
    is_target: bool
    causes: tuple[int, ...]


class ComparedUnit(Message):
    """How many figures and targets of a commune moved; `commune` is empty for the province."""

    commune: str
    unit: str
    moved: int


class CauseKind(Message):
    """How many events of a kind there were, and how many figures and targets they moved."""

    kind: str
    name: str
    events: int
    moved: int


class ComparedReports(Message):
    """What moved from one state of a report to a later one. The first of the figures and causes are listed."""

    province: str
    commune: str | None
    period: str
    regime: str
    before: ReportState
    after: ReportState
    units: tuple[ComparedUnit, ...]
    kinds: tuple[CauseKind, ...]
    figures: tuple[ComparedFigure, ...]
    figures_in_all: int
    causes: tuple[Cause, ...]
    causes_in_all: int


class ShownSeal(Message):
    """A checkpoint that covers what an edition rests on: `size` events of a service under `root` (base64), signed."""

    service: str
    position: int
    size: int
    root: str
    note: str
    sealed_at: datetime


class ShownInclusion(Message):
    """The proof of RFC 9162 that the event is in the tree of a checkpoint: `hashes` (hex) from its leaf up."""

    position: int
    index: int
    size: int
    leaf: str
    root: str
    hashes: tuple[str, ...]
    holds: bool


class AuditedEdition(Message):
    """An edition examined: its bytes were hashed again, and its content computed again from Reporting's tables.

    `differs` are the parts of the content that come out otherwise; `not_computed` says why it was not computed again.
    `seals` cover the positions on which it rests; `inclusion` is that of its publication, None where not sealed yet.
    """

    regime: str
    period: str
    edition: int
    last: int
    published_at: datetime
    by: str
    reason: str
    known_at: date
    content_sha256: str
    bytes: int
    computed_sha256: str | None
    differs: tuple[str, ...]
    not_computed: str | None
    positions: dict[str, int]
    pins: dict[str, str]
    seals: tuple[ShownSeal, ...]
    inclusion: ShownInclusion | None
