"""Prints the summary of a demonstration, in a table that fits 80 columns."""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from rich.table import Table

from deploy.demo.proof import Proof
from deploy.demo.sending import Ledger
from services.reporting.application.published_editions import PublishedEdition
from services.reporting.audit.explaining.explanation import Explanation
from services.reporting.audit.explaining.sections import heading, place_and_hash, sections_of
from services.reporting.audit.explaining.text import verdict
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import Restatement
from services.reporting.rendering.text.coverage import coverage_text
from services.reporting.rendering.text.restated import correction_rows, moved_rows
from shared.cli import out
from shared.periods import Period
from shared.vietnamese import date_text, number, percent

SHOWN_OF_THE_ANNEX = 2  # figures, and corrections
MOST_READINGS = 1000  # of an explained figure, to find the one that was changed most often


@dataclass
class Summary:
    """The results of a demonstration."""

    communes: int = 0
    tasks: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    deadlines_missed: int = 0
    notices: int = 0
    mails: int = 0
    predecessors: int = 0
    returned: list[str] = field(default_factory=list)
    approved: int = 0
    overtaken: int = 0
    editions: list[PublishedEdition] = field(default_factory=list)
    same_bytes: list[bool] = field(default_factory=list)
    replays: dict[date, list[str]] = field(default_factory=dict)
    proof: Proof = field(default_factory=Proof)
    explained: Explanation | None = None
    files: list[Path] = field(default_factory=list)
    seconds: float = 0.0


def print_summary(summary: Summary, kept: Path | None) -> None:
    ledger = summary.ledger
    facts = Table(show_header=False, box=None, padding=(0, 2))
    counted: dict[str, int | str] = {
        "communes": summary.communes,
        "communes until 30/6": summary.predecessors,
        "tasks": summary.tasks,
        "reported done": ledger.completed,
        "deadlines missed": summary.deadlines_missed,
        "readings sent": ledger.sent,
        "recorded": ledger.recorded,
        "refused": ledger.refused,
        "duplicates ignored": ledger.duplicates,
        "messages parked": ledger.parked,
        "corrected, withdrawn": f"{ledger.corrected}, {ledger.withdrawn}",
        "reports submitted": ledger.submitted,
        "with an explanation": ledger.explained,
        "approved, returned": f"{summary.approved}, {len(summary.returned)}",
        "approvals overtaken": summary.overtaken,
        "notices sent": summary.notices,
        "mails received": summary.mails,
    }
    for name, figure in counted.items():
        facts.add_row(name, figure if isinstance(figure, str) else number(figure))
    out.print(facts)
    first, last = (edition.report for edition in summary.editions)
    out.print(_compared(first, last))
    for day, differences in summary.replays.items():
        verdict = "agree" if not differences else f"DIFFER in {len(differences)} figures"
        out.print(f"Known at {date_text(day)}: the read models and a replay of the event stores {verdict}.")
    _print_editions(summary)
    if summary.explained:
        _print_explained(summary.explained)
    _print_proof(summary.proof)
    out.print("\nFiles:")
    for path in summary.files:
        out.print(f"  {path}", markup=False, soft_wrap=True)
    out.print(
        f"\nTook {summary.seconds:.0f} s. Next: open the HTML report; and the pages, with a link for each role, by"
    )
    command = f"minhbach up --data {kept}   (the data of this demonstration)" if kept else "minhbach up"
    out.print(f"  {command}", markup=False)


def _compared(published: ReportContent, today: ReportContent) -> Table:
    title = f"{Period.parse(published.period).vietnamese}, {published.province_name}"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1))
    table.add_column("rate", max_width=24, no_wrap=True)
    days = (f"{day.day}/{day.month}" for day in (published.known_at, today.known_at))
    for column in ("target", *days, "coverage", "below"):
        table.add_column(column, justify="right")
    now = {line.indicator: line for line in today.indicators}
    for line in [line for line in published.indicators if line.target][:10]:
        table.add_row(
            line.name.removeprefix("Tỷ lệ "),
            (line.target_text or "–").replace("Tối thiểu", "≥"),
            percent(line.figure.rate),
            percent(now[line.indicator].figure.rate),
            coverage_text(now[line.indicator], today.layout),
            str(len(today.below(line.indicator))),
        )
    return table


def _print_editions(summary: Summary) -> None:
    first, second = summary.editions
    changes = second.changes
    for edition, same in zip(summary.editions, summary.same_bytes, strict=True):
        day, again = date_text(edition.report.known_at), "the same bytes" if same else "OTHER BYTES"
        out.print(f"Edition {edition.number}, {day}: SHA-256 {edition.content_sha256[:12]}…; computed again: {again}.")
    unapproved = ", ".join(first.report.unapproved or ()) or "none"
    out.print(f"Not approved when edition 1 was published: {unapproved}.")
    moved, corrections = (len(changes.figures), len(changes.corrections)) if changes else (0, 0)
    out.print(f"Edition 2 restates {moved} figures, by {corrections} corrections and withdrawals. From its annex:")
    if second.report.restated:
        _print_annex(second.report.restated)
    out.print(f"Nothing reported: {', '.join(second.report.not_reported) or 'none'}.")


def _print_annex(restated: Restatement) -> None:
    """The first figures that moved and the first corrections, as the annex of the report has them."""
    for unit, figure, before, after, causes in islice(moved_rows(restated), SHOWN_OF_THE_ANNEX):
        out.print(f"  {unit}, {figure}: {before} → {after}; do lần sửa số {causes}", markup=False)
    for place, unit, day, _, counts, by, reason in islice(correction_rows(restated), SHOWN_OF_THE_ANNEX):
        out.print(f"  Lần sửa số {place}, {unit}, {day}: {counts}. {by}: {reason}", markup=False)


def _print_explained(explained: Explanation) -> None:
    """The figure, and the reading behind it that was changed most often, with its events."""
    out.print("\nOne figure of edition 2 explained, from the stored events:")
    out.print(f"  {heading(explained)}. {verdict(explained)}", markup=False)
    entries = [entry for section in sections_of(explained, MOST_READINGS) for entry in section.entries]
    entry = max(entries, key=lambda each: len(each.acts))
    out.print(f"  {entry.text}", markup=False)
    for act, fact in entry.acts:
        out.print(f"    {act}: {place_and_hash(fact)}", markup=False)


def _print_proof(proof: Proof) -> None:
    """What an export and one checkpoint tell, before and after the owner of the database changed a byte."""
    out.print("\nExported, and verified by export/verify.py with nothing but Python:")
    for sentence in proof.right:
        out.print(f"  {sentence}", markup=False)
    out.print(f"\nThen the owner of the database changed one byte of event {proof.position}:")
    for sentence in proof.found:
        out.print(f"  {sentence}", markup=False)
