"""Finds the role of a column by the words of its header; offices name the same column in many ways."""

import re
from functools import lru_cache

from services.planning.documents.tables.columns.column import ColumnRole
from shared.vietnamese import folded

LONGEST = 90  # characters: a longer text is no header
# The words of a header above bodies; the name of a body has other words.
_BODY = (
    r"cơ quan|đơn vị|người|tập thể|đồng chí|đ/c"
    r"|bộ phận|phòng|cán bộ|công chức|tổ chức|ban|ngành|cấp|nơi|các|và|cá nhân|có|liên quan"
)
_DOES = (
    r"được|giao|đảm nhiệm|đảm nhận|đảm trách|phụ trách|thi hành|thực hiện|triển khai|chịu"
    r"|trách nhiệm|xử lý|giải quyết|tham gia|chính|chuyên môn|báo cáo"
)
_MOMENT = "(thời gian |thời điểm |ngày |tháng )?"
_BODIES = rf"(?:(?:{_BODY})\b[ ,/()&-]*)(?:(?:{_BODY}|{_DOES}|thuộc|của|ubnd|xã|phường)\b[ ,/()&-]*)*"

# One who answers for a work and is not the body that leads it.
LEADER = (
    r"(phân công |họ tên |đồng chí |đ/c )?(thường trực|lãnh đạo|chủ tịch|phó chủ tịch|pct|bí thư)\b.*"
    r"|(người|cấp) (chỉ đạo|ký|duyệt|phê duyệt)\b.*|(chỉ đạo|phụ trách) (chung|trực tiếp)\b.*|chỉ đạo"
)
# Letters that have other meanings within a header: "CV phụ trách" is the official in charge.
_ALONE = r"(?:^|(?<=^tên )|(?<=^nội dung )){}$"
# Short words of headers, as they are written out.
_SHORT_WORDS = tuple(
    (re.compile(rf"(?<![\w.])(?:{short})(?![\w/])"), long)
    for short, long in (
        (r"đ[./]? ?vị|đv", "đơn vị"),
        (r"c[./]? ?quan|cq", "cơ quan"),
        (r"cqct|đvct|(?<=cơ quan )ct|(?<=đơn vị )ct|c[./] ?trì", "cơ quan chủ trì"),
        (r"cqph|đvph|(?<=cơ quan )ph|(?<=đơn vị )ph|p[./] ?h(?:ợp)?|ph[./] ?hợp", "cơ quan phối hợp"),
        (r"b[./]? ?phận|bp", "bộ phận"),
        (rf"n[./] ?dung|{_ALONE.format('nd')}|nd(?= (?:công việc|nhiệm vụ|cv|nv)\b)", "nội dung"),
        (rf"n[./] ?vụ|{_ALONE.format('nv')}", "nhiệm vụ"),
        (rf"c[./] ?việc|{_ALONE.format('cv')}", "công việc"),
        (r"t[./] ?h(?:iện)?|th[./] ?hiện", "thực hiện"),
        (rf"h[./] ?thành|{_ALONE.format('ht')}", "hoàn thành"),
        (r"t[./] ?gian|th[./] ?gian|t[./]g|tg", "thời gian"),
        (r"t[./] ?hạn|th[./] ?hạn", "thời hạn"),
        (r"k[./] ?quả|kq", "kết quả"),
        (r"s[./] ?phẩm|sp", "sản phẩm"),
    )
)

