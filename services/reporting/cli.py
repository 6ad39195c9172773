"""The commands of Reporting: build and publish reports, and audit them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from shared.cli import chosen, err, fail, group, out
from shared.periods import Period
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.application import Reporting

report_app = group("Quarterly reports of a commune or of the province.")
audit_app = group("What was known when, and whether it is still what the event stores say.")

Province = Annotated[str, typer.Option(help="the province's code, such as 51")]
Quarter = Annotated[str, typer.Option(help="the period, such as 2025-Q3")]
KnownAt = Annotated[str, typer.Option(help="a day: what was known at its end, in Viet Nam; today when not given")]
FORMATS = ("html", "docx", "pdf", "xlsx", "json")


@report_app.command("build")
def build(  # noqa: PLR0917  a command's options
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    commune: Annotated[str, typer.Option(help="a commune's code, for its own report")] = "",
    formats: Annotated[str, typer.Option("--format", help="any of html,docx,pdf,xlsx,json")] = ",".join(FORMATS),
    folder: Annotated[Path, typer.Option("--out", help="where the files go")] = Path("out"),
) -> None:
    """Write the report of a period as it was known at a date."""
    wanted = [chosen(name.strip(), FORMATS, "format") for name in formats.split(",")]
    with _reporting() as reporting:
        from services.reporting.application import NothingKnown
        from services.reporting.rendering import render

        try:
            report = reporting.report(province, _period(quarter), _day(known_at, reporting), commune or None)
        except NothingKnown as nothing:
            fail(str(nothing))
    try:
        for path in render(report, wanted, folder):
            out.print(str(path), markup=False, soft_wrap=True)
    except OSError as unwritable:
        fail(f"{folder} cannot be written: {unwritable.strerror}")


@report_app.command("publish")
def publish(province: Province = "51", quarter: Quarter = ..., known_at: KnownAt = "") -> None:  # type: ignore[assignment]
    """Publish the province's report as known at a date: an edition, announced to whoever should know."""
    with _reporting() as reporting:
        from services.reporting.application import NothingKnown

        try:
            edition, digest = reporting.publish_report(province, _period(quarter), _day(known_at, reporting))
        except NothingKnown as nothing:
            fail(str(nothing))
    out.print(f"edition {edition} of {quarter}, province {province}, SHA-256 {digest}", soft_wrap=True)


@audit_app.command("replay")
def replay(
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compute the report again from the event stores alone; exit code 1 when the read models say something else."""
    with _reporting() as reporting:
        from services.reporting.audit.replay import compare, replayed

        day, period = _day(known_at, reporting), _period(quarter)
        again = replayed(Settings.from_env(), province, period, day)
        read = reporting.knowledge.of(province, period, day)
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


@contextmanager
def _reporting() -> "Iterator[Reporting]":
    from services.reporting.application import Reporting
    from shared.process import open_pool

    settings = Settings.from_env()
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        try:
            yield reporting
        finally:
            reporting.close()


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as wrong:
        fail(str(wrong), 2)


def _day(text: str, reporting: "Reporting") -> date:
    from shared.clock import day_of

    try:
        return date.fromisoformat(text) if text else day_of(reporting.clock())
    except ValueError:
        fail(f'"{text}" is not a day; write it as 2025-09-16', 2)
