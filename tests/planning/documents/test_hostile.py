"""Files made to take all time or memory are refused with a sentence, and no child process is left."""

import struct
import zlib
from contextlib import suppress

import psutil
import pytest

from services.planning.documents.document import Document
from services.planning.documents.opening import open_document
from shared.office_files.sandboxed_process import in_sandboxed_process
from shared.office_files.unreadable import UnreadableDocument
from tests.planning.documents import misbehaving_functions
from tests.planning.documents.document_files import (
    docx_of,
    form_of_itself,
    image,
    p,
    pdf_of,
    ruled,
    shown,
    tbl,
    tc,
    tr,
    with_part,
    xlsx_of,
    zip_of,
)

pytestmark = pytest.mark.slow  # each is read in a process of its own, up to its limits

MEGABYTE = 1024 * 1024
TOO_LARGE = "Tài liệu quá lớn"
DAMAGED = "bị hỏng"
ODD = "bất thường"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
) + "]>"  # fmt: skip


def sandboxed_children():
    """Without the servers of other tests, which are children of this process too."""
    commands = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            commands.append(child.cmdline())
    # The fork server names what it imports.
    others = (command for command in commands if "deploy.embedded.forks.server" not in command)
    return [command for command in others if any("sandboxed_process" in word for word in command)]


def refusal_of(function, *args, **limits):
    """The sentence in which the sandboxed function ends, with no child left."""
    with pytest.raises(UnreadableDocument) as caught:
        in_sandboxed_process(function, *args, **limits)
    assert sandboxed_children() == []
    return str(caught.value)


def docx_with(path, xml):
    return with_part(docx_of(path, p("Kế hoạch")), "word/document.xml", xml)


def xlsx_with(path, xml, part="xl/worksheets/sheet1.xml"):
    return with_part(xlsx_of(path, [["STT", "Việc"], ["1", "Soạn"]]), part, xml)


def pieces(piece, count, before=b"", after=b""):
    yield before
    for _ in range(count):
        yield piece
    yield after


def bomb(path):
    return docx_with(path, pieces(bytes(MEGABYTE), 200))


def bomb_that_lies(path):
    """A part of 30 MB with a declared size of 1,000 bytes."""
    made = docx_with(path, pieces(b" " * MEGABYTE, 30))
    content = made.read_bytes()
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.find(b"word/document.xml", 0 if mark == b"PK\x03\x04" else content.find(b"PK\x01\x02"))
        start = content.rfind(mark, 0, place) + at
        content = content[:start] + struct.pack("<I", 1000) + content[start + 4 :]
    made.write_bytes(content)
    return made


def archive_of_many_parts(path):
    return zip_of(path, {f"word/{number}.xml": b"" for number in range(6000)})


def archive_of_absurd_names(path):
    names = ["word/document.xml/" * 500, "../../../etc/passwd", "word/" + "\u202e" * 900, "/word/document.xml"]
    return zip_of(path, dict.fromkeys(names, b"<x/>"))


def overlapping_parts(path):
    """One part under many names in the directory."""
    body = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = body.compress(bytes(20 * MEGABYTE)) + body.flush()
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 20 * MEGABYTE, 1, 0) + b"w" + packed
    directory = b""
    for number in range(1000):
        name = b"word/document.xml" if number == 0 else b"word/%d.xml" % number
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, 0, len(packed), 20 * MEGABYTE, len(name), 0, 0, 0, 0, 0, 0
        ) + name  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(local), 0)
    path.write_bytes(local + directory + end)
    return path


def laughs_in_word(path):
    return docx_with(path, f"{LAUGHS}<w:document {W}><w:body>{p('&a11;')}</w:body></w:document>".encode())


def laughs_in_strings(path):
    return xlsx_with(path, f"{LAUGHS}<sst {S}><si><t>&a11;</t></si></sst>".encode(), "xl/sharedStrings.xml")


def laughs_in_a_sheet(path):
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
    return xlsx_with(path, f"{LAUGHS}<worksheet {S}><sheetData>{row}</sheetData></worksheet>".encode())


