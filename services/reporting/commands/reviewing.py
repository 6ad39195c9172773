"""minhbach report return, approve: what the province decides of a commune's report."""

from typing import Annotated

import typer

from services.reporting.commands.opened import (
    FIRST_REGIME,
    By,
    Commune,
    InRegime,
    Quarter,
    opened,
    or_refused,
    period_in,
)
from services.reporting.commands.printing import say

Submission = Annotated[
    int | None, typer.Option(min=1, help="the number of the submission that was looked at; the last when not given")
]


def return_(
    commune: Commune,
    quarter: Quarter,
    by: By,
    reason: Annotated[str, typer.Option(help="why the commune shall submit it again")],
    regime: InRegime = FIRST_REGIME,
) -> None:
    """Return a commune's report with a reason; whoever submitted it cannot."""
    period = period_in(quarter)
    with opened() as reporting, or_refused():
        reporting.return_report(commune, period, by=by, reason=reason, regime=regime)
    say(f"Đã trả lại báo cáo {period.vietnamese} của đơn vị {commune}.")


def approve(
    commune: Commune,
    quarter: Quarter,
    by: By,
    submission: Submission = None,
    regime: InRegime = FIRST_REGIME,
) -> None:
    """Approve a commune's report; whoever submitted it cannot."""
    period = period_in(quarter)
    with opened() as reporting, or_refused():
        reporting.approve_report(commune, period, by=by, submission=submission, regime=regime)
    say(f"Đã duyệt báo cáo {period.vietnamese} của đơn vị {commune}.")
