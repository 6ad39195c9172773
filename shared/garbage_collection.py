"""Sets how often Python searches for garbage. Reports are hundreds of thousands of objects and few circles."""

import gc

NEW_OBJECTS = 200_000  # between two searches; Python's own 700 took more than half of the time of a province's figure


def search_less() -> None:
    """Never again what was imported so far, and what is new seldom."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
