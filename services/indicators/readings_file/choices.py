"""What a clerk may decide about a file that could mean two things."""

from typing import Literal, NamedTuple

Hidden = Literal["refuse", "include", "skip"]
HIDDEN: tuple[Hidden, ...] = ("refuse", "include", "skip")


class Choices(NamedTuple):
    """`hidden`: what becomes of hidden rows and columns. `sheet`: the one to read, where several hold a table.

    Nobody saw what is hidden: counted, it would surprise; left out, it would be missed. So it is refused by default.
    """

    hidden: Hidden = "refuse"
    sheet: str | None = None
