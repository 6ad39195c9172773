"""Writes the report as a Word document in the form of Decree 30/2020/NĐ-CP, from its blocks."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from services.reporting.rendering.blocks.annexes import annexes
from services.reporting.rendering.blocks.block import Annex, Block, Caption, Grid, Heading, Note, Paragraph, Picture
from services.reporting.rendering.blocks.body import body, signed
from services.reporting.rendering.formats.office_file import write_reproducibly
from services.reporting.rendering.formats.word import decree30, frame
from services.reporting.rendering.formats.word.tables import table
from services.reporting.rendering.printed_report import PrintedReport
from services.reporting.rendering.text import letterhead
from shared.printable import printable

# [MS-ODRAWXML] 2.3.3.5: the extension of a picture by which Word 2016 and later show the SVG in its place.
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def write_docx(printed: PrintedReport, path: Path) -> Path:
    """A4 portrait, wide annexes in landscape. The same report gives the same bytes."""
    report, enclosed = printed.report, annexes(printed)
    document = decree30.blank_document(report)
    frame.add_head(document, report)
    frame.add_title(document, printed)
    _add(document, printed, [*body(printed, enclosed), *signed(report)])
    frame.add_signature(document, report)
    for annex in enclosed:
        _add_annex(document, printed, annex)
    archive = BytesIO()
    document.save(archive)
    return write_reproducibly(archive, report.known_at, path)


def _add_annex(document: WordDocument, printed: PrintedReport, annex: Annex) -> None:
    decree30.begin_annex(document, annex.landscape)
    frame.centred(document, f"Phụ lục {annex.number}".strip(), 14, bold=True)
    frame.centred(document, annex.title.upper(), 14, bold=True)
    attached = frame.centred(document, letterhead.attached_to(printed.report), 13, italic=True)
    attached.paragraph_format.space_after = Pt(6)
    _add(document, printed, annex.blocks)


def _add(document: WordDocument, printed: PrintedReport, blocks: Iterable[Block]) -> None:
    for block in blocks:
        match block:
            case Heading(text):
                decree30.add_paragraph(document, text, "Heading1")
            case Paragraph(text, leads):
                paragraph = decree30.add_paragraph(document, text, "BodyText")
                paragraph.paragraph_format.keep_with_next = leads
            case Caption(text, bold):
                caption = frame.centred(document, text, 13, bold=bold, italic=not bold)
                caption.paragraph_format.keep_with_next = True
                caption.paragraph_format.space_after = Pt(4)
            case Note(text):
                _note(document, text)
            case Grid():
                _table(document, block)
            case Picture(drawing):
                _picture(document, block, printed.pictures[drawing.name])


def _table(document: WordDocument, grid: Grid) -> None:
    """A table at the end of the document and an empty line, without which Word joins it to a following table."""
    decree30.add_paragraph(document, "", "TableText")._p.addprevious(table(grid))


def _note(document: WordDocument, text: str) -> None:
    paragraph = decree30.add_paragraph(document, "", "Form")
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(printable(text))
    run.font.size, run.font.italic = Pt(11), True


def _picture(document: WordDocument, picture: Picture, png: bytes) -> None:
    """Centred over its title, which is also its alt text: SVG, and PNG for programs that cannot show SVG."""
    drawing = picture.drawing
    paragraph = decree30.add_paragraph(document, "", "Form")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    width = min(letterhead.TEXT_WIDTH, picture.height * drawing.width / drawing.height)
    inline = paragraph.add_run().add_picture(BytesIO(png), width=Mm(width))._inline
    inline.docPr.set("descr", printable(drawing.title))
    inline.docPr.set("name", drawing.name)
    name = PackURI(f"/word/media/{drawing.name}.svg")
    part = Part(name, "image/svg+xml", drawing.svg.encode(), document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    inline.find(f".//{qn('a:blip')}").append(
        parse_xml(
            f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{_SVG_EXTENSION}">'
            f'<asvg:svgBlip xmlns:asvg="{_SVG_NAMESPACE}" r:embed="{relation}"/></a:ext></a:extLst>'
        )
    )
    title = decree30.add_paragraph(document, "", "Form")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(10)
    run = title.add_run(printable(drawing.title))
    run.font.size, run.font.italic = Pt(12), True
