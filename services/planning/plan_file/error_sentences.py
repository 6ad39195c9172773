"""Translates the errors of the models into Vietnamese sentences, each with its line and column in the file."""

import typing
from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from services.planning.plan_file import contents, milestones
from services.planning.plan_file.tree import Location, Path, Tree, written

KINDS: dict[str, type[BaseModel]] = {
    typing.get_args(model.model_fields["kind"].annotation)[0]: model
    for model in typing.get_args(typing.get_args(milestones.Milestone)[0])
}
MAPPINGS: dict[Path, type[BaseModel]] = {
    (): contents.PlanFile,
    ("plan",): contents.PlanHead,
    ("plan", "span"): contents.Span,
    ("tasks",): contents.PlannedTask,
    ("indicators",): contents.PlannedTarget,
    ("indicators", "target"): contents.TargetBounds,
    **{("tasks", "milestones", kind): model for kind, model in KINDS.items()},
}
# Templates; the values are the context of a pydantic error.
TEMPLATES = {
    "refused": "{sentence}",
    "missing": "còn thiếu",
    "extra_forbidden": "là khóa lạ",
    "literal_error": "phải là {expected}",
    "union_tag_invalid": "có loại lạ {tag!r:.60}",
    "union_tag_not_found": "phải có kind",
    "model_type": "phải gồm các khóa và giá trị",
    "model_attributes_type": "phải gồm các khóa và giá trị",
    "tuple_type": "phải là danh sách",
    "string_type": "phải là chữ",
    "string_too_short": "không được để trống; nếu không có thì ghi null",
    "string_too_long": "dài hơn {max_length} ký tự",
    "string_pattern_mismatch": "phải là",
    "int_type": "phải là số nguyên, không có dấu ngoặc kép",
    "greater_than_equal": "không được nhỏ hơn {ge}",
    "less_than_equal": "không được lớn hơn {le}",
    "bool_type": "phải là true hoặc false",
}
CODES = {
    "commune": "năm chữ số trong dấu ngoặc kép",
    "province": "hai chữ số trong dấu ngoặc kép",
    "task_id": "mã nhiệm vụ, ví dụ t-0123456789ab",
}


def problems(errors: list[ErrorDetails], tree: Tree) -> Iterator[tuple[Location, str]]:
    """Every error of the models; those that the tree has reported already are left out."""
    for error in errors:
        path = _without_kinds(error["loc"])
        if key := error.get("ctx", {}).get("key"):
            path = (*path, key)
        if path not in tree.spoilt:
            place = tree.keys.get(path) if error["type"] == "extra_forbidden" else None
            yield place or tree.place_of(path), f"{written(path)} {_sentence(error, path)}"


def _without_kinds(location: Path) -> Path:
    """The path in the file: in a model's location the milestone's kind comes after its number."""
    is_milestone = len(location) > 4 and location[2] == "milestones"
    return (*location[:4], *location[5:]) if is_milestone else location


def _sentence(error: ErrorDetails, path: Path) -> str:
    template = TEMPLATES.get(error["type"], "không hợp lệ: {msg}")
    context = error.get("ctx", {})
    if "expected" in context:
        context = {**context, "expected": context["expected"].replace(" or ", " hoặc ")}
    return template.format(msg=error["msg"], **context) + _advice(error, path)


def _advice(error: ErrorDetails, path: Path) -> str:
    match error["type"]:
        case "extra_forbidden":
            return _nearest(path[-1], _keys_at(error["loc"][:-1]))
        case "union_tag_invalid":
            return _nearest(error["ctx"]["tag"], list(KINDS))
        case "string_pattern_mismatch":
            return f" {CODES[str(path[-1])]}"
        case "string_type" if isinstance(error["input"], bool | int | Decimal):
            return "; hãy đặt trong dấu ngoặc kép"
        case "string_type" if error["input"] is None:
            return ", không được là null"
    return ""


def _keys_at(location: Path) -> list[str]:
    model = MAPPINGS[tuple(step for step in location if isinstance(step, str))]
    return [str(field.validation_alias or name) for name, field in model.model_fields.items()]


def _nearest(word: Any, words: list[str]) -> str:
    near = get_close_matches(str(word)[:60], words, n=1, cutoff=0.5)
    return f"; có phải là {near[0]}?" if near else f"; có thể dùng: {', '.join(words)}"
