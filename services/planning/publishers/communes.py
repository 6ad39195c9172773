"""The announcements of communes."""

from services.planning.domain.communes import events
from services.planning.domain.communes.commune import Commune
from services.planning.publishers.translations import Translations
from shared.contracts.planning import (
    CommuneDivided,
    CommuneMerged,
    CommuneMovedToProvince,
    CommuneRegistered,
    CommuneRenamed,
    SuccessorPart,
)
from shared.record.event_store import RecordedEvent


def _registered(recorded: RecordedEvent) -> CommuneRegistered:
    event: events.Registered = recorded.event
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


def _merged(recorded: RecordedEvent) -> CommuneMerged:
    event: events.Merged = recorded.event
    return CommuneMerged(
        **recorded.envelope,
        by=event.by,
        by_account=event.by_account,
        commune=event.commune,
        in_force_from=event.in_force_from,
        source=event.source,
        into=event.into,
    )


def _divided(recorded: RecordedEvent) -> CommuneDivided:
    event: events.Divided = recorded.event
    return CommuneDivided(
        **recorded.envelope,
        by=event.by,
        by_account=event.by_account,
        commune=event.commune,
        in_force_from=event.in_force_from,
        source=event.source,
        into=tuple(SuccessorPart.model_validate(part) for part in event.into),
    )


def _renamed(recorded: RecordedEvent) -> CommuneRenamed:
    event: events.Renamed = recorded.event
    return CommuneRenamed(
        **recorded.envelope,
        by=event.by,
        by_account=event.by_account,
        commune=event.commune,
        in_force_from=event.in_force_from,
        source=event.source,
        name=event.name,
        code=event.code,
    )


def _moved(recorded: RecordedEvent) -> CommuneMovedToProvince:
    event: events.MovedToProvince = recorded.event
    return CommuneMovedToProvince(
        **recorded.envelope,
        by=event.by,
        by_account=event.by_account,
        commune=event.commune,
        in_force_from=event.in_force_from,
        source=event.source,
        province=event.province,
        province_name=event.province_name,
        code=event.code,
    )


COMMUNES: Translations = {
    Commune.Registered: _registered,
    Commune.Merged: _merged,
    Commune.Divided: _divided,
    Commune.Renamed: _renamed,
    Commune.MovedToProvince: _moved,
}
