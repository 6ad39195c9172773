"""Splits a document into passages above the title, the title, the preamble and the rest."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from services.planning.documents.document import Block, Document, Paragraph, Table
from services.planning.documents.line_markers import is_in_capitals, marked_line
from services.planning.documents.plan_head.acts import acts_in
from shared.vietnamese import folded

_OF_THE_HEADER = re.compile(
    r"cộng hoà xã hội|độc lập|nơi nhận|(?:^|\n)số ?:|(?:^|\n)(?:uỷ ban nhân dân|ubnd)|(?:^|\n)(?:kế hoạch|chương trình)"
)
_TITLE_ALONE = re.compile(r"k ?ế ?h ?o ?ạ ?c ?h\W*")
# Of documents that give tasks and are no plan by name; the title follows, or is in the same line.
_OTHER_TITLE_ALONE = re.compile(
    r"(?:chương trình(?: (?:công tác|hành động|trọng tâm))?|phương án|đề án|lịch công tác|thông báo|hướng dẫn"
    r"|bảng phân công(?: nhiệm vụ)?|phân công nhiệm vụ|danh mục nhiệm vụ|quyết định|công văn|chỉ thị)\W*"
)
_OTHER_TITLE = re.compile(
    r"(?:chương trình|phương án|đề án|lịch công tác|bảng phân công|phân công|danh mục|bảng tổng hợp|biểu|lịch) "
)
_PREAMBLE = re.compile(
    r"(?:-\s*)?(?:(?:căn cứ|thực hiện|theo|xét|để|nhằm|trên cơ sở|triển khai|tiếp tục|thi hành|tiếp theo|thừa lệnh"
    r"|uỷ ban nhân dân|ubnd|chủ tịch|hội đồng nhân dân|hđnd)\b)"
)
_GOES_ON = re.compile(r"(?:năm 20|trên địa bàn|giai đoạn|tại |của |trong |\(?giai đoạn|\(?lần |và |\d+ tháng|quý )")
_SECTION = re.compile(r"roman|capital|named .*|decimal\d")
_LONGEST_TITLE = 6
_LONGEST_HEADER = 60
_LONGEST_LINE = 250


@dataclass(frozen=True)
class Passage:
    """A line of a paragraph or of a layout table, or the text of a cell of a table of tasks (`in_table`)."""

    text: str
    place: str
    bold: bool = False
    in_table: bool = False
    numbered: bool = False


@dataclass
class Passages:
    """`title` is the text under "KẾ HOẠCH"; the preamble ends at the first section or table."""

    header: list[Passage] = field(default_factory=list)
    title: list[Passage] = field(default_factory=list)
    preamble: list[Passage] = field(default_factory=list)
    body: list[Passage] = field(default_factory=list)

    @property
    def everything(self) -> list[Passage]:
        return [*self.header, *self.title, *self.preamble, *self.body]


def passages_of(document: Document) -> Passages:
    passages = [passage for block in document.blocks for passage in _passages(block)]
    header, title, rest = _around_title(passages)
    end = _preamble_length(rest)
    return Passages(header, title, rest[:end], rest[end:])


def _around_title(passages: list[Passage]) -> tuple[list[Passage], list[Passage], list[Passage]]:
    """The passages above the title, the title without the line "KẾ HOẠCH", and the passages after it."""
    at = _index_of(_begins_title, passages[:_LONGEST_HEADER])
    if at is None:
        at = _index_of(is_title_with_number, passages[: _first_section(passages)])
    if at is None:
        at = _index_of(_begins_another_title, passages[: min(_LONGEST_HEADER, _first_section(passages))])
    if at is None:
        section = _first_section(passages)
        start = next((n for n, one in enumerate(passages[:section]) if is_preamble(one)), section)
        return passages[:start], [], passages[start:]
    text = folded(passages[at].text)
    first = [] if _TITLE_ALONE.fullmatch(text) or _OTHER_TITLE_ALONE.fullmatch(text) else [passages[at]]
    more = _title_lines(passages[at + 1 :], first)
    return passages[:at], [*first, *more], passages[at + 1 + len(more) :]


def is_section(passage: Passage) -> bool:
    style = marked_line(passage.text).style
    return passage.in_table or passage.numbered or bool(_SECTION.fullmatch(style))


def _passages(block: Block) -> Iterator[Passage]:
    if isinstance(block, Paragraph):
        numbered = block.number is not None and any(map(str.isalnum, block.number))
        for text in _lines(block.text):
            yield Passage(text, block.place, block.bold, numbered=numbered)
        return
    layout = _is_layout(block)
    for row in block.rows:
        for cell in row.cells:
            for text in _lines(cell.text) if layout else [cell.text]:
                if text:
                    yield Passage(text, row.place, cell.bold, in_table=not layout)


def _lines(text: str) -> list[str]:
    """The lines with letters or digits, without rules drawn with dashes or asterisks."""
    return [line.strip() for line in text.split("\n") if any(map(str.isalnum, line))]


def _is_layout(table: Table) -> bool:
    """Whether a table only lays out the header or the signature."""
    if len(table.rows) > 8 or max((len(row.cells) for row in table.rows), default=0) > 4:
        return False
    cells = [folded(line) for row in table.rows for cell in row.cells for line in cell.text.split("\n")]
    return any(_OF_THE_HEADER.match(cell) for cell in cells) and not any(
        re.match(r"s?tt\b|số tt", one) for one in cells
    )


def _begins_title(passage: Passage) -> bool:
    text = folded(passage.text)
    if _TITLE_ALONE.fullmatch(text):
        return True
    fits = text.startswith("kế hoạch ") and not passage.in_table and len(text) < _LONGEST_LINE and text[-1] not in ".;:"
    return fits and (is_in_capitals(passage.text) or passage.bold or not acts_in(passage.text))


def _begins_another_title(passage: Passage) -> bool:
    text = folded(passage.text)
    if passage.in_table or len(text) > _LONGEST_LINE or text[-1] in ".;:":
        return False
    return bool(_OTHER_TITLE_ALONE.fullmatch(text) or _OTHER_TITLE.match(text)) and (
        is_in_capitals(passage.text) or passage.bold
    )


def is_title_with_number(passage: Passage) -> bool:
    """ "Kế hoạch số 8/KH-UBND ngày … về cải cách hành chính năm 2026", of a document without a line "KẾ HOẠCH"."""
    text = folded(passage.text)
    return text.startswith("kế hoạch số") and len(text) < _LONGEST_LINE and bool(acts_in(passage.text))


def _index_of(test: Callable[[Passage], bool], passages: Sequence[Passage]) -> int | None:
    return next((at for at, passage in enumerate(passages) if test(passage)), None)


def _title_lines(following: Sequence[Passage], before: Sequence[Passage]) -> list[Passage]:
    lines = list(before)
    for passage in following:
        if len(lines) == _LONGEST_TITLE or is_section(passage) or not _belongs_to_title(passage, lines):
            break
        lines.append(passage)
    return lines[len(before) :]


def _belongs_to_title(passage: Passage, lines: Sequence[Passage]) -> bool:
    text = folded(passage.text)
    if text.startswith(("(kèm", "(ban hành", "(đính", "kính gửi", "căn cứ")):
        return False
    if is_preamble(passage) and (acts_in(passage.text) or lines) and text[-1] in ".;:,":
        return False
    if not lines:
        return True
    last = lines[-1]
    if is_in_capitals(last.text) != is_in_capitals(passage.text):
        return False
    alike = is_in_capitals(passage.text) or (last.bold and passage.bold) or passage.text[0].islower()
    return (alike or bool(_GOES_ON.match(text))) and text[-1] not in ".;:"


def is_preamble(passage: Passage) -> bool:
    return bool(_PREAMBLE.match(folded(passage.text)))


def _first_section(passages: Sequence[Passage]) -> int:
    return next((at for at, passage in enumerate(passages) if is_section(passage)), len(passages))


def _preamble_length(passages: Sequence[Passage]) -> int:
    """Up to the first section; a first section called "Căn cứ" is part of it, up to the next of its kind."""
    end = _first_section(passages)
    if end == len(passages):
        return end
    first = marked_line(passages[end].text)
    if not folded(first.text).startswith("căn cứ") or passages[end].in_table:
        return end
    beside = (at for at in range(end + 1, len(passages)) if marked_line(passages[at].text).style == first.style)
    return next(beside, end)
