"""The announcements of plans."""

from services.planning.domain.plans import events
from services.planning.domain.plans.plan import Plan
from services.planning.domain.plans.state import StoredTarget
from shared.contracts.planning import PlanAmended, PlanClosed, PlanIssued, TargetSet
from shared.messaging.announcing.translations import Translations
from shared.record.event_store import RecordedEvent


def _issued(recorded: RecordedEvent, event: events.Issued) -> PlanIssued:
    return PlanIssued(
        **recorded.envelope,
        plan_id=event.plan_id,
        commune=event.commune,
        province=event.province,
        title=event.title,
        regime=event.regime,
        year=event.year,
        span_from=event.span_from,
        span_until=event.span_until,
        issued_on=event.issued_on,
        targets=_targets(event.targets),
        by=event.by,
        by_account=event.by_account,
    )


def _amended(recorded: RecordedEvent, event: events.Amended) -> PlanAmended:
    return PlanAmended(
        **recorded.envelope,
        plan_id=event.plan_id,
        commune=event.commune,
        province=event.province,
        title=event.title,
        regime=event.regime,
        year=event.year,
        span_from=event.span_from,
        span_until=event.span_until,
        issued_on=event.issued_on,
        targets=_targets(event.targets),
        version=event.version,
        amended_on=event.amended_on,
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
        added=tuple(event.added),
        revised=tuple(event.revised),
        withdrawn=tuple(event.withdrawn),
    )


def _closed(recorded: RecordedEvent, event: events.Closed) -> PlanClosed:
    return PlanClosed(
        **recorded.envelope,
        plan_id=event.plan_id,
        commune=event.commune,
        closed_on=event.closed_on,
        reason=event.reason,
        by=event.by,
        by_account=event.by_account,
    )


def _targets(stored: list[StoredTarget]) -> tuple[TargetSet, ...]:
    """A change in another unit than percent (ranks) is announced as text: no rate is compared with it."""
    return tuple(
        TargetSet.model_validate({**target, "target": None} if _is_no_rate(target) else target) for target in stored
    )


def _is_no_rate(target: StoredTarget) -> bool:
    bounds = target["target"]
    return bool(bounds and bounds.get("change") and target.get("unit") not in ("%", None))


PLANS: Translations = {
    Plan.Issued: _issued,
    Plan.Amended: _amended,
    Plan.Closed: _closed,
}
