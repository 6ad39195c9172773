"""All streams and consumers. `stream_provision.py` beside it makes them.

Subjects are `<owner>.event.<name>.v<n>` for announcements, `intake.<commune>.<kind>.<submission id>` for communes, and
`desk.<commune or province>.<kind>.<submission id>` for accounts of the portal.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from nats.js.api import ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

from shared.contracts.seals import checkpoint_subject

BATCH = 500
ACK_WAIT = 60.0
# Of the intake, put back ones included: so many of one commune may wait before they hold up another's.
MOST_WAITING = 20_000
# Of a follower that was killed, the next leader waits for what it had not acknowledged; applying a batch takes seconds.
FOLLOWED_ACK_WAIT = 10.0
SERVICES = ("planning", "indicators", "reporting", "notifications", "portal")

# One more whenever streams or consumers change so that services need the new ones. Each has it in its metadata.
VERSION = 2
VERSION_KEY = "minhbach-version"

INTAKE = "intake"
UNLIMITED = -1
CHECKPOINTS = "checkpoints"
DAY = 24 * 3600


def events_stream(service: str) -> str:
    return f"{service}-events"


@dataclass(frozen=True)
class Listener:
    """A durable pull consumer, named after the service that listens and its purpose."""

    stream: str
    name: str
    subjects: tuple[str, ...]
    headers_only: bool = False

    @property
    def service(self) -> str:
        return self.name.split("-")[0]


def events_listener(listener: str, owner: str) -> Listener:
    """The consumer of a service that follows all events of another one, in order."""
    return Listener(events_stream(owner), f"{listener}-{owner}", (f"{owner}.event.>",))


def intake_listener(listener: str, *kinds: str) -> Listener:
    """The consumer of a service that takes submissions of communes."""
    return Listener(INTAKE, f"{listener}-{INTAKE}", tuple(f"{INTAKE}.*.{kind}.*" for kind in kinds))


INTAKE_LISTENERS = (
    intake_listener("planning", "progress"),
    intake_listener("indicators", "readings", "corrections", "withdrawals"),
    intake_listener("reporting", "report"),
)
# The service that takes each kind of submission.
OWNERS = {subject.split(".")[2]: listener.service for listener in INTAKE_LISTENERS for subject in listener.subjects}
# One service sees the subjects of all: it parks every other kind, and bounds what one commune has in the stream.
INTAKE_SUBJECTS = Listener(INTAKE, f"indicators-{INTAKE}-subjects", (f"{INTAKE}.*.*.*",), headers_only=True)

# Who prints checkpoints of histories, and keeps them for that.
CHECKPOINT_LISTENER = Listener(CHECKPOINTS, f"reporting-{CHECKPOINTS}", tuple(map(checkpoint_subject, SERVICES)))

# What accounts of the portal send: the kinds of communes, and commands of the province.
DESK = "desk"


def desk_listener(listener: str, *kinds: str) -> Listener:
    """The consumer of a service that takes what accounts send through the portal."""
    return Listener(DESK, f"{listener}-{DESK}", tuple(f"{DESK}.*.{kind}.*" for kind in kinds))


# What a province decides about its communes.
COMMUNE_COMMANDS = ("register", "establish", "merge", "divide", "rename", "move")
DESK_LISTENERS = (
    desk_listener("planning", "progress", "issue-plan", "amend-plan", "close-plan", *COMMUNE_COMMANDS),
    desk_listener("indicators", "readings", "corrections", "withdrawals", "definitions"),
    desk_listener("reporting", "report", "return", "approve", "remind", "narrative", "publish", "restate"),
)
DESK_OWNERS = {subject.split(".")[2]: listener.service for listener in DESK_LISTENERS for subject in listener.subjects}


class Door(NamedTuple):
    """Where submissions come in, and their receipts go out: the stream, and the first words of the other subjects."""

    stream: str
    receipt: str
    receipts: str

    def submission(self, scope: str, kind: str, submission_id: str) -> str:
        return f"{self.stream}.{scope}.{kind}.{submission_id}"


INTAKE_DOOR = Door(INTAKE, "receipt", "receipts")
DESK_DOOR = Door(DESK, "desk-receipt", "desk-receipts")

LISTENERS = (
    *INTAKE_LISTENERS,
    *DESK_LISTENERS,
    INTAKE_SUBJECTS,
    events_listener("indicators", "planning"),
    events_listener("reporting", "planning"),
    events_listener("reporting", "indicators"),
    events_listener("notifications", "planning"),
    events_listener("notifications", "indicators"),
    events_listener("notifications", "reporting"),
    CHECKPOINT_LISTENER,
    events_listener("portal", "planning"),
    events_listener("planning", "portal"),
    events_listener("indicators", "portal"),
    events_listener("reporting", "portal"),
    events_listener("notifications", "portal"),
)


def used_by(service: str) -> list[str]:
    """The streams that a service writes or reads."""
    return sorted(
        {events_stream(service), CHECKPOINTS} | {each.stream for each in LISTENERS if each.service == service}
    )


def _intake() -> StreamConfig:
    # One message a subject: the duplicate key lies inside the commune's own permission. A submission that aged out
    # was never receipted, so its commune still has it.
    return StreamConfig(
        name=INTAKE,
        subjects=[f"{INTAKE}.*.*.*"],
        max_msgs_per_subject=1,
        discard_new_per_subject=True,
        max_age=30 * DAY,
        max_bytes=4 * 1024**3,
        max_msg_size=1024 * 1024,
        **_kept(),
    )


def _desk() -> StreamConfig:
    """As the intake, one message a subject; only the portal's user may publish on it."""
    return _intake().evolve(name=DESK, subjects=[f"{DESK}.*.*.*"])


def _events(service: str) -> StreamConfig:
    return StreamConfig(
        name=events_stream(service),
        subjects=[f"{service}.event.>"],
        allow_direct=True,
        max_bytes=4 * 1024**3,
        **_kept(),
    )


def _checkpoints() -> StreamConfig:
    # Each also stands in the database of its service: the stream may lose old ones.
    return StreamConfig(
        name=CHECKPOINTS,
        subjects=[checkpoint_subject(service) for service in SERVICES],
        allow_direct=True,
        max_msgs_per_subject=10_000,
        max_bytes=1024**3,
        **(_kept() | {"discard": DiscardPolicy.OLD}),
    )


def _kept() -> dict[str, Any]:
    return {
        "retention": RetentionPolicy.LIMITS,
        "storage": StorageType.FILE,
        "discard": DiscardPolicy.NEW,
        "max_msgs": UNLIMITED,
        "deny_delete": True,
        "duplicate_window": 120,
        "metadata": {VERSION_KEY: str(VERSION)},
    }


def streams() -> list[StreamConfig]:
    return [_intake(), _desk(), *(_events(service) for service in SERVICES), _checkpoints()]


def consumer(listener: Listener) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=listener.name,
        filter_subjects=list(listener.subjects),
        ack_wait=ACK_WAIT if listener.stream in (INTAKE, DESK) else FOLLOWED_ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=MOST_WAITING if listener.stream in (INTAKE, DESK) else BATCH,
        metadata={VERSION_KEY: str(VERSION)},
        headers_only=listener.headers_only or None,
    )
