"""The numbers that a page's address names."""

from starlette.exceptions import HTTPException
from starlette.requests import Request


def number_named(request: Request, name: str) -> int | None:
    """A number from 1, None without one. Anything else is refused with a page."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text)):
        raise HTTPException(400, f"“{text[:40]}” không phải là một số từ 1 trở lên.")
    return int(text)
