"""minhbach plan: what is asked of whom."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.planning.cli.days import day_in
from services.planning.cli.opened import opened
from shared.cli import fail, group, out
from shared.printing import print_json, print_table

if TYPE_CHECKING:
    from services.planning.comparing import Difference
    from services.planning.plan_file import PlanFile
    from services.planning.read_models import IssuedPlan

Standard = Annotated[
    bool, typer.Option("--standard", help="the province's plan, for all its communes without their own")
]

plan_app = group("Plans: what is asked of whom.")


@plan_app.command("issue")
def issue(
    file: Annotated[Path, typer.Argument(help="a plan file, YAML or JSON")],
    commune: Annotated[str | None, typer.Option(help="the code of the commune, where the file does not tell")] = None,
    issued_on: Annotated[str | None, typer.Option(help="the day of issue, such as 2025-07-15 or 15/7/2025")] = None,
    *,
    standard: Standard = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put a plan in force: a commune's, or with --standard the province's for each commune that has none yet."""
    day = day_in(issued_on) if issued_on else None
    plan = _plan_in(file)
    with opened() as planning:
        issued = planning.issue_plan(plan, day, commune=commune, standard=standard)
    if as_json:
        print_json(issued._asdict())
    elif issued.plans:
        from shared.vietnamese import number

        plans, tasks = number(issued.plans), number(issued.tasks)
        out.print(f"Đã ban hành {plans} kế hoạch với {tasks} nhiệm vụ ({issued.plan_id}).", markup=False)
    else:
        out.print(f"Không có gì thay đổi: {issued.plan_id} đã được ban hành với nội dung này.", markup=False)


@plan_app.command("amend")
def amend(
    file: Annotated[Path, typer.Argument(help="the plan file as it shall be from now on")],
    by: Annotated[str, typer.Option(help="who signs the amendment")],
    reason: Annotated[str, typer.Option(help="why the plan is changed")],
    commune: Annotated[str | None, typer.Option(help="the code of the commune, where the file does not tell")] = None,
    *,
    standard: Standard = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Put another version of a plan in force; tasks that it drops are withdrawn. See it first with: plan diff."""
    plan = _plan_in(file)
    with opened() as planning:
        amended = planning.amend_plan(plan, by=by, reason=reason, commune=commune, standard=standard)
    if as_json:
        print_json(amended._asdict())
        return
    changed = f"{amended.added} nhiệm vụ mới, {amended.revised} thay đổi, {amended.withdrawn} được rút"
    out.print(f"{amended.plan_id} nay là bản {amended.version}: {changed}.", markup=False)


@plan_app.command("close")
def close(
    plan: Annotated[str, typer.Argument(help="a plan's id, such as p-0123456789ab")],
    by: Annotated[str, typer.Option(help="who signs it")],
    reason: Annotated[str, typer.Option(help="why the plan ends")],
) -> None:
    """End a plan: its tasks stay as they stand, and nobody is reminded of them any more."""
    with opened() as planning:
        planning.close_plan(plan, by=by, reason=reason)
    out.print(f"{plan} đã kết thúc.", markup=False)


@plan_app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="a plan file")],
    new: Annotated[Path, typer.Argument(help="the file that shall take its place")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show what an amendment changes: tasks and targets that are new, changed or withdrawn."""
    from dataclasses import asdict

    from services.planning.comparing import differences

    found = differences(_plan_in(old), _plan_in(new))
    if as_json:
        print_json([asdict(difference) for difference in found])
    elif not found:
        out.print("Hai tệp yêu cầu như nhau.", markup=False)
    else:
        for difference in found:
            _show(difference)


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
        (p.plan_id, p.name or f"Tỉnh {p.province}", p.regime, str(p.year), date_text(p.issued_on), _stands(p), _done(p))
        for p in plans
    ]
    columns = ("Mã", "Đơn vị", "Chế độ", "Năm", "Ban hành", "Bản", "Đã xong")
    print_table(columns, rows, fixed=[column for column in columns if column != "Đơn vị"])


def _stands(plan: "IssuedPlan") -> str:
    return "kết thúc" if plan.closed_on else str(plan.version)


def _done(plan: "IssuedPlan") -> str:
    return f"{plan.completed}/{plan.tasks}" if plan.commune else "–"


def _plan_in(file: Path) -> "PlanFile":
    from services.planning.plan_file import PlanErrors, read_plan

    try:
        return read_plan(file)
    except PlanErrors as wrong:
        fail(wrong.errors)


MARKS = {"added": "+", "changed": "~", "withdrawn": "-"}
KINDS = {"plan": "kế hoạch", "task": "nhiệm vụ", "target": "chỉ tiêu"}


def _show(difference: "Difference") -> None:
    places = [str(place) for place in (difference.old_place, difference.new_place) if place]
    where = f" {' → '.join(dict.fromkeys(places))}" if places else ""
    out.print(
        f"{MARKS[difference.how]} {KINDS[difference.what]}{where}: {difference.name}", markup=False, highlight=False
    )
    for change in difference.changes:
        said = f"{_said(change.before)} → {_said(change.after)}"
        out.print(f"    {change.key}: {said}", markup=False, highlight=False)


def _said(value: Any) -> str:
    """A value of the plan format on one line."""
    match value:
        case None:
            return "–"
        case dict():
            return ", ".join(f"{key} {_said(each)}" for key, each in value.items() if each is not None)
        case list():
            return "; ".join(_said(each) for each in value) or "–"
    return " ".join(str(value).split())
