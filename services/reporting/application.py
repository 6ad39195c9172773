"""What Reporting does when asked."""

from datetime import date
from typing import Any, TypedDict, Unpack, cast

from psycopg_pool import ConnectionPool

from services.reporting.domain.composition import Composition
from services.reporting.domain.evidence import Question, Versions
from services.reporting.domain.quarterly_report import IndicatorLine, QuarterlyReport
from services.reporting.domain.report import Report
from services.reporting.read_models import Knowledge
from services.reporting.regimes import regime_on, regimes_in
from services.reporting.rendering.canonical import canonical_json, content_sha256
from shared.event_store import AggregateNotFoundError, EventStore, Statement
from shared.periods import Period
from shared.settings import Settings
from shared.vietnamese import percent


class How(TypedDict, total=False):
    """What may be asked of a report besides whose and when; as in Question."""

    definitions: Versions
    map_day: date | None
    by_field: bool


class Asked(How, total=False):
    regime: str


class NothingKnown(ValueError):
    """There is nothing to report; the message says why."""


class Reporting(EventStore):
    name = "reporting"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self.knowledge = Knowledge(pool)
        self._regimes = regimes_in(settings.env)

    def report(
        self, province: str, period: Period, known_at: date, commune_code: str | None = None, **how: Unpack[Asked]
    ) -> QuarterlyReport:
        """A province's report, or one commune's, as known at the end of a day. NothingKnown says what is missing."""
        evidence = self.knowledge.of(self.question(province, period, known_at, commune_code, **how))
        composition = Composition(evidence)
        if not composition.communes:
            raise NothingKnown(f"Nothing was known of province {evidence.question.province} on {known_at}.")
        return composition.report()

    def question(
        self,
        province: str,
        period: Period,
        known_at: date,
        commune_code: str | None = None,
        *,
        regime: str = "tthc-control",
        **how: Unpack[How],
    ) -> Question:
        """What is asked for, in full. NothingKnown for a commune or regime that there is not."""
        commune = None
        if commune_code is not None:
            found = self.knowledge.commune(commune_code)
            if found is None:
                raise NothingKnown(f"No commune with the code {commune_code} is registered.")
            commune, province = found
        in_force = regime_on(self._regimes, regime, period.window()[1])
        if in_force is None:
            names = ", ".join(sorted({known.name for known in self._regimes}))
            raise NothingKnown(f'There is no regime "{regime}" for {period.name}; there are: {names}.')
        return Question(province, period, known_at, in_force, commune, **how)

    def publish_report(self, province: str, period: Period, known_at: date) -> tuple[int, str]:
        """Publish the province's report as known at a day; the edition and its content's hash."""
        content = self.report(province, period, known_at)
        at, digest = self.clock(), content_sha256(content)
        report = self._report(province, period, at)
        report.publish(
            digest,
            at,
            province_name=content.province_name,
            known_at=known_at,
            positions=content.positions,
            headline=[_headline(line) for line in content.indicators if line.target and line.figure.rate is not None],
        )
        row: Statement = (
            "INSERT INTO editions VALUES (%s, %s, %s)",
            (str(report.id), report.edition, canonical_json(content).decode()),
        )
        self.commit(report, at=at, statements=[row])
        return report.edition, digest

    def _report(self, province: str, period: Period, at: Any) -> Report:
        try:
            return cast(Report, self.repository.get(Report.create_id(province, period.name)))
        except AggregateNotFoundError:
            return Report.open(province, period.name, at)


def _headline(line: IndicatorLine) -> str:
    return f"{line.name}: {percent(line.figure.rate)}"
