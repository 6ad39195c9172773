"""The day as of which a page shows what was known, which its address carries: `?biet-den=2025-09-15`."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.vietnamese import written_day

KNOWN_AT = "biet-den"


def known_at(request: Request) -> date | None:
    """None: as known now."""
    return day_named(request, KNOWN_AT)


def day_named(request: Request, name: str) -> date | None:
    """The day in this part of the page's address, None without one. A text that is no day is refused with a page."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    day = day_in(text)
    if day is None:
        raise HTTPException(400, f"“{text[:40]}” không phải là một ngày; hãy ghi như 15/9/2025.")
    return day


def day_in(text: str) -> date | None:
    """A day as people or browsers write it; None for anything else."""
    try:
        return written_day(text)
    except ValueError:
        return None
