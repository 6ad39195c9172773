"""The announcements of communes."""

from datetime import date

from services.planning.domain.communes import events
from services.planning.domain.communes.commune import Commune
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    SuccessorPart,
)
from shared.messaging.announcing.translations import Translations
from shared.record.event_store import Envelope, RecordedEvent


def _registered(recorded: RecordedEvent, event: events.Registered) -> CommuneRegistered:
    return CommuneRegistered(
        **recorded.envelope,
        by=event.by,
        by_account=event.by_account,
        commune=event.commune,
        code=event.code,
        name=event.name,
        kind=event.kind,
        province=event.province,
        province_name=event.province_name,
        latitude=event.latitude,
        longitude=event.longitude,
        in_force_from=event.in_force_from,
    )


def _merged(recorded: RecordedEvent, event: events.Merged) -> CommuneMerged:
    return CommuneMerged(
        **_changed(recorded, event),
        into=event.into,
    )


def _divided(recorded: RecordedEvent, event: events.Divided) -> CommuneDivided:
    return CommuneDivided(
        **_changed(recorded, event),
        into=tuple(SuccessorPart.model_validate(part) for part in event.into),
    )


def _renamed(recorded: RecordedEvent, event: events.Renamed) -> CommuneRenamed:
    return CommuneRenamed(
        **_changed(recorded, event),
        name=event.name,
        code=event.code,
    )


def _moved(recorded: RecordedEvent, event: events.MovedToProvince) -> CommuneMovedToProvince:
    return CommuneMovedToProvince(
        **_changed(recorded, event),
        province=event.province,
        province_name=event.province_name,
        code=event.code,
    )


Change = events.Merged | events.Divided | events.Renamed | events.MovedToProvince


class ChangeFields(Envelope):
    """The fields of every change of a commune that is there already."""

    by: str | None
    by_account: str | None
    commune: str
    in_force_from: date
    source: str


def _changed(recorded: RecordedEvent, event: Change) -> ChangeFields:
    return {
        **recorded.envelope,
        "by": event.by,
        "by_account": event.by_account,
        "commune": event.commune,
        "in_force_from": event.in_force_from,
        "source": event.source,
    }


COMMUNES: Translations = {
    Commune.Registered: _registered,
    Commune.Merged: _merged,
    Commune.Divided: _divided,
    Commune.Renamed: _renamed,
    Commune.MovedToProvince: _moved,
}
