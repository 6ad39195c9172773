"""Keeps what a commune's office calls its columns and fields, in a file beside its outbox."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.indicators.readings_file.names.headings import plain
from services.indicators.readings_file.names.known import IGNORED, OwnNames
from shared.contracts import Id, Text
from shared.faults import fault_text

FILE = "names.json"
MOST = 500
MAX_BYTES = 256 * 1024


class OwnNamesUnreadable(ValueError):
    """The file is damaged; the sentence names it."""


class KeptNames(BaseModel):
    """Names as the office writes them: the measure of a column, or "" for one to pass over; the field of a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Annotated[dict[Text, Id | str], Field(max_length=MOST)] = {}
    fields: Annotated[dict[Text, Id], Field(max_length=MOST)] = {}

    def compared(self) -> OwnNames:
        return OwnNames(_plain(self.columns), _plain(self.fields))

    def with_columns(self, columns: Mapping[str, str]) -> "KeptNames":
        return KeptNames(columns=_replaced(self.columns, columns), fields=self.fields)

    def with_fields(self, fields: Mapping[str, str]) -> "KeptNames":
        return KeptNames(columns=self.columns, fields=_replaced(self.fields, fields))

    def without(self, name: str) -> "KeptNames":
        """The same names where it is none of them."""
        columns, fields = (
            {one: value for one, value in names.items() if plain(one) != plain(name)}
            for names in (self.columns, self.fields)
        )
        return KeptNames(columns=columns, fields=fields)


def read_own_names(folder: Path) -> KeptNames:
    """None yet is no name. Raises `OwnNamesUnreadable`."""
    path = folder / FILE
    try:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            raise OwnNamesUnreadable(f"{path}: lớn hơn 256 KB")
        return KeptNames.model_validate_json(content)
    except FileNotFoundError:
        return KeptNames()
    except ValidationError:
        raise OwnNamesUnreadable(f"{path}: không đọc được tên cột riêng của đơn vị; hãy sửa hoặc xoá tệp") from None
    except OSError as fault:
        raise OwnNamesUnreadable(f"{path}: không mở được ({fault_text(fault)})") from None


def write_own_names(folder: Path, names: KeptNames) -> Path:
    """Whole or not at all. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE
    beside = path.with_suffix(".next")
    beside.write_text(json.dumps(names.model_dump(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    beside.replace(path)
    return path


def _plain(names: Mapping[str, str]) -> Mapping[str, str]:
    return {plain(name): value or IGNORED for name, value in names.items()}


def _replaced(before: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """A name in other letters replaces the one that is there."""
    new = {plain(name) for name in names}
    return {**{one: value for one, value in before.items() if plain(one) not in new}, **names}
