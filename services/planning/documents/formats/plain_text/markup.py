"""Removes the marks of Markdown, HTML and converters from a text, and finds out whether all of it was bold."""

import re
from html import unescape

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
