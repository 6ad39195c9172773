"""The commands of Indicators about what is measured: define it, and list it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from services.indicators.catalogue import STANDARD, CatalogueErrors, read_catalogue
from shared.cli import fail, group, out
from shared.settings import Settings

indicator_app = group("What is measured, and what the indicators mean.")


@indicator_app.command("define")
def define(
    file: Annotated[Path, typer.Argument(help="a catalogue; the standard one when none is given")] = STANDARD,
) -> None:
    """Define, or revise, the fields, measures and indicators of a catalogue file; safe to run again."""
    from services.indicators.application import Indicators
    from shared.process import open_pool

    try:
        entries = read_catalogue(file)
    except CatalogueErrors as wrong:
        fail(wrong.errors)
    settings = Settings.from_env()
    with open_pool(settings, "indicators") as pool:
        indicators = Indicators(settings, pool)
        changed = sum(indicators.define(*entry) for entry in entries)
        indicators.close()
    out.print(f"{len(entries)} definitions read, {changed} of them new or revised.")


@indicator_app.command("list")
def list_indicators(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The indicators in force, with their formulas."""
    from shared.process import open_pool

    with open_pool(Settings.from_env(), "indicators", size=1) as pool, pool.connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT ON (name) name, revision, definition, in_force_from FROM definitions"
            " WHERE kind = 'indicator' ORDER BY name, revision DESC"
        ).fetchall()
    listed = [{"indicator": n, "version": v, **d, "in_force_from": f.isoformat()} for n, v, d, f in rows]
    if as_json:
        print(json.dumps(listed, ensure_ascii=False, indent=2))  # noqa: T201  JSON is for programs: not wrapped
        return
    table = Table("indicator", "v", "name", "formula", box=None)
    for row in listed:
        formula = f"{' + '.join(row['numerator'])} / {' + '.join(row['denominator'])}"
        table.add_row(row["indicator"], str(row["version"]), row["name"], formula)
    out.print(table)
