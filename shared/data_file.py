"""Reads data files in YAML by their schema; a file that breaks it is refused with its problems."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar
from unicodedata import normalize

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from shared.contracts import Text
from shared.settings import SettingsError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # that of libyaml is eight times as fast
DEEPEST = 20  # lists and mappings within each other
Words = Annotated[Text, Field(min_length=1, max_length=400), AfterValidator(lambda text: normalize("NFC", text))]
Schema = TypeVar("Schema", bound=BaseModel)
Read = TypeVar("Read")


class Problem(NamedTuple):
    """A problem of a data file: the place in it ("" for the whole file), pydantic's name of the error, its message."""

    place: str
    error: str
    message: str


class UnreadableDataFile(ValueError):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{place}: {message}" for place, _, message in problems))
        self.problems = problems


def load_data_file(schema: type[Schema], path: Path) -> Schema:
    """UnreadableDataFile with every problem: `unreadable` where the file is no YAML or cannot be opened."""
    try:
        text = normalize("NFC", path.read_text(encoding="utf-8-sig"))
        return schema.model_validate(_values_in(text))
    except ValidationError as invalid:
        problems = [
            Problem(".".join(map(str, error["loc"])), error["type"], error["msg"].removeprefix("Value error, "))
            for error in invalid.errors(include_url=False)
        ]
        raise UnreadableDataFile(problems) from None
    except (OSError, ValueError, yaml.YAMLError) as wrong:  # ValueError: a day such as 2025-13-45
        raise UnreadableDataFile([Problem("", "unreadable", " ".join(str(wrong).split()))]) from None


def _values_in(text: str) -> object:
    """ValueError for deep nesting, on which libyaml's loader ends the process; its parser does not."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} lists or mappings are within each other")
    return yaml.load(text, Loader=LOADER)  # noqa: S506  both are safe loaders


def read_data_file(schema: type[Schema], path: Path, setting: str) -> Schema:
    """SettingsError with the setting that may name the file, the file, and the place of its first problem."""
    try:
        return load_data_file(schema, path)
    except UnreadableDataFile as unreadable:
        place, _, message = unreadable.problems[0]
        raise SettingsError(": ".join(part for part in (setting, str(path), place, message) if part)) from None


def files_in(folder: Path, setting: str) -> Iterator[Path]:
    """The YAML files of a folder by name. SettingsError for a folder that cannot be listed or has none."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    except OSError as wrong:
        raise SettingsError(f"{setting}: {folder}: {wrong.strerror}") from None
    if not found:
        raise SettingsError(f"{setting}: {folder}: there is no .yaml file in it")
    yield from found


def versions_in(
    standard: Path, env: Mapping[str, str], setting: str, read: Callable[[Path], Read], key: Callable[[Read], object]
) -> tuple[Read, ...]:
    """What stands in the standard files and in those of the folder that a setting names.

    An own file of the same key replaces the standard one; two of one folder are one too many.
    """
    known: dict[object, Read] = {}
    for folder in (standard, *([Path(env[setting])] if env.get(setting) else [])):
        here: dict[object, Path] = {}
        for path in files_in(folder, setting):
            one = read(path)
            if (first := here.setdefault(key(one), path)) != path:
                raise SettingsError(f"{setting}: {path}: says the same code and day as {first.name}")
            known[key(one)] = one
    return tuple(known.values())
