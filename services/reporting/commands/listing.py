"""minhbach report list, due: how each commune's report stands, and which reports are due when."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.commands.opened import (
    FIRST_REGIME,
    AsJson,
    InRegime,
    Province,
    Quarter,
    day_in,
    opened,
    or_refused,
    period_in,
)
from services.reporting.commands.printing import STATES, say
from shared.printing import print_json, print_table

if TYPE_CHECKING:
    from services.reporting.publishing import Listed

LEVELS = {"office": "phòng", "commune": "cấp xã", "province": "cấp tỉnh"}


def list_reports(
    province: Province = "51",
    quarter: Quarter = ...,  # type: ignore[assignment]
    regime: InRegime = FIRST_REGIME,
    as_json: AsJson = False,
) -> None:
    """How each commune's report stands, how late it is, and how many figures changed since it was submitted."""
    from collections import Counter

    period = period_in(quarter)
    with opened() as reporting, or_refused():
        listed = reporting.listed(province, period, regime=regime)
    if as_json:
        print_json([asdict(each) for each in listed])
        return
    columns = ("Mã", "Đơn vị", "Trạng thái", "Hạn nộp", "Ngày nộp", "Muộn", "Thay đổi")
    print_table(columns, map(_row, listed), fixed=[column for column in columns if column != "Đơn vị"])
    states = Counter(STATES[each.state] for each in listed)
    say("; ".join(f"{state}: {number}" for state, number in states.items()))


def due(
    on: Annotated[str, typer.Option("--on", help="a day; today when not given")] = "",
    as_json: AsJson = False,
) -> None:
    """The reports that are due around a day, by regime and level: the last one before it, and the next."""
    from services.reporting.deadlines import due_around
    from shared.vietnamese import date_text

    with opened() as reporting:
        day = day_in(on, reporting)
        found = due_around(reporting.rulebook.regimes, day, reporting.calendar.known_on(day))
    if as_json:
        print_json([each._asdict() for each in found])
        return
    rows = [
        (each.regime, each.period, LEVELS[each.level], date_text(each.due_on), _left((each.due_on - day).days))
        for each in found
    ]
    print_table(("Chế độ", "Kỳ", "Cấp", "Hạn nộp", ""), rows, fixed=("Kỳ", "Cấp", "Hạn nộp", ""))


def _row(each: "Listed") -> tuple[str, ...]:
    from shared.vietnamese import date_text

    return (
        each.code,
        each.name,
        STATES[each.state],
        date_text(each.due_on),
        date_text(each.submitted_on),
        f"{each.days_late} ngày" if each.days_late else "",
        str(each.changed) if each.changed else "",
    )


def _left(days: int) -> str:
    return f"còn {days} ngày" if days > 0 else "hôm nay" if not days else f"đã qua {-days} ngày"
