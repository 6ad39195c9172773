"""An edition computed again: its own positions, versions and map, from nothing but the event stores."""

from collections.abc import Mapping
from dataclasses import replace

from services.reporting.asking import NothingKnown, Rulebook
from services.reporting.audit.replay import replayed
from services.reporting.audit.stored_events import stored_events
from services.reporting.domain.completion import Said, complete
from services.reporting.domain.composition import Composition
from services.reporting.domain.evidence import Question
from services.reporting.domain.quarterly_report import QuarterlyReport
from shared.clock import end_of
from shared.periods import Period
from shared.settings import Settings


def computed_again(
    settings: Settings, published: QuarterlyReport, rulebook: Rulebook, calendar: str
) -> QuarterlyReport:
    """What the same edition says today. `calendar` is the version of the calendar that was known then.

    Whose reports were approved is taken from the edition: that is Reporting's own history, and no figure depends on it.
    NothingKnown where a version that the edition pins is not among the data files any more, or it pins none.
    """
    if "regime" not in published.pins:
        raise NothingKnown(
            "The edition is from before editions pinned their versions: its content is kept and its hash verified, but"
            " it cannot be computed again."
        )
    question = Question(
        province=published.province,
        period=Period.parse(published.period),
        known_at=published.known_at,
        regime=rulebook.regime_of(published.regime, published.pins["regime"]),
        definitions="now" if published.definitions == "now" else "then",
        map_day=published.map_day,
    )
    evidence = replace(replayed(settings, question, published.positions), positions=published.positions)
    parts = rulebook.pinned_parts(published.pins, _said(settings, question, published.positions))
    again = complete(Composition(evidence).report(), evidence, parts)
    pins = {"calendar": calendar, **again.pins}
    return replace(again, pins=pins, warnings=(), unapproved=published.unapproved)


def _said(settings: Settings, question: Question, positions: Mapping[str, int]) -> dict[str, Said]:
    """What communes said with the reports that they submitted last, up to Reporting's own position."""
    said: dict[str, Said] = {}
    asked = (question.regime.name, question.period.name)
    history = stored_events(settings, "reporting", end_of(question.known_at), positions.get("reporting", 0))
    for event in history:
        if event.name == "reporting.commune-report-submitted" and (event.said["regime"], event.said["period"]) == asked:
            said[event.said["commune"]] = Said(event.said["explanations"], event.said["stated"])
    return said


def differences(published: Mapping[str, object], again: Mapping[str, object]) -> list[str]:
    """The parts of two contents, by their keys, that are not the same."""
    return [key for key in sorted(published.keys() | again.keys()) if published.get(key) != again.get(key)]
