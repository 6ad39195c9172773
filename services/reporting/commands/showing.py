"""minhbach report show: an edition, or a commune's report as submitted, word for word as it was, for ever."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.reporting.commands.opened import (
    FIRST_REGIME,
    MOST_ROWS,
    AsJson,
    InRegime,
    Province,
    Quarter,
    opened,
    or_refused,
    period_in,
)
from services.reporting.commands.printing import STATES, counts, say
from shared.cli import chosen, fail
from shared.printing import print_json, print_table

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from services.reporting.domain.moves import Move
    from services.reporting.domain.quarterly_report import QuarterlyReport
    from services.reporting.publishing import Edition
    from shared.periods import Period


def show(  # noqa: PLR0917  a command's options
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    commune: Annotated[str, typer.Option(help="a commune's code, for its own report as it was submitted last")] = "",
    edition: Annotated[int, typer.Option(min=0, help="which edition; the last one when not given")] = 0,
    formats: Annotated[str, typer.Option("--format", help="also write it: html,docx,xlsx,json, …")] = "",
    folder: Annotated[Path, typer.Option("--out", help="where the files go")] = Path("out"),
    *,
    regime: InRegime = FIRST_REGIME,
    as_json: AsJson = False,
) -> None:
    """Show an edition of the province's report, or a commune's own as submitted; its hash is verified first."""
    period = period_in(quarter)
    with opened() as reporting, or_refused():
        if commune:
            report, content = _of_commune(reporting, commune, period, regime, as_json)
        else:
            shown = reporting.edition(province, period, edition or None, regime=regime)
            report, content = shown.report, shown.content
            _edition(shown, as_json)
    if formats:
        _write(report, content, formats, folder, None if commune else shown)


def show_changes(edition: "Edition") -> None:
    """What moved since the edition before."""
    changes = edition.changes or {}
    moved, corrections = changes["moved"], changes["corrections"]
    say(f"{len(moved)} số liệu thay đổi, do {len(corrections)} lần đính chính hoặc rút số liệu.")
    before, after = changes["readings"]
    if before != after:
        say(f"Số bản số liệu: {before} → {after}.")
    say(f"Người công bố: {edition.by}. Lý do: {edition.reason}")
    _print_moves([(m["commune_name"], m["name"], m["before"], m["after"]) for m in moved])
    rows = [
        (c["commune"], c["reading_id"], c["submission_id"], c["by"] or "–", c["reason"])
        for c in corrections[:MOST_ROWS]
    ]
    if rows:
        print_table(("Đơn vị", "Số liệu", "Lần gửi", "Người sửa", "Lý do"), rows)
        _others(len(corrections))


def _edition(shown: "Edition", as_json: bool) -> None:
    report = shown.report
    if as_json:
        what = {"edition": shown.number, "last": shown.last, "content_sha256": shown.content_sha256, "verified": True}
        who = {"published_at": shown.published_at, "by": shown.by, "reason": shown.reason}
        print_json({**what, **who, **_pins(report), "unapproved": report.unapproved, "changes": shown.changes})
        return
    say(f"Báo cáo {report.period_name} của {report.province_name}: lần công bố {shown.number}/{shown.last}")
    _print_pins(report, shown.content_sha256)
    if report.unapproved:
        say(f"Chưa được duyệt ({len(report.unapproved)}): {'; '.join(report.unapproved)}")
    if shown.changes:
        show_changes(shown)


def _of_commune(
    reporting: "Reporting", code: str, period: "Period", regime: str, as_json: bool
) -> "tuple[QuarterlyReport, bytes]":
    submitted, report, content = reporting.submitted(code, period, regime=regime)
    moves = reporting.changed_since_submission(code, period, report, regime=regime)
    warnings = reporting.warnings_about(code, period, regime=regime)
    if as_json:
        standing = {
            "state": submitted.state,
            "submission": submitted.submission,
            "submitted_by": submitted.submitted_by,
            "submitted_on": submitted.submitted_on,
            "due_on": submitted.due_on,
            "days_late": submitted.days_late,
            "reviewed_by": submitted.reviewed_by,
            "reason": submitted.reason,
            "stated": submitted.stated,
        }
        pins = {"content_sha256": submitted.content_sha256, "verified": True, **_pins(report)}
        pins["warnings"] = warnings
        pins["broken"] = [asdict(check) for form in report.forms for check in form.broken]
        print_json({**standing, **pins, "changed_since_submission": [asdict(move) for move in moves]})
        return report, content
    _print_standing(submitted, report)
    _print_pins(report, submitted.content_sha256)
    _print_for_review(report, warnings)
    _print_changes_since(moves)
    return report, content


def _print_standing(submitted: Any, report: "QuarterlyReport") -> None:
    from shared.vietnamese import date_text

    say(f"Báo cáo {report.period_name} của {report.commune_name}: {STATES[submitted.state]}")
    late = f", muộn {submitted.days_late} ngày" if submitted.days_late else ""
    say(
        f"Nộp lần {submitted.submission} ngày {date_text(submitted.submitted_on)}, hạn {date_text(submitted.due_on)}"
        f"{late}; người nộp: {submitted.submitted_by}"
    )
    if submitted.reviewed_by:
        say(f"Người xem xét: {submitted.reviewed_by}" + (f". Lý do: {submitted.reason}" if submitted.reason else ""))


def _print_for_review(report: "QuarterlyReport", warnings: list[str]) -> None:
    """What whoever reviews it should look at: sums that do not add up, with what was said to them, and warnings."""
    for check in (check for form in report.forms for check in form.broken):
        say(f"! {check.sentence}\n  Giải trình: {check.explanation or '–'}")
    for warning in warnings:
        say(f"! {warning}")


def _print_changes_since(moves: "list[Move]") -> None:
    say(f"Thay đổi từ khi nộp: {len(moves)}")
    _print_moves([(move.commune_name, move.name, move.before, move.after) for move in moves])


def _print_moves(moves: list[tuple[str, str, Any, Any]]) -> None:
    rows = [(who or "Toàn tỉnh", what, counts(before), counts(after)) for who, what, before, after in moves[:MOST_ROWS]]
    if rows:
        print_table(("Đơn vị", "Chỉ tiêu", "Trước", "Nay"), rows, fixed=("Trước", "Nay"))
        _others(len(moves))


def _others(how_many: int) -> None:
    if how_many > MOST_ROWS:
        say(f"… và {how_many - MOST_ROWS} dòng khác (--json có tất cả).")


def _pins(report: "QuarterlyReport") -> dict[str, Any]:
    return {
        "known_at": report.known_at,
        "positions": report.positions,
        "definitions": report.definitions,
        "map_day": report.map_day,
        "pins": report.pins,
    }


def _print_pins(report: "QuarterlyReport", digest: str) -> None:
    from shared.vietnamese import date_text

    say(f"Số liệu chốt đến hết ngày {date_text(report.known_at)}")
    say(f"SHA-256 {digest}\nNội dung đã kiểm tra, đúng với mã kiểm chứng khi ký.")
    places = ", ".join(f"{service} {position}" for service, position in sorted(report.positions.items()))
    say(f"Vị trí sự kiện: {places or '–'}")
    versions = ", ".join(f"{what} {version}" for what, version in sorted(report.pins.items()))
    day = f"; bản đồ ngày {date_text(report.map_day)}" if report.map_day else ""
    say(f"Phiên bản: {versions or '–'}{day}")


def _write(report: "QuarterlyReport", content: bytes, formats: str, folder: Path, edition: "Edition | None") -> None:
    from services.reporting.rendering import FORMATS, render

    wanted = [chosen(name.strip(), tuple(FORMATS), "format") for name in formats.split(",")]
    try:
        for path in render(report, wanted, folder, edition.mark if edition else None):
            if path.suffix == ".json":
                path.write_bytes(content)  # the very bytes that were hashed, whatever this version would write
            say(str(path))
    except OSError as unwritable:
        fail(f"{folder} cannot be written: {unwritable.strerror}")
