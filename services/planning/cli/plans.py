"""minhbach plan: what is asked of whom."""

from pathlib import Path
from typing import Annotated

import typer

from services.planning.cli.days import day_in
from services.planning.cli.opened import opened
from services.planning.cli.printing import counted, print_json, print_table
from shared.cli import fail, group, out

plan_app = group("Plans: what is asked of whom.")


@plan_app.command("issue")
def issue(
    file: Annotated[Path, typer.Argument(help="a plan file, YAML or JSON")],
    commune: Annotated[str | None, typer.Option(help="the code of the commune, where the file does not tell")] = None,
    issued_on: Annotated[str | None, typer.Option(help="the day of issue, such as 2025-07-15 or 15/7/2025")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put a plan in force. A province's standard plan also makes one for each commune that has none yet."""
    from services.planning.plan_file import PlanErrors, read_plan

    day = day_in(issued_on) if issued_on else None
    try:
        plan = read_plan(file)
    except PlanErrors as wrong:
        fail(wrong.errors)
    with opened() as planning:
        issued = planning.issue_plan(plan, day, commune=commune)
    if as_json:
        print_json(issued._asdict())
    elif issued.plans:
        plans, tasks = counted(issued.plans, "plan"), counted(issued.tasks, "task")
        out.print(f"{plans} issued with {tasks} ({issued.plan_id}).", markup=False)
    else:
        out.print(f"Nothing to do: {issued.plan_id} was issued with this content before.", markup=False)


@plan_app.command("list")
def list_plans(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """The plans in force, with how many of their tasks are completed."""
    from shared.vietnamese import date_text

    with opened() as planning:
        plans = planning.plans.all()
    if as_json:
        print_json([plan._asdict() for plan in plans])
        return
    rows = [
        (p.plan_id, p.name or f"Province {p.province}", p.regime, str(p.year), date_text(p.issued_on), p.done)
        for p in plans
    ]
    print_table(("Plan", "Of", "Regime", "Year", "Issued", "Tasks done"), rows, fixed=("Plan", "Year", "Issued"))
