"""Replaces the short names and marks that a document explains: "KT: Phòng Kinh tế", "(*): trước ngày 30/6".

The explanation may stand anywhere: in a line, a box, a table of two columns or on another sheet.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from services.planning.documents.blocks.assignments import names_only_bodies
from services.planning.documents.document import Block, Document, Paragraph, Table
from services.planning.documents.tables.cell_contents import code_of, texts_of
from services.planning.phrases.schedules import read_schedule
from shared.vietnamese import folded

_SHORT = r"[A-ZĐƯ][A-ZĐƯ\d]*(?:[&./-]?[A-ZĐƯ\d]+){0,3}"
_SIGN = r"\(\*{1,4}\)|\*{1,4}|\([a-h\d]{1,2}\)|\[[a-h\d]{1,2}\]"
_KEY = re.compile(rf"{_SHORT}|{_SIGN}")
_EXPLAINED = re.compile(
    rf"(?:^|(?<=[;,.:(\n–-])|(?<=và))\s*[“\"]?(?P<key>{_SHORT}|{_SIGN})[”\"]?\s*(?:[:=]|[-–]\s|là\s)\s*"
    rf"(?P<meaning>[^;:=\n]{{3,110}}?)[\s.]*(?=[;)\n]|$|,\s*[“\"]?{_SHORT}[”\"]?\s*[:=])"
)
_ROLES = frozenset(["ct", "ph", "c", "p", "cqct", "cqph", "đvct", "đvph", "th", "tg", "tt", "stt", "sp", "kq"])
_BETWEEN = re.compile(r"\s*(?:[,;/+&\n]|\s-\s|\svà\s)\s*")
_LABEL = re.compile(r"\s*[-•+]?\s*[^\W\d][^:]{1,40}:\s*")
_ROLE = re.compile(r"\s*(?:\((?:chủ trì|phối hợp|ct|ph|chính)\)|(?:c\.?|chủ )trì|phối hợp)\s*$", re.IGNORECASE)
_ASSIGNS = re.compile(r"chủ trì|phối hợp|tham mưu|đầu mối|chịu trách nhiệm|giao |phân công|thực hiện:|đơn vị:|cơ quan:")
_PIECES = re.compile(r"([;.()\n])")
_MANY = 2
_LONGEST_CELL = 300
_NO_TIME = ("unspecified", "by-reference", "invalid")
_NOTE = "Chữ viết tắt, dấu hiệu {keys} đọc theo chú giải của tài liệu: {meanings}."


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
        if folded(key) not in _ROLES and folded(key) != folded(meaning) and _is_a_meaning(key, meaning):
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
            yield from ((block.text, each["key"], each["meaning"]) for each in _EXPLAINED.finditer(text))
            continue
        for row in block.rows:
            texts = [text for text in texts_of(row) if text]
            pair = texts[1:] if len(texts) == 3 and code_of(texts[0]) else texts
            if len(pair) == 2 and _KEY.fullmatch(pair[0]):
                yield row.place, pair[0], pair[1]
            elif len(texts) == 1:
                yield from ((row.place, each["key"], each["meaning"]) for each in _EXPLAINED.finditer(texts[0]))


def _is_a_meaning(key: str, meaning: str) -> bool:
    if names_only_bodies(meaning):
        return True
    if key[0].isalpha() and len(key) < _MANY:
        return False
    milestones = read_schedule(meaning, 2000).milestones
    return len(meaning) <= 80 and bool(milestones) and all(each.kind not in _NO_TIME for each in milestones)


def _written_out(block: Block, meanings: Mapping[str, str], explaining: set[str], used: set[str]) -> Block:
    if isinstance(block, Paragraph):
        if block.text in explaining:
            return block
        pieces = _PIECES.split(block.text)
        text = "".join(_replaced(piece, meanings, used, signs=False) for piece in pieces)
        return block if text == block.text else replace(block, text=text)
    return Table(
        tuple(
            row
            if row.place in explaining
            else replace(
                row,
                cells=tuple(
                    replace(cell, text=_replaced(cell.text, meanings, used, signs=True))
                    if 0 < len(cell.text) <= _LONGEST_CELL
                    else cell
                    for cell in row.cells
                ),
            )
            for row in block.rows
        ),
        block.place,
    )


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
    used.update(pattern.findall(text))
    return pattern.sub(lambda found: meanings[found[0]], text)
