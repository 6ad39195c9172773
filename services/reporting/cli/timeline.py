"""minhbach audit timeline: what happened to one thing, in order, with both dates and who did it."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.explain import paragraph
from services.reporting.cli.opening import opened
from services.reporting.cli.printing import say
from shared.cli import fail
from shared.cli.options import AsJson, Regime, period_in
from shared.cli.printing import print_json
from shared.regimes import DEFAULT_REGIME
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.audit.explaining.timeline import Timelines
    from shared.contracts.reporting import Timeline, TimelineEntry

MOST_ENTRIES = 200  # on a terminal; --json has all


def timeline(
    *,
    task: Annotated[str, typer.Option(help="mã nhiệm vụ, như trong minhbach task list")] = "",
    plan: Annotated[str, typer.Option(help="mã kế hoạch, như trong minhbach plan list")] = "",
    report: Annotated[str, typer.Option(help="đơn vị/kỳ: 21211/2025-Q3; báo cáo của tỉnh: 51/2025-Q3")] = "",
    reading: Annotated[str, typer.Option(help="mã số liệu do đơn vị đặt; thêm --commune nếu trùng mã")] = "",
    commune: Annotated[str, typer.Option(help="mã đơn vị: đăng ký, sáp nhập, đổi tên, kế hoạch, báo cáo")] = "",
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Quá trình của một nhiệm vụ, kế hoạch, báo cáo, số liệu hoặc đơn vị: ngày nào, ai làm, ghi sổ lúc nào."""
    if [bool(task), bool(plan), bool(report), bool(reading), bool(commune and not reading)].count(True) != 1:
        fail("Hãy ghi một trong: --task, --plan, --report, --reading (có thể thêm --commune), --commune.", 2)
    code, _, period = report.rpartition("/")
    if report and not code:
        fail(f"“{report}” không phải là một báo cáo; hãy viết đơn vị/kỳ như 21211/2025-Q3 hoặc 51/2025-Q3.", 2)
    wanted = period_in(period) if report else None
    with opened(role="auditor"):
        from services.reporting.audit.explaining.timeline import Timelines

        timelines = Timelines(Settings.from_env())
        of = (task, plan, reading, commune)
        found = timelines.of_report(code, wanted, regime) if wanted else _found(timelines, *of)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _print(found)


def _found(timelines: "Timelines", task: str, plan: str, reading: str, commune: str) -> "Timeline":
    if task:
        return timelines.of_task(task)
    if plan:
        return timelines.of_plan(plan)
    return timelines.of_reading(reading, commune or None) if reading else timelines.of_commune(commune)


def _print(found: "Timeline") -> None:
    from shared.vietnamese import number

    paragraph(found.title)
    shown = found.entries[-MOST_ENTRIES:]
    if left := len(found.entries) - len(shown):
        say(f"… {number(left)} việc trước đó (--json in tất cả).")
    for entry in shown:
        _print_entry(entry)


def _print_entry(entry: "TimelineEntry") -> None:
    from services.reporting.audit.explaining.text import place_text
    from shared.vietnamese import date_text, person_text

    day = f"{date_text(entry.effective_on)}: " if entry.effective_on else ""
    act, *details = entry.sentences
    paragraph(f"{day}{act}", "- ", "  ")
    for detail in details:
        paragraph(detail, "  ", "  ")
    who = (
        f"người thực hiện: {person_text(entry.by, entry.by_account)}"
        if entry.by
        else "sự kiện không ghi người thực hiện"
    )
    sent = f"; bài gửi {entry.submission_id}" if entry.submission_id else ""
    paragraph(f"{who}{sent}", "  ", "  ")
    paragraph(f"ghi sổ {place_text(entry.fact)}, mã băm {entry.fact.leaf}", "  ", "  ")
