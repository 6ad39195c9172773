"""Makes the documents that tests open. `python -m tests.planning.documents.document_files` makes the PDFs anew."""

import io
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Mm, Pt

A4 = (Mm(210), Mm(297))
FILES = Path(__file__).parent / "files"
W = nsdecls("w")

HEADINGS = ("STT", "Nội dung công việc", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian")


def docx_of(path, body="", numbering="", styles=""):
    """A DOCX file whose body is the WordprocessingML given, with the definitions of lists and styles."""
    document = docx.Document()
    for child in list(parse_xml(f"<w:body {W}>{body}</w:body>")):
        document.element.body.insert_element_before(child, "w:sectPr")
    for child in parse_xml(f"<w:numbering {W}>{numbering}</w:numbering>"):
        document.part.numbering_part.element.append(child)
    for child in parse_xml(f"<w:styles {W}>{styles}</w:styles>"):
        document.styles.element.append(child)
    document.save(path)
    return path


def p(text="", properties="", run=""):
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def tc(content="", properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def tr(*cells, properties=""):
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(c if c.startswith('<') else tc(c) for c in cells)}</w:tr>"


def tbl(*rows):
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def numbered(list_id, level=0):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def levels(*formats_and_texts, more=""):
    return "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for place, (number_format, text) in enumerate(formats_and_texts)
    )


def abstract(name, content):
    return f'<w:abstractNum w:abstractNumId="{name}">{content}</w:abstractNum>'


def num(list_id, name, content=""):
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{name}"/>{content}</w:num>'


def zip_of(path, parts):
    """A zip of parts by their names; a part that is an iterator is written piece by piece."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in parts.items():
            with archive.open(name, "w") as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return path


def with_part(path, name, content):
    """The office file with one of its parts replaced; `content` is as in `zip_of`."""
    with zipfile.ZipFile(path) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return zip_of(path, {**parts, name: content})


def xlsx_of(path, rows=(), change=None):
    """An XLSX file with the rows on the sheet "KH"; `change` is given the book and the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "KH"
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    book.save(path)
    return path


UNICODE_RANGES = [
    b"%d beginbfrange %s endbfrange\n"
    % (64, b" ".join(b"<%02X00> <%02XFF> <%02X00>" % (high, high, high) for high in range(first, first + 64)))
    for first in range(0, 256, 64)
]
UNICODE_MAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange " + b"".join(UNICODE_RANGES) + b"endcmap end end"
)


def pdf_of(path, pages, mapped=True, extra=(), font=b"Plain"):
    """A PDF file of pages; each is a content stream, made of `shown` and `ruled`. All letters are half an em wide.

    `mapped`: whether the font tells which letters it shows. `extra`: further objects of the page's resources. `font` is
    the name of the font.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (7 + 2 * number) for number in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [4 0 R] %s >>"
        % (font, b"/ToUnicode 6 0 R" if mapped else b""),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /DW 500 /FontDescriptor 5 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>" % font,
        b"<< /Type /FontDescriptor /FontName /%s /Flags 4 /Ascent 800 /Descent -200 /FontBBox [0 -200 500 800] "
        b"/ItalicAngle 0 /CapHeight 700 /StemV 80 >>" % font,
        _stream(b"", UNICODE_MAP),
    ]
    first_extra = len(objects) + 2 * len(pages) + 1
    resources = b"/Font << /F 3 0 R >> /XObject << %s >>" % b" ".join(
        b"/X%d %d 0 R" % (number, first_extra + number) for number in range(len(extra))
    )
    for number, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>"
            % (resources, 8 + 2 * number)
        )
        objects.append(_stream(b"", content))
    path.write_bytes(_pdf([*objects, *extra]))
    return path


def _stream(dictionary, content):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


def image(width, height):
    """An image for `extra` of `pdf_of`, of one grey dot whose stated size is larger."""
    dictionary = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    return _stream(dictionary % (width, height), b"\x80")


def form_of_itself(number):
    """A drawing for `extra` of `pdf_of` that draws itself; `number` is that of its object."""
    dictionary = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X0 %d 0 R >> >>"
    return _stream(dictionary % number, b"/X0 Do /X0 Do")


def _pdf(objects):
    content = io.BytesIO()
    content.write(b"%PDF-1.5\n")
    places = []
    for number, one in enumerate(objects, 1):
        places.append(content.tell())
        content.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    table = content.tell()
    content.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    content.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    content.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))
    return content.getvalue()


def shown(x, y, text, size=12):
    """A line of text whose base line is `y` points below the upper edge."""
    return b"BT /F %d Tf %d %d Td <%s> Tj ET\n" % (size, x, 842 - y, text.encode("utf-16-be").hex().encode())


def ruled(xs, ys):
    """The rules of a table, from the first to the last of each other's places."""
    down = [(x, ys[0], x, ys[-1]) for x in xs]
    across = [(xs[0], y, xs[-1], y) for y in ys]
    return b"".join(rule(*ends) for ends in (*down, *across))


