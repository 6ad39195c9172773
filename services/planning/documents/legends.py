"""Replaces the short names and marks that a document explains: "KT: Phòng Kinh tế", "(*): trước ngày 30/6".

The explanation may stand anywhere: in a line, a box, a table of two columns or on another sheet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.blocks.keys import keys_in
from services.planning.documents.document import Block, Document, Paragraph, Table
from services.planning.documents.draft import Draft, with_place
from services.planning.documents.tables.cell_contents import code_of, texts_of
from services.planning.documents.tables.columns.column import ColumnRole
from services.planning.documents.tables.columns.header_words import role_of, role_under
from services.planning.documents.tables.columns.headers import labels, rows_by_header
from services.planning.phrases.schedules import NO_TIME, read_schedule
from shared.vietnamese import folded

_SHORT = r"(?:[A-ZĐƯ][A-ZĐƯ\d]*(?:[&./-]?[A-ZĐƯ\d]+){0,3}|\d{1,2}[A-ZĐ]{1,2})"
_SIGN = r"\(\*{1,4}\)|\*{1,4}|\([a-h\d]{1,2}\)|\[[a-h\d]{1,2}\]"
_KEY = re.compile(rf"{_SHORT}|{_SIGN}")
_EXPLAINED = re.compile(
    rf"(?:^|(?<=[;,.:(\n–-])|(?<=và))\s*[“\"]?(?P<key>{_SHORT}|{_SIGN})[”\"]?\s*(?P<mark>[:=]|[-–]\s|là\s)\s*"
    rf"(?P<meaning>[^;:=\n]{{3,110}}?)[\s.]*(?=[;)\n]|$|,\s*[“\"]?{_SHORT}[”\"]?\s*[:=])"
)
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_ROLES = frozenset(["ct", "ph", "c", "p", "cqct", "cqph", "đvct", "đvph", "th", "tg", "tt", "stt", "sp", "kq"])
_BETWEEN = re.compile(r"\s*(?:[,;/+&\n]|\s-\s|\svà\s)\s*")
_LABEL = re.compile(r"\s*[-•+]?\s*[^\W\d][^:]{1,40}:\s*")
_ROLE = re.compile(r"\s*(?:\((?:chủ trì|phối hợp|ct|ph|chính)\)|(?:c\.?|chủ )trì|phối hợp)\s*$", re.IGNORECASE)
_ASSIGNS = re.compile(r"chủ trì|phối hợp|tham mưu|đầu mối|chịu trách nhiệm|giao |phân công|thực hiện:|đơn vị:|cơ quan:")
_CAPITAL_WORD = re.compile(r"[ \t]+(?!(?:Chủ trì|Phối hợp|Quý|Tháng|Thường xuyên)\b)[A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ]")
_TEXTS: tuple[ColumnRole, ...] = ("number", "content", "deliverable", "group", "indicator", "target", "unit")
_PIECES = re.compile(r"([;.()\n])")
_MANY = 2
_LONGEST_CELL = 300
_NOTE = "Chữ viết tắt, dấu hiệu {keys} đọc theo chú giải của tài liệu: {meanings}."
_NUMBERED_OFFICE = re.compile(r"\((\d{1,2})\)\s*([^();]+?)\s*(?=[;.,]?\s*(?:\(\d|$))")
_NUMBERS = re.compile(r"(?:\(\d{1,2}\)[\s,;]*(?:và\s*)?)+")
_FEWEST_NUMBERED = 2
_UNKNOWN_OFFICE = "không nhận ra tên cơ quan: ("


def with_legends_applied(document: Document) -> Document:
    """The document with whole names and times in their place, and a note of what they stand for."""
    meanings, explaining = _legend(document)
    if not meanings:
        return document
    used: set[str] = set()
    blocks = tuple(_written_out(block, meanings, explaining, used) for block in document.blocks)
    if not used:
        return document
    named = "; ".join(f"{key} là {meanings[key]}" for key in meanings if key in used)
    note = _NOTE.format(keys=", ".join(key for key in meanings if key in used), meanings=named)
    return Document(blocks, (*document.notes, note))


def _legend(document: Document) -> tuple[dict[str, str], set[str]]:
    """The meaning of each key, and the paragraphs (by text) and rows (by place) that explain them.

    A key with two meanings is none.
    """
    found: dict[str, set[str]] = {}
    explaining: set[str] = set()
    for source, key, meaning in _explanations(document):
        if folded(key) not in _ROLES and folded(key) not in folded(meaning).split() and _is_a_meaning(key, meaning):
            found.setdefault(key, set()).add(meaning.strip(" .,;"))
            explaining.add(source)
    known = {key: next(iter(several)) for key, several in found.items() if len(several) == 1}
    short = [key for key in known if key[0].isalpha()]
    kept = {key: meaning for key, meaning in known.items() if key not in short or len(short) >= _MANY}
    return kept, explaining


def _explanations(document: Document) -> Iterator[tuple[str, str, str]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            text = f"{block.number} {block.text}" if block.number in ("*", "**", "***") else block.text
            yield from ((block.text, *explained) for explained in _explained(text))
            continue
        for row in block.rows:
            texts = [text for text in texts_of(row) if text]
            pair = texts[1:] if len(texts) == 3 and code_of(texts[0]) else texts
            if len(pair) == 2 and _KEY.fullmatch(pair[0]) and not _is_a_row_number(pair[0]):
                yield row.place, pair[0], pair[1]
            elif len(texts) == 1:
                yield from ((row.place, *explained) for explained in _explained(texts[0]))


def _explained(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of a key and its meaning; a dash in "Chủ trì: VHXH - Văn phòng" is one between two offices."""
    names_roles = bool(keys_in(text)[1])
    for found in _EXPLAINED.finditer(text):
        if not (names_roles and found["mark"][0] in "-–"):
            yield found["key"], found["meaning"]


