"""How a line of prose begins and ends: with a bullet, a number, in the middle of a sentence, as a signature."""

import re

from shared.vietnamese import folded

_BULLET = re.compile(r"[-+–—•●○▪■□◦·►➢✓✔❖]\s*[^\s\-–—_]|\*\s")
_NUMBERED = re.compile(
    r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,5}[.):]|\d{1,2}(?:\.\d{1,2}){1,5}|[IVXLC]{1,6}[.):]|[A-Za-zĐđ](?:\.\d{1,2}){0,2}[.)])(?=\s|[^\W\d_])"
    r"|(?:Điều|Phần|Mục|Chương|Phụ lục|PHỤ LỤC|Biểu|Bước)\s+[\dIVX]+"
)
_SENTENCE_END = re.compile(r"[.;:!?…/][\"”’')\]*]*$")
_OPEN_END = re.compile(r"(?:,|\b(?:số|của|và|hoặc|theo|tại|với|cho|về|từ|đến))$")
_SIGNATURE_INITIALS = frozenset("nNtTkKpPcClLqQ")
_ANNEX_INITIALS = frozenset("pPbBmM")
_ANNEX = re.compile(r"[*# ]*(?:phụ lục|biểu(?: mẫu)?|mẫu)(?: số)?(?: [ivx\d]+)?[.: *]*")
_SIGNATURE = re.compile(r"nơi nhận\b|(?:tm|kt|tl|tuq|q|ktm)\. ?\S|(?:phó )?chủ tịch$|lưu: ")


def is_bullet(text: str) -> bool:
    return bool(_BULLET.match(text))


def is_numbered(text: str) -> bool:
    return bool(_NUMBERED.match(text))


def begins_item(text: str) -> bool:
    return is_bullet(text) or is_numbered(text)


def goes_on_small(before: str, text: str) -> bool:
    """`text` goes on in the middle of the sentence that `before` left open."""
    before = before[-300:].rstrip()
    if begins_item(text) or not before or _SENTENCE_END.search(before) or before == before.upper():
        return False
    return text[:1].islower() or (text[:1].isdigit() and bool(_OPEN_END.search(before)))


def is_signature(text: str) -> bool:
    """The block of receivers and signature that ends a plan, often laid out with TABs or a table without lines."""
    begins = text[:80].lstrip("*#\t ")
    return begins[:1] in _SIGNATURE_INITIALS and bool(_SIGNATURE.match(folded(begins).rstrip("* ")))


def begins_annex(text: str) -> bool:
    return len(text) < 40 and text.lstrip("*#\t ")[:1] in _ANNEX_INITIALS and bool(_ANNEX.fullmatch(folded(text)))
