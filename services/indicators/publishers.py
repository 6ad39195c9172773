"""Translates the stored events of Indicators into the messages that it announces."""

from datetime import date

from services.indicators.domain.definition import Definition
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
from shared.messaging.announcing.translations import Translations, announcing
from shared.record.event_store import Envelope, RecordedEvent
from shared.record.unreadable_message import parked_fields


def _receipted(recorded: RecordedEvent, settled: Submission.Receipted) -> SubmissionReceipted:
    return SubmissionReceipted(
        **recorded.envelope,
        commune=settled.commune,
        submission_id=settled.submission_id,
        recorded=tuple(RecordedReading.model_validate(reading) for reading in settled.recorded),
        corrected=tuple(ReplacedReading.model_validate(reading) for reading in settled.corrected),
        withdrawn=tuple(ReplacedReading.model_validate(reading) for reading in settled.withdrawn),
        refused=tuple(Refused.model_validate(refused) for refused in settled.refused),
        duplicates=settled.duplicates,
        by=settled.by,
        by_account=settled.by_account,
    )


class DefinitionFields(Envelope):
    version: int
    in_force_from: date
    name: str
    by: str | None
    by_account: str | None


def _defined(recorded: RecordedEvent, stored: Definition.Defined) -> Event | None:
    return _definition(recorded, stored, 1)


def _revised(recorded: RecordedEvent, stored: Definition.Revised) -> Event | None:
    return _definition(recorded, stored, stored.revision)


def _definition(recorded: RecordedEvent, stored: Definition.Defined | Definition.Revised, version: int) -> Event | None:
    definition = stored.definition
    common: DefinitionFields = {
        **recorded.envelope,
        "version": version,
        "in_force_from": stored.in_force_from,
        "name": definition["name"],
        "by": stored.by,
        "by_account": stored.by_account,
    }
    match stored.kind:
        case "field":
            return FieldDefined(**common, field=stored.name)
        case "measure":
            return MeasureDefined(
                **common,
                measure=stored.name,
                kind=definition["kind"],
                unit=definition["unit"],
                by_field=definition["by_field"],
            )
        case "indicator":
            return IndicatorDefined(
                **common,
                indicator=stored.name,
                numerator=tuple(definition["numerator"]),
                denominator=tuple(definition["denominator"]),
                direction=definition["direction"],
                zero_denominator=definition["zero_denominator"],
                source=definition["source"],
            )
    return None


def _parked(recorded: RecordedEvent, _: UnreadableMessage.Parked) -> MessageParked:
    return MessageParked(**parked_fields(recorded))


TRANSLATIONS: Translations = {
    Submission.Receipted: _receipted,
    Definition.Defined: _defined,
    Definition.Revised: _revised,
    UnreadableMessage.Parked: _parked,
}
announce = announcing(TRANSLATIONS)
