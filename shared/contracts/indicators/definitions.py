"""Definitions of fields, measures and indicators: set by the province, shown as a catalogue."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import FailFast, Field

from shared.contracts import Command, CommuneQuestion, Event, Id, Message
from shared.contracts.indicators.values import COMMUNES_READERS, Day


class Definition(Message):
    """A field, a measure or an indicator from a day on; `definition` has the parts that its kind has."""

    kind: Literal["field", "measure", "indicator"]
    name: Id
    definition: Annotated[dict[str, Any], Field(max_length=20)]
    in_force_from: Day


class DefineIndicators(Command):
    """The province defines or revises fields, measures and indicators; all of them or none."""

    kind: ClassVar[str] = "definitions"
    roles = ("provincial-officer",)

    definitions: Annotated[tuple[Definition, ...], Field(min_length=1, max_length=500), FailFast()]


class DefinitionEvent(Event):
    """A definition in its `version`, from a day on. `by` defined it, by the account `by_account`.

    `by_account` is null where a name was typed at the province's terminal, `by` where nobody was named.
    """

    version: int
    name: str
    in_force_from: date
    by: str | None = None
    by_account: str | None = None


class FieldDefined(DefinitionEvent):
    """A field (lĩnh vực) of procedures, by which measures can be counted; `name` is printed in forms."""

    subject = "indicators.event.field-defined.v1"

    field: str


class MeasureDefined(DefinitionEvent):
    """A measure. A flow and a survey are summed over a window; of a stock the latest count in the window is taken."""

    subject = "indicators.event.measure-defined.v1"

    measure: str
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool


class IndicatorDefined(DefinitionEvent):
    """A formula over measures: sums of counts over sums of counts, in percent."""

    subject = "indicators.event.indicator-defined.v1"

    indicator: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str


class NamedField(Message):
    """A field of procedures, by its id."""

    field: str
    name: str


class NamedMeasure(Message):
    measure: str
    name: str
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool


class NamedIndicator(Message):
    """`numerator` and `denominator` are the measures whose sums are divided; `source` is the act of the formula."""

    indicator: str
    name: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str


class Catalogue(Message):
    """The definitions that are in force on a day, in the order of their ids."""

    fields: tuple[NamedField, ...]
    measures: tuple[NamedMeasure, ...]
    indicators: tuple[NamedIndicator, ...]


class ShowCatalogue(CommuneQuestion[Catalogue]):
    """What a commune counts on a day, today without one, as known at the end of another in Viet Nam."""

    subject = "indicators.query.catalogue.v1"
    roles = COMMUNES_READERS

    on: Day | None = None
    known_at: Day | None = None
