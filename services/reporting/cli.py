"""The commands of Reporting: build and publish reports, and audit them."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from services.reporting.commands import add_to
from services.reporting.commands.opened import KnownAt, Province, Quarter, day_in, opened, period_in
from shared.cli import chosen, err, fail, group, out
from shared.settings import Settings

report_app = group("Quarterly reports of a commune or of the province.")
audit_app = group("What was known when, and whether it is still what the event stores say.")

FORMATS = ("html", "docx", "xlsx", "json")


@report_app.command("build")
def build(  # noqa: PLR0917  a command's options
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    commune: Annotated[str, typer.Option(help="a commune's code, for its own report")] = "",
    formats: Annotated[str, typer.Option("--format", help="any of html,docx,xlsx,json")] = ",".join(FORMATS),
    folder: Annotated[Path, typer.Option("--out", help="where the files go")] = Path("out"),
) -> None:
    """Write the report of a period as it was known at a date."""
    wanted = [chosen(name.strip(), FORMATS, "format") for name in formats.split(",")]
    with opened() as reporting:
        from services.reporting.application import NothingKnown
        from services.reporting.rendering import render

        try:
            report = reporting.report(province, period_in(quarter), day_in(known_at, reporting), commune or None)
        except NothingKnown as nothing:
            fail(str(nothing))
    try:
        for path in render(report, wanted, folder):
            out.print(str(path), markup=False, soft_wrap=True)
    except OSError as unwritable:
        fail(f"{folder} cannot be written: {unwritable.strerror}")


add_to(report_app)


@audit_app.command("replay")
def replay(
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compute the report again from the event stores alone; exit code 1 when the read models say something else."""
    with opened() as reporting:
        from services.reporting.audit.comparing import compare
        from services.reporting.audit.replay import replayed

        day = day_in(known_at, reporting)
        question = reporting.question(province, period_in(quarter), day)
        again = replayed(Settings.from_env(), question)
        read = reporting.knowledge.of(question)
        differences = compare(read, again)
    if not read.communes and not again.communes:
        fail(f"Nothing was known of province {province} on {day}.")
    if as_json:
        print(json.dumps({"known_at": day.isoformat(), "agree": not differences, "differences": differences}))  # noqa: T201
    elif not differences:
        table = Table("replayed from the event stores", "", box=None)
        for name, number in again.sizes().items():
            table.add_row(name, str(number))
        out.print(table)
        out.print(f"The read models agree with the event stores: {quarter}, province {province}, known at {day}.")
    for difference in differences[:50]:
        err.print(difference, markup=False)
    if differences:
        fail(f"{len(differences)} figures differ between the read models and the event stores.")
