"""Makes the message of a command out of the options that were typed: the one that the desk gets of an account."""

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from shared.cli import fail

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from shared.contracts import Command

Kind = TypeVar("Kind", bound="Command")


def command_of(kind: type[Kind], **fields: Any) -> Kind:
    """Ends the command (2) with a sentence for a value that the message cannot carry."""
    try:
        return kind.model_validate(fields)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        fail(f"Giá trị của {place} không dùng được: {_problem(first)}.", 2)


def _problem(error: "ErrorDetails") -> str:
    match error["type"], error.get("ctx", {}):
        case "string_too_short" | "too_short", _:
            return "còn trống"
        case "string_too_long" | "too_long", {"max_length": most}:
            return f"dài quá {most} ký tự"
        case "string_pattern_mismatch", _:
            return "có ký tự không được phép"
    return error["msg"]
