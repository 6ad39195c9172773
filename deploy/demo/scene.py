"""The province, the quarter and the days of a demonstration."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.planning.register import communes_of
from shared.cli.options import DEFAULT_PROVINCE
from shared.periods import Period

DEFAULT_PERIOD = Period.parse("2025-Q3")
# Communes of today report since July 2025; the standard plan that is shipped is one of 2025.
PERIODS = ("2025-Q3", "2025-Q4")


class NoScene(ValueError):
    """There is no demonstration of this province or period. The message is for the operator."""


@dataclass(frozen=True)
class Scene:
    province: str = DEFAULT_PROVINCE
    period: Period = DEFAULT_PERIOD

    @classmethod
    def of(cls, province: str, quarter: str) -> "Scene":
        if not communes_of(province):
            raise NoScene(f'"{province}" is no code of a province; codes have two digits, such as 51')
        if quarter not in PERIODS:
            raise NoScene(f"the demonstration plays {' or '.join(PERIODS)}: the plan that it issues is one of 2025")
        return cls(province, Period.parse(quarter))

    @property
    def first(self) -> date:
        """The first day of the quarter, on which the plans are issued."""
        return self.period.window()[0]

    @property
    def counted_until(self) -> date:
        return self.period.window()[1]

    @property
    def published(self) -> date:
        return self.after(2)

    @property
    def last(self) -> date:
        """The day of the restatement."""
        return self.after(16)

    def after(self, days: int) -> date:
        """So many days after the last that the quarter counts; before it where there are fewer than none."""
        return self.counted_until + timedelta(days=days)
