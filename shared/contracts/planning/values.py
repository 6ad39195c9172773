"""Values that the messages of Planning share, and who may ask them."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from shared.contracts import Message
from shared.grants import Role

# Named by whoever sends it, so without what PostgreSQL keeps in no text.
Key = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f]*$")]


def _written_as_a_day(value: object) -> object:
    """pydantic takes a number, and a text of digits, for seconds since 1970."""
    if not isinstance(value, date) and not (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        raise ValueError("must be a day written as 2025-01-31")
    return value


ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_written_as_a_day), Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
BodyName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
TASK_READERS: tuple[Role, ...] = ("clerk", "office", "chair", "provincial-officer", "auditor")
PLAN_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")
PLAN_WRITERS: tuple[Role, ...] = ("chair", "provincial-officer")
PROVINCE_READERS: tuple[Role, ...] = ("provincial-officer", "auditor")


class Target(Message):
    """The bounds of a rate, in percent; any of the four, each a Decimal or None.

    With `change` they bound by how many percent of itself the rate goes up or down since the period before.
    """

    change: Literal["up", "down"] | None = None
    at_least: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None
