"""A reading with the place where it stands in its file."""

from typing import NamedTuple

from services.indicators.readings_file.doubts.doubtful_days import Doubts
from shared.contracts.indicators import Reading


class PlacedReading(NamedTuple):
    """`order` is its number among the entries of the file; `doubts` are those about its day."""

    order: int
    place: str
    reading: Reading
    doubts: Doubts
