"""How long the next attempt to sign in has to wait: longer after each failure, never for good."""

from datetime import timedelta

LONGEST = timedelta(seconds=60)
# Failures are forgotten after so long without another.
FORGOTTEN_AFTER = timedelta(hours=1)
# Attempts without delay: of one account, and from one address, behind which a whole office may be.
FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 30


def delay_after(failed: int, free: int) -> timedelta:
    """1, 2, 4, … 60 seconds from the failure on that comes after the free ones."""
    if failed < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failed - free, 10)), LONGEST)
