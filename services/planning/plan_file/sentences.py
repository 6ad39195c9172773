"""One plain sentence for each thing that the models refuse, with the place in the file where it stands."""

import typing
from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from services.planning.plan_file import contents, milestones
from services.planning.plan_file.tree import Path, Place, Tree, written

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
# Templates over what pydantic gives as context.
SAID = {
    "refused": "{sentence}",
    "missing": "is missing",
    "extra_forbidden": "is an unknown key",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "has the unknown kind {tag!r:.60}",
    "union_tag_not_found": "needs a kind",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "tuple_type": "must be a list",
    "string_type": "must be text",
    "string_too_short": "must not be empty; write null where there is nothing",
    "string_too_long": "is longer than {max_length:,} characters",
    "string_pattern_mismatch": "must be",
    "int_type": "must be a whole number, without quotes",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_type": "must be true or false",
}
CODES = {"commune": "five digits in quotes", "province": "two digits in quotes"}


def problems(errors: list[ErrorDetails], tree: Tree) -> Iterator[tuple[Place, str]]:
    """Every error of the models; those that the tree has told about already are left out."""
    for error in errors:
        path = _without_kinds(error["loc"])
        if key := error.get("ctx", {}).get("key"):
            path = (*path, key)
        if path not in tree.spoilt:
            place = tree.keys.get(path) if error["type"] == "extra_forbidden" else None
            yield place or tree.place_of(path), f"{written(path)} {_sentence(error, path)}"


def _without_kinds(location: Path) -> Path:
    """The path in the file: in a model's location the milestone's kind stands behind its number."""
    is_milestone = len(location) > 4 and location[2] == "milestones"
    return (*location[:4], *location[5:]) if is_milestone else location


def _sentence(error: ErrorDetails, path: Path) -> str:
    template = SAID.get(error["type"], "is refused: {msg}")
    return template.format(msg=error["msg"], **error.get("ctx", {})) + _advice(error, path)


def _advice(error: ErrorDetails, path: Path) -> str:
    match error["type"]:
        case "extra_forbidden":
            return _nearest(path[-1], _keys_at(error["loc"][:-1]))
        case "union_tag_invalid":
            return _nearest(error["ctx"]["tag"], list(KINDS))
        case "string_pattern_mismatch":
            return f" {CODES[str(path[-1])]}"
        case "string_type" if isinstance(error["input"], bool | int | Decimal):
            return "; put it in quotes"
        case "string_type" if error["input"] is None:
            return ", not null"
    return ""


def _keys_at(location: Path) -> list[str]:
    model = MAPPINGS[tuple(step for step in location if isinstance(step, str))]
    return [str(field.validation_alias or name) for name, field in model.model_fields.items()]


def _nearest(word: Any, words: list[str]) -> str:
    near = get_close_matches(str(word)[:60], words, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(words)}"
