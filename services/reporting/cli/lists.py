"""minhbach report list, due: how each commune's report stands, and which reports are due when."""

from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import say
from services.reporting.wording import OUTDATED, STATES
from shared.cli.answers import answered, is_at_a_commune
from shared.cli.options import DEFAULT_PROVINCE, AsJson, Province, Quarter, Regime, day_option, today
from shared.cli.printing import print_json, print_table
from shared.cli.sending import OwnCommune, own_broker
from shared.contracts.reporting import ListReports
from shared.regimes import DEFAULT_REGIME

if TYPE_CHECKING:
    from services.reporting.domain.lifecycle.report_status import ListedReport
    from shared.periods import Period

LEVELS = {"office": "phòng", "commune": "cấp xã", "province": "cấp tỉnh"}


def list_reports(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    commune: OwnCommune = None,
    late: Annotated[bool, typer.Option("--late", help="chỉ đơn vị nộp muộn hoặc đã quá hạn mà chưa nộp")] = False,
    missing: Annotated[
        bool, typer.Option("--missing", help="chỉ đơn vị chưa nộp, hoặc bị trả lại mà chưa nộp lại")
    ] = False,
    below_target: Annotated[bool, typer.Option("--below-target", help="chỉ đơn vị có chỉ tiêu chưa đạt")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="chỉ in số lượng")] = False,
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Trạng thái báo cáo của từng đơn vị, số ngày muộn và số liệu thay đổi từ khi nộp.

    Nhiều điều kiện cùng lúc: đơn vị phải thỏa mãn tất cả. Dòng cuối là số lượng của cả tỉnh. Ở máy của đơn vị: báo
    cáo của chính đơn vị, do máy chủ của tỉnh trả lời.
    """
    from services.reporting.domain.lifecycle.report_status import summary_of

    listed = _listed(province, commune, quarter, regime)
    shown = [
        each
        for each in listed
        if (each.is_late or not late)
        and (each.is_missing or not missing)
        and (each.is_below_target or not below_target)
    ]
    if as_json:
        print_json(asdict(summary_of(listed)) if summary else [asdict(each) for each in shown])
        return
    if not summary:
        print_reports(shown)
    _print_summary(listed)


def _listed(province: str, commune: str | None, period: "Period", regime: str) -> "list[ListedReport]":
    """From the database, or where none is named, Reporting's answer over NATS about the account's own commune."""
    if is_at_a_commune():
        from services.reporting.domain.lifecycle.report_status import ListedReport

        broker, own = own_broker(commune)
        rows = answered(broker, ListReports(commune=own, regime=regime, period=period.name)).answer.reports
        names = {field.name for field in fields(ListedReport)}
        return [ListedReport(**row.model_dump(include=names)) for row in rows]
    with opened() as reporting:
        found = reporting.listed(province, period, regime=regime)
    return [each for each in found if commune in (None, each.commune, each.code)]


def print_reports(shown: "list[ListedReport]") -> None:
    """A row for each; in 80 columns no word of a name or of a state is broken."""
    columns = ("Mã", "Đơn vị", "Trạng thái", "Ngày nộp", "Muộn", "Thay đổi", "Chưa đạt")
    print_table(columns, map(_row, shown), fixed=[each for each in columns if each not in ("Đơn vị", "Trạng thái")])


def _print_summary(listed: "list[ListedReport]") -> None:
    from collections import Counter

    from services.reporting.domain.lifecycle.report_status import summary_of
    from shared.vietnamese import date_text

    counted, states = summary_of(listed), Counter(map(_state, listed))
    say(f"{counted.reports} đơn vị: " + "; ".join(f"{state} {number}" for state, number in states.items()))
    due = {each.due_on for each in listed if each.due_on}
    say("Hạn nộp: " + (", ".join(map(date_text, sorted(due))) or "–"))
    say(f"Chưa nộp {counted.missing}; muộn {counted.late}; có chỉ tiêu chưa đạt {counted.below_target}")


def due(
    on: Annotated[date | None, day_option(help="một ngày; nếu bỏ trống là hôm nay")] = None,
    as_json: AsJson = False,
) -> None:
    """Các báo cáo có hạn nộp gần một ngày, theo chế độ và cấp: hạn vừa qua và hạn sắp tới."""
    from shared.vietnamese import date_text

    with opened() as reporting:
        day = on or today(reporting.clock)
        found = reporting.due_around(day)
    if as_json:
        print_json([each._asdict() for each in found])
        return
    rows = [
        (each.regime, each.period, LEVELS[each.level], date_text(each.due_on), _left((each.due_on - day).days))
        for each in found
    ]
    print_table(("Chế độ", "Kỳ", "Cấp", "Hạn nộp", ""), rows, fixed=("Kỳ", "Cấp", "Hạn nộp", ""))


def _row(each: "ListedReport") -> tuple[str, ...]:
    from shared.vietnamese import date_text

    return (
        each.code,
        each.name,
        _state(each),
        date_text(each.submitted_on),
        f"{each.days_late} ngày" if each.days_late else "",
        str(each.changed) if each.changed else "",
        str(each.missed) if each.missed else "",
    )


def _state(each: "ListedReport") -> str:
    return OUTDATED if each.outdated else STATES[each.state]


def _left(days: int) -> str:
    return f"còn {days} ngày" if days > 0 else "hôm nay" if not days else f"đã qua {-days} ngày"
