"""What Notifications hears."""

from collections.abc import Mapping

from shared.process import Process
from shared.streams import hears
from shared.tracking import Follower


def subscribe(process: Process, followers: Mapping[str, Follower]) -> None:
    for owner, follower in followers.items():
        process.follows(hears("notifications", owner), follower.take)
