"""How plans word the targets of each indicator and the names of fields, from indicator_names.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.data_file import Words, load_data_file
from shared.vietnamese import folded

NAMES = Path(__file__).parent / "indicator_names.yaml"
ABBREVIATIONS = {
    "tthc": "thủ tục hành chính",
    "dvc": "dịch vụ công",
    "dvctt": "dịch vụ công trực tuyến",
    "dvcttt": "dịch vụ công trực tuyến toàn trình",
    "pakn": "phản ánh kiến nghị",
    "pa kn": "phản ánh kiến nghị",
    "qppl": "quy phạm pháp luật",
    "vbqppl": "văn bản quy phạm pháp luật",
    "cchc": "cải cách hành chính",
    "csdl": "cơ sở dữ liệu",
    "ubnd": "ủy ban nhân dân",
    "tỉ lệ": "tỷ lệ",
    "hs": "hồ sơ",
    "scan": "số hóa",
    "online": "trực tuyến",
}
_SHORT = re.compile(rf"\b({'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))})\b")
_NO_WORDS = re.compile(r"[^\w\s]+")


def plain_words(text: str) -> str:
    """A name as names are compared: folded, abbreviations in full, and without punctuation."""
    spaced = " ".join(_NO_WORDS.sub(" ", folded(text)).split())
    return _SHORT.sub(lambda found: ABBREVIATIONS[found[0]], spaced)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pattern(_Part):
    """Every entry of `words`, and of `of` behind "trên tổng số", stands in the name; "a|b" is either."""

    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    of: tuple[Words, ...] = ()
    without: tuple[Words, ...] = ()
    loose: bool = False

    def matches(self, head: str, rest: str) -> bool:
        whole = f"{head} {rest}"
        return (
            all(_has(head, entry) for entry in self.words)
            and all(_has(rest, entry) for entry in self.of)
            and not any(_has(whole if self.of else head, entry) for entry in self.without)
        )

    @property
    def entries(self) -> int:
        return len(self.words) + len(self.of)


class IndicatorName(_Part):
    indicator: Words
    name: Words
    patterns: tuple[Pattern, ...]

    def vocabulary(self) -> set[str]:
        """Every word that its name and its patterns have."""
        texts = [self.name, *(entry for p in self.patterns for entry in (*p.words, *p.of))]
        return {word for text in texts for word in plain_words(text.replace("|", " ")).split()}


class FieldName(_Part):
    field: Words
    names: tuple[Words, ...]


class IndicatorNames(_Part):
    indicators: tuple[IndicatorName, ...]
    fields: tuple[FieldName, ...]

    def named(self, indicator: str) -> IndicatorName | None:
        return next((each for each in self.indicators if each.indicator == indicator), None)

    def of_catalogue(self, indicators: Mapping[str, str], fields: Mapping[str, str]) -> "IndicatorNames":
        """Of the names by id that a province counts; what it defined itself is found by its whole name only."""
        own = (IndicatorName(indicator=one, name=name, patterns=()) for one, name in indicators.items())
        own_fields = (FieldName(field=one, names=(name,)) for one, name in fields.items())
        known_fields = {each.field: each for each in self.fields}
        return IndicatorNames(
            indicators=tuple(self.named(each.indicator) or each for each in own),
            fields=tuple(known_fields.get(each.field, each) for each in own_fields),
        )


@cache
def indicator_names() -> IndicatorNames:
    return load_data_file(IndicatorNames, NAMES)


@cache
def _alternatives(entry: str) -> re.Pattern[str]:
    choices = "|".join(re.escape(plain_words(choice)) for choice in entry.split("|"))
    return re.compile(rf"\b(?:{choices})\b")


def _has(text: str, entry: str) -> bool:
    return _alternatives(entry).search(text) is not None
