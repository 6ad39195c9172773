"""What a single cell looks like by its text alone: a row number, a date, a body, a unit, a target, a mark."""

import re

from shared.vietnamese import folded

CODE = re.compile(
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
    r"theo (kế hoạch|tiến độ|yêu cầu)|trước ngày|chậm nhất|ngày \d|hàng (tuần|ngày)|liên tục|kịp thời)\b"
    r"|\d/\d{1,2}/20\d\d|/20\d\d"
)
_BODY = re.compile(
    r"(các |cấp |toàn thể )?(cơ quan|đơn vị|phòng|trung tâm|tt ?pvhcc|tt ?phục vụ|văn phòng|vp|ubnd|hđnd|uỷ ban|"
    r"bộ phận|công chức|cán bộ|ban|công an|trạm|trường|hội|đoàn|mặt trận|ubmttq|chủ tịch|phó chủ tịch|lãnh đạo|sở|tổ|"
    r"thủ trưởng|tư pháp|tài chính|địa chính|văn hoá|quân sự|đảng uỷ|chủ trì|phối hợp|thôn|ngành)\b"
)
_MARK = re.compile(r"[xX×✓✔√vV●•*]")
_DITTO = re.compile(
    r"[-\"'″”“( ]*(n\.?t|như (trên|dòng trên|mục trên|nhiệm vụ trên)|[\"″”“〃]|//|''|-//-)[-\"'″”“.;) ]*"
)
_NUMBER = re.compile(r"\d[\d.,/ ]*( ?(điểm|%|đồng|triệu|triệu đồng))?")
_NO_TEXT = re.compile(r"[\s\-–—_./…]*")


def stripped(text: str) -> str:
    """The lines of a cell without empty ones and without space around them; "" for a dash that stands for nothing."""
    lines = (line.strip() for line in text.split("\n"))
    kept = "\n".join(line for line in lines if line)
    return "" if _NO_TEXT.fullmatch(kept) and not is_ditto(kept) else kept


def one_line(text: str) -> str:
    return " ".join(text.split())


def code_of(text: str) -> str | None:
    """The row number in a cell that holds nothing else, without the mark behind it."""
    found = CODE.fullmatch(one_line(text))
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


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(folded(text)))


def is_unit(text: str) -> bool:
    return bool(_UNIT.fullmatch(folded(text).strip("()")))


def is_target(text: str) -> bool:
    return len(text) <= 60 and bool(_TARGET.fullmatch(folded(text).strip(".;")))


def is_mark(text: str) -> bool:
    return bool(_MARK.fullmatch(text.strip()))


def is_ditto(text: str) -> bool:
    """Marks that say "as above"."""
    return bool(_DITTO.fullmatch(folded(text)))


def joined_text(before: str, after: str) -> str:
    """A text that was cut in two; a list item begins a line."""
    if not before or not after:
        return before or after
    return before + ("\n" if BULLET.match(after) else " ") + after


def first_words(text: str, most: int = 60) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
