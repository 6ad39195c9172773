"""minhbach report publish, restate: publishes the province's report, and another edition after figures changed."""

import json
from typing import Annotated

import typer

from services.reporting.cli.commanding import of_province
from services.reporting.cli.opening import opened
from services.reporting.cli.printing import print_edition_changes, say
from shared.cli import fail
from shared.cli.options import DEFAULT_PROVINCE, AsJson, By, KnownAt, Province, Quarter, Regime
from shared.cli.printing import print_json
from shared.regimes import DEFAULT_REGIME

Incomplete = Annotated[
    bool, typer.Option("--incomplete", help="công bố cả khi còn đơn vị chưa được duyệt; báo cáo nêu tên các đơn vị đó")
]

# By the rule of a refusal: what to type instead.
REMEDIES = {"published": "Hãy dùng: minhbach report restate", "incomplete": "Nếu vẫn công bố thì thêm --incomplete."}


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
    from services.reporting.domain.refusal import ReportRefused
    from shared.contracts.reporting import PublishReport

    fields = {"regime": regime, "period": quarter.name, "known_at": known_at, "incomplete": incomplete}
    with opened() as reporting:
        try:
            of_province(reporting, province, PublishReport, by, **fields)
        except ReportRefused as refused:
            fail([str(refused), *([REMEDIES[refused.rule]] if refused.rule in REMEDIES else [])])
        edition = reporting.edition(province, quarter, regime=regime)
    say(f"Đã công bố báo cáo {quarter.vietnamese}, tỉnh {province}, lần {edition.number}.")
    say(f"SHA-256 {edition.content_sha256}")


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
    from shared.contracts.reporting import RestateReport

    fields = {"regime": regime, "period": quarter.name, "known_at": known_at, "reason": reason}
    with opened() as reporting:
        of_province(reporting, province, RestateReport, by, **fields)
        edition = reporting.edition(province, quarter, regime=regime)
    if as_json:
        changes = json.loads(edition.changes.canonical()) if edition.changes else {}
        print_json({"edition": edition.number, "content_sha256": edition.content_sha256, **changes})
        return
    say(f"Đã công bố lại báo cáo {quarter.vietnamese}, tỉnh {province}: lần {edition.number}.")
    say(f"SHA-256 {edition.content_sha256}")
    print_edition_changes(edition)
