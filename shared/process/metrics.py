"""The numbers that a process reports on /metrics about its part in following, announcing and deciding."""

from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.messaging.announcing.continuity import Continuity
from shared.messaging.announcing.relay import Relay
from shared.messaging.announcing.sealer import Sealer
from shared.messaging.following.followed_stream import FollowedStream
from shared.messaging.intake.intake_report import IntakeReport
from shared.record.clock_watch import ClockWatch


class ProcessMetrics(Collector):
    """Read from the parts of the process whenever somebody asks."""

    def __init__(
        self,
        leads: Callable[[], bool],
        relay: Relay,
        continuity: Continuity,
        clock: ClockWatch,
        followed: Sequence[FollowedStream],
        *,
        intakes: Sequence[IntakeReport],
        sealer: Sealer,
    ) -> None:
        self._leads = leads
        self._relay = relay
        self._continuity = continuity
        self._clock = clock
        self._followed = followed
        self._intakes = intakes
        self._sealer = sealer

    def collect(self) -> Iterator[Metric]:
        yield from self._of_service()
        yield from self._of_followed()
        yield from metrics_of_intakes(self._intakes)

    def _of_service(self) -> Iterator[Metric]:
        yield _gauge("leads", "1 for the instance that follows and announces", self._leads())
        yield _gauge("announced_position", "The last position this relay announced", self._relay.position)
        yield _gauge(
            "relay_waiting_seconds",
            "For how long stored events have waited to be announced; 0 where none waits",
            self._relay.waiting_seconds,
        )
        yield _gauge(
            "store_behind_stream",
            "Positions by which the event store is behind its own stream, as after a restored backup",
            self._continuity.behind or 0,
        )
        yield _gauge(
            "stream_missing_messages",
            "Messages that this service's event stream lost in its middle",
            self._continuity.missing,
        )
        yield _gauge(
            "clock_ahead_seconds",
            "By how much this machine's clock is ahead of the database's",
            self._clock.ahead.total_seconds(),
        )
        yield _gauge("sealed_events", "Events in the last checkpoint that this instance has seen", self._sealer.size)
        yield _gauge(
            "owner_changes", "Changes of tables of history by the database's owner", self._sealer.owner_changes
        )
        yield _gauge("seal_refused", "1 where the sealed history is not there any more", not self._sealer.healthy)

    def _of_followed(self) -> Iterator[Metric]:
        position = GaugeMetricFamily(
            "minhbach_follower_position", "Position up to which a source is applied", labels=["source"]
        )
        behind = GaugeMetricFamily("minhbach_follower_behind", "Announced positions not applied yet", labels=["source"])
        set_aside = CounterMetricFamily(
            "minhbach_messages_set_aside", "Foreign or unreadable messages of an event stream", labels=["source"]
        )
        not_kept = CounterMetricFamily(
            "minhbach_messages_not_kept", "Those of them that are not kept, since there are too many", labels=["source"]
        )
        fetched = CounterMetricFamily(
            "minhbach_announcements_fetched",
            "Announcements that the stream lacked and the source gave",
            labels=["source"],
        )
        for followed in self._followed:
            position.add_metric([followed.source], followed.position)
            behind.add_metric([followed.source], followed.behind)
            set_aside.add_metric([followed.source], followed.set_aside)
            not_kept.add_metric([followed.source], followed.not_kept)
            fetched.add_metric([followed.source], followed.fetched)
        yield from (position, behind, set_aside, not_kept, fetched)


def metrics_of_intakes(intakes: Sequence[IntakeReport]) -> Iterator[Metric]:
    """Of the intake and the desk of a service, each under the name of its stream."""
    waiting = GaugeMetricFamily(
        "minhbach_intake_waiting", "Submissions that the service has not taken yet", labels=["stream"]
    )
    decided = CounterMetricFamily("minhbach_submissions_decided", "Submissions decided", labels=["stream", "kind"])
    refused = CounterMetricFamily("minhbach_items_refused", "Refused items of submissions", labels=["stream", "kind"])
    parked = CounterMetricFamily(
        "minhbach_submissions_parked", "Submissions that nobody can read", labels=["stream", "kind"]
    )
    not_kept = CounterMetricFamily(
        "minhbach_unreadable_bodies_not_kept",
        "Submissions that could not be read, or only in part, whose bodies are not kept for their number",
        labels=["stream"],
    )
    for intake in intakes:
        not_kept.add_metric([intake.stream], intake.bodies_not_kept)
        waiting.add_metric([intake.stream], intake.waiting)
        for metric, counts in ((decided, intake.submissions), (refused, intake.refused), (parked, intake.parked)):
            for kind, count in sorted(counts.items()):
                metric.add_metric([intake.stream, kind], count)
    if intakes:
        yield from (waiting, decided, refused, parked, not_kept)


def _gauge(name: str, meaning: str, number: float) -> Metric:
    return GaugeMetricFamily(f"minhbach_{name}", meaning, value=float(number))
