"""Prints what the commands of reports share: states, counts, changes of figures, and what an edition pins."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shared.cli import chosen, fail, out
from shared.cli.printing import print_table
from shared.faults import fault_text

if TYPE_CHECKING:
    from services.reporting.application.published_editions import PublishedEdition
    from services.reporting.domain.content.edition_changes import EditionChanges
    from services.reporting.domain.content.report_content import ReportContent
    from services.reporting.domain.content.restatement import FigureChange, ReadingCorrected, ReadingLate

FORMATS = ("html", "docx", "pdf", "xlsx", "json")
MOST_ROWS = 40  # of a list of changed figures; --json has them all


def say(text: str) -> None:
    out.print(text, markup=False, highlight=False)


def print_path(path: Path) -> None:
    out.print(str(path), markup=False, soft_wrap=True)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Ends the command (1) where a folder cannot be written to."""
    try:
        yield
    except OSError as unwritable:
        fail(f"không ghi được vào {folder}: {fault_text(unwritable)}")


def wanted_formats(text: str) -> list[str]:
    """`html,docx` as a list. Ends the command (2) for an unknown format."""
    return [chosen(name.strip(), FORMATS, "định dạng") for name in text.split(",")]


def print_edition_changes(edition: "PublishedEdition") -> None:
    """What a restatement changed, and who restated it."""
    if edition.changes:
        print_changes(edition.changes, signature=f"Người công bố: {edition.by}. Lý do: {edition.reason}")


def print_changes(changes: "EditionChanges", since: str = "", signature: str = "") -> None:
    """The changes since an edition, and the corrections and late readings that caused them."""
    corrections = len(changes.corrections)
    say(f"{len(changes.figures)} số liệu thay đổi{since}, do {corrections} lần đính chính hoặc rút số liệu.")
    before, after = changes.readings
    if before != after:
        say(f"Số bản số liệu: {before} → {after}.")
    if signature:
        say(signature)
    print_figures(changes.figures)
    _print_corrections(changes.corrections)
    _print_late(changes.late)


def print_figures(changes: "Sequence[FigureChange]") -> None:
    """Changed figures: the commune's name, the figure's, and its counts before and after."""
    rows = [
        (each.commune_name or "Toàn tỉnh", each.name, _counts(each.before), _counts(each.after))
        for each in changes[:MOST_ROWS]
    ]
    if rows:
        print_table(("Đơn vị", "Chỉ tiêu", "Trước", "Nay"), rows, fixed=("Trước", "Nay"))
        _print_rest(len(changes))


def _print_corrections(corrections: "Sequence[ReadingCorrected]") -> None:
    rows = [
        (each.commune, each.reading_id, each.submission_id, each.by or "–", each.reason)
        for each in corrections[:MOST_ROWS]
    ]
    if rows:
        print_table(("Đơn vị", "Số liệu", "Lần gửi", "Người sửa", "Lý do"), rows)
        _print_rest(len(corrections))


def _print_late(late: "Sequence[ReadingLate]") -> None:
    from shared.vietnamese import date_text

    rows = [
        (each.commune, each.reading_id, each.submission_id, date_text(each.recorded_on)) for each in late[:MOST_ROWS]
    ]
    if rows:
        print_table(("Đơn vị", "Số liệu gửi muộn", "Lần gửi", "Ngày ghi nhận"), rows)
        _print_rest(len(late))


def print_pins(report: "ReportContent", digest: str) -> None:
    """The hash, and the positions and versions on which a report rests."""
    from services.reporting.domain.stores import store_name
    from services.reporting.rendering.text import sources
    from shared.vietnamese import date_text, number

    say(f"Số liệu chốt đến hết ngày {date_text(report.known_at)}")
    say(f"SHA-256 {digest}\nNội dung đã kiểm tra, đúng với mã kiểm chứng khi ký.")
    positions = "; ".join(f"sổ {store_name(s)} {number(position)}" for s, position in sorted(report.positions.items()))
    say(f"Vị trí sự kiện: {positions or '–'}")
    versions = "; ".join(f"{sources.pin_name(n)} {sources.version(v)}" for n, v in sorted(report.pins.items()))
    day = f"; bản đồ ngày {date_text(report.map_day)}" if report.map_day else ""
    say(f"Phiên bản: {versions or '–'}{day}")


def _print_rest(rows: int) -> None:
    if rows > MOST_ROWS:
        say(f"… và {rows - MOST_ROWS} dòng khác (--json có tất cả).")


def _counts(amounts: Sequence[int | None]) -> str:
    """`67/80`, a count alone, or a dash for a figure without readings."""
    from shared.vietnamese import MISSING, number

    return "/".join(number(amount) for amount in amounts) if amounts else MISSING
