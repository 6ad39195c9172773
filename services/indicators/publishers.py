"""What Indicators announces."""

from services.indicators.domain.catalogue import Definition
from services.indicators.domain.submission import Submission, UnreadableMessage
from shared.contracts import Event, Refused
from shared.contracts.indicators import (
    FieldDefined,
    IndicatorDefined,
    MeasureDefined,
    MessageParked,
    RecordedReading,
    ReplacedReading,
    SubmissionReceipted,
)
from shared.event_store import StoredFact


def announce(fact: StoredFact) -> Event | None:
    match fact.event:
        case Submission.Receipted() as settled:
            return _receipted(fact, settled)
        case UnreadableMessage.Parked() as parked:
            return MessageParked(
                event_id=fact.event_id,
                recorded_at=fact.position.recorded_at,
                commune=parked.commune,
                submission_id=parked.submission_id,
                kind=parked.kind,
                reason=parked.reason,
                sha256=parked.sha256,
                size_bytes=parked.size_bytes,
            )
        case Definition.Defined() as defined:
            return _defined(fact, defined, 1)
        case Definition.Revised() as revised:
            return _defined(fact, revised, revised.revision)
    return None


def _receipted(fact: StoredFact, settled: Submission.Receipted) -> SubmissionReceipted:
    return SubmissionReceipted(
        event_id=fact.event_id,
        recorded_at=fact.position.recorded_at,
        commune=settled.commune,
        submission_id=settled.submission_id,
        recorded=tuple(RecordedReading.model_validate(reading) for reading in settled.recorded),
        corrected=tuple(ReplacedReading.model_validate(reading) for reading in settled.corrected),
        withdrawn=tuple(ReplacedReading.model_validate(reading) for reading in settled.withdrawn),
        refused=tuple(Refused.model_validate(refused) for refused in settled.refused),
        duplicates=settled.duplicates,
    )


DEFINED_AS: dict[str, type[Event]] = {"field": FieldDefined, "measure": MeasureDefined, "indicator": IndicatorDefined}


def _defined(fact: StoredFact, stored: Definition.Defined | Definition.Revised, version: int) -> Event:
    return DEFINED_AS[stored.kind].model_validate(
        {
            **stored.definition,
            stored.kind: stored.name,
            "event_id": fact.event_id,
            "recorded_at": fact.position.recorded_at,
            "version": version,
            "in_force_from": stored.in_force_from,
        }
    )