def foreign_entity(path):
    declaration = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return docx_with(path, f"{declaration}<w:document {W}><w:body>{p('&a;')}</w:body></w:document>".encode())


def nested_tables(path):
    start, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return docx_with(
        path, f"<w:document {W}><w:body>{start * 10_000}{p('x')}{end * 10_000}</w:body></w:document>".encode()
    )


def many_rows(path):
    row = tr("Nội dung").encode()
    before = f"<w:document {W}><w:body><w:tbl>".encode()
    return docx_with(path, pieces(row * 1000, 100, before, b"</w:tbl></w:body></w:document>"))


def huge_span(path):
    return docx_of(path, tbl(tr(tc("a", '<w:gridSpan w:val="99999999"/>'), "b")))


def huge_strings(path):
    before, after = f"<sst {S}>".encode(), b"</sst>"
    return xlsx_with(path, pieces(b"<si><t>x</t></si>" * 60_000, 100, before, after), "xl/sharedStrings.xml")


def many_filled_cells(path):
    rows = b"".join(b'<row r="%d">%s</row>' % (row, b"<c><v>1</v></c>" * 60) for row in range(1, 9000))
    before, after = f"<worksheet {S}><sheetData>".encode(), b"</sheetData></worksheet>"
    return xlsx_with(path, pieces(rows, 1, before, after))


def many_empty_cells(cells, row=b"<row>"):
    """So many on each row, a million and more together, each in a notation that has to be parsed."""

    def made(path):
        rows = b"".join(row + cells + b"</row>" for _ in range(100))
        before, after = f'<worksheet {S} xmlns:x="{S[7:-1]}"><sheetData>'.encode(), b"</sheetData></worksheet>"
        return xlsx_with(path, pieces(rows, 120, before, after))

    return made


def many_pages(path):
    return pdf_of(path, [shown(72, 72, "Trang")] * 10_000)


def pages_in_a_circle(path):
    content = pdf_of(path, [shown(72, 72, "Trang")]).read_bytes()
    path.write_bytes(content.replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]"))
    return path


def drawings_in_a_circle(path):
    return pdf_of(path, [b"/X0 Do\n"], extra=[form_of_itself(9)])


def endless_rules(path):
    return pdf_of(path, [shown(72, 72, f"Việc {n}") + ruled(range(0, 595, 5), range(0, 842, 5)) * 25 for n in range(5)])


def huge_image(path):
    return pdf_of(path, [b"595 0 0 842 0 0 cm /X0 Do\n"], extra=[image(100_000, 100_000)])


def endless_letters(path):
    return pdf_of(path, [b"25 Tz " + b"".join(shown(0, 20 + n, "chữ " * 320, 1) for n in range(800))])