def rule(x, y, other_x, other_y):
    return b"%d %d m %d %d l S\n" % (x, 842 - y, other_x, 842 - other_y)


def plan_docx(path):
    """A plan as communes write it: a head in two columns, prose, and a table over several pages."""
    document = docx.Document()
    document.styles["Normal"].font.name = "Liberation Serif"
    document.styles["Normal"].font.size = Pt(14)
    head = document.add_table(rows=1, cols=2)
    for cell, lines in zip(
        head.rows[0].cells,
        (("UỶ BAN NHÂN DÂN", "XÃ SUỐI MƠ"), ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")),
        strict=True,
    ):
        cell.text = "\n".join(lines)
    for text, bold in (("KẾ HOẠCH", True), ("Cải cách hành chính năm 2026 của xã Suối Mơ", True)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).bold = bold
    for text, bold in PROSE:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Cm(1.27)
        paragraph.add_run(text).bold = bold
    document.sections[0].page_width, document.sections[0].page_height = A4
    _add_tasks(document)
    document.save(path)
    return path


PROSE = (
    ("I. MỤC TIÊU", True),
    (
        "1. Giữ cho việc nhận và trả hồ sơ của người dân được đều đặn, không để hồ sơ nào quá hạn mà không có thư xin "
        "lỗi, góp phần vào phát triển kinh tế - xã hội của xã trong cả năm 2026.",
        False,
    ),
    ("- Ít nhất 70% hồ sơ được nộp trực tuyến.", False),
    (
        "- Mỗi quý một lần, các phòng cùng nhau xem lại những việc còn chậm, tìm ra lý do và thống nhất cách làm cho "
        "quý sau.",
        False,
    ),
    ("II. VIỆC PHẢI LÀM", True),
    ("Các việc được ghi trong bảng kèm theo.", False),
)


def _add_tasks(document):
    table = document.add_table(rows=1, cols=len(HEADINGS))
    table.style = "Table Grid"
    for column, width in zip(table.columns, (1.2, 4.5, 2.8, 3, 2, 2), strict=True):
        column.width = Cm(width)
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = heading
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {W}/>"))
    group = table.add_row().cells
    group[0].text = "I"
    group[1].merge(group[5]).text = "Việc của cả năm"
    for number in range(1, 13):
        cells = table.add_row().cells
        cells[0].text = str(number)
        cells[1].text = f"Soạn và gửi bản tổng hợp số {number} về những việc đã làm được trong kỳ của các phòng"
        cells[2].text = f"Bản tổng hợp số {number}"
        cells[3].text = "Phòng Kinh tế" if number % 2 else "- Văn phòng HĐND và UBND\n- Phòng Văn hoá - Xã hội"
        cells[5].text = "Quý III/2026"
    merged = table.rows[2].cells[4].merge(table.rows[4].cells[4])
    merged.text = "Các thôn"


def main():
    from tests.planning.documents.layouts import as_docx

    FILES.mkdir(exist_ok=True)
    _convert(plan_docx(FILES / "plan.docx"))
    _convert(as_docx(FILES / "same.docx"))
    _convert(as_docx(FILES / "same-landscape.docx", landscape=True, repeated=False))


def _convert(made):
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(FILES), str(made)]
    subprocess.run(command, check=True, timeout=120)
    made.unlink()


if __name__ == "__main__":
    main()
