"""Decodes a text file into numbered lines in NFC, refuses what is not Unicode text, and removes marks of Markdown."""

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from unicodedata import normalize

from services.planning.documents.document import Table
from services.planning.documents.formats.text_cleaning import TAB_BEFORE_COLON
from shared.office_files.unreadable import UnreadableDocument

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = {
    b"%PDF": "Đây là tệp PDF, không phải tệp văn bản thuần.",
    b"{\\rtf": "Đây là tệp RTF, hãy lưu lại dưới dạng DOCX hoặc văn bản UTF-8.",
}
_BINARY = "Tệp không phải là văn bản."
_OLD_ENCODING = (
    "Tệp không dùng bảng mã Unicode (có thể là TCVN3, VNI hoặc Windows-1258), hãy lưu lại dưới dạng văn bản UTF-8."
)
_MOST_LINES = 100_000
_TOO_MANY_LINES = "Tài liệu quá lớn: có hơn 100.000 dòng. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
_LINE_ENDS = re.compile("\r\n|[\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u00ad\ue000-\uf8ff\ufffe\uffff]")
_OF_UNICODE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_OF_OLD_FONTS = re.compile(
    "[^\\W\\d_][\u00a1-\u00af\u00b1-\u00bf\u00c4-\u00c7\u00cb\u00ce-\u00d1\u00d6\u00d8\u00db\u00dc\u00de\u00df"
    "\u00e4-\u00e7\u00eb\u00ee-\u00f1\u00f6\u00f8\u00fb\u00fc\u00fe\u00ff]"
)
_SEVERAL_LINES_BOLD = re.compile(r"^\*\*([^*\n]+(?:\n[^*\n]+){1,4})\*\*[ \t]*$", re.MULTILINE)
_DECORATION = re.compile(r"[\s\-_=*~.·`]+")
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]{0,200}\]", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br[^<>]{0,40}>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:i|em|u|s|p|span|div|font|sub|sup|small|a|li|ul|ol|center|table|tbody|thead|tr|td|th|h[1-6]|html|body|img|o:p)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_BOLD_TAG = re.compile(r"</?(?:b|strong)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_HEADING = re.compile(r"\s*#{1,6}\s+(?=\S)")
_BOLD = re.compile(r"(\*\*|__)(?=[^\s*_])([^*_\n]+)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+)(?<=[^\s*])\*(?![\w*])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_LETTER = re.compile(r"\w")
_SPACES = re.compile("[ \u00a0]{2,}|\u00a0")
_MARKS = frozenset("*_<[#\\&-=~`\t\n")


class Line(NamedTuple):
    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace()


@dataclass(frozen=True)
class Note:
    """What a person should look at; `line` puts the notes of several readers in order."""

    line: int
    sentence: str


Run = Sequence[Line]


RunOrTable = Run | Table


TableReader = Callable[[Run, list[Note]], list[RunOrTable]]


def place(line: int) -> str:
    return f"dòng {line}"


def lines_of(content: bytes) -> list[Line]:
    """Numbered from 1, without line ends. Raises UnreadableDocument for what is no text, no Unicode or too long."""
    text = _decoded(content)
    if max(text.count("\n"), text.count("\r")) >= _MOST_LINES:  # before anything takes memory for each line
        raise UnreadableDocument(_TOO_MANY_LINES)
    text = _LINE_ENDS.sub("\n", _without_controls(text))
    _refuse_old_fonts(text)
    text = normalize("NFC", text)
    marked = _SEVERAL_LINES_BOLD.sub(lambda m: "**" + m[1].replace("\n", "**\n**") + "**", text)
    return [Line(number, line) for number, line in enumerate(marked.split("\n"), start=1)]


def _decoded(content: bytes) -> str:
    for beginning, sentence in _OTHER_FORMATS.items():
        if content.startswith(beginning):
            raise UnreadableDocument(sentence)
    encoding, mark = next(((name, bom) for bom, name in _BYTE_ORDER_MARKS if content.startswith(bom)), ("utf-8", b""))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableDocument(_BINARY if b"\0" in content else _OLD_ENCODING) from None
    if "\0" in text:
        raise UnreadableDocument(_BINARY)
    return text


def _without_controls(text: str) -> str:
    """Without control characters; bullets of the Symbol and Wingdings fonts, in the private use area, become "-"."""
    if text.count("\ufffd") * 100 > len(text):
        raise UnreadableDocument(_OLD_ENCODING)
    controls = sum(character < " " for character in _CONTROLS.findall(text))
    if controls * 20 > len(text):
        raise UnreadableDocument(_BINARY)
    text = TAB_BEFORE_COLON.sub("", text)
    return _CONTROLS.sub(lambda m: "-" if "\ue000" <= m[0] <= "\uf8ff" else "", text)


def _refuse_old_fonts(text: str) -> None:
    """For more letters that only TCVN3, VNI or a wrongly decoded file have within words than Vietnamese letters."""
    strange = len(_OF_OLD_FONTS.findall(text))
    if strange > 3 and strange > len(_OF_UNICODE_ONLY.findall(text)):
        raise UnreadableDocument(_OLD_ENCODING)


@lru_cache(maxsize=4096)  # each kind of table looks at each line
def plain(text: str) -> tuple[str, bool]:
    """The text as a reader sees it, stripped, with "\\n" for a break; and whether every letter of it is bold."""
    text = _SPACES.sub(" ", text)
    if _MARKS.isdisjoint(text):
        return text.strip(), False
    if _DECORATION.fullmatch(text):
        return "", False
    text = _TAG.sub("", _LINE_BREAK.sub("\n", _BOOKMARK.sub("", text)))
    text = _BOLD_TAG.sub("**", text).replace("****", "")
    heading = _HEADING.match(text)
    if heading:
        text = text[heading.end() :]
    bold = bool(heading) or _all_bold(text)
    text = _ITALIC.sub(r"\1", _BOLD.sub(r"\2", text))
    text = unescape(_ESCAPED.sub(r"\1", text)).replace("\t", " ")
    return "\n".join(filter(None, (line.strip() for line in text.split("\n")))), bold


def _all_bold(text: str) -> bool:
    rest, spans = _BOLD.subn("", text)
    return spans > 0 and not _LETTER.search(rest)
