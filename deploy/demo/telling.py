"""What the demonstration tells at its end, in a table that fits 80 columns."""

from typing import TYPE_CHECKING

from rich.table import Table

from services.reporting.domain.quarterly_report import QuarterlyReport
from shared.cli import out
from shared.vietnamese import date_text, number, percent

if TYPE_CHECKING:
    from deploy.demo.quarter import Told

HEADLINES = 6


def tell(told: "Told") -> None:
    ledger = told.ledger
    facts = Table(show_header=False, box=None, padding=(0, 2))
    counted: dict[str, int | str] = {
        "communes": told.communes,
        "tasks": told.tasks,
        "reported done": ledger.completed,
        "deadlines missed": told.deadlines_missed,
        "readings sent": ledger.sent,
        "recorded": ledger.recorded,
        "refused": ledger.refused,
        "duplicates ignored": ledger.duplicates,
        "messages parked": ledger.parked,
        "corrected, withdrawn": f"{ledger.corrected}, {ledger.withdrawn}",
        "notices sent": told.notices,
        "mails received": told.mails,
    }
    for name, figure in counted.items():
        facts.add_row(name, figure if isinstance(figure, str) else number(figure))
    out.print(facts)
    if told.published and told.today:
        out.print(_compared(told.published, told.today))
        out.print(_moved(told.published, told.today))
    for day, differences in told.replays.items():
        verdict = "agree" if not differences else f"DIFFER in {len(differences)} figures"
        out.print(f"Known at {date_text(day)}: the read models and a replay of the event stores {verdict}.")
    edition, digest = told.edition
    out.print(f"Edition {edition} was published on 16/9/2025, SHA-256 {digest[:16]}…")
    out.print("\nFiles:")
    for path in told.files:
        out.print(f"  {path}", markup=False, soft_wrap=True)
    out.print(f"\nTook {told.seconds:.0f} s. Next: open the HTML report; keep a stack running with")
    out.print("  minhbach up")


def _compared(published: QuarterlyReport, today: QuarterlyReport) -> Table:
    table = Table(title="Quý III/2025, Quảng Ngãi", title_justify="left", box=None, padding=(0, 1))
    table.add_column("chỉ tiêu", max_width=34, no_wrap=True)
    for heading in ("giao", "16/9", "30/9", "chưa đạt"):
        table.add_column(heading, justify="right")
    now = {line.indicator: line for line in today.indicators}
    for line in [line for line in published.indicators if line.target][:10]:
        table.add_row(
            line.name,
            line.target_text or "–",
            percent(line.figure.rate),
            percent(now[line.indicator].figure.rate),
            str(len(today.below(line.indicator))),
        )
    return table


def _moved(published: QuarterlyReport, today: QuarterlyReport) -> str:
    moved = sum(
        before.figure != after.figure
        for old, new in zip(published.communes, today.communes, strict=True)
        for before, after in zip(old.indicators, new.indicators, strict=True)
    )
    missing = ", ".join(today.not_reported) or "none"
    return f"Since 16/9/2025 {moved} figures of communes moved (corrections, withdrawals). Not reported: {missing}."
