"""An assignment within running text: who does a task, and its deadline clauses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.planning.documents.line_markers import without_end_mark
from services.planning.phrases.bodies import read_bodies
from services.planning.phrases.schedules import NO_TIME, read_schedule
from shared.vietnamese import folded

# The verbs that follow the name of an office.
DUTY_VERBS = (
    r"(?:có trách nhiệm|chịu trách nhiệm|chủ trì|là đơn vị|là cơ quan|hướng dẫn|tham mưu|theo dõi|phối hợp|căn cứ"
    r"|thực hiện|triển khai|xây dựng|tổ chức|tổng hợp|giúp|rà soát|kiểm tra|niêm yết|công khai|viết|tuyên truyền"
    r"|lập|mở|cập nhật|ban hành|đôn đốc|bố trí|báo cáo|ra quân|tiếp nhận|số h(?:oá|óa)|vận hành|cử|in|phát|hoàn thành"
    r"|đăng(?! ký (?:đất đai|quyền))|vận động|tham gia|thẩm định|hỗ trợ|đánh giá|làm"
    r"|khảo sát|cắt giảm|tập huấn|bồi dưỡng|duy trì|nâng (?:cao|cấp)|khắc phục|chuẩn bị|tiếp tục|đẩy mạnh|tăng cường"
    r"|nghiên cứu|đề xuất|sắp xếp|mua sắm|trang bị|lắp đặt|kết nối|thu thập|tổng kết|sơ kết|biên soạn|phổ biến|gửi"
    r"|quán triệt|hoàn thiện|kiện toàn|thành lập|xác minh|đối thoại|bàn giao|bảo đảm|đảm bảo|tiến hành|thông báo"
    r"|trợ giúp|đẩy nhanh|thúc đẩy|góp ý|chi trả|giải quyết|phân bổ"
    r"|chấn chỉnh|thanh toán|khen thưởng|đồng bộ|xử lý|cài đặt)(?!\w)"
)
_DAY = r"(?:ngày\s+)?\d{1,2}/\d{1,2}(?:/\d{4})?"
_DEADLINE = re.compile(
    rf"(?:hoàn thành|xong)\s+(?:vào\s+)?{_DAY}(?:(?:\s*[;,]\s*|\s+và\s+){_DAY})*"
    r"|(?:chậm nhất|muộn nhất|(?:hoàn thành|xong|gửi|báo cáo|trình)\s+(?:xong\s+)?(?:trước|trong)\b"
    r"|(?:hoàn thành|xong)\s+(?:(?:từ|đến hết|vào)\s+)?(?:ngày|tháng|quý)|trước\s+(?:ngày\s+)?\d"
    r"|định kỳ,?\s*\(?\s*(?:hằng|hàng)\s+(?:tuần|tháng|quý|năm)"
    r"|(?:hằng|hàng)\s+(?:tuần|tháng|quý)\b)"
    r"[^;\n]*?(?=[;\n]|\.(?:\s|/|$)|$)"
    r"|(?:(?:(?<=[,;] )|(?<=thực hiện )|(?<=triển khai ))thường xuyên"
    r"(?:,?\s+liên tục)?(?:\s+(?:trong|cả)\s+năm(?:\s+\d{4})?)?"
    r"|(?:trong|vào)\s+(?:tháng|quý)\s+[\dIVX]+(?:(?:\s*,|\s+và)\s+(?:(?:tháng|quý)\s+)?[\dIVX]+(?!\w))*"
    r"(?:\s*/\s*\d{4}|\s+năm\s+\d{4})?)"
    r"(?=[\s.;/]*$)",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:hằng|hàng)\s", re.IGNORECASE)
_LAST_DAY = re.compile(r"(?:hoàn thành|xong|trước|chậm nhất|muộn nhất)\s", re.IGNORECASE)
_LAST_DAY_WITHIN = re.compile(
    r"[,;.(–-]\s*(?P<clause>(?:phải\s+)?(?:hoàn thành|xong|chậm nhất|muộn nhất)"
    r"(?:\s+(?:xong|vào|trước|là|đến(?:\s+hết)?))*"
    rf"\s+{_DAY})(?!\d|/)",
    re.IGNORECASE,
)
_QUARTER_OR_MONTH = r"(?:quý|tháng)\s+(?:\d{1,2}|[IVX]{1,4})(?!\w)"
_AT_THE_END = re.compile(
    r"(?:\((?P<bracket>[^()]{3,80})\)|;\s*(?P<clause>[^;()]{3,80})"
    rf"|,\s*(?P<tail>(?:(?:trong|vào|đầu|giữa|cuối|hết)\s+)*{_QUARTER_OR_MONTH}"
    r"(?:(?:\s*,|\s+và)\s+(?:(?:quý|tháng)\s+)?(?:\d{1,2}|[IVX]{1,4})(?!\w))*(?:\s*/\s*\d{4}|\s+năm\s+\d{4})?))[\s.;]*$",
    re.IGNORECASE,
)
_LONGEST_TIME = 200  # characters
_ENDS_WITH_A_PERIOD = re.compile(rf"{_QUARTER_OR_MONTH}(?:\s*/\s*\d{{4}})?$", re.IGNORECASE)
_OPEN_AT_ONE_END = re.compile(r"từ(?!.*\sđến\s)|đến(?! hết)", re.IGNORECASE)  # "Từ ngày 01/7/2025, …" tells no last day
_AT_THE_START = re.compile(
    r"(?P<regular>thường xuyên(?:,?\s+liên tục)?|(?:định kỳ,?\s+)?(?:hằng|hàng)\s+(?:tuần|tháng|quý|năm))(?=[\s,:]+\w)"
    r"|(?P<dated>[^,;:()]{4,60}?)\s*[,:]\s+\w",
    re.IGNORECASE,
)
_KEY_OF_TIME = re.compile(r"^(?:thời gian|thời hạn|tiến độ|hạn)(?:\s+(?:thực hiện|hoàn thành))?\s*:?\s*", re.IGNORECASE)
_BEGINS_A_TIME = re.compile(
    r"(?:trước|trong|quý|tháng|ngày|thường xuyên|hằng|hàng|định kỳ|chậm nhất|từ|đến hết|hết|cả năm|năm|xong|hoàn thành"
    r"|cuối|đầu|giữa|\d{1,2}[/.]|\d{1,2} tháng|mỗi|thứ|sáng|chiều)\b",
    re.IGNORECASE,
)
_ANY_YEAR = 2000
_ROLES = re.compile(r"(?:chủ trì|phối hợp(?: với)?|tham mưu|thực hiện|triển khai)(?!\w)\s*:?", re.IGNORECASE)

_COMES_FIRST = r"(?:đầu tiên|(?<!người )đứng đầu|thứ nhất|(?:ghi|nêu|đứng|xếp|viết|in) (?:ở )?(?:trước|đầu))(?!\w)"
_FIRST_LEADS = re.compile(
    rf"(?:cơ quan|đơn vị|bộ phận)(?!\w).{{0,25}}(?<!\w){_COMES_FIRST}.{{0,30}} (?:là|làm) .{{0,30}}chủ trì(?!\w)"
    rf"|(?:cơ quan|đơn vị|bộ phận) chủ trì là (?:(?:cơ quan|đơn vị|bộ phận) )?(?:được )?{_COMES_FIRST}"
)


@dataclass(frozen=True)
class Assignment:
    """A task with its bodies and its schedule, as printed; `schedule` is "" where none is given.

    `is_explicit`: an order in words such as "Giao …", "… chủ trì"; `doubt`: what a person should check.
    """

    task: str
    bodies: str
    schedule: str
    is_explicit: bool = False
    doubt: str = ""


def deadlines_in(lines: Iterable[str]) -> list[str]:
    """Clauses of running text with a deadline or a period."""
    found = [without_end_mark(clause) for line in lines for clause in _clauses_in(line)]
    return [clause.rstrip(")") if "(" not in clause else clause for clause in found if clause]


def _clauses_in(line: str) -> Iterator[str]:
    """Without a period within the work before a last day: "Đánh giá hằng tháng trên mạng; hoàn thành trước 15/5"."""
    found = list(_DEADLINE.finditer(line))
    for at, clause in enumerate(found):
        is_within = line[: clause.start()].rstrip()[-1:].isalnum() and _PERIOD.match(clause[0])
        if not (is_within and any(_LAST_DAY.match(later[0]) for later in found[at + 1 :])):
            yield clause[0]


def last_days_within(text: str) -> list[str]:
    """The clauses with a last day of a work, behind a mark: "Rà soát, xong trước ngày 25/3"."""
    return [found["clause"] for found in _LAST_DAY_WITHIN.finditer(text)]


def time_at_the_end(text: str) -> str:
    """The time at the end, in brackets or behind a mark: "Rà soát thủ tục (quý II)", "Rà soát, quý II"; or ""."""
    found = _AT_THE_END.search(text, max(0, len(text) - _LONGEST_TIME))
    if found is None or (found["tail"] and _ENDS_WITH_A_PERIOD.search(text, 0, found.start())):
        return ""
    time = _KEY_OF_TIME.sub("", (found["bracket"] or found["clause"] or found["tail"]).strip(" ."))
    return time if _is_a_time(time) else ""


def time_at_the_start(text: str) -> str:
    """ "Thường xuyên" of "Thường xuyên tiếp nhận hồ sơ", "Quý II/2026" of "Quý II/2026: rà soát"; "" without one."""
    found = _AT_THE_START.match(text)
    time = (found["regular"] or found["dated"]).strip() if found else ""
    return "" if _OPEN_AT_ONE_END.match(time) or not _is_a_time(time) else time


def names_a_time(text: str) -> bool:
    return bool(deadlines_in([text]) or time_at_the_end(text) or time_at_the_start(text))


def _is_a_time(text: str) -> bool:
    if not _BEGINS_A_TIME.match(text):
        return False
    return not any(each.kind in NO_TIME for each in read_schedule(text, _ANY_YEAR).milestones)


def names_only_bodies(text: str) -> bool:
    bodies = read_bodies(text, "both")
    names = (*bodies.lead, *bodies.support)
    named = sum(len(name) for name in names)
    return not bodies.warnings and bool(bodies.lead) and named >= len(_ROLES.sub("", text).strip()) - 4 * len(names)


def says_that_the_first_leads(text: str) -> bool:
    """ "Đơn vị thực hiện (đơn vị ghi đầu tiên là đơn vị chủ trì)": in a header, or in a note about the table."""
    return bool(_FIRST_LEADS.search(folded(text)))
