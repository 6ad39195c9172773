"""Recognizes what a line or cell is: column label, row number, bullet, numbered item, signature or annex."""

import re
from collections.abc import Sequence

from services.planning.documents.formats.plain_text.lines import plain
from shared.vietnamese import folded

LONGEST_LABEL = 100
MOST_COLUMNS = 30
_NUMBER_COLUMN = re.compile(r"(?:stt|tt|s\.?t\.?t|số ?tt|số thứ tự|thứ tự|mã số|mã|số)\.?")
_NUMBER_COLUMN_INITIALS = frozenset("SsTtMm")
_LABEL = re.compile(
    r"(?:stt|tt|số tt|số thứ tự|(?:tên |các |những |nhóm )?"
    r"(?:nội dung|nhiệm vụ|công việc|hoạt động|tiêu chí|chỉ tiêu|mục tiêu"
    r"|lĩnh vực|đầu việc|giải pháp|hạng mục|sản phẩm)|(?:dự kiến )?(?:kết quả|sản phẩm|kinh phí)|yêu cầu|đầu ra"
    r"|(?:các )?(?:cơ quan|đơn vị|bộ phận|cán bộ|công chức|phòng|ban|tổ chức|cá nhân|người)(?: ?[,/] ?| |$)"
    r"|chủ trì|phối hợp|chủ thể|lãnh đạo|thực hiện|phân công|trách nhiệm|đầu mối|thời gian|thời hạn|thời điểm"
    r"|tiến độ|lộ trình"
    r"|hạn |ngày |hoàn thành|ghi chú|tỷ lệ|tỉ lệ|mức|đvt|đơn vị tính|số lượng|hình thức|cách thức|căn cứ|nguồn|điểm"
    r"|năm 20|kế hoạch|văn bản|địa điểm|đối tượng|kỳ báo cáo|tên )"
)
_CODE = re.compile(
    r"\(?(?:\d{1,3}(?:\.\d{1,3}){0,5}[a-zđ]?|[IVXLC]{1,6}(?:\.\d{1,3}){0,4}|[A-ZĐ](?:\.\d{1,3}){0,4}|[a-wyzđ])[.)]{0,2}"
)
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


def is_label(text: str) -> bool:
    if len(text) > 2 * LONGEST_LABEL:
        return False
    shown = folded(plain(text)[0])
    return 0 < len(shown) <= LONGEST_LABEL and not shown.endswith((";", ".")) and bool(_LABEL.match(shown))


def is_number_column(text: str) -> bool:
    possible = 0 < len(text) < 30 and not _NUMBER_COLUMN_INITIALS.isdisjoint(text)  # quick, and mostly False
    return possible and bool(_NUMBER_COLUMN.fullmatch(folded(plain(text)[0])))


def is_header(cells: Sequence[str]) -> bool:
    """Most of the cells are names of columns, and none is a whole paragraph."""
    named = [cell for cell in cells if cell.strip()]
    if not 2 <= len(named) <= MOST_COLUMNS or any(len(cell) > 2 * LONGEST_LABEL for cell in named):
        return False
    labels = sum(is_label(cell) for cell in named)
    return labels * 2 >= len(named) if is_number_column(named[0]) else labels >= 2 and labels * 4 >= len(named) * 3


def is_code(text: str) -> bool:
    """A number of a row or group and nothing else: "1", "2.1", "IV", "A", "(3)"; an "x" is a tick."""
    return 0 < len(text) < 40 and bool(_CODE.fullmatch(plain(text)[0]))


def whole_number(text: str) -> int | None:
    shown = plain(text)[0].strip("(). ") if len(text) < 40 else ""
    return int(shown) if shown.isdecimal() else None


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
