"""Reads a catalogue of fields, measures and indicators, from catalogue.yaml or a province's own file."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.indicators.domain.definition_rules import TITLES, undefined_measures
from services.indicators.malformed import ERRORS
from shared.contracts import Id, Text
from shared.data_file import Problem, UnreadableDataFile, load_data_file

STANDARD = Path(__file__).parent / "catalogue.yaml"


class CatalogueErrors(ValueError):
    """The problems of a catalogue file, a sentence each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class CatalogueEntry(NamedTuple):
    """One definition, with the arguments of `Indicators.define`."""

    kind: str
    name: str
    definition: dict[str, Any]
    in_force_from: date


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    # The first day that the first reporting period of the communes of today can count.
    in_force_from: date = date(2024, 12, 15)


class _Field(_Part):
    field: Id


class _Measure(_Part):
    measure: Id
    kind: Literal["flow", "stock", "survey"]
    unit: Text
    by_field: bool


class _Indicator(_Part):
    indicator: Id
    numerator: Annotated[tuple[Id, ...], Field(min_length=1)]
    denominator: Annotated[tuple[Id, ...], Field(min_length=1)]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: Text


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: tuple[_Field, ...] = ()
    measures: tuple[_Measure, ...] = ()
    indicators: tuple[_Indicator, ...] = ()


def read_catalogue(path: Path = STANDARD) -> list[CatalogueEntry]:
    """Every definition in a file, fields and measures before the indicators made of them. CatalogueErrors otherwise."""
    try:
        catalogue = load_data_file(_Catalogue, path)
    except UnreadableDataFile as unreadable:
        raise CatalogueErrors([f"{path}: {_sentence(problem)}" for problem in unreadable.problems]) from None
    entries = list(_entries(catalogue))
    if problems := [*_repeated(entries), *_undefined(entries)]:
        raise CatalogueErrors([f"{path}: {sentence}" for sentence in problems])
    return entries


def _sentence(problem: Problem) -> str:
    place = f"{problem.place}: " if problem.place else ""
    if problem.error == "unreadable":
        return f"không đọc được ({problem.message})"
    return f"{place}{ERRORS.get(problem.error, 'không đúng dạng quy định')}"


def _repeated(entries: list[CatalogueEntry]) -> Iterator[str]:
    """Each would revise the other again whenever the file is read."""
    for (kind, name), times in Counter((entry.kind, entry.name) for entry in entries).items():
        if times > 1:
            yield f"{TITLES[kind]} {name} được định nghĩa {times} lần"


def _undefined(entries: list[CatalogueEntry]) -> Iterator[str]:
    measures = {entry.name for entry in entries if entry.kind == "measure"}
    for entry in entries:
        if entry.kind == "indicator":
            yield from undefined_measures(entry.name, entry.definition, measures)


def _entries(catalogue: _Catalogue) -> Iterator[CatalogueEntry]:
    for kind, parts in (
        ("field", catalogue.fields),
        ("measure", catalogue.measures),
        ("indicator", catalogue.indicators),
    ):
        for part in parts:
            definition = part.model_dump(mode="json", exclude={kind, "in_force_from"})
            yield CatalogueEntry(kind, getattr(part, kind), definition, part.in_force_from)
