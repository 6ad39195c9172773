"""The counts of a commune in a window, with what was computed of them for an earlier question."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from services.reporting.domain.drafts.pairing import FieldCounts

Result = TypeVar("Result")


class Places(list[FieldCounts]):
    """Nobody changes the list: questions about other days or another map may have the same one."""

    def __init__(self, counts: Iterable[FieldCounts]) -> None:
        super().__init__(counts)
        self._computed: dict[Hashable, Any] = {}

    def once(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """What follows from these counts and the key alone."""
        if key not in self._computed:
            self._computed[key] = compute()
        result: Result = self._computed[key]
        return result
