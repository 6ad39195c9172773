"""The commands of Reporting: build and publish reports, and audit them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from services.reporting.commands import add_to
from services.reporting.commands.opened import (
    FIRST_REGIME,
    InRegime,
    KnownAt,
    Province,
    Quarter,
    day_in,
    opened,
    or_refused,
    period_in,
)
from shared.cli import chosen, err, fail, group, out
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from services.reporting.publishing import Edition

report_app = group("Quarterly reports of a commune or of the province.")
audit_app = group("What was known when, and whether it is still what the event stores say.")

FORMATS = ("html", "docx", "pdf", "xlsx", "json")
VERSIONS = ("then", "now")


@report_app.command("build")
def build(  # noqa: PLR0917  a command's options
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    commune: Annotated[str, typer.Option(help="a commune's code, for its own report")] = "",
    regime: InRegime = FIRST_REGIME,
    definitions: Annotated[str, typer.Option(help="then: the period's formulas; now: those of the day asked")] = "then",
    map_day: Annotated[str, typer.Option("--map", help="show the communes of this day; else of the last day")] = "",
    answers: Annotated[Path | None, typer.Option(help="answers to a scorecard's criteria that nobody counts")] = None,
    formats: Annotated[str, typer.Option("--format", help=f"any of {','.join(FORMATS)}")] = ",".join(FORMATS),
    folder: Annotated[Path, typer.Option("--out", help="where the files go")] = Path("out"),
) -> None:
    """Write the report of a period as it was known at a date."""
    wanted = [chosen(name.strip(), FORMATS, "format") for name in formats.split(",")]
    with opened() as reporting:
        from services.reporting.rendering import render
        from services.reporting.scorecards.answers import read_answers

        try:
            report = reporting.report(
                province,
                period_in(quarter),
                day_in(known_at, reporting),
                commune or None,
                regime=regime,
                definitions="now" if chosen(definitions, VERSIONS, "choice of formulas") == "now" else "then",
                map_day=day_in(map_day, reporting) if map_day else None,
                answers=read_answers(answers) if answers else {},
            )
        except ValueError as wrong:  # nothing known, or answers that are none
            fail(str(wrong))
    try:
        for path in render(report, wanted, folder):
            out.print(str(path), markup=False, soft_wrap=True)
    except OSError as unwritable:
        fail(f"{folder} cannot be written: {unwritable.strerror}")


add_to(report_app)


@audit_app.command("replay")
def replay(  # noqa: PLR0917  a command's options
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    edition: Annotated[int, typer.Option(min=0, help="compute this published edition again instead")] = 0,
    regime: InRegime = FIRST_REGIME,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Compute the report again from the event stores alone; exit code 1 when the read models say something else.

    With --edition: exit code 1 when the same edition computed again has another content than the published one.
    """
    with opened() as reporting, or_refused():
        if edition:
            _replay_edition(reporting, reporting.edition(province, period_in(quarter), edition, regime=regime), as_json)
            return
        from services.reporting.audit.comparing import compare
        from services.reporting.audit.replay import replayed

        day = day_in(known_at, reporting)
        question = reporting.question(province, period_in(quarter), day, regime=regime)
        again = replayed(Settings.from_env(), question)
        read = reporting.knowledge.of(question)
        found = compare(read, again)
    if not read.communes and not again.communes:
        fail(f"Nothing was known of province {province} on {day}.")
    if as_json:
        print(json.dumps({"known_at": day.isoformat(), "agree": not found, "differences": found}))  # noqa: T201
    elif not found:
        table = Table("replayed from the event stores", "", box=None)
        for name, number in again.sizes().items():
            table.add_row(name, str(number))
        out.print(table)
        out.print(f"The read models agree with the event stores: {quarter}, province {province}, known at {day}.")
    for difference in found[:50]:
        err.print(difference, markup=False)
    if found:
        fail(f"{len(found)} figures differ between the read models and the event stores.")


def _replay_edition(reporting: "Reporting", published: "Edition", as_json: bool) -> None:
    from services.reporting.audit.editions import computed_again, differences
    from services.reporting.rendering.canonical import canonical_json, content_sha256

    calendar = reporting.calendar.known_on(published.report.known_at).version
    again = computed_again(Settings.from_env(), published.report, reporting.rulebook, calendar)
    digest, which = content_sha256(again), f"Edition {published.number} of {published.report.period}"
    found = differences(json.loads(published.content), json.loads(canonical_json(again)))
    if as_json:
        said = {"edition": published.number, "published": published.content_sha256, "computed": digest}
        print(json.dumps(said | {"agree": not found, "differences": found}))  # noqa: T201  for programs
    elif not found:
        out.print(f"{which}, computed again from the event stores, has the same bytes. SHA-256 {digest}")
    if found:
        fail(f"{which}, computed again, is not what was published; it differs in: {', '.join(found)}.")
