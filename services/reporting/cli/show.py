"""minhbach report show: an edition, or a commune's report as submitted, from its stored bytes."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import (
    print_edition_changes,
    print_figures,
    print_path,
    print_pins,
    say,
    wanted_formats,
    writing_to,
)
from services.reporting.wording import STATES
from shared.cli.options import DEFAULT_PROVINCE, AsJson, Province, Quarter, Regime
from shared.cli.printing import print_json
from shared.regimes import DEFAULT_REGIME

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from services.reporting.application.published_editions import PublishedEdition
    from services.reporting.domain.content.report_content import ReportContent
    from services.reporting.domain.lifecycle.commune_report import CommuneReport
    from shared.periods import Period


def show(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    commune: Annotated[
        str, typer.Option(help="mã của xã, phường hoặc đặc khu, nếu xem báo cáo đơn vị đã nộp lần cuối")
    ] = "",
    edition: Annotated[int, typer.Option(min=0, help="lần công bố; nếu bỏ trống là lần cuối")] = 0,
    formats: Annotated[str, typer.Option("--format", help="ghi thêm ra tệp: html,docx,xlsx,json, …")] = "",
    folder: Annotated[Path, typer.Option("--out", help="thư mục để ghi tệp")] = Path("out"),
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Xem một lần công bố của tỉnh, hoặc báo cáo đơn vị đã nộp; mã kiểm chứng được kiểm tra trước."""
    wanted = wanted_formats(formats) if formats else []
    shown = None
    with opened() as reporting:
        if commune:
            report, content = _show_submitted(reporting, commune, quarter, regime, as_json)
        else:
            shown = reporting.edition(province, quarter, edition or None, regime=regime)
            report, content = shown.report, shown.content
            _show_edition(shown, as_json)
    if wanted:
        _write(report, content, wanted, folder, shown)


def _show_edition(shown: "PublishedEdition", as_json: bool) -> None:
    report = shown.report
    if as_json:
        print_json(
            {
                "edition": shown.number,
                "last": shown.last,
                "content_sha256": shown.content_sha256,
                "verified": True,
                "published_at": shown.published_at,
                "by": shown.by,
                "reason": shown.reason,
                **_pins(report),
                "unapproved": report.unapproved,
                "changes": shown.changes and json.loads(shown.changes.canonical()),
            }
        )
        return
    say(f"Báo cáo {report.period_name} của {report.province_name}: lần công bố {shown.number}/{shown.last}")
    print_pins(report, shown.content_sha256)
    if report.unapproved:
        say(f"Chưa được duyệt ({len(report.unapproved)}): {'; '.join(report.unapproved)}")
    print_edition_changes(shown)


def _show_submitted(
    reporting: "Reporting", code: str, period: "Period", regime: str, as_json: bool
) -> "tuple[ReportContent, bytes]":
    submitted, report, content = reporting.submitted(code, period, regime=regime)
    changes = reporting.changed_since_submission(code, period, report, regime=regime)
    warnings = reporting.warnings_about(code, period, regime=regime)
    if as_json:
        print_json(
            {
                "state": submitted.state,
                "submission": submitted.submission,
                "submitted_by": submitted.submitted_by,
                "submitted_on": submitted.submitted_on,
                "due_on": submitted.due_on,
                "days_late": submitted.days_late,
                "reviewed_by": submitted.reviewed_by,
                "reason": submitted.reason,
                "stated": submitted.stated,
                "content_sha256": submitted.content_sha256,
                "verified": True,
                **_pins(report),
                "warnings": warnings,
                "broken": [asdict(check) for form in report.forms for check in form.broken],
                "changed_since_submission": [asdict(change) for change in changes],
            }
        )
        return report, content
    _print_state(submitted, report)
    print_pins(report, submitted.content_sha256)
    _print_for_review(report, warnings)
    say(f"Thay đổi từ khi nộp: {len(changes)}")
    print_figures(changes)
    return report, content


def _print_state(submitted: "CommuneReport", report: "ReportContent") -> None:
    from shared.vietnamese import date_text

    say(f"Báo cáo {report.period_name} của {report.commune_name}: {STATES[submitted.state]}")
    late = f", muộn {submitted.days_late} ngày" if submitted.days_late else ""
    say(
        f"Nộp lần {submitted.submission} ngày {date_text(submitted.submitted_on)}, hạn {date_text(submitted.due_on)}"
        f"{late}; người nộp: {submitted.submitted_by}"
    )
    if submitted.reviewed_by:
        say(f"Người xem xét: {submitted.reviewed_by}" + (f". Lý do: {submitted.reason}" if submitted.reason else ""))


def _print_for_review(report: "ReportContent", warnings: list[str]) -> None:
    """The sums that do not add up with their explanations, and the warnings."""
    for check in (check for form in report.forms for check in form.broken):
        say(f"! {check.sentence}\n  Giải trình: {check.explanation or '–'}")
    for warning in warnings:
        say(f"! {warning}")


def _pins(report: "ReportContent") -> dict[str, object]:
    return {
        "known_at": report.known_at,
        "positions": report.positions,
        "definitions": report.definitions,
        "map_day": report.map_day,
        "pins": report.pins,
    }


def _write(
    report: "ReportContent", content: bytes, wanted: list[str], folder: Path, edition: "PublishedEdition | None"
) -> None:
    from services.reporting.rendering import render

    with writing_to(folder):
        for path in render(report, wanted, folder, edition.mark if edition else None):
            if path.suffix == ".json":
                path.write_bytes(content)  # the bytes that were hashed; this version of the program may write others
            print_path(path)
