"""Charts in a Word document: real SVG, and PNG beside it for programmes that show none."""

from io import BytesIO

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from services.reporting.rendering.blocks import Picture
from services.reporting.rendering.letterhead import TEXT_WIDTH
from services.reporting.rendering.printable import printable

# [MS-ODRAWXML] 2.3.3.5: the extension of a picture by which Word 2016 and later show the SVG in its place.
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def add_picture(document: WordDocument, picture: Picture, png: bytes) -> None:
    """In the middle of the text, over its title, which is also there for whoever does not see the picture."""
    drawing = picture.drawing
    paragraph = document.add_paragraph(style="Form")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    width = min(TEXT_WIDTH, picture.height * drawing.width / drawing.height)
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
    title = document.add_paragraph(style="Form")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(10)
    words = title.add_run(printable(drawing.title))
    words.font.size, words.font.italic = Pt(12), True
