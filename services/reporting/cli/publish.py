"""minhbach report publish, restate: publishes the province's report, and another edition after figures changed."""

from typing import Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import print_changes, say
from shared.cli.options import DEFAULT_PROVINCE, AsJson, By, KnownAt, Province, Quarter, Regime, today
from shared.cli.printing import print_json
from shared.regimes import DEFAULT_REGIME

Incomplete = Annotated[
    bool, typer.Option("--incomplete", help="công bố cả khi còn đơn vị chưa được duyệt; báo cáo nêu tên các đơn vị đó")
]

# Put into the sentence of a refusal, by rule: what to type instead.
REMEDIES = {"published": " (minhbach report restate)", "incomplete": " Nếu vẫn công bố thì thêm --incomplete."}


def publish(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    known_at: KnownAt = None,
    by: By = "",
    incomplete: Incomplete = False,
    regime: Regime = DEFAULT_REGIME,
) -> None:
    """Công bố báo cáo của tỉnh theo những gì đã biết đến một ngày: lần công bố 1."""
    with opened() as reporting:
        edition, digest = reporting.publish_report(
            province,
            quarter,
            known_at or today(reporting.clock),
            by=by,
            incomplete=incomplete,
            regime=regime,
            remedies=REMEDIES,
        )
    say(f"Đã công bố báo cáo {quarter.vietnamese}, tỉnh {province}, lần {edition}.\nSHA-256 {digest}")


def restate(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    by: By,
    reason: Annotated[str, typer.Option(help="lý do công bố lại")],
    known_at: KnownAt = None,
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Công bố lại báo cáo đã công bố, kèm số liệu thay đổi, lần đính chính, người công bố và lý do."""
    with opened() as reporting:
        day = known_at or today(reporting.clock)
        edition = reporting.restate_report(province, quarter, day, by=by, reason=reason, regime=regime)
    if as_json:
        changes = edition.changes or {}
        print_json({"edition": edition.number, "content_sha256": edition.content_sha256, **changes})
        return
    say(f"Đã công bố lại báo cáo {quarter.vietnamese}, tỉnh {province}: lần {edition.number}.")
    say(f"SHA-256 {edition.content_sha256}")
    print_changes(edition)
