"""The readings, corrections, refusals and definitions of a question, from the events of Indicators."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.reporting.audit import stored_names as names
from services.reporting.audit.packed_items import Packed
from services.reporting.audit.replayed_counts import ReplayedCounts, ReplayedReading, Window
from services.reporting.audit.replayed_definitions import ReplayedDefinitions
from services.reporting.audit.stored_events import StoredEvent
from services.reporting.domain.content.restatement import ReadingCorrected, ReadingLate
from services.reporting.domain.drafts.evidence import ReadByCommune, Reported, refusal_day
from services.reporting.domain.drafts.places import Places
from services.reporting.domain.territory.communes import Commune
from shared.clock import day_of
from shared.periods import half_of


@dataclass
class ReplayedIndicators:
    """The events of Indicators, for the communes and the window of a question, and the days before it since `start`.

    Each version of a reading is kept, packed, by commune and half month. When all are read, one half month at a time is
    unpacked and added up, whatever the number of readings.
    """

    communes: Mapping[str, Commune] = field(default_factory=dict)
    window: Window = (date.min, date.max)
    start: date = date.min
    definitions: ReplayedDefinitions = field(default_factory=ReplayedDefinitions)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    positions: dict[str, int] = field(default_factory=dict)
    last_read: dict[str, int] = field(default_factory=dict)
    _asked: tuple[str, str] = field(init=False)
    _versions: Packed[tuple[str, int]] = field(default_factory=Packed)
    _replaced: Packed[str] = field(default_factory=Packed)
    _late: Packed[str] = field(default_factory=Packed)

    def __post_init__(self) -> None:
        self._asked = self.start.isoformat(), self.window[1].isoformat()

    def take(self, events: Iterable[StoredEvent], day: date, named_on: date | None = None) -> None:
        """Formulas are those in force on a day, names of fields those of another, or of the same."""
        for event in events:
            match event.name:
                case names.DEFINITION_DEFINED | names.DEFINITION_REVISED:
                    self.definitions.take(event.fields, day, named_on or day)
                case names.SUBMISSION_RECEIPTED:
                    self._receipt(event)
                case names.PARKED_BY_INDICATORS:
                    self.park(event)
            self.passed("indicators", event)
        for packed in (self._versions, self._replaced, self._late):
            packed.pack()

    def passed(self, service: str, event: StoredEvent) -> None:
        self.positions[service] = event.position
        if event.name in names.FIELDS:
            self.last_read[service] = event.position

    def park(self, event: StoredEvent) -> None:
        start, until = self.window
        if start <= day_of(event.recorded_at) <= until:
            self.parked[event.fields["commune"]] += 1

    def counts(self, window: Window) -> ReplayedCounts:
        counts = ReplayedCounts(window, self.definitions.stocks)
        halves = half_of(window[0]), half_of(window[1])
        for commune, half in sorted(self._versions):
            if halves[0] <= half <= halves[1]:
                counts.add(self._standing(commune, half))
        return counts

    def reported(self, window: Window) -> Reported:
        """What was reported together, added up when a commune is asked for: all of them take much memory."""
        counts = ReplayedCounts(window, self.definitions.stocks)
        halves = range(half_of(window[0]), half_of(window[1]) + 1)
        places: dict[str, list[int]] = {}
        for commune, half in sorted(self._versions):
            if half in halves:
                places.setdefault(commune, []).append(half)

        def of(commune: str) -> Places:
            standing = (reading for half in places[commune] for reading in self._standing(commune, half))
            return counts.reported(standing).get(commune, Places(()))

        return ReadByCommune(places, of)

    def corrections(self, commune: str) -> Iterator[ReadingCorrected]:
        """Of the readings of a commune, in order."""
        for position, reading_id, version, day, *rest in self._replaced.of(commune):
            yield ReadingCorrected(position, commune, reading_id, version, date.fromisoformat(day), *rest)

    def late(self, commune: str) -> Iterator[ReadingLate]:
        """The readings of a commune that were recorded after their day, in order."""
        for position, reading_id, day, name, values, submission_id, recorded_on in self._late.of(commune):
            days = date.fromisoformat(day), date.fromisoformat(recorded_on)
            yield ReadingLate(position, commune, reading_id, days[0], name, values, submission_id, days[1])

    def _receipt(self, event: StoredEvent) -> None:
        receipt, commune = event.fields, event.fields["commune"]
        if commune in self.communes:
            replaced = (*receipt["corrected"], *receipt["withdrawn"])
            start, until = self._asked
            for reading in (*receipt["recorded"], *replaced):
                if start <= (day := reading["observed_on"]) <= until:
                    version = (reading["reading_id"], day, reading["field"] or "", reading["values"])
                    self._versions.add((commune, half_of(date.fromisoformat(day))), version)
            for each in replaced:
                if start <= each["observed_on"] <= until:
                    self._replaced.add(commune, _replacement(event.position, receipt["submission_id"], each))
            recorded_on = day_of(event.recorded_at).isoformat()
            for each in receipt["recorded"]:
                if start <= each["observed_on"] <= until and each["observed_on"] < recorded_on:
                    self._late.add(commune, _lateness(event.position, receipt["submission_id"], each, recorded_on))
        for item in receipt["refused"]:
            known = item.get("observed_on")
            day = refusal_day(date.fromisoformat(known) if known else None, day_of(event.recorded_at))
            if self.window[0] <= day <= self.window[1]:
                self.refused[commune, item["rule"]] += 1

    def _standing(self, commune: str, half: int) -> Iterator[ReplayedReading]:
        """The readings of a half month after their last events; a withdrawn one has no values."""
        last = {reading_id: version for reading_id, *version in self._versions.of((commune, half))}
        for day, name, values in last.values():
            if values:
                yield ReplayedReading(commune, date.fromisoformat(day), name, values)


def _replacement(position: int, submission_id: str, replaced: dict[str, Any]) -> tuple[Any, ...]:
    names = ("reading_id", "version", "observed_on")
    field, by = replaced["field"] or "", replaced.get("by")
    counts = replaced["before"], replaced["values"]
    return (position, *(replaced[name] for name in names), field, *counts, replaced["reason"], by, submission_id)


def _lateness(position: int, submission_id: str, late: dict[str, Any], recorded_on: str) -> tuple[Any, ...]:
    day, field = late["observed_on"], late["field"] or ""
    return (position, late["reading_id"], day, field, late["values"], submission_id, recorded_on)
