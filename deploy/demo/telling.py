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
        "communes until 30/6": told.predecessors,
        "tasks": told.tasks,
        "reported done": ledger.completed,
        "deadlines missed": told.deadlines_missed,
        "readings sent": ledger.sent,
        "recorded": ledger.recorded,
        "refused": ledger.refused,
        "duplicates ignored": ledger.duplicates,
        "messages parked": ledger.parked,
        "corrected, withdrawn": f"{ledger.corrected}, {ledger.withdrawn}",
        "reports submitted": ledger.submitted,
        "with an explanation": ledger.explained,
        "approved, returned": f"{told.approved}, {len(told.returned)}",
        "notices sent": told.notices,
        "mails received": told.mails,
    }
    for name, figure in counted.items():
        facts.add_row(name, figure if isinstance(figure, str) else number(figure))
    out.print(facts)
    first, last = (edition.report for edition in told.editions)
    out.print(_compared(first, last))
    for day, differences in told.replays.items():
        verdict = "agree" if not differences else f"DIFFER in {len(differences)} figures"
        out.print(f"Known at {date_text(day)}: the read models and a replay of the event stores {verdict}.")
    _tell_editions(told)
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


def _tell_editions(told: "Told") -> None:
    first, second = told.editions
    changes = second.changes or {}
    for edition, same in zip(told.editions, told.same_bytes, strict=True):
        day, again = date_text(edition.report.known_at), "the same bytes" if same else "OTHER BYTES"
        out.print(f"Edition {edition.number}, {day}: SHA-256 {edition.content_sha256[:12]}…; computed again: {again}.")
    unapproved = ", ".join(first.report.unapproved or ()) or "none"
    out.print(f"Not approved when edition 1 was published: {unapproved}.")
    moved, corrections = len(changes.get("moved", ())), len(changes.get("corrections", ()))
    out.print(f"Edition 2 restates {moved} figures, by {corrections} corrections and withdrawals.")
    out.print(f"Nothing reported: {', '.join(second.report.not_reported) or 'none'}.")
