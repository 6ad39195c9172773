"""The messages that the portal receives, each with the function that takes it."""

from shared.contracts.planning import CommuneDivided, CommuneMerged, CommuneMovedToProvince, CommuneRegistered
from shared.messaging.following import places
from shared.messaging.following.follower import Subscriptions
from shared.process import Process

PLANNING = Subscriptions(
    {
        CommuneRegistered: places.set_province,
        CommuneMovedToProvince: places.set_province,
        CommuneMerged: places.set_end,
        CommuneDivided: places.set_end,
    }
)


def subscribe(process: Process) -> None:
    process.follows("planning", PLANNING)
