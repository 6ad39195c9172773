"""What it costs to explain a figure: of a commune and of a province, an indicator's and a form's cell."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from deploy.embedded.stack import Stack
from services.planning.register import communes_of
from services.reporting.application import Reporting
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.explain import Explanations
from services.reporting.audit.explaining.explanation import Explanation
from services.reporting.domain.refusal import NothingKnown
from shared.periods import Period
from shared.process import open_pool
from tests.bench.store import DAYS, FIRST_DAY, PROVINCE

QUESTIONS = 40


def explained(stack: Stack) -> dict[str, float]:
    """Milliseconds, each question asked once, of another quarter, day, commune and figure."""
    settings, figures = replace(stack.settings("auditor"), role="auditor"), dict[str, float]()
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        explanations = Explanations(settings, reporting, FIRST_DAY + timedelta(days=DAYS))
        dice = Random(9)

        def indicator(wanted: WantedReport) -> Explanation:
            return explanations.of_indicator(wanted, dice.choice(("online-files", "files-on-time", "online-payment")))

        def cell(wanted: WantedReport) -> Explanation:
            row, column = dice.choice(("land", "justice", "total")), dice.choice((3, 5, 7))
            try:
                return explanations.of_cell(wanted, "II.06", f"{row}/{column}")
            except NothingKnown:  # a small store: the commune has sent nothing of this field so far
                return explanations.of_cell(wanted, "II.06", f"total/{column}")

        for name, ask in (("indicator", indicator), ("cell", cell)):
            for unit in ("commune", "province"):
                figures |= {f"explain_{name}_of_a_{unit}_ms_{part}": ms for part, ms in _timed(ask, unit, dice).items()}
        reporting.close()
    return figures


def _timed(ask: Callable[[WantedReport], Explanation], unit: str, dice: Random) -> dict[str, float]:
    communes, times = [entry.code for entry in communes_of(PROVINCE)], []
    for _ in range(QUESTIONS):
        known_at = FIRST_DAY + timedelta(days=dice.randrange(90, DAYS))
        period = _some_quarter(known_at, dice)
        wanted = WantedReport(PROVINCE, period, dice.choice(communes) if unit == "commune" else None, known_at)
        started = time.perf_counter()
        found = ask(wanted)
        times.append((time.perf_counter() - started) * 1000)
        assert found.agrees, found.item
    return {"p50": round(statistics.median(times)), "p95": round(statistics.quantiles(times, n=20)[-1])}


def _some_quarter(known_at: date, dice: Random) -> Period:
    return Period.containing(FIRST_DAY + timedelta(days=dice.randrange((known_at - FIRST_DAY).days)), "quarter")
