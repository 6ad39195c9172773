"""What is printed: a report with the mark of its edition, and what all formats need of it, made once."""

from dataclasses import dataclass
from functools import cached_property

from services.reporting.domain.quarterly_report import QuarterlyReport
from services.reporting.rendering import charts, typesetting
from services.reporting.rendering.canonical import canonical_json, sha256_of
from services.reporting.rendering.charts import Drawing
from services.reporting.rendering.edition import Edition


@dataclass(frozen=True)
class Printing:
    """A report on its way to paper; `edition` is None for a draft."""

    report: QuarterlyReport
    edition: Edition | None = None

    @cached_property
    def canonical(self) -> bytes:
        return canonical_json(self.report)

    @cached_property
    def sha256(self) -> str:
        """The published hash; of a draft the hash of what is printed."""
        return self.edition.sha256 if self.edition else sha256_of(self.canonical)

    @cached_property
    def body_charts(self) -> tuple[Drawing, ...]:
        return charts.of_indicators(self.report)

    @cached_property
    def commune_charts(self) -> tuple[Drawing, ...]:
        """Of a province's communes; none in a commune's report."""
        return charts.of_communes(self.report)

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """Each chart as PNG, by its name: for programmes that show no SVG."""
        return typesetting.pictures((*self.body_charts, *self.commune_charts))