def _is_a_row_number(key: str) -> bool:
    """The number of a group, as in "II | Công an xã"; "VX" is none, though of Roman digits."""
    return code_of(key) is not None and not (key.isalpha() and len(key) > 1 and not _ROMAN.fullmatch(key))


def _is_a_meaning(key: str, meaning: str) -> bool:
    if key[0].isalpha() and _is_a_row_number(key):
        return False
    if names_only_bodies(meaning):
        return True
    milestones = read_schedule(meaning, 2000).milestones
    return len(meaning) <= 80 and bool(milestones) and all(each.kind not in NO_TIME for each in milestones)


def _written_out(block: Block, meanings: Mapping[str, str], explaining: set[str], used: set[str]) -> Block:
    if isinstance(block, Paragraph):
        if block.text in explaining:
            return block
        pieces = _PIECES.split(block.text)
        text = "".join(_replaced(piece, meanings, used, signs=False) for piece in pieces)
        return block if text == block.text else replace(block, text=text)
    with_texts = _columns_of_texts(block)
    return replace(
        block,
        rows=tuple(
            row
            if row.place in explaining
            else replace(
                row,
                cells=tuple(
                    replace(cell, text=_replaced_in_cell(cell.text, meanings, used, at in with_texts.get(id(row), ())))
                    for at, cell in enumerate(row.cells)
                ),
            )
            for row in block.rows
        ),
    )


def _columns_of_texts(table: Table) -> dict[int, set[int]]:
    """By the `id` of each row below a header the columns of works and products, where a short name stays as printed."""
    found: dict[int, set[int]] = {}
    for header, rows in rows_by_header(table.rows):
        if header:
            roles = [
                role_under(parent, name) if name else role_of(parent)
                for parent, name in zip(*labels(header), strict=True)
            ]
            of_texts = {at for at, role in enumerate(roles) if role in _TEXTS}
            found |= {id(row): of_texts for row in rows}
    return found


