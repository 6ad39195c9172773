"""What Reporting hears."""

from shared.process import Process
from shared.streams import hears
from shared.tracking import Follower


def subscribe(process: Process, planning: Follower, indicators: Follower) -> None:
    process.follows(hears("reporting", "planning"), planning.take)
    process.follows(hears("reporting", "indicators"), indicators.take)
