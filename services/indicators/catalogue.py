"""The standard catalogue: fields, measures and indicators as data, from catalogue.yaml or a province's own file."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from unicodedata import normalize

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts import Text
from shared.contracts.indicators import Id

STANDARD = Path(__file__).parent / "catalogue.yaml"


class CatalogueErrors(ValueError):
    """What is wrong with a catalogue file, a sentence each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class Entry(NamedTuple):
    """One definition: what `Indicators.define` takes."""

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


def read_catalogue(path: Path = STANDARD) -> list[Entry]:
    """Every definition in a file, fields and measures before the indicators made of them. CatalogueErrors otherwise."""
    try:
        text = normalize("NFC", path.read_text(encoding="utf-8-sig"))
        catalogue = _Catalogue.model_validate(yaml.safe_load(text))
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        raise CatalogueErrors([f"{path}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors]) from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as unreadable:  # ValueError: such as 2025-13-45
        raise CatalogueErrors([f"{path}: {' '.join(str(unreadable).split())}"]) from None
    entries = list(_entries(catalogue))
    if wrong := [*_repeated(entries), *_unknown_measures(catalogue)]:
        raise CatalogueErrors([f"{path}: {sentence}" for sentence in wrong])
    return entries


def _repeated(entries: list[Entry]) -> Iterator[str]:
    """Each would revise the other again whenever the file is read."""
    for (kind, name), times in Counter((entry.kind, entry.name) for entry in entries).items():
        if times > 1:
            yield f"{kind} {name} is defined {times} times"


def _unknown_measures(catalogue: _Catalogue) -> Iterator[str]:
    known = {measure.measure for measure in catalogue.measures}
    for indicator in catalogue.indicators:
        for measure in (*indicator.numerator, *indicator.denominator):
            if measure not in known:
                yield f"indicator {indicator.indicator} uses the measure {measure}, which is not defined"


def _entries(catalogue: _Catalogue) -> Iterator[Entry]:
    for kind, parts in (
        ("field", catalogue.fields),
        ("measure", catalogue.measures),
        ("indicator", catalogue.indicators),
    ):
        for part in parts:
            definition = part.model_dump(mode="json", exclude={kind, "in_force_from"})
            yield Entry(kind, getattr(part, kind), definition, part.in_force_from)
