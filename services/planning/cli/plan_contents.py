"""minhbach plan show and diff: the plan in force as a plan file, and the differences of two plan files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.plans import plan_app, plan_in
from services.planning.wording import KEYS, KINDS, one_line
from shared.cli import fail, out
from shared.cli.options import AsJson
from shared.cli.printing import print_json
from shared.faults import fault_text

if TYPE_CHECKING:
    from services.planning.plan_file.differences import PlanDifference


@plan_app.command("show")
def show(
    plan: Annotated[str, typer.Argument(metavar="MÃ", help="mã kế hoạch, hoặc mã của đơn vị có kế hoạch đó")],
    out_file: Annotated[Path | None, typer.Option("--out", help="ghi ra tệp mới này")] = None,
    as_json: AsJson = False,
) -> None:
    """Kế hoạch đang có hiệu lực, ở dạng tệp kế hoạch: để so sánh (plan diff), sửa và sửa đổi (plan amend)."""
    from services.planning.cli.plan_sources import plan_known
    from services.planning.documents.draft_writer import yaml_of

    whole = plan_known(plan)
    as_json = as_json or (out_file is not None and out_file.suffix == ".json")
    text = json.dumps(whole, ensure_ascii=False, indent=2) if as_json else yaml_of(whole)
    if out_file is None:
        typer.get_binary_stream("stdout").write(text.rstrip("\n").encode() + b"\n")
        return
    try:
        with out_file.open("xb") as file:
            file.write(text.rstrip("\n").encode() + b"\n")
    except FileExistsError:
        fail(f"{out_file}: Tệp này đã có; hãy chọn tên khác.")
    except OSError as fault:
        fail(f"{out_file}: Không ghi được tệp ({fault_text(fault)}).")
    out.print(f"Đã ghi kế hoạch vào {out_file}.", markup=False)


@plan_app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(metavar="CŨ", help="tệp kế hoạch đang có")],
    new: Annotated[Path, typer.Argument(metavar="MỚI", help="tệp sẽ thay thế")],
    as_json: AsJson = False,
) -> None:
    """Xem sửa đổi làm thay đổi gì: nhiệm vụ và chỉ tiêu mới, thay đổi hoặc được rút."""
    from dataclasses import asdict

    from services.planning.plan_file.differences import differences

    found = differences(plan_in(old), plan_in(new))
    if as_json:
        listed = [asdict(difference) for difference in found]
        print_json(listed)
    elif not found:
        out.print("Hai tệp yêu cầu như nhau.", markup=False)
    else:
        for difference in found:
            _show(difference)


MARKS = {"added": "+", "changed": "~", "withdrawn": "-"}


def _show(difference: "PlanDifference") -> None:
    places = [str(place) for place in (difference.old_place, difference.new_place) if place]
    where = f" {' → '.join(dict.fromkeys(places))}" if places else ""
    out.print(
        f"{MARKS[difference.how]} {KINDS[difference.kind]}{where}: {difference.name}", markup=False, highlight=False
    )
    for change in difference.changes:
        values = f"{one_line(change.before)} → {one_line(change.after)}"
        out.print(f"    {KEYS.get(change.key, change.key)}: {values}", markup=False, highlight=False)
