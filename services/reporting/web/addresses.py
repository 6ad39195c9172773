"""What a page's address names: numbers, and the question that it asks."""

from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.contracts import Question

Asked = TypeVar("Asked", bound=Question[Any])


def number_named(request: Request, name: str) -> int | None:
    """A number from 1, None without one. Anything else is refused with a page."""
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text)):
        raise HTTPException(400, f"“{text[:40]}” không phải là một số từ 1 trở lên.")
    return int(text)


def question_at(kind: type[Asked], **fields: Any) -> Asked:
    """The question of an address; where a part of it cannot be the id of anything there is no such page."""
    try:
        return kind(**fields)
    except ValidationError:
        raise HTTPException(404) from None
