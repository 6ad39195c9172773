"""minhbach plan issue, amend, close and list."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.planning.cli.commanding import commanded, of_province
from services.planning.cli.opening import opened
from shared.cli import err, fail, group, out
from shared.cli.options import AsJson, SignedBy, day_option
from shared.cli.printing import print_json, print_table, wrapped
from shared.cli.sending import OwnCommune

if TYPE_CHECKING:
    from services.planning.application import Planning
    from services.planning.application.plans import AmendmentResult, IssueResult
    from services.planning.plan_file import PlanFile
    from services.planning.read_models import IssuedPlan

Standard = Annotated[
    bool, typer.Option("--standard", help="kế hoạch chung của tỉnh, cho mọi đơn vị không có kế hoạch riêng")
]

MOST_SENT = 900_000  # characters; what the portal may send

plan_app = group("Kế hoạch: giao việc gì, cho ai, đến khi nào.")


@plan_app.command("issue")
def issue(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="tệp kế hoạch, YAML hoặc JSON")],
    commune: Annotated[str | None, typer.Option(help="mã của đơn vị, nếu tệp không ghi")] = None,
    issued_on: Annotated[date | None, day_option(help="ngày ban hành, ví dụ 2025-07-15 hoặc 15/7/2025")] = None,
    *,
    standard: Standard = False,
    by: SignedBy = None,
    as_json: AsJson = False,
) -> None:
    """Ban hành kế hoạch của một đơn vị; với --standard là của tỉnh, cho mỗi đơn vị chưa có kế hoạch."""
    from shared.contracts.planning import IssuePlan

    plan = plan_in(file)
    with opened() as planning:
        scope, fields = _scope(planning, plan, commune, standard=standard), _file(file)
        issued: IssueResult = commanded(planning, scope, IssuePlan, by, **fields, issued_on=issued_on).result
    if as_json:
        print_json(issued._asdict() | {"unassessed": _unassessed(plan)})
    elif issued.plans:
        out.print(_issued(issued), markup=False)
    else:
        out.print(f"Không có gì thay đổi: {issued.plan_id} đã được ban hành với nội dung này.", markup=False)
    _warn_of_unassessed_targets(plan)


@plan_app.command("amend")
def amend(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="tệp kế hoạch với nội dung từ nay")],
    by: Annotated[str, typer.Option(help="người ký việc sửa đổi")],
    reason: Annotated[str, typer.Option(help="lý do sửa đổi")],
    commune: Annotated[str | None, typer.Option(help="mã của đơn vị, nếu tệp không ghi")] = None,
    *,
    standard: Standard = False,
    as_json: AsJson = False,
) -> None:
    """Sửa đổi kế hoạch; nhiệm vụ không còn trong kế hoạch thì được rút. Xem trước bằng: plan diff."""
    from shared.contracts.planning import AmendPlan

    plan = plan_in(file)
    with opened() as planning:
        scope, fields = _scope(planning, plan, commune, standard=standard), _file(file)
        changes = commanded(planning, scope, AmendPlan, by, **fields, reason=reason)
    amended: AmendmentResult = changes.result
    is_changed = bool(changes.new or amended.added or amended.revised or amended.withdrawn)
    _warn_of_unassessed_targets(plan)
    if as_json:
        print_json(amended._asdict() | {"changed": is_changed, "unassessed": _unassessed(plan)})
        return
    if not is_changed:
        out.print(f"Không có gì thay đổi: {amended.plan_id} vẫn là bản {amended.version}.", markup=False)
        return
    changed = f"{amended.added} nhiệm vụ mới, {amended.revised} thay đổi, {amended.withdrawn} được rút"
    out.print(f"{amended.plan_id} nay là bản {amended.version}: {changed}.", markup=False)
    if amended.still_late:
        err.print(
            f"CẢNH BÁO: {amended.still_late} nhiệm vụ quá hạn giữ nguyên thời hạn cũ, dù kế hoạch nay ghi ngày"
            " sau đó; muốn lùi hạn thì Chủ tịch dùng: minhbach task extend",
            markup=False,
        )
    if amended.withdrawn_late:
        err.print(f"CẢNH BÁO: {amended.withdrawn_late} nhiệm vụ được rút khi đã quá hạn.", markup=False)


@plan_app.command("close")
def close(
    plan: Annotated[str, typer.Argument(metavar="MÃ", help="mã kế hoạch, ví dụ p-0123456789ab")],
    by: Annotated[str, typer.Option(help="người ký")],
    reason: Annotated[str, typer.Option(help="lý do kết thúc")],
) -> None:
    """Kết thúc một kế hoạch: nhiệm vụ giữ nguyên tình trạng và không còn được nhắc hạn."""
    from shared.contracts.planning import ClosePlan

    with opened() as planning:
        known = planning.plans.with_id(plan)
        if known is None:
            fail(f"Không có kế hoạch {plan}.")
        scope = known.commune or of_province(known.province)
        commanded(planning, scope, ClosePlan, by, plan_id=plan, reason=reason)
    out.print(f"{plan} đã kết thúc.", markup=False)


@plan_app.command("list")
def list_plans(commune: OwnCommune = None, *, as_json: AsJson = False) -> None:
    """Các kế hoạch đã ban hành, cùng số nhiệm vụ đã xong; ở máy của đơn vị là của đơn vị và của tỉnh."""
    from services.planning.cli.plan_sources import plans_known
    from shared.vietnamese import date_text

    plans = plans_known(commune)
    if as_json:
        print_json([plan._asdict() for plan in plans])
        return
    rows = [
        (
            p.plan_id,
            p.name or f"Tỉnh {p.province}",
            p.regime,
            str(p.year),
            date_text(p.issued_on),
            _state(p),
            _done(p),
        )
        for p in plans
    ]
    columns = ("Mã", "Đơn vị", "Chế độ", "Năm", "Ban hành", "Bản", "Đã xong")
    print_table(columns, rows, fixed=[column for column in columns if column != "Đơn vị"])


def _state(plan: "IssuedPlan") -> str:
    return "kết thúc" if plan.closed_on else str(plan.version)


def _done(plan: "IssuedPlan") -> str:
    return f"{plan.completed}/{plan.tasks}" if plan.commune else "–"


def plan_in(file: Path) -> "PlanFile":
    from services.planning.plan_file import PlanErrors, read_plan

    try:
        return read_plan(file)
    except PlanErrors as wrong:
        fail(wrong.errors)


def _scope(planning: "Planning", plan: "PlanFile", commune: str | None, *, standard: bool) -> str:
    """The province of a standard plan; else the commune of the code, or the one that the file names."""
    head = plan.plan
    if standard and not (commune or head.commune or head.commune_name):
        return of_province(head.province or "")
    return planning.commune_of(plan, commune).commune


def _file(file: Path) -> dict[str, str]:
    """As the message carries it."""
    text = file.read_text("utf-8-sig")
    if len(text) > MOST_SENT:
        fail(f"Tệp kế hoạch dài hơn {MOST_SENT // 1000} nghìn ký tự; hãy chia thành nhiều kế hoạch.")
    return {"file": text, "format": "json" if file.suffix.lower() == ".json" else "yaml"}


def _issued(issued: "IssueResult") -> str:
    """A standard plan is the province's own, and one of each commune."""
    from shared.vietnamese import number

    of = f"kế hoạch chung của tỉnh cho {number(issued.communes)} đơn vị" if issued.communes else "1 kế hoạch"
    return f"Đã ban hành {of} với {number(issued.tasks)} nhiệm vụ ({issued.plan_id})."


def _unassessed(plan: "PlanFile") -> list[dict[str, object]]:
    from services.planning.target_binding import unassessed

    return [each._asdict() for each in unassessed(plan.indicators)]


def _warn_of_unassessed_targets(plan: "PlanFile") -> None:
    """Loud, on standard error: whoever issues a plan can mend its file now, and nobody sees it in a report later."""
    from services.planning.target_binding import unassessed

    if not (found := unassessed(plan.indicators)):
        return
    targets = len({each.place for each in found})
    err.print(f"CẢNH BÁO: {targets}/{len(plan.indicators)} chỉ tiêu không được báo cáo nào đánh giá:", markup=False)
    for each in found:
        for line in wrapped(f"Chỉ tiêu thứ {each.place} “{each.name}” {each.question}."):
            err.print(line, markup=False, highlight=False)
    err.print("Sửa tệp kế hoạch rồi dùng: minhbach plan amend", markup=False)