# In the order in which they are tried.
_WORDS: tuple[tuple[ColumnRole, str], ...] = (
    ("number", r"((số )?(stt|tt|thứ tự)|s\.?t\.?t\.?|số|mã|mã số|no\.?)"),
    ("role", r"vai trò\b.*"),
    ("unit", r"(đơn vị tính|đvt|đv tính|đ/v tính|đơn vị đo)\b.*"),
    ("other", r"(ghi chú|kinh phí|nguồn|địa (bàn|điểm)|căn cứ|điểm|dự toán|số liệu|phương thức|tài liệu tham khảo).*"),
    ("other", r"(chức vụ|chức danh)\b.*"),
    ("evidence", r"((tài liệu|hồ sơ|văn bản) )?(minh chứng|kiểm chứng|chứng minh)\b.*|tài liệu\b.*"),
    ("other", r"(ước |đã |số )?(kết quả )?(thực hiện|hiện trạng|đạt được|đã đạt) .*20\d\d.*"),
    ("target", r"(năm )?20\d\d( ?\(?%\)?)?"),
    ("content", r"(nội dung|tên|nhóm) (các )?(chỉ tiêu|mục tiêu|chỉ số).*"),
    ("group", r"(nhóm|lĩnh vực|mảng|mục)( (nhiệm vụ|công việc|nội dung|công tác))?"),
    ("content", r"nhóm (nhiệm vụ|công việc|nội dung) ?[,/-] ?(các )?(nhiệm vụ|công việc|nội dung)\b.*"),
    ("content", r"(các )?(nội dung|nhiệm vụ|công việc|tên|hoạt động|tiêu chí|lĩnh vực|danh mục|đầu việc|hạng mục)\b.*"),
    ("content", r"(biện pháp|hành động|diễn giải|mô tả|phần việc)\b.*"),
    ("content", r"(giải pháp|việc|vấn đề|công tác|văn bản|chương trình|chủ đề|sự kiện|thủ tục hành chính|tthc)\b.*"),
    ("indicator", r"(các )?(chỉ tiêu|chỉ số|mục tiêu)\b.*"),
    ("target", r"(kế hoạch|kh|mức|giá trị|chỉ tiêu|phấn đấu)\b.*"),
    ("deliverable", r"(dự kiến |các |tên )?(sản phẩm|kết quả|yêu cầu|đầu ra|hình thức|hồ sơ|sp)\b.*"),
    (
        "bodies",
        r".*(chủ trì|tham mưu|đầu mối|thực hiện).*(phối hợp|hỗ trợ|tham gia|cùng thực hiện|cùng làm).*"
        r"|.*phối hợp.*(chủ trì|tham mưu|đầu mối).*",
    ),
    ("other", LEADER),
    ("other", r"(nơi|cơ quan|đơn vị|cấp) (nhận|gửi|tiếp nhận)\b.*"),
    ("support", r".*(phối hợp|hỗ trợ).*|(đơn vị |cơ quan |thành phần )?(cùng thực hiện|cùng làm|tham gia)\b.*"),
    ("lead", r".*(chủ trì|tham mưu|đầu mối|soạn thảo|chịu trách nhiệm chính).*"),
    ("other", r"(ngày|thời gian|thời điểm) (giao|nhận|ký|lập|cập nhật|phân công|ban hành văn bản)\b.*"),
    ("other", r".*(ngày|thời gian|hoàn thành) .*thực tế.*|thực tế.*|tình trạng.*|trạng thái.*|đánh giá.*"),
    ("begin", rf"{_MOMENT}(bắt đầu|khởi công)( thực hiện)?|từ( ngày| tháng)?"),
    ("end", rf"{_MOMENT}kết thúc( thực hiện)?|đến( ngày| tháng)?"),
    ("schedule", r".*(thời gian|thời hạn|thời điểm|tiến độ|lộ trình|kỳ hạn|mốc|ngày hoàn thành|hạn hoàn thành).*"),
    (
        "schedule",
        r"(hạn|hoàn thành|xong|tần suất|chu kỳ|định kỳ|lịch|deadline|t[/.]?g(ian)?|khi nào)\b.*|ngày\b.{0,25}",
    ),
    (
        "schedule",
        r"(tháng|quý|tuần)( (thực hiện|hoàn thành|triển khai)| ?[/,] ?(năm|quý|tháng))?|(dự kiến )(hoàn thành|xong).*",
    ),
    ("unit or body", r"đơn vị"),
    ("person", r"(người (thực hiện|chịu|được giao|làm)|họ (và )?tên)\b.*|.*\b(phụ trách|theo dõi|giúp việc)\b.*"),
    ("bodies", rf"(phân công|trách nhiệm|chịu trách nhiệm|thực hiện|giao)\b.*|ai (làm|chủ trì|phụ trách)|{_BODIES}"),
    ("share", r"tỷ lệ.*|tỉ lệ.*"),
    ("deliverable", r".*(sản phẩm|đầu ra).*"),
)
_PERIOD = re.compile(r"(quý|quí|q) ?\.?(iv|i{1,3}|[1-4])(/20\d\d)?|(tháng|th|t) ?\.?(1[0-2]|0?[1-9])(/20\d\d)?")
_OVER_MONTHS = re.compile(
    r"(các |theo |thực hiện (trong |theo )?)?(tháng|quý)( (trong năm|thực hiện|20\d\d))*|năm 20\d\d"
)
_MONTH_NUMBER = re.compile(r"(1[0-2]|0?[1-9])")
_BEGIN = re.compile(r"(thời gian |ngày )?(bắt đầu|khởi công|triển khai)|(.* )?(từ( ngày| tháng)?|bắt đầu|bđ)")
_END = re.compile(r"(thời gian |ngày )?(kết thúc|hoàn thành|xong)|(.* )?(đến( hết)?( ngày| tháng)?|kết thúc|kt)")
_UNDER_SCHEDULE: tuple[tuple[ColumnRole, re.Pattern[str]], ...] = (
    ("begin", _BEGIN),
    ("end", _END),
    ("period", _MONTH_NUMBER),
)


@lru_cache(maxsize=1000)
def role_of(header: str) -> ColumnRole:
    """The role of one header cell; "other" where its words are unknown. Cached: the cells of each row are asked."""
    if header.strip() in ("#", "№"):
        return "number"
    text = _written_out(header)
    if not text or len(text) > LONGEST:
        return "other"
    if _PERIOD.fullmatch(text):
        return "period"
    return next((role for role, words in _WORDS if re.fullmatch(words, text)), "other")


def _written_out(header: str) -> str:
    """The words of a header for comparison, short ones in full: "Đ.vị p/h"."""
    text = re.sub(r"^[\W_]+|[\s:;.*]+$", "", folded(header))
    for short, long in _SHORT_WORDS:
        text = short.sub(long, text)
    return text


def is_known_other(header: str) -> bool:
    """Whether the words tell that a column has no field in the plan format: notes, budget, the leader in charge."""
    text = _written_out(header)
    known = any(re.fullmatch(words, text) for role, words in _WORDS if role == "other")
    return known and role_of(header) == "other"


def further_roles(header: str) -> tuple[ColumnRole, ...]:
    """The other roles that a header names: the schedule in "Sản phẩm, thời gian hoàn thành"."""
    replaced: dict[ColumnRole, ColumnRole] = {"unit or body": "bodies"}
    named = [replaced.get(role := role_of(part), role) for part in re.split(r"[/,;&+\n]| và | - ", header)]
    pairs = {"content", "deliverable", "lead", "bodies", "schedule"}
    return tuple(dict.fromkeys(role for role in named if role in pairs and role != role_of(header)))


def role_under(parent: str, header: str) -> ColumnRole:
    """The role of a cell in the second row of a header, below a cell that may be merged over several."""
    text = folded(header)
    above = role_of(parent)
    if above == "schedule" or _OVER_MONTHS.fullmatch(folded(parent).strip("()")):
        for role, words in _UNDER_SCHEDULE:
            if words.fullmatch(text):
                return role
    own = role_of(header)
    return above if own == "other" and not is_known_other(header) else own
