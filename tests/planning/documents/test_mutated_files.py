"""Office files with damaged parts end in a draft or in a sentence, and never in another exception."""

import contextlib
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from services.planning.documents.draft_reader import draft_in
from shared.office_files.unreadable import UnreadableDocument

HEADINGS = ["STT", "Nội dung công việc", "Sản phẩm", "Cơ quan chủ trì", "Thời gian"]
ROWS = [[str(n), "Rà soát quy trình", "Báo cáo", "Phòng Kinh tế", "Quý III"] for n in range(1, 5)]
NUMBERS = (b"-1", b"0", b"99999999999999999999", b"2147483648", b"1e9", b"", b"NaN")


def workbook() -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in [["KẾ HOẠCH năm 2025"], HEADINGS, *ROWS]:
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(content)
    return content.getvalue()


def word_file() -> bytes:
    document, content = docx.Document(), io.BytesIO()
    document.add_paragraph("KẾ HOẠCH năm 2025")
    document.add_paragraph("Rà soát", style="List Number")
    table = document.add_table(rows=0, cols=len(HEADINGS))
    for row in [HEADINGS, *ROWS]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(content)
    return content.getvalue()


def other_bytes(part: bytes, dice: random.Random) -> bytes:
    changed = bytearray(part)
    for _ in range(dice.choice([1, 10, 100])):
        at = dice.randrange(len(changed))
        changed[at : at + dice.randrange(2)] = dice.randbytes(1)
    return bytes(changed)


def other_numbers(part: bytes, dice: random.Random) -> bytes:
    return re.sub(rb'"(\d+)"', lambda found: b'"%s"' % dice.choice([found[1], found[1], *NUMBERS]), part)


def doubled_tags(part: bytes, dice: random.Random) -> bytes:
    return re.sub(rb"(<[a-z:]+>)", lambda found: found[1] * dice.choice([1, 1, 2]), part, count=20)


def declared(part: bytes, dice: random.Random) -> bytes:
    return part.replace(b"?>", b'?><!DOCTYPE l [<!ENTITY a "x">]>', 1).replace(b"</t>", b"&a;</t>", 3)


def cut(part: bytes, dice: random.Random) -> bytes:
    return part[: dice.randrange(len(part))]


def deep(part: bytes, dice: random.Random) -> bytes:
    return b"<a>" * 100_000


CHANGES = (other_bytes, other_numbers, doubled_tags, declared, cut, deep)


def mutated(content: bytes, change: Callable[[bytes, random.Random], bytes], dice: random.Random) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(made, "w") as changed:
        hit = dice.choice([name for name in parts.namelist() if name.endswith((".xml", ".rels"))])
        for name in parts.namelist():
            part = parts.read(name)
            changed.writestr(name, change(part, dice) if name == hit else part)
    return made.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize(("suffix", "made"), [(".xlsx", workbook), (".docx", word_file)])
def test_a_damaged_part_gives_a_draft_or_a_sentence(
    tmp_path: Path, suffix: str, made: Callable[[], bytes], change: Callable[[bytes, random.Random], bytes]
) -> None:
    content, path = made(), tmp_path / f"plan{suffix}"
    for seed in range(15):
        path.write_bytes(mutated(content, change, random.Random(seed)))
        with contextlib.suppress(UnreadableDocument):
            draft_in(path)
