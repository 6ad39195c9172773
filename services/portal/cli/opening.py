"""Opens the portal for a command, with its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.portal.application import Portal


@contextmanager
def opened() -> "Iterator[Portal]":
    from services.portal.application import Portal
    from services.portal.domain.refusal import RequestRefused
    from shared.cli import opening

    with opening.opened("portal", Portal, RequestRefused) as portal:
        yield portal