def _replaced_in_cell(text: str, meanings: Mapping[str, str], used: set[str], is_text: bool) -> str:
    """In a cell of running text only what stands behind a key: "Chủ trì: KT"."""
    if not 0 < len(text) <= _LONGEST_CELL:
        return text
    if not is_text:
        return _replaced(text, meanings, used, signs=True)
    lines = []
    for line in text.split("\n"):
        before, keys = keys_in(line)
        at = len(before) if keys else len(line)
        lines.append(line[:at] + _replaced(line[at:], meanings, used, signs=False))
    return "\n".join(lines)


def _replaced(text: str, meanings: Mapping[str, str], used: set[str], *, signs: bool) -> str:
    """A text that is a list of keys and names, or assigns work to them; every other text as it is."""
    if signs and text.strip() in meanings:
        used.add(text.strip())
        return meanings[text.strip()]
    tokens = _BETWEEN.split(_LABEL.sub("", text, count=1).strip())
    keys = [key for token in tokens if (key := _ROLE.sub("", token).strip(" .")) in meanings and key[0].isalpha()]
    others = [token for token in tokens if _ROLE.sub("", token).strip(" .") not in meanings]
    is_list = bool(keys) and all(names_only_bodies(token) for token in others if token)
    if not (is_list and (signs or len(keys) >= _MANY or _LABEL.match(text))) and not _ASSIGNS.search(folded(text)):
        return text
    short = sorted((key for key in meanings if key[0].isalpha()), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w/&.-])(?:{'|'.join(map(re.escape, short))})(?![\w/&-])") if short else None
    if pattern is None:
        return text
    return pattern.sub(lambda found: _meaning_at(found, meanings, used), text)


def _meaning_at(found: re.Match[str], meanings: Mapping[str, str], used: set[str]) -> str:
    """The key as printed where it is a part of a longer name: "UB MTTQ", "VP HĐND và UBND", "Phòng KT"."""
    first, *rest = folded(meanings[found[0]]).split()
    before, after = folded(found.string[: found.start()]), folded(found.string[found.end() :])
    goes_on = any(re.match(rf"{re.escape(' '.join(rest[at:]))}(?!\w)", after) for at in range(len(rest)))
    if goes_on or _CAPITAL_WORD.match(found.string, found.end()):
        return found[0]
    used.add(found[0])
    begun = re.search(rf"(?<!\w){re.escape(first)}$", before)
    return meanings[found[0]].split(maxsplit=1)[-1] if begun and rest else meanings[found[0]]


def name_numbered_offices(draft: Draft, paragraphs: Sequence[Paragraph]) -> None:
    """Gives offices their names where a plan numbers them: "(2)" in a cell, and "(2) Phòng Kinh tế" in a note."""
    names = next((found for each in paragraphs if len(found := _numbered_offices(each.text)) >= _FEWEST_NUMBERED), {})
    for task in draft.tasks if names else ():
        if any(map(_NUMBERS.fullmatch, (*task.lead, *task.support))):
            task.lead, task.support = list(_with_names(task.lead, names)), list(_with_names(task.support, names))
            task.warnings = [each for each in task.warnings if _UNKNOWN_OFFICE not in each]
            task.warnings.append(with_place(task.place, "tên cơ quan lấy theo số trong chú giải, cần xem lại"))


def _numbered_offices(text: str) -> dict[str, str]:
    found = {number: name for number, name in _NUMBERED_OFFICE.findall(text) if names_only_bodies(name)}
    return found if list(found) == [str(n) for n in range(1, len(found) + 1)] else {}


def _with_names(printed: Sequence[str], names: dict[str, str]) -> Iterator[str]:
    for each in printed:
        numbers = re.findall(r"\d+", each) if _NUMBERS.fullmatch(each) else []
        yield from (names.get(number, f"({number})") for number in numbers) if numbers else (each,)
