"""Headings, and what stands below each: lines of text, and keys with their values."""

import re
from dataclasses import dataclass, field

from services.planning.documents.blocks.keys import Role
from services.planning.documents.blocks.markers import Line
from shared.vietnamese import folded

AFTER_KEYS = re.compile(r"(?:trong quá trình|đề nghị|yêu cầu các|căn cứ|giao)\b")
_TIME_WORD = re.compile(r"(?:quý|tháng|ngày|trước|sau|chậm|trong|thường|định kỳ|hàng|hằng|từ|đến|năm|báo cáo|riêng)\b")
_TIME = re.compile(r"\b(?:quý|tháng|ngày|trước|thường xuyên|định kỳ|hàng|hằng|chậm nhất)\b")
_LABEL = re.compile(r"[^\W\d][^:.,;]{1,40}:")


@dataclass
class Keyed:
    """A key of a task with its value, which may go on over the next lines; `style` is the marker of the key's line."""

    role: Role
    value: str
    place: str
    style: str
    listed: bool = False
    shared: bool = False

    def takes(self, line: Line, before: set[str]) -> bool:
        """Whether a line without a key belongs to this value; `before`: the markers of the lines before the key."""
        if self.listed:
            return True
        if line.style:
            return (
                bool(self.style) and line.style not in (self.style, *before) and (self.style, line.style) != ("+", "-")
            )
        text = folded(line.text)
        if AFTER_KEYS.match(text) or _LABEL.match(text):
            return False
        if self.role == "schedule" and self.value[-1] not in ",-(":
            return bool(_TIME_WORD.match(text)) or (self.value[-1] not in ".;" and bool(_TIME.search(text)))
        return self.value[-1] not in ".;"

    def add(self, text: str, glue: str = "\n") -> None:
        self.value = f"{self.value}{glue}{text}" if self.value else text


@dataclass
class Heading:
    """`items` are the lines of text and the keys below it, down to the next heading."""

    line: Line
    parent: "Heading | None" = None
    text: str = ""
    children: list["Heading"] = field(default_factory=list)
    items: list[Line | Keyed] = field(default_factory=list)

    @property
    def keys(self) -> list[Keyed]:
        return [item for item in self.items if isinstance(item, Keyed) and item.value]

    @property
    def is_keyed(self) -> bool:
        """Somebody or some time is named; "Sản phẩm:" or "Yêu cầu:" alone make no task."""
        return any(key.role in ("lead", "both", "support", "schedule") for key in self.keys)

    def everything_below(self) -> list["Heading"]:
        return [found for child in self.children for found in (child, *child.everything_below())]
