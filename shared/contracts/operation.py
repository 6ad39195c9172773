"""What an operator asks each service about its work. No figure and no sentence about figures is in an answer.

Each service has both questions under subjects of its own.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts import Message, ProvinceQuestion
from shared.grants import Role

OPERATOR: tuple[Role, ...] = ("operator",)


class WaitingSubmissions(Message):
    """Of one stream: how many the service has not taken, and for how many seconds some have waited without a break."""

    stream: str
    waiting: int
    seconds: float


class FollowedSource(Message):
    """The service whose events are followed: the position that is applied, how many announced ones are not, and for how
    many seconds that has been so. `set_aside` messages of its stream could not be applied."""

    source: str
    position: int
    behind: int
    seconds: float
    set_aside: int


class BrokenRule(Message):
    """A rule, and how many items of the submission broke it."""

    rule: str
    items: int


class SettledSubmission(Message):
    """What was decided about a submission. `commune` is a province for its commands, as subjects name one.

    `parked` is why nobody could read it; `body_kept`: its bytes are kept. `position` is that of its event among those
    that other services follow, 0 where there is none. `account` sent it through the portal; null is a machine.
    """

    commune: str
    submission_id: str
    kind: str
    recorded_at: datetime
    accepted: int
    duplicates: int
    refused: tuple[BrokenRule, ...]
    parked: str | None
    body_kept: bool
    position: int
    account: str | None


class HeldSubmission(Message):
    """A submission that is in a stream for the service."""

    stream: str
    commune: str
    kind: str


class LastSubmission(Message):
    """The last one that a commune's machine sent and the service settled."""

    commune: str
    recorded_at: datetime


class ServiceHealth(Message):
    """How the instance that answers works, and what the service's tables hold of the province.

    `unready` are the parts that do not work, as `/health/ready` names them; `announcing_seconds`: for how long stored
    events have waited to be announced. `problems` are the newest submissions that were parked or in which
    something was refused, of `parked` and `refused` ones since `since`.
    """

    unready: tuple[str, ...]
    announcing_seconds: float
    intakes: tuple[WaitingSubmissions, ...]
    followed: tuple[FollowedSource, ...]
    since: datetime
    parked: int
    refused: int
    problems: tuple[SettledSubmission, ...]
    last_submissions: tuple[LastSubmission, ...]


class ShowHealth(ProvinceQuestion[ServiceHealth]):
    """`most` of the problems are in the answer."""

    roles = OPERATOR
    over_http = False

    most: Annotated[int, Field(ge=1, le=100)] = 20


class TracedSubmission(Message):
    """What a service knows of the id of a submission: what is in a stream for it, and what it decided."""

    held: tuple[HeldSubmission, ...]
    settled: tuple[SettledSubmission, ...]


class TraceSubmission(ProvinceQuestion[TracedSubmission]):
    """An id may have been given by several communes; those of the province are in the answer."""

    roles = OPERATOR
    over_http = False

    submission_id: Annotated[str, StringConstraints(pattern=r"^[^\s.*>]{1,200}$")]
