"""The figures of a province's communes as known today; only those of communes whose counts changed are made again."""

from collections import ChainMap
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from services.reporting.application.drafts import Drafts, Figures
from services.reporting.domain.content.report_content import CommuneLine
from services.reporting.domain.regime import Regime
from services.reporting.read_models import Knowledge
from services.reporting.read_models.figure_basis import counts_known, rules_known
from shared.periods import Period, halves_of

MOST_AGAIN = 12  # communes by themselves; more are made with their whole province, in less time
MOST_KEPT = 8  # periods of provinces, some megabytes each


@dataclass(frozen=True)
class CommuneFigures:
    """By commune its line of the province's report and its figures, with the cells of its own forms.

    `sources` are the communes whose counts it has; `rules` and `counts` are the positions on which all rest.
    """

    lines: dict[str, CommuneLine]
    figures: dict[str, Figures]
    sources: Mapping[str, frozenset[str]]
    rules: Hashable
    counts: Mapping[str, int]

    def changed(self, counts: Mapping[str, int]) -> list[str]:
        """The communes that have other counts now."""
        others = {each for each in {**self.counts, **counts} if self.counts.get(each) != counts.get(each)}
        return [commune for commune, own in self.sources.items() if own & others] if others else []


class CurrentFigures:
    def __init__(self, knowledge: Knowledge, drafts: Drafts) -> None:
        self._knowledge = knowledge
        self._drafts = drafts
        self._lock = Lock()  # whoever comes second waits for the figures of the first
        self._kept: dict[Hashable, CommuneFigures] = {}

    def of(self, regime: Regime, province: str, period: Period, today: date) -> CommuneFigures:
        """NothingKnown where the province has no communes."""
        asked, key = (regime, province, period, today), (regime.name, province, period)
        with self._lock:
            kept = self._kept.pop(key, None)
            rules, counts = self._basis(regime, period, today)
            if kept and kept.rules == rules and len(changed := kept.changed(counts)) <= MOST_AGAIN:
                with self._drafts.in_one_snapshot() as drafts:
                    again = [drafts.figures_of_communes(*asked, commune) for commune in changed]
                found = replace(
                    kept,
                    lines=dict(ChainMap(*(lines for lines, _, _ in again), kept.lines)),
                    figures=dict(ChainMap(*(figures for _, figures, _ in again), kept.figures)),
                    counts=counts,
                )
            else:
                found = CommuneFigures(*self._drafts.figures_of_communes(*asked), rules, counts)
            self._kept[key] = found
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            return found

    def _basis(self, regime: Regime, period: Period, today: date) -> tuple[Hashable, Mapping[str, int]]:
        """Read before the figures: they may rest on more than these positions, never on less."""
        halves = halves_of((regime.window(period.quarter_before())[0], regime.window(period)[1]))
        calendar = self._drafts.calendar.known_on(today).version
        with self._knowledge.connection() as connection:
            return (today, calendar, rules_known(connection)), counts_known(connection, halves)
