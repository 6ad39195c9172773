"""Reads a plan file into a PlanFile, or reports all its errors in the order of their lines."""

import json
import re
from pathlib import Path

from pydantic import ValidationError

from services.planning.plan_file.contents import PlanFile
from services.planning.plan_file.error_sentences import problems
from services.planning.plan_file.tree import Location, UnreadableFile
from services.planning.plan_file.yaml_tree import CONTROL, tree_of
from shared.faults import fault_text

LARGEST = 2 * 1024 * 1024  # bytes
# The pair of escapes, after an even number of backslashes.
SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
FORMATS = (".yaml", ".yml", ".json")


class PlanErrors(ValueError):
    """Every error of a plan file, each as "<file>:<line>:<column>: <sentence>" with line and column from 1."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(errors)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(self.errors)


def read_plan(path: Path) -> PlanFile:
    """The plan in a YAML (.yaml, .yml) or JSON (.json) file of the plan format; raises PlanErrors with all errors.

    Text is brought to Unicode's NFC. At most 2 MB and 5,000 tasks; no aliases, anchors, tags or control characters.
    """
    try:
        return _plan_in(_text_of(path), path.suffix.lower())
    except _Found as found:
        lines = sorted(set(found.problems))
        raise PlanErrors([f"{path}:{at.line}:{at.column}: {sentence}" for at, sentence in lines]) from None


def plan_of(text: str, format: str) -> PlanFile:  # noqa: A002  the word of the contract
    """The same of the text of a file, in `yaml` or `json`."""
    try:
        return _plan_in(_decoded(text.encode()), f".{format}")
    except _Found as found:
        lines = sorted(set(found.problems))
        raise PlanErrors([f"{at.line}:{at.column}: {sentence}" for at, sentence in lines]) from None


class _Found(Exception):
    def __init__(self, *problems: tuple[Location, str]) -> None:
        super().__init__(problems)
        self.problems = problems


def _text_of(path: Path) -> str:
    if path.suffix.lower() not in FORMATS:
        raise _Found((Location(1, 1), f"Tên tệp kế hoạch phải kết thúc bằng {', '.join(FORMATS)}"))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _Found((Location(1, 1), f"Không đọc được tệp: {fault_text(error)}")) from None
    except ValueError:  # a null character
        raise _Found((Location(1, 1), "Không đọc được tệp: tên tệp có ký tự không dùng được")) from None
    if len(content) > LARGEST:
        raise _Found((Location(1, 1), "Tệp lớn hơn 2 MB"))
    return _decoded(content)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _Found((Location(1, 1), "Tệp không phải là văn bản UTF-8"))
    if control := CONTROL.search(text):
        before = text[: control.start()]
        place = Location(before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise _Found((place, f"Tệp có ký tự điều khiển U+{ord(control[0]):04X}"))
    return text


def _plan_in(text: str, suffix: str) -> PlanFile:
    if suffix == ".json":
        text = _json_as_yaml(text)
    try:
        tree = tree_of(text)
    except UnreadableFile as error:
        raise _Found((error.place, error.sentence)) from None
    try:
        plan = PlanFile.model_validate(tree.value, by_alias=True, by_name=False)
    except ValidationError as error:
        raise _Found(*tree.problems, *problems(error.errors(include_url=False), tree)) from None
    if tree.problems:
        raise _Found(*tree.problems)
    return plan


def _json_as_yaml(text: str) -> str:
    """JSON is YAML but for the two escapes in which it writes one character beyond U+FFFF."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise _Found((Location(error.lineno, error.colno), f"Tệp không phải là JSON hợp lệ: {error.msg}")) from None
    except RecursionError:
        raise _Found((Location(1, 1), "Danh sách và khóa lồng nhau quá sâu")) from None
    return SURROGATES.sub(_as_one_escape, text)


def _as_one_escape(pair: re.Match[str]) -> str:
    character = json.loads(f'"{pair[2]}"')
    return f"{pair[1]}\\U{ord(character):08X}"
