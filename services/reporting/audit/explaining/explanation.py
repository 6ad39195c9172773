"""An explained figure: what it is made of, down to the stored events, each with its place in its history and its hash.

Counts are None where nothing was reported, which is not zero.
"""

from datetime import date
from decimal import Decimal

from shared.contracts import Message
from shared.contracts.reporting import StoredFact


class ReadingAct(Message):
    """What one submission did to a reading: `act` is recorded, corrected or withdrawn.

    `by` is None where the event names nobody: then the commune alone is known. `by_account` is None where no account
    acted.
    """

    act: str
    by: str | None
    by_account: str | None = None
    reason: str
    values: dict[str, int]
    submission_id: str
    fact: StoredFact


class ExplainedReading(Message):
    """One reading with all acts on it, in order. `values` are its counts today, empty where it is withdrawn."""

    commune: str
    reading_id: str
    observed_on: date
    field: str | None
    field_name: str
    values: dict[str, int]
    acts: tuple[ReadingAct, ...]


class ExplainedMeasure(Message):
    """A measure of the figure. `sides`: numerator, denominator, or both; empty for a cell of a form.

    `total` is what all its readings amount to, whether they are in the rate or not: a flow's sum, a stock's last level.
    """

    measure: str
    name: str
    kind: str
    sides: tuple[str, ...]
    total: int | None
    readings: int


class ExplainedFormula(Message):
    """The version of an indicator in force, and the act that defines it (`source`)."""

    indicator: str
    name: str
    version: int
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    zero_denominator: str
    in_force_from: date
    source: str
    fact: StoredFact


class ExplainedTarget(Message):
    """The target in force, as its plan wrote it. `number` is the plan's, `based_on` the acts that it rests on."""

    text: str
    met: bool | None
    plan_id: str
    title: str
    number: str | None
    based_on: tuple[str, ...]
    in_force_from: date
    fact: StoredFact


class ExplainedUnit(Message):
    """A commune, present or former, whose counts are in the figure.

    `into` are the names of its successors, from `ended_on` by the act `source`.
    """

    commune: str
    code: str
    name: str
    fact: StoredFact
    into: tuple[str, ...] = ()
    ended_on: date | None = None
    source: str | None = None
    ended: StoredFact | None = None


class ExplainedCount(Message):
    """A count of a form's column and its parts: measures of the window, other columns, columns at its opening.

    `origin` is `measure` (then `item` is the measure), `column` or `opening` (then `item` is the column's number).
    """

    origin: str
    item: str
    name: str
    count: int | None
    parts: tuple["ExplainedCount", ...] = ()


class ExplainedCell(Message):
    """A cell of a form; `field` is the row's, `rows` are the rows that a row of totals adds up, by their names."""

    form: str
    title: str
    version: str
    source: str
    field: str
    row: str
    column: int
    heading: str
    count: ExplainedCount | None
    rows: tuple[tuple[str, int | None], ...] = ()


class ExplainedCommune(Message):
    """A commune's part in a province's figure; the numbers are of readings as they count now, and of acts on them."""

    commune: str
    code: str
    name: str
    amounts: tuple[int | None, ...]
    readings: int
    corrected: int
    withdrawn: int


class Explanation(Message):
    """One figure of one period, of a commune or of a province, as known at the end of a day or as an edition has it.

    `item` is an indicator, or `form/field/column`. `amounts` are numerator and denominator, or the one count of a cell:
    computed from the stored events that are listed. `reported` are those of the report; None where an edition does not
    hold this figure. `left_out` are the days of which counts are in no rate, because the other side was not reported.
    A province's figure has `communes` and no readings of its own.
    """

    province: str
    commune: str | None
    code: str | None
    unit: str
    period: str
    period_name: str
    counted_from: date
    counted_until: date
    regime: str
    known_at: date
    edition: int | None
    positions: dict[str, int]
    definitions: str
    map_day: date
    map_version: str
    computation: int
    item: str
    name: str
    amounts: tuple[int | None, ...]
    rate: Decimal | None
    reported: tuple[int | None, ...] | None
    formula: ExplainedFormula | None = None
    cell: ExplainedCell | None = None
    target: ExplainedTarget | None = None
    units: tuple[ExplainedUnit, ...] = ()
    measures: tuple[ExplainedMeasure, ...] = ()
    readings: tuple[ExplainedReading, ...] = ()
    left_out: tuple[date, ...] = ()
    communes: tuple[ExplainedCommune, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the figure of the report is the one that the stored events give."""
        return self.reported is None or self.reported == self.amounts
