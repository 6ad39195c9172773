"""Values that the messages of Indicators share, and who may ask them."""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.contracts import Id
from shared.grants import Role

# A count fits PostgreSQL's bigint when a million of them are summed.
Count = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]


def _written_day(raw: object) -> object:
    """pydantic takes a number, also one in quotes, for seconds since 1970."""
    if type(raw) is date or (isinstance(raw, str) and raw[4:5] == "-"):
        return raw
    raise ValueError("not a day such as 2025-09-14")


Day = Annotated[date, BeforeValidator(_written_day)]
Values = Annotated[dict[Id, Count], Field(min_length=1, max_length=60)]
COMMUNES_READERS: tuple[Role, ...] = ("clerk", "chair", "provincial-officer", "auditor")
PROVINCES_READERS: tuple[Role, ...] = ("provincial-officer", "auditor")
