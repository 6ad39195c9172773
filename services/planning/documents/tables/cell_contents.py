"""Recognises the content of a single cell: a row number, a schedule, a body, a unit, a target, a mark."""

import re
from functools import lru_cache

from services.planning.documents.document import Row
from services.planning.phrases.bodies import BodiesRole
from shared.vietnamese import folded

_CODE = re.compile(
    r"\(?([IVXLC]+|[A-ZĐ]|(?:[IVX]+|[A-ZĐ])(?:\.\d{1,3}){1,3}|[a-zđ]|\d{1,4}(?:\.\d{1,3}){0,4}[a-zđ]?)[.)\]/]*"
)
# Before a title: "II.", "1.2.", "1.2 ", "a)", "IV -".
_CODE_BEFORE = re.compile(r"\(?([IVX]+|[A-ZĐ]|[a-zđ]|\d{1,3})[.)]\s+(?=\S)|(\d{1,3}(?:\.\d{1,3}){1,4})[.)]*\s+(?=\S)")
BULLET = re.compile(r"\s*[-+*•●▪◦·–—]\s*(?=\S)")
_UNIT = re.compile(
    r"%|phần trăm|tỷ lệ|(tt)?hc|tthc|hồ sơ|văn bản|cuộc|lượt|lớp|người|điểm|bậc|thứ hạng|hạng|xếp hạng|đồng|"
    r"(triệu|tỷ|nghìn) đồng|ngày|giờ|phút|lần|tin|bài|tin bài|thôn|xã|hội nghị|báo cáo|kế hoạch|dịch vụ|thủ tục|"
    r"quy trình|phiếu|sáng kiến|mô hình|tài khoản|hộ|đơn vị|cơ quan|chỉ số|số lượng"
)
_TARGET = re.compile(
    r"(đạt |phấn đấu |tối thiểu |tối đa |trên |dưới |từ |ít nhất |không quá |[<>≥≤=] ?)*"
    r"\d[\d.,]*( ?- ?\d[\d.,]*)? ?(%|\w{0,8})( trở (lên|xuống))?( (đến|dưới|trên) .{0,20})?"
)
_SCHEDULE = re.compile(
    r"\b(quý|quí|tháng|năm 20\d\d|trong năm|cuối năm|đầu năm|hàng năm|hằng năm|thường xuyên|định kỳ|đột xuất|"
    r"theo (kế hoạch|tiến độ|yêu cầu)|trước ngày|trước \d{1,2}|chậm nhất|ngày \d|h[àằ]ng (tuần|ngày)|liên tục|"
    r"kịp thời|khi có yêu cầu)\b"
    r"|\d/\d{1,2}/20\d\d|/20\d\d"
)
_BODY = re.compile(
    r"(các |cấp |toàn thể )?(cơ quan|đơn vị|phòng|trung tâm|tt ?pvhcc|tt ?phục vụ|văn phòng|vp|ubnd|hđnd|uỷ ban|"
    r"bộ phận|công chức|cán bộ|ban|công an|trạm|trường|hội|đoàn|mặt trận|mttq|ubmttq|chủ tịch|phó chủ tịch|lãnh đạo|sở|"
    r"tổ|thủ trưởng|tư pháp|tài chính|địa chính|văn hoá|quân sự|đảng uỷ|chủ trì|phối hợp|thôn|ngành)\b"
)
_LEADER = re.compile(
    r"[-–•+ ]*(đồng chí |đ/c |ông |bà )?((phó )?chủ tịch|pct|ct)"
    r"( (thường trực|ubnd|hđnd|uỷ ban nhân dân|phụ trách .*))*( (xã|phường|đặc khu)\b.*)?"
    r"|[-–•+ ]*(đồng chí|đ/c|pct|phó chủ tịch|ông|bà) .*"
)
_MARK = re.compile(r"[xX×✓✔√vV●•*]")
_LEADS = re.compile(r"(ct|c|chủ trì|chính|thực hiện)\W*")
_SUPPORTS = re.compile(r"(ph|p|phối hợp|tham gia)\W*")
_DITTO = re.compile(
    r"[-\"'″”“( ]*(n\.?t|như (trên|dòng trên|mục trên|nhiệm vụ trên)|[\"″”“〃]|//|''|-//-)[-\"'″”“.;) ]*"
)
_NUMBER = re.compile(r"\d[\d.,/ ]*( ?(điểm|%|đồng|triệu|triệu đồng))?")
_NO_TEXT = re.compile(r"[\s\-–—_./…]*")


def texts_of(row: Row) -> list[str]:
    return [stripped(cell.text) for cell in row.cells]


@lru_cache(maxsize=20_000)  # the readers of a table look at each cell some ten times
def stripped(text: str) -> str:
    """The lines of a cell without empty lines and outer space; "" for a dash in place of a text."""
    lines = (line.strip() for line in text.split("\n"))
    kept = "\n".join(line for line in lines if line)
    return "" if _NO_TEXT.fullmatch(kept) and not is_ditto(kept) else kept


def one_line(text: str) -> str:
    return " ".join(text.split())


def code_of(text: str) -> str | None:
    """The row number in a cell that holds nothing else, without the full stop or bracket behind it."""
    found = _CODE.fullmatch(one_line(text))
    return found[1] if found else None


def code_before(text: str) -> tuple[str | None, str]:
    """A typed number and the text that follows it; "- " is no number."""
    found = _CODE_BEFORE.match(text)
    if not found:
        return None, text
    return found[1] or found[2], text[found.end() :].strip()


def is_schedule(text: str) -> bool:
    return len(text) <= 160 and bool(_SCHEDULE.search(folded(text))) and not is_body(text)


def is_body(text: str) -> bool:
    first = BULLET.sub("", text, count=1)
    return len(text) <= 400 and bool(_BODY.match(folded(first)))


def is_a_leader(text: str) -> bool:
    """Whether it names a person or the office of one and no body: "Phó Chủ tịch UBND xã", "PCT Lê Văn Tám"."""
    return bool(_LEADER.fullmatch(folded(text)))


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(folded(text)))


def is_unit(text: str) -> bool:
    return bool(_UNIT.fullmatch(folded(text).strip("()")))


def is_target(text: str) -> bool:
    return len(text) <= 60 and bool(_TARGET.fullmatch(folded(text).strip(".;")))


def is_mark(text: str) -> bool:
    return bool(_MARK.fullmatch(text.strip()))


def role_of_mark(text: str) -> BodiesRole | None:
    """The role in a cell below the name of a body: "CT", "PH"; "both" for a mark without a role, None for no mark."""
    word = folded(text)
    if _LEADS.fullmatch(word):
        return "lead"
    if _SUPPORTS.fullmatch(word):
        return "support"
    return "both" if is_mark(text) else None


def is_ditto(text: str) -> bool:
    """Whether it is a mark for "as above"."""
    return bool(_DITTO.fullmatch(folded(text)))


def joined_text(before: str, after: str) -> str:
    """Two halves of a text as one; a list item begins a new line."""
    if not before or not after:
        return before or after
    return before + ("\n" if BULLET.match(after) else " ") + after
