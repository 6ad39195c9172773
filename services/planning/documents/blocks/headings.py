"""Headings as a tree, each with the lines and keys below it, and the kinds of sections that they begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.planning.documents.blocks.keys import KeyRole
from services.planning.documents.line_markers import MarkedLine, without_end_mark
from shared.vietnamese import folded

LONGEST_TEXT = 20_000  # letters of a line or value that further lines continue: what is longer is no paragraph
AFTER_KEYS = re.compile(r"(?:trong quá trình|đề nghị|yêu cầu các|căn cứ|giao)\b")
_TIME_WORD = re.compile(r"(?:quý|tháng|ngày|trước|sau|chậm|trong|thường|định kỳ|hàng|hằng|từ|đến|năm|báo cáo|riêng)\b")
_TIME = re.compile(r"\b(?:quý|tháng|ngày|trước|thường xuyên|định kỳ|hàng|hằng|chậm nhất)\b")
LABEL = re.compile(r"[^\W\d][^:.,;]{1,40}:")
_GENERAL = re.compile(
    r"(?:mục đích|mục tiêu|yêu cầu|quan điểm|kinh phí|nguồn (?:lực|kinh phí)|tổ chức thực hiện|giải pháp|căn cứ"
    r"|phạm vi|đối tượng|khen thưởng|điều khoản|chế độ khen|đánh giá chung|bối cảnh|sự cần thiết|thời gian thực hiện)\b"
)
_OF_TARGETS = re.compile(r".*\b(?:mục tiêu|chỉ tiêu|mục đích|kết quả phấn đấu|giải pháp|nhiệm vụ|nội dung)\b")
_OF_THE_PAST = re.compile(
    r"(?:đánh giá|kết quả (?:thực hiện|đạt được|công tác|năm)|thực trạng|tình hình|tồn tại|hạn chế"
    r"|bài học kinh nghiệm)\b"
)
_LETTERHEAD = re.compile(
    r"(?:kế hoạch|cộng hoà xã hội|độc lập|uỷ ban nhân dân|ubnd|(?:phó )?chủ tịch|[tk]m\.|kt\.|nơi nhận"
    r"|phụ lục(?: (?:số )?[\divx]+)?$|hội đồng nhân dân|(?:xã|phường|đặc khu|tỉnh|thành phố) )"
)


@dataclass
class TaskKey:
    """A key of a task with its value, which may continue on the next lines.

    `style` is the marker of the key's line; `listed`: the value is a list on the lines below; `shared` as in KeyValue;
    `from_prose`: no printed key, but the words of a sentence; `by_value`: a label of unknown words; `doubt`: what a
    person should check about it, as a warning of the task.
    """

    role: KeyRole
    value: str
    place: str
    style: str
    listed: bool = False
    shared: bool = False
    from_prose: bool = False
    by_value: bool = False
    doubt: str = ""

    @property
    def is_a_paragraph(self) -> bool:
        """Whether it was printed as a paragraph without a marker, and not within a bullet."""
        return not self.style and not self.from_prose

    def accepts(self, line: MarkedLine, before: set[str]) -> bool:
        """Whether a line without a key continues this value; `before`: the markers of the lines before the key."""
        if len(self.value) > LONGEST_TEXT:
            return False
        if self.listed:
            return True
        if line.style:
            return (
                bool(self.style) and line.style not in (self.style, *before) and (self.style, line.style) != ("+", "-")
            )
        text = folded(line.text)
        if AFTER_KEYS.match(text) or LABEL.match(text):
            return False
        if self.role == "schedule" and self.value[-1] not in ",-(":
            return bool(_TIME_WORD.match(text)) or (self.value[-1] not in ".;" and bool(_TIME.search(text)))
        return self.value[-1] not in ".;"

    def append(self, text: str, glue: str = "\n") -> None:
        self.value = f"{self.value}{glue}{text}" if self.value else text


@dataclass
class Heading:
    """`items` are the lines of text and the keys below it, up to the next heading."""

    line: MarkedLine
    parent: "Heading | None" = None
    text: str = ""
    children: list["Heading"] = field(default_factory=list)
    items: list[MarkedLine | TaskKey] = field(default_factory=list)
    assigns_by_number: bool = False  # it gives an office works that stand elsewhere, and is none itself

    @property
    def keys(self) -> list[TaskKey]:
        return [item for item in self.items if isinstance(item, TaskKey) and item.value]

    @property
    def names_body_or_time(self) -> bool:
        """Whether it has a key of a task: "Sản phẩm:" or "Yêu cầu:" alone make none."""
        return any(key.role in ("lead", "both", "support", "schedule") for key in self.keys)

    def everything_below(self) -> list["Heading"]:
        return [found for child in self.children for found in (child, *child.everything_below())]

    @property
    def is_general(self) -> bool:
        """Whether it, or one above it, is about purpose, budget and the like, where only keys make a task."""
        return any(heading.assigns_by_number or is_about_purpose(heading.text) for heading in self._upwards())

    @property
    def announces_targets(self) -> bool:
        """Whether it, or one above it, is about aims or tasks, and none reports on the past."""
        texts = [folded(heading.text[:80]) for heading in self._upwards()]
        return any(map(_OF_TARGETS.match, texts)) and self.is_of_plan

    @property
    def is_of_plan(self) -> bool:
        """Whether neither it nor one above it reports on the past."""
        return not any(is_about_the_past(heading.text) for heading in self._upwards())

    def section(self, *, of_parts: bool = False) -> str | None:
        """The text of the nearest heading above; `of_parts`: the section of its parts, which is the heading itself."""
        above = self if of_parts else self.parent
        headings = above._upwards() if above else iter(())
        return next((without_end_mark(one.text) for one in headings if not is_letterhead(one.text)), None)

    def _upwards(self) -> Iterator["Heading"]:
        """The heading and those above it, without the root."""
        heading = self
        while heading.parent is not None:
            yield heading
            heading = heading.parent


def is_about_purpose(text: str) -> bool:
    return bool(_GENERAL.match(folded(text)))


def is_about_the_past(text: str) -> bool:
    return bool(_OF_THE_PAST.match(folded(text[:80])))


def is_letterhead(text: str) -> bool:
    """Whether it is a line of the letterhead or the signature, which may be in capitals like a heading."""
    return bool(_LETTERHEAD.match(folded(text)))
