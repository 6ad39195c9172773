"""minhbach report publish, restate: the province's report becomes an edition, and another one when figures moved."""

from typing import Annotated

import typer

from services.reporting.commands.opened import (
    FIRST_REGIME,
    AsJson,
    By,
    InRegime,
    KnownAt,
    Province,
    Quarter,
    day_in,
    opened,
    or_refused,
    period_in,
)
from services.reporting.commands.printing import say
from services.reporting.commands.showing import show_changes
from shared.printing import print_json

Incomplete = Annotated[
    bool, typer.Option("--incomplete", help="also without every commune's approval; the report lists them")
]


def publish(
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    known_at: KnownAt = "",
    by: By = "",
    *,
    incomplete: Incomplete = False,
    regime: InRegime = FIRST_REGIME,
) -> None:
    """Publish the province's report as known at a date: edition 1, announced to whoever should know."""
    period = period_in(quarter)
    with opened() as reporting, or_refused():
        edition, digest = reporting.publish_report(
            province, period, day_in(known_at, reporting), by=by, incomplete=incomplete, regime=regime
        )
    say(f"Đã công bố báo cáo {period.vietnamese}, tỉnh {province}, lần {edition}.\nSHA-256 {digest}")


def restate(
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    by: By = ...,  # type: ignore[assignment]
    reason: Annotated[str, typer.Option(help="why the report is published again")] = ...,  # type: ignore[assignment]
    *,
    known_at: KnownAt = "",
    regime: InRegime = FIRST_REGIME,
    as_json: AsJson = False,
) -> None:
    """Publish another edition of a published report, which says what moved, by which correction, by whom and why."""
    period = period_in(quarter)
    with opened() as reporting, or_refused():
        day = day_in(known_at, reporting)
        edition = reporting.restate_report(province, period, day, by=by, reason=reason, regime=regime)
    if as_json:
        changes = edition.changes or {}
        print_json({"edition": edition.number, "content_sha256": edition.content_sha256, **changes})
        return
    say(f"Đã công bố lại báo cáo {period.vietnamese}, tỉnh {province}: lần {edition.number}.")
    say(f"SHA-256 {edition.content_sha256}")
    show_changes(edition)
