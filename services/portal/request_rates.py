"""How many requests a key, or an address without a key, may make: a bucket of requests that fills again."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_REMEMBERED = 20_000


class Rate:
    """`allows` takes one from the bucket of a name: `burst` at once, `per_second` on the long run. In this process."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, name: str) -> bool:
        left = self._left(name)
        if left < 1:
            return False
        self._buckets[name] = (left - 1, self._clock())
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        return True

    def is_empty(self, name: str) -> bool:
        """Whether the next one would be refused."""
        return self._left(name) < 1

    def _left(self, name: str) -> float:
        left, at = self._buckets.get(name, (float(self._burst), self._clock()))
        return min(self._burst, left + (self._clock() - at) * self._per_second)
