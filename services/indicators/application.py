"""What Indicators does when asked: load, decide, save."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast

from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from services.indicators.domain.catalogue import Definition
from services.indicators.domain.submission import Submission, UnreadableMessage, Verdict
from services.indicators.malformed import told
from services.indicators.read_models import Judging, Readings
from shared.clock import day_of
from shared.contracts import Refused
from shared.contracts import Submission as Sent
from shared.contracts.indicators import CorrectReadings, RecordReadings, WithdrawReadings
from shared.event_store import AggregateNotFoundError, EventStore, Statement
from shared.intake import Outcome, Submitted, Unreadable, park
from shared.settings import Settings

KINDS: tuple[type[Sent], ...] = (RecordReadings, CorrectReadings, WithdrawReadings)


class Indicators(EventStore):
    name = "indicators"

    def __init__(self, settings: Settings, pool: "ConnectionPool[Any]") -> None:
        super().__init__(settings)
        self._judging = Judging(pool)
        self._readings = Readings(pool)

    def settle(self, submissions: Sequence[Submitted], at: datetime) -> list[Outcome]:
        """Decide a batch of submissions. Within it, each sees the readings of those before."""
        rules = self._judging.rules()
        standing = self._readings.standing(pair for s in submissions for pair in _readings_of(s))
        outcomes = []
        for submitted in submissions:
            if isinstance(submitted.content, Unreadable):
                outcomes.append(self._park(submitted, submitted.content, at))
                continue
            verdict = Verdict(submitted.commune, rules, day_of(at), standing.setdefault(submitted.commune, {}))
            _judge(submitted.content, verdict)
            for malformed in submitted.malformed:
                verdict.refuse_malformed(*told(malformed))
            outcomes.append(self._settled(submitted, verdict, at))
        return outcomes

    def define(self, kind: str, name: str, definition: dict[str, Any], in_force_from: date) -> bool:
        """Define a measure, an indicator or a field, or revise it; False when it was defined so already."""
        at = self.clock()
        try:
            defined = cast(Definition, self.repository.get(Definition.create_id(kind, name)))
            defined.revise(definition, in_force_from, at)
        except AggregateNotFoundError:
            defined = Definition.define(kind, name, definition, in_force_from, at)
        changed = bool(defined.pending_events)
        row: Statement = (
            "INSERT INTO definitions VALUES (%s, %s, %s, %s, %s)",
            (kind, name, defined.revision, Jsonb(definition), in_force_from),
        )
        self.commit(defined, at=at, statements=[row])
        return changed

    def _settled(self, submitted: Submitted, verdict: Verdict, at: datetime) -> Outcome:
        submission = Submission.settle(submitted.submission_id, submitted.kind, verdict, at)
        changes = [*verdict.recorded, *verdict.corrected, *verdict.withdrawn]
        refused = tuple(Refused.model_validate(item) for item in verdict.refused)
        receipt = submitted.receipt(at, verdict.accepted, duplicates=verdict.duplicates, refused=refused)
        kept = park(submitted) if submitted.malformed else []
        return Outcome([submission], [*Readings.rows(submitted.commune, changes), *kept], receipt)

    def _park(self, submitted: Submitted, unreadable: Unreadable, at: datetime) -> Outcome:
        parked = UnreadableMessage.park(
            at,
            commune=submitted.commune,
            submission_id=submitted.submission_id,
            kind=submitted.kind,
            reason=unreadable.reason,
            sha256=submitted.sha256,
            size_bytes=len(submitted.body),
        )
        return Outcome([parked], park(submitted), submitted.receipt(at, accepted=0, parked=unreadable.reason))


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
