"""Page, margins, fonts, page numbers and rules of an administrative document (Decree 30/2020/NĐ-CP, Annex I)."""

from datetime import datetime, time
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering.text import letterhead
from shared.printable import printable

FONT = "Times New Roman"
TOP = BOTTOM = 20
LEFT, RIGHT = 30, 20


def blank_document(report: ReportContent) -> WordDocument:
    """An empty document with these styles; its properties come from the report only."""
    document = Document()
    _lay_out(document.sections[0])
    _number_pages(document.sections[0])
    _set_styles(document)
    properties = document.core_properties
    properties.title = printable("Báo cáo: " + " ".join(letterhead.subject(report)))[:255]
    properties.author = properties.last_modified_by = printable(letterhead.issuing_body(report))[:255]
    properties.created = properties.modified = datetime.combine(report.known_at, time())
    properties.comments, properties.language = "", "vi-VN"
    return document


def begin_annex(document: WordDocument, landscape: bool) -> None:
    """A section with page numbers of its own (Decree 30/2020, Annex I, part I, III.1)."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    for before in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(before)  # a section begins as a copy of the one before it
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbering)


def _lay_out(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)


def _number_pages(section: Section) -> None:
    """Centred in the top margin, and not shown on the first page (I.7)."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = paragraph.add_run("2")
    run.font.size = Pt(13)
    field.append(run._r)
    paragraph._p.append(field)


def _set_styles(document: WordDocument) -> None:
    """Every text in Times New Roman and black; the body in 14, justified, its first line 1.27 cm in."""
    body = _style(document, "Normal", 14)
    body.paragraph_format.space_after = Pt(6)
    body.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _style(document, "Header", 13)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    heading = _style(document, "Heading 1", 14, bold=True)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(6), Pt(6)
    heading.paragraph_format.first_line_indent = Mm(12.7)
    content = _style(document, "Body Text", 14)
    content.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    content.paragraph_format.first_line_indent = Mm(12.7)
    for name, size in (("Form", 13), ("Table Text", 11), ("Annex Text", 9)):
        compact = _style(document, name, size)
        compact.paragraph_format.space_before = compact.paragraph_format.space_after = Pt(0 if name == "Form" else 1)


def _style(document: WordDocument, name: str, size: float, bold: bool = False) -> ParagraphStyle:
    known = document.styles[name] if name in document.styles else _new_style(document, name)
    style = cast(ParagraphStyle, known)  # python-docx 1.2 types every lookup as the base of all styles
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)  # a theme's font would win over the named one
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    return style


def _new_style(document: WordDocument, name: str) -> object:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def add_paragraph(container: WordDocument | _Cell, text: str, style_id: str) -> Paragraph:
    """A paragraph at its end. python-docx 1.2 looks for a style's name, not for its id, in all styles each time."""
    paragraph = container.add_paragraph(printable(text))
    paragraph._p.style = style_id
    return paragraph


def rule(paragraph: Paragraph, length: float, room: float) -> None:
    """Turn an empty paragraph into a solid line of `length` in the middle of a width of `room`, both in millimetres."""
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(max(0.0, (room - length) / 2))
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(2)
    shape.space_before, shape.space_after = Pt(0), Pt(6)
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
