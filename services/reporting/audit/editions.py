"""An edition computed again: its own positions, versions and map, from nothing but the event stores."""

from collections.abc import Mapping
from dataclasses import replace

from services.reporting.asking import Rulebook
from services.reporting.audit.replay import replayed
from services.reporting.domain.completion import complete
from services.reporting.domain.composition import Composition
from services.reporting.domain.evidence import Question
from services.reporting.domain.quarterly_report import QuarterlyReport
from shared.periods import Period
from shared.settings import Settings


def computed_again(
    settings: Settings, published: QuarterlyReport, rulebook: Rulebook, calendar: str
) -> QuarterlyReport:
    """What the same edition says today. `calendar` is the version of the calendar that was known then.

    Whose reports were approved is taken from the edition: that is Reporting's own history, and no figure depends on it.
    NothingKnown where a version that the edition pins is not among the data files any more.
    """
    question = Question(
        province=published.province,
        period=Period.parse(published.period),
        known_at=published.known_at,
        regime=rulebook.regime_of(published.regime, published.pins["regime"]),
        definitions="now" if published.definitions == "now" else "then",
        map_day=published.map_day,
    )
    evidence = replace(replayed(settings, question, published.positions), positions=published.positions)
    again = complete(Composition(evidence).report(), evidence, rulebook.pinned_parts(published.pins))
    pins = {"calendar": calendar, **again.pins}
    return replace(again, pins=pins, warnings=(), unapproved=published.unapproved)


def differences(published: Mapping[str, object], again: Mapping[str, object]) -> list[str]:
    """The parts of two contents, by their keys, that are not the same."""
    return [key for key in sorted(published.keys() | again.keys()) if published.get(key) != again.get(key)]
