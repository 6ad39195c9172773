"""What one place of a text says of a target."""

from dataclasses import dataclass
from decimal import Decimal

from services.planning.plan_file import TargetBounds


@dataclass(frozen=True, slots=True)
class Level:
    """One number with the comparison before or behind it. `key` is a field of TargetBounds, None for a bare number."""

    value: Decimal | None
    key: str | None
    unit: str | None
    first: int  # terms, the last one not included
    last: int
    problem: str | None = None
    remark: str | None = None
    opened: bool = False  # a word such as "đạt" or "tối thiểu" stands before it
    reached: bool = False  # that word says what is to be reached: "đạt", "là"
    relative: bool = False
    lowered: bool = False
    fleeting: bool = False  # a duration, in which less is better


@dataclass(frozen=True, slots=True)
class Statement:
    """`target` is None where `problem` says why, and for a change, which sets no level."""

    target: TargetBounds | None
    unit: str | None
    first: int
    last: int
    problem: str | None = None
    remark: str | None = None
    relative: bool = False
    opened: bool = False
    reached: bool = False
    forbidding: bool = False  # says what must not happen
