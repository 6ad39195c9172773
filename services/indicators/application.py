"""Defines indicators and decides submissions of readings: load, decide, save."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from psycopg_pool import ConnectionPool
from pydantic import ValidationError

from services.indicators.catalogue import CatalogueEntry
from services.indicators.domain.assessment import Assessment
from services.indicators.domain.definition import Definition
from services.indicators.domain.definition_rules import DefinitionRefused
from services.indicators.domain.reading import ReadingVersion, Refusal, Rules
from services.indicators.domain.submission import Submission
from services.indicators.malformed import refusal_of
from services.indicators.read_models.definitions import Definitions
from services.indicators.read_models.own_names import CommuneNames
from services.indicators.read_models.reading_history import ReadingHistories
from services.indicators.read_models.readings import Readings
from services.indicators.read_models.rules import CurrentRules
from services.indicators.read_models.unusual_counts import UnusualCounts
from shared.clock import day_of, end_of
from shared.contracts import Refused
from shared.contracts.indicators import CorrectReadings, DefineIndicators, RecordReadings, WithdrawReadings
from shared.grants import Actor
from shared.messaging.following.places import CommunePlaces
from shared.messaging.intake.submissions import Outcome, Submitted, park
from shared.record.event_store import MOST_EVENTS_IN_ONE_SAVE, AggregateNotFoundError, EventStore
from shared.regimes_file import reading_windows
from shared.settings import Settings


@dataclass(frozen=True)
class Batch:
    """The basis for deciding the submissions of one batch: the rules, and each commune's readings by id."""

    at: datetime
    rules: Rules
    readings: dict[str, dict[str, ReadingVersion]]

    def assessment(self, commune: str) -> Assessment:
        return Assessment(commune, self.rules, day_of(self.at), self.readings.setdefault(commune, {}))


class Indicators(EventStore):
    name = "indicators"

    def __init__(self, settings: Settings, pool: ConnectionPool) -> None:
        super().__init__(settings)
        self._rules = CurrentRules(pool, reading_windows(settings.env))
        self._readings = Readings(pool)
        self.definitions = Definitions(pool)
        self.reading_histories = ReadingHistories(pool)
        self.unusual_counts = UnusualCounts(self, self.reading_histories)
        self.own_names = CommuneNames(pool)
        self.places = CommunePlaces(pool)

    def batch(self, submissions: Sequence[Submitted], at: datetime) -> "Batch":
        """The rules, and the readings that a batch of submissions names. Each sees the changes of those before it."""
        ids = (pair for submitted in submissions for pair in _readings_of(submitted))
        return Batch(at, self._rules.load(), self._readings.current(ids))

    def closed(self, commune: str, days: Iterable[date]) -> dict[date, Refusal]:
        """Of these days those of which no reading is taken today, each with the reason."""
        rules, today = self._rules.load(), day_of(self.clock())
        found = ((day, rules.closed(commune, day, today)) for day in days)
        return {day: refusal for day, refusal in found if refusal}

    def define(self, kind: str, name: str, definition: dict[str, Any], in_force_from: date) -> bool:
        """Define a measure, an indicator or a field, or revise it; False when it was defined so already."""
        return self.define_all([CatalogueEntry(kind, name, definition, in_force_from)]) == 1

    def decide_definitions(self, content: DefineIndicators, by: Actor | None) -> int:
        """What the province's terminal sends; as the desk decides it (`define_indicators`)."""
        return self.define_all(_entries(content), by)

    def define_all(self, entries: Sequence[CatalogueEntry], by: Actor | None = None) -> int:
        """Define or revise each of them, all or none; the number of those that are new or changed.

        DefinitionRefused where the rules do not allow one; TimeoutError when others were first again and again.
        """

        def attempt(at: datetime) -> int:
            changed = self.changed(entries, at, by)
            self.commit(*changed, at=at, statements=[Definitions.insert(definition) for definition in changed])
            return len(changed)

        return self.decide(attempt)

    def changed(self, entries: Sequence[CatalogueEntry], at: datetime, by: Actor | None = None) -> list[Definition]:
        """The definitions that are new or changed by these; the caller commits them. DefinitionRefused as above."""
        changed = [definition for definition in self._defined(entries, at, by) if definition.pending_events]
        if len(changed) > MOST_EVENTS_IN_ONE_SAVE:
            raise DefinitionRefused([f"{len(changed)} định nghĩa một lần; tối đa là {MOST_EVENTS_IN_ONE_SAVE}"])
        return changed

    def revise_indicator(
        self, name: str, changes: Mapping[str, Any], in_force_from: date, by: Actor | None = None
    ) -> tuple[int, bool]:
        """A version with these changes from a day on; its other parts are those in force on that day.

        Its number, and whether it is new. DefinitionRefused also for an unknown indicator.
        """
        try:
            known = cast(Definition, self.repository.get(Definition.create_id("indicator", name)))
        except AggregateNotFoundError:
            raise DefinitionRefused([f"Chưa có chỉ số {name}; hãy định nghĩa chỉ số trước"]) from None
        before = known.in_force_on(in_force_from) or known.earliest
        entry = CatalogueEntry("indicator", name, {**before.definition, **changes}, in_force_from)
        changed = self.decide_definitions(command_of([entry]), by)
        return known.revision + changed, bool(changed)

    def definitions_known_at(self, day: date, kind: str, names: Sequence[str] | None = None) -> list[Definition]:
        """Definitions of a kind with the versions recorded before a day was over in Viet Nam, by name."""
        wanted = self.definitions.names(kind) if names is None else names
        known = self.known_at([Definition.create_id(kind, name) for name in wanted], end_of(day))
        return sorted(known, key=lambda defined: defined.name)

    def _defined(self, entries: Sequence[CatalogueEntry], at: datetime, by: Actor | None) -> list[Definition]:
        known = {kind: {*self.definitions.names(kind)} for kind in ("measure", *{entry.kind for entry in entries})}
        measures = {*known["measure"], *(e.name for e in entries if e.kind == "measure")}
        defined, refused = [], []
        for entry in entries:
            try:
                defined.append(self._define(entry, at, known[entry.kind], measures, by))
            except DefinitionRefused as wrong:
                refused += wrong.sentences
        if refused:
            raise DefinitionRefused(refused)
        return defined

    def _define(
        self, entry: CatalogueEntry, at: datetime, known: Container[str], measures: Container[str], by: Actor | None
    ) -> Definition:
        if entry.name not in known:
            return Definition.define(*entry, at, measures=measures, by=by)
        defined = cast(Definition, self.repository.get(Definition.create_id(entry.kind, entry.name)))
        defined.revise(entry.definition, entry.in_force_from, at, measures=measures, by=by)
        return defined