def half_of(maker):
    def made(path):
        content = maker(path).read_bytes()
        path.write_bytes(content[: len(content) // 2])
        return path

    return made


def noise_in_word(path):
    return docx_with(path, bytes(range(256)) * 100)


@pytest.mark.parametrize(
    ("make", "name", "part"),
    [
        (bomb, "bom.docx", TOO_LARGE),
        (bomb_that_lies, "bom.docx", DAMAGED),
        (archive_of_many_parts, "bom.docx", "quá nhiều phần"),
        (archive_of_absurd_names, "bom.docx", DAMAGED),
        (overlapping_parts, "bom.docx", DAMAGED),
        (laughs_in_word, "bom.docx", ODD),
        (laughs_in_strings, "bom.xlsx", ODD),
        (laughs_in_a_sheet, "bom.xlsx", ODD),
        (foreign_entity, "bom.docx", ODD),
        (nested_tables, "bom.docx", "lồng nhau quá sâu"),
        (many_rows, "bom.docx", "hơn 10.000 hàng"),
        (huge_span, "bom.docx", "nhiều cột"),
        (noise_in_word, "bom.docx", DAMAGED),
        (huge_strings, "bom.xlsx", TOO_LARGE),
        *(
            (make, "bom.xlsx", "quá nhiều ô")
            for make in (
                many_filled_cells,
                many_empty_cells(b"<c/>" * 100),
                many_empty_cells(b'<x:c r="A1"/>' * 100),
                many_empty_cells(b"", b"<row/>" * 60 + b"<row>"),
            )
        ),
        (many_pages, "bom.pdf", "10.000 trang"),
        (pages_in_a_circle, "bom.pdf", DAMAGED),
        (drawings_in_a_circle, "bom.pdf", ODD),
        (huge_image, "bom.pdf", "bản quét"),
        (endless_letters, "bom.pdf", "quá nhiều chữ"),
        (half_of(lambda path: docx_of(path, p("Kế hoạch"))), "nua.docx", DAMAGED),
        (half_of(lambda path: xlsx_of(path, [["a", "b"]])), "nua.xlsx", DAMAGED),
        (half_of(lambda path: pdf_of(path, [shown(72, 72, "Kế hoạch")])), "nua.pdf", "hãy"),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(tmp_path, make, name, part):
    sentence = refusal_of(open_document, make(tmp_path / name))
    assert part.lower() in sentence.lower()
    assert sentence.endswith(".")


def test_a_page_full_of_rules_is_read_as_text(tmp_path):
    document = in_sandboxed_process(open_document, endless_rules(tmp_path / "a.pdf"))
    assert "Trang 1, 2" in document.notes[0]
    assert " ".join(block.text for block in document.blocks) == "Việc 0 Việc 1 Việc 2 Việc 3 Việc 4"


def empty_cells(row_count):
    for row in range(1, row_count + 1):
        cells = b"".join(b'<c r="%s%d" s="0"/>' % (column, row) for column in (b"A", b"B", b"C", b"D", b"E"))
        yield b'<row r="%d" spans="1:5">%s%s</row>' % (row, cells, cells)


def test_three_million_empty_cells_do_not_hide_the_filled_ones(tmp_path):
    filled = b"".join(
        b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % (column, text)
        for column, text in ((b"A", b"a"), (b"B", b"b"))
    )
    before = f'<worksheet {S}><dimension ref="A1:XFD1048576"/><sheetData><row r="1">'.encode() + filled + b"</row>"
    blank = b"".join(empty_cells(1000)).replace(b' r="1"', b' r="2"')
    path = xlsx_with(tmp_path / "rong.xlsx", pieces(blank, 300, before, b"</sheetData></worksheet>"))
    document = in_sandboxed_process(open_document, path)
    (table,) = document.blocks
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a", "b"]]


@pytest.mark.parametrize(
    ("function", "part"),
    [
        (misbehaving_functions.take_all_memory, "bộ nhớ"),
        (misbehaving_functions.recurse, DAMAGED),
        (misbehaving_functions.die, DAMAGED),
        (misbehaving_functions.leave, DAMAGED),
        (misbehaving_functions.fail, DAMAGED),
        (misbehaving_functions.answer_too_much, "bộ nhớ"),
        (misbehaving_functions.answer_with_code, DAMAGED),
    ],
)
def test_any_fault_of_the_child_is_refused_with_a_sentence(function, part):
    assert part in refusal_of(function, seconds=10)


def test_the_time_of_the_processor_is_limited_however_much_of_the_clock_there_is():
    assert "quá 1 giây" in refusal_of(misbehaving_functions.take_all_time, seconds=1, patience=600)


def test_the_time_of_the_clock_is_limited_too():
    assert "quá 2 giây" in refusal_of(misbehaving_functions.sleep_for_ever, seconds=10, patience=2)


def test_the_traceback_of_a_fault_is_kept_for_developers():
    with pytest.raises(UnreadableDocument) as caught:
        in_sandboxed_process(misbehaving_functions.fail)
    assert "what only developers see" in caught.value.__notes__[0]
    assert "what only developers see" not in str(caught.value)


def test_the_result_is_returned_and_printed_text_is_ignored():
    assert in_sandboxed_process(misbehaving_functions.document) == Document(())
