"""minhbach indicator: what is measured, and what the indicators mean from which day on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from unicodedata import normalize

import typer

from services.indicators.catalogue import STANDARD, CatalogueErrors, read_catalogue
from services.indicators.domain.definition_rules import KINDS
from services.indicators.domain.refused import DefinitionRefused
from shared.cli import chosen, fail, group, out
from shared.settings import Settings

if TYPE_CHECKING:
    from services.indicators.application import Indicators

indicator_app = group("What is measured, and what the indicators mean.")

Formula = Annotated[str, typer.Option(help="ids of measures that are summed, such as files-resolved,files-pending")]
KnownAt = Annotated[str, typer.Option(help="a day: what was known at its end, in Viet Nam; today when not given")]
Kind = Annotated[str, typer.Option(help="field, measure or indicator")]
Json = Annotated[bool, typer.Option("--json", help="print for programs")]


@indicator_app.command("define")
def define(
    file: Annotated[Path, typer.Argument(help="a catalogue; the standard one when none is given")] = STANDARD,
) -> None:
    """Define, or revise, the fields, measures and indicators of a catalogue file; safe to run again."""
    try:
        entries = read_catalogue(file)
    except CatalogueErrors as wrong:
        fail(wrong.errors)
    with _indicators() as indicators:
        changed = indicators.define_all(entries)
    out.print(f"{len(entries)} definitions read, {changed} of them new or revised.")


@indicator_app.command("revise")
def revise(  # noqa: PLR0917  a command's options
    name: Annotated[str, typer.Argument(help="an indicator's id, such as files-on-time")],
    in_force_from: Annotated[str, typer.Option(help="the first day on which the version is in force")],
    source: Annotated[str, typer.Option(help="the act that says so, with its article")],
    numerator: Formula = "",
    denominator: Formula = "",
    zero: Annotated[str, typer.Option(help="what a zero denominator gives: zero, full or undefined")] = "",
    direction: Annotated[str, typer.Option(help="which is better: higher or lower")] = "",
    title: Annotated[str, typer.Option("--name", help="what reports print")] = "",
) -> None:
    """Put another version of an indicator in force from a day; what is not given stays as it was on that day."""
    said = {
        "source": normalize("NFC", source),
        "name": normalize("NFC", title),
        "numerator": _ids(numerator),
        "denominator": _ids(denominator),
        "zero_denominator": zero,
        "direction": direction,
    }
    with _indicators() as indicators:
        day = _day(in_force_from)
        version, is_new = indicators.revise_indicator(name, {key: what for key, what in said.items() if what}, day)
    if is_new:
        out.print(f"{name}: phiên bản {version}, có hiệu lực từ {_printed(day)}.", markup=False)
    else:
        out.print(f"Không có gì thay đổi: từ {_printed(day)}, {name} đã được quy định như vậy.", markup=False)


@indicator_app.command("list")
def list_definitions(
    known_at: KnownAt = "",
    on: Annotated[str, typer.Option(help="the day whose versions are shown; today when not given")] = "",
    kind: Kind = "indicator",
    as_json: Json = False,
) -> None:
    """The version in force on a day of each indicator, as far as it was known at the end of a day."""
    from services.indicators.cli.listing import print_json, print_list

    chosen(kind, KINDS, "kind")
    with _indicators() as indicators:
        known, day = _day(known_at, indicators), _day(on, indicators)
        found = [(d.name, v) for d in indicators.definitions_known_at(known, kind) if (v := d.in_force_on(day))]
    if as_json:
        print_json(kind, found)
        return
    what = {"field": "lĩnh vực", "measure": "số đo", "indicator": "chỉ số"}[kind]
    out.print(f"{len(found)} {what} có hiệu lực ngày {_printed(day)}, theo sổ đến hết ngày {_printed(known)}:\n")
    print_list(found)


@indicator_app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="an id, such as files-on-time")],
    known_at: KnownAt = "",
    kind: Kind = "indicator",
    as_json: Json = False,
) -> None:
    """Every version of an indicator, a measure or a field, with the day on which it was recorded and its act."""
    from services.indicators.cli.listing import print_json, print_versions

    chosen(kind, KINDS, "kind")
    with _indicators() as indicators:
        known, today = _day(known_at, indicators), _day("", indicators)
        found = indicators.definitions_known_at(known, kind, [name])
    if not found:
        fail(f"no {kind} {name} was defined by the end of {known}; see: minhbach indicator list --kind {kind}")
    if as_json:
        print_json(kind, [(name, version) for version in found[0].versions])
    else:
        print_versions(found[0], today)


@contextmanager
def _indicators() -> "Iterator[Indicators]":
    """Ends the command where the rules say no."""
    from services.indicators.application import Indicators
    from shared.process import open_pool

    settings = Settings.from_env()
    with open_pool(settings, "indicators", size=1) as pool:
        indicators = Indicators(settings, pool)
        try:
            yield indicators
        except DefinitionRefused as refused:
            fail(refused.sentences)
        finally:
            indicators.close()


def _ids(text: str) -> list[str]:
    return [name.strip() for name in text.replace("+", ",").split(",") if name.strip()]


def _day(text: str, indicators: "Indicators | None" = None) -> date:
    from shared.clock import day_of

    try:
        return day_of(indicators.clock()) if indicators and not text else date.fromisoformat(text)
    except ValueError:
        fail(f'"{text}" is not a day; write it as 2025-09-16', 2)


def _printed(day: date) -> str:
    from shared.vietnamese import date_text

    return date_text(day)
