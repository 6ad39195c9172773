"""The report as a Word document that an office can sign: the form of Decree 30/2020/NĐ-CP around the blocks."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from docx.document import Document as WordDocument
from docx.shared import Pt

from services.reporting.rendering import letterhead
from services.reporting.rendering.annexes import annexes
from services.reporting.rendering.blocks import Annex, Block, Caption, Grid, Heading, Note, Paragraph, Picture
from services.reporting.rendering.body import body
from services.reporting.rendering.office_file import write_reproducibly
from services.reporting.rendering.printable import printable
from services.reporting.rendering.printing import Printing
from services.reporting.rendering.word import decree30, frame
from services.reporting.rendering.word.pictures import add_picture
from services.reporting.rendering.word.tables import table


def write_docx(printing: Printing, path: Path) -> Path:
    """A4 portrait, wide annexes in landscape. The same report gives the same bytes."""
    report, enclosed = printing.report, annexes(printing)
    document = decree30.blank_document(report)
    frame.add_head(document, report)
    frame.add_title(document, report)
    _add(document, printing, body(printing, enclosed))
    frame.add_signature(document, report)
    for annex in enclosed:
        _add_annex(document, printing, annex)
    built = BytesIO()
    document.save(built)
    return write_reproducibly(built, report.known_at, path)


def _add_annex(document: WordDocument, printing: Printing, annex: Annex) -> None:
    decree30.begin_annex(document, annex.landscape)
    frame.centred(document, f"Phụ lục {annex.number}".strip(), 14, bold=True)
    frame.centred(document, annex.title.upper(), 14, bold=True)
    attached = frame.centred(document, letterhead.attached_to(printing.report), 13, italic=True)
    attached.paragraph_format.space_after = Pt(6)
    _add(document, printing, annex.blocks)


def _add(document: WordDocument, printing: Printing, blocks: Iterable[Block]) -> None:
    for block in blocks:
        match block:
            case Heading(text):
                document.add_paragraph(printable(text), style="Heading 1")
            case Paragraph(text, leads):
                paragraph = document.add_paragraph(printable(text), style="Body Text")
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
                add_picture(document, block, printing.pictures[drawing.name])


def _table(document: WordDocument, grid: Grid) -> None:
    """At the end of the document, and an empty line after it, or Word would join it to a table that follows."""
    document.add_paragraph(style="Table Text")._p.addprevious(table(grid))


def _note(document: WordDocument, text: str) -> None:
    paragraph = document.add_paragraph(style="Form")
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(printable(text))
    run.font.size, run.font.italic = Pt(11), True
