"""What Indicators does when asked: load, decide, save."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from psycopg_pool import ConnectionPool

from services.indicators.catalogue import Entry
from services.indicators.domain.catalogue import Definition
from services.indicators.domain.refused import DefinitionRefused
from services.indicators.domain.submission import Submission, UnreadableMessage, Verdict
from services.indicators.malformed import told
from services.indicators.read_models import Definitions, Judging, Readings
from shared.clock import day_of, end_of
from shared.contracts import Refused
from shared.contracts import Submission as Sent
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.event_store import MOST_EVENTS_IN_ONE_SAVE, AggregateNotFoundError, EventStore, IntegrityError
from shared.intake import TRIES, Outcome, Submitted, Unreadable, park, parked
from shared.settings import Settings

KINDS: tuple[type[Sent], ...] = (RecordReadings, CorrectReadings, WithdrawReadings)


class Indicators(EventStore):
    name = "indicators"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self._judging = Judging(pool)
        self._readings = Readings(pool)
        self._definitions = Definitions(pool)

    def settle(self, submissions: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """Decide a batch of submissions. Within it, each sees the readings of those before."""
        rules = self._judging.rules()
        standing = self._readings.standing(pair for s in submissions for pair in _readings_of(s))
        outcomes = []
        for submitted in submissions:
            if isinstance(submitted.content, Unreadable):
                outcomes.append(parked(UnreadableMessage, submitted, submitted.content, at))
                continue
            verdict = Verdict(submitted.commune, rules, day_of(at), standing.setdefault(submitted.commune, {}))
            _judge(submitted.content, verdict)
            for malformed in submitted.malformed:
                verdict.refuse_malformed(*told(malformed))
            outcomes.append(self._settled(submitted, verdict, at))
        return outcomes

    def define(self, kind: str, name: str, definition: dict[str, Any], in_force_from: date) -> bool:
        """Define a measure, an indicator or a field, or revise it; False when it was defined so already."""
        return self.define_all([Entry(kind, name, definition, in_force_from)]) == 1

    def define_all(self, entries: Sequence[Entry]) -> int:
        """Define or revise each of them, all or none; how many said something new.

        DefinitionRefused says what the rules do not allow; TimeoutError when others were first again and again.
        """
        for _ in range(TRIES):
            at = self.clock()
            changed = [defined for defined in self._defined(entries, at) if defined.pending_events]
            if len(changed) > MOST_EVENTS_IN_ONE_SAVE:
                raise DefinitionRefused([f"{len(changed)} definitions at once; at most {MOST_EVENTS_IN_ONE_SAVE}"])
            try:
                self.commit(*changed, at=at, statements=[Definitions.row(defined) for defined in changed])
            except IntegrityError:
                continue
            return len(changed)
        raise TimeoutError(f"{TRIES} times another instance was first")

    def revise_indicator(self, name: str, said: Mapping[str, Any], in_force_from: date) -> tuple[int, bool]:
        """A version that says this from a day on, and for the rest what was in force on that day.

        Its number, and whether it is new. DefinitionRefused also for an indicator that there is not.
        """
        try:
            known = cast(Definition, self.repository.get(Definition.create_id("indicator", name)))
        except AggregateNotFoundError:
            there_is_none = f"there is no indicator {name}; define it with: minhbach indicator define FILE"
            raise DefinitionRefused([there_is_none]) from None
        before = known.in_force_on(in_force_from) or known.earliest
        changed = self.define("indicator", name, {**before.definition, **said}, in_force_from)
        return known.revision + changed, changed

    def definitions_known_at(self, day: date, kind: str, names: Sequence[str] | None = None) -> list[Definition]:
        """Definitions of a kind with the versions recorded before a day was over in Viet Nam, by name."""
        wanted = self._definitions.names(kind) if names is None else names
        known = self.known_at([Definition.create_id(kind, name) for name in wanted], end_of(day))
        return sorted(known, key=lambda defined: defined.name)

    def _defined(self, entries: Sequence[Entry], at: datetime) -> list[Definition]:
        measures = {*self._definitions.names("measure"), *(e.name for e in entries if e.kind == "measure")}
        defined, refused = [], []
        for entry in entries:
            try:
                defined.append(self._define(entry, at, measures))
            except DefinitionRefused as wrong:
                refused += wrong.sentences
        if refused:
            raise DefinitionRefused(refused)
        return defined

    def _define(self, entry: Entry, at: datetime, measures: Container[str]) -> Definition:
        try:
            defined = cast(Definition, self.repository.get(Definition.create_id(entry.kind, entry.name)))
        except AggregateNotFoundError:
            return Definition.define(*entry, at, measures=measures)
        defined.revise(entry.definition, entry.in_force_from, at, measures=measures)
        return defined

    def _settled(self, submitted: Submitted, verdict: Verdict, at: datetime) -> Outcome:
        submission = Submission.settle(submitted.submission_id, submitted.kind, verdict, at)
        changes = [*verdict.recorded, *verdict.corrected, *verdict.withdrawn]
        refused = tuple(Refused.model_validate(item) for item in verdict.refused)
        receipt = submitted.receipt(at, verdict.accepted, duplicates=verdict.duplicates, refused=refused)
        kept = park(submitted) if submitted.malformed else []
        return Outcome([submission], [*Readings.rows(submitted.commune, changes), *kept], receipt)


def _judge(content: Sent, verdict: Verdict) -> None:
    match content:
        case RecordReadings(readings=readings):
            for reading in readings:
                verdict.record(reading.reading_id, reading.observed_on, reading.field, reading.values)
        case CorrectReadings(corrections=corrections):
            for correction in corrections:
                verdict.correct(correction.reading_id, correction.values, correction.reason)
        case WithdrawReadings(withdrawals=withdrawals):
            for withdrawal in withdrawals:
                verdict.withdraw(withdrawal.reading_id, withdrawal.reason)


def _readings_of(submitted: Submitted) -> Iterable[tuple[str, str]]:
    match submitted.content:
        case RecordReadings(readings=items):
            return [(submitted.commune, item.reading_id) for item in items]
        case CorrectReadings(corrections=changes):
            return [(submitted.commune, change.reading_id) for change in changes]
        case WithdrawReadings(withdrawals=withdrawals):
            return [(submitted.commune, withdrawal.reading_id) for withdrawal in withdrawals]
    return []