def record_readings(batch: Batch, submitted: Submitted) -> Outcome:
    content, assessment = submitted.content, batch.assessment(submitted.commune)
    assert isinstance(content, RecordReadings)
    for reading in content.readings:
        assessment.record(reading.reading_id, reading.observed_on, reading.field, reading.values)
    return _settled(submitted, assessment, batch.at)


def correct_readings(batch: Batch, submitted: Submitted) -> Outcome:
    content, assessment = submitted.content, batch.assessment(submitted.commune)
    assert isinstance(content, CorrectReadings)
    for correction in content.corrections:
        by = submitted.by(correction.by)
        assessment.correct(correction.reading_id, correction.values, correction.reason, by and by.name)
    return _settled(submitted, assessment, batch.at)


def withdraw_readings(batch: Batch, submitted: Submitted) -> Outcome:
    content, assessment = submitted.content, batch.assessment(submitted.commune)
    assert isinstance(content, WithdrawReadings)
    for withdrawal in content.withdrawals:
        by = submitted.by(withdrawal.by)
        assessment.withdraw(withdrawal.reading_id, withdrawal.reason, by and by.name)
    return _settled(submitted, assessment, batch.at)


def define_indicators(indicators: Indicators, submitted: Submitted, at: datetime) -> Outcome:
    """What the province defines through the portal."""
    content = submitted.content
    assert isinstance(content, DefineIndicators)
    entries = _entries(content)
    try:
        changed = indicators.changed(entries, at, submitted.actor)
    except DefinitionRefused as wrong:
        refused = [Refused(item=submitted.kind, rule="definition", sentence=each) for each in wrong.sentences[:100]]
        return Outcome([], [], submitted.receipt(at, 0, refused=refused))
    receipt = submitted.receipt(at, len(changed), duplicates=len(entries) - len(changed))
    return Outcome(changed, [Definitions.insert(each) for each in changed], receipt)


def command_of(entries: Sequence[CatalogueEntry]) -> DefineIndicators:
    """The message by which these are defined. DefinitionRefused where a part of it is none."""
    try:
        return DefineIndicators.model_validate({"definitions": [entry._asdict() for entry in entries]})
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DefinitionRefused([f"Định nghĩa không gửi được ({place}: {first['msg']})"]) from None


def _entries(content: DefineIndicators) -> list[CatalogueEntry]:
    return [CatalogueEntry(e.kind, e.name, e.definition, e.in_force_from) for e in content.definitions]


def _settled(submitted: Submitted, assessment: Assessment, at: datetime) -> Outcome:
    for malformed in submitted.malformed:
        assessment.refuse_malformed(*refusal_of(malformed))
    submission = Submission.settle(submitted.submission_id, submitted.kind, assessment, at, submitted.actor)
    refused = tuple(Refused.model_validate(item) for item in assessment.refused)
    receipt = submitted.receipt(at, assessment.accepted, duplicates=assessment.duplicates, refused=refused)
    kept = park(submitted) if submitted.malformed else []
    receipted = cast(Submission.Receipted, submission.pending_events[0])
    return Outcome([submission], [*Readings.insert(receipted), *kept], receipt)


def _readings_of(submitted: Submitted) -> Iterable[tuple[str, str]]:
    match submitted.content:
        case RecordReadings(readings=items):
            return [(submitted.commune, item.reading_id) for item in items]
        case CorrectReadings(corrections=changes):
            return [(submitted.commune, change.reading_id) for change in changes]
        case WithdrawReadings(withdrawals=withdrawals):
            return [(submitted.commune, withdrawal.reading_id) for withdrawal in withdrawals]
    return []
