"""minhbach schedule: how the words of a schedule are understood."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.days import day_in
from shared.cli import fail, group, out
from shared.printing import print_json

if TYPE_CHECKING:
    from datetime import date

    from services.planning.plan_file import Milestone

schedule_app = group("Schedule phrases.")

LONGEST = 10_000


@schedule_app.callback()
def schedules() -> None:
    """Keeps `read` a command of its own: typer makes a single command the whole program."""


@schedule_app.command("read")
def read(
    phrase: Annotated[str, typer.Argument(help='a schedule as a plan prints it, such as "Quý III năm 2025"')],
    year: Annotated[int, typer.Option(min=2000, max=2100, help="the plan's year")],
    first: Annotated[str | None, typer.Option("--from", help="the plan's first day, where it is not 1 January")] = None,
    last: Annotated[
        str | None, typer.Option("--until", help="the plan's last day, where it is not 31 December")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Read a schedule phrase into milestones, with what a person should look at."""
    from services.planning.phrases.schedules import read_schedule, schedule_in_words

    if len(phrase) > LONGEST:
        fail(f"the phrase has {len(phrase):,} characters; at most {LONGEST:,} are read", 2)
    reading = read_schedule(phrase, year, _span(year, first, last))
    if as_json:
        milestones = [milestone.model_dump(by_alias=True, mode="json") for milestone in reading.milestones]
        print_json({"phrase": phrase, "year": year, "milestones": milestones, "warnings": reading.warnings})
        return
    for milestone in reading.milestones:
        out.print(schedule_in_words([milestone]) + _dates(milestone), markup=False, soft_wrap=True)
    for warning in reading.warnings:
        out.print(f"Lưu ý: {warning}", markup=False, soft_wrap=True)


def _span(year: int, first: str | None, last: str | None) -> "tuple[date, date]":
    from datetime import date

    span = day_in(first) if first else date(year, 1, 1), day_in(last) if last else date(year, 12, 31)
    if span[0] > span[1]:
        fail(f"the plan cannot end on {span[1]} before it begins on {span[0]}", 2)
    return span


def _dates(milestone: "Milestone") -> str:
    """The first and the last day, or the one that is suggested, behind the words."""
    from shared.vietnamese import date_text

    days = [getattr(milestone, name, None) for name in ("from_", "due", "until", "suggestion")]
    named = [date_text(day) for day in days if day]
    return f" [{' – '.join(named)}]" if named else ""
