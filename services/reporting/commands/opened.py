"""Reporting as a command uses it: opened, closed again, and what the rules say no to as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from shared.cli import fail
from shared.periods import Period
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.application import Reporting

Province = Annotated[str, typer.Option(help="the province's code, such as 51")]
Quarter = Annotated[str, typer.Option(help="the period, such as 2025-Q3")]
KnownAt = Annotated[str, typer.Option(help="a day: what was known at its end, in Viet Nam; today when not given")]
InRegime = Annotated[str, typer.Option("--regime", help="the reporting regime")]
Commune = Annotated[str, typer.Option(help="the commune's code")]
By = Annotated[str, typer.Option(help="who does it")]
AsJson = Annotated[bool, typer.Option("--json", help="for another program")]

FIRST_REGIME = "tthc-control"
MOST_ROWS = 40  # of a list of what moved; --json has them all


@contextmanager
def opened() -> "Iterator[Reporting]":
    from services.reporting.application import Reporting
    from shared.process import open_pool

    settings = Settings.from_env()
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        try:
            yield reporting
        finally:
            reporting.close()


@contextmanager
def or_refused() -> Iterator[None]:
    """Exit code 1 for what there is not, what the rules do not allow, and what was altered since it was signed."""
    from services.reporting.asking import NothingKnown
    from services.reporting.domain.refusal import ReportRefused
    from services.reporting.read_models.editions import Altered

    try:
        yield
    except (NothingKnown, ReportRefused, Altered) as no:
        fail(str(no))


def period_in(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as wrong:
        fail(str(wrong), 2)


def day_in(text: str, reporting: "Reporting") -> date:
    from shared.clock import day_of

    try:
        return date.fromisoformat(text) if text else day_of(reporting.clock())
    except ValueError:
        fail(f'"{text}" is not a day; write it as 2025-09-16', 2)
