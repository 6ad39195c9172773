"""Computes the evidence of a report a second way: event by event, without SQL sums and without the read models."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.reporting.audit import stored_names as names
from services.reporting.audit.replayed_indicators import ReplayedIndicators
from services.reporting.audit.replayed_plans import ReplayedPlans
from services.reporting.audit.replayed_territory import ReplayedTerritory
from services.reporting.audit.stored_events import Progress, stored_events
from services.reporting.domain.content.versions import FIRST
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.clock import end_of
from shared.settings import Settings


class Replayed(NamedTuple):
    """The evidence of a report, and the replay of Indicators' events behind it.

    `last_read` are the positions of the last events that the auditor reads, by service.
    """

    evidence: Evidence
    indicators: ReplayedIndicators
    last_read: Mapping[str, int]


def replayed(
    settings: Settings,
    question: Question,
    positions: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """The evidence of a report from the event stores alone; of each no further than to a position, where given."""
    return replay_of(settings, question, positions, progress).evidence


def replay_of(
    settings: Settings,
    question: Question,
    positions: Mapping[str, int] | None = None,
    progress: Progress | None = None,
) -> Replayed:
    last = positions or {}
    replay, known_until = (
        ReplayedIndicators(window=question.window, start=question.first_day),
        end_of(question.known_at),
    )
    plans, registered = ReplayedPlans(question.province, question.window[1]), ReplayedTerritory()
    for event in stored_events(settings, "planning", known_until, last.get("planning"), progress):
        registered.take(event.name, event.fields)
        plans.take(event.name, event.fields)
        if event.name == names.PARKED_BY_PLANNING:
            replay.park(event)
        replay.passed("planning", event)
    shown = TerritoryMap(registered.territory, question.shown_on)
    replay.communes = {commune: registered.communes[commune] for commune in question.source_communes(shown)}
    history = stored_events(settings, "indicators", known_until, last.get("indicators"), progress)
    replay.take(history, question.defined_on, question.window[1])
    return Replayed(_evidence(replay, plans, registered, question), replay, replay.last_read)


def _evidence(
    replay: ReplayedIndicators, plans: ReplayedPlans, registered: ReplayedTerritory, question: Question
) -> Evidence:
    now, before = replay.counts(question.window), replay.counts(question.window_before)
    same = question.opening_window == question.window_before
    opening = before if same or not question.by_field else replay.counts(question.opening_window)
    asked = replay.communes
    return Evidence(
        question=question,
        map=TerritoryMap(registered.territory, question.shown_on),
        definitions=list(replay.definitions.in_force.values()),
        targets=plans.targets,
        sums=now.sums,
        previous=before.sums if question.computation == FIRST else {},
        reported=replay.reported(question.window),
        reported_before=replay.reported(question.window_before),
        readings=now.readings,
        tasks=plans.tasks,
        refused={
            (commune, rule): count
            for (commune, rule), count in replay.refused.items()
            if commune in asked or commune not in registered.communes
        },
        parked={commune: count for commune, count in replay.parked.items() if commune in asked},
        positions=replay.positions,
        stocks=replay.definitions.stocks,
        fields=now.by_field if question.by_field else {},
        opening=opening.by_field if question.by_field else {},
        **(_by_field(replay, plans) if question.by_field else {}),
    )


def _by_field(replay: ReplayedIndicators, plans: ReplayedPlans) -> dict[str, Any]:
    return {
        "scoped_targets": plans.scoped_targets,
        "field_names": replay.definitions.field_names,
        "measure_names": replay.definitions.measure_names,
    }
