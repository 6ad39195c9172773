"""What Reporting announces."""

from services.reporting.domain.report import Report
from shared.contracts import Event
from shared.contracts.reporting import ReportPublished
from shared.event_store import StoredFact


def announce(fact: StoredFact) -> Event | None:
    match fact.event:
        case Report.Published() as published:
            return ReportPublished(
                event_id=fact.event_id,
                recorded_at=fact.position.recorded_at,
                report_id=str(published.originator_id),
                province=published.province,
                province_name=published.province_name,
                period=published.period,
                edition=published.edition,
                known_at=published.known_at,
                content_sha256=published.content_sha256,
                headline=tuple(published.headline),
            )
    return None
