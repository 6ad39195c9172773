"""The phrases of targets by their role in the grammar. A new phrase goes into the line of its role."""

from enum import Enum, auto
from unicodedata import combining, normalize

from shared.vietnamese import folded


class Role(Enum):
    NUMBER = auto()
    PERCENT = auto()
    UNIT = auto()
    DURATION = auto()  # a unit in which less is better, and before a number a part of a date
    LOWER = auto()
    ABOVE = auto()
    BELOW = auto()
    UPPER = auto()
    NOT = auto()
    FROM = auto()
    TO = auto()
    UPWARDS = auto()
    DOWNWARDS = auto()
    AIM = auto()
    REACH = auto()
    LINK = auto()
    RATE = auto()  # "tỷ lệ": opens a bound ("đạt tỷ lệ 60%") or a name ("tỷ lệ hồ sơ …")
    HEAD = auto()  # other nouns that open the name of a measure
    CHANGE = auto()
    RAISED_TO = auto()
    LOWERED_TO = auto()
    ABOUT = auto()
    COMPARED = auto()
    GIVEN = auto()  # a target that is set elsewhere: "chỉ tiêu", "kế hoạch"
    REFERENCE = auto()  # the number behind it is no amount: a year, a clause, a document
    FIELD = auto()
    CONCERNING = auto()
    PART = auto()
    OUTCOME = auto()
    SO_THAT = auto()
    AND = auto()
    COMMA = auto()
    COLON = auto()
    STOP = auto()
    OPEN = auto()
    CLOSE = auto()
    QUOTE = auto()
    SLASH = auto()
    WORD = auto()
    OTHER = auto()


OPENS_A_LEVEL = frozenset(
    (
        *(Role.LOWER, Role.ABOVE, Role.BELOW, Role.UPPER, Role.NOT, Role.FROM, Role.AIM, Role.REACH, Role.LINK),
        *(Role.RATE, Role.CHANGE, Role.RAISED_TO, Role.LOWERED_TO, Role.ABOUT),
    )
)

_PHRASES: dict[Role, str] = {
    Role.PERCENT: "phần trăm",
    Role.UNIT: "điểm|bậc|hồ sơ|lần|lượt|người|văn bản|báo cáo|thủ tục|thủ tục hành chính|tthc|dịch vụ|dịch vụ công|"
    "cuộc|đợt|lớp|hội nghị|tin|bài|tin bài|sáng kiến|mô hình|giải pháp|đồng|nghìn đồng|triệu đồng|tỷ đồng|"
    "ha|km|trường hợp|đơn vị|cơ quan|buổi|chuyên mục|đề án|nhiệm vụ|doanh nghiệp|hộ|thôn|xã",
    Role.DURATION: "ngày|ngày làm việc|giờ|phút|tuần|tháng",
    Role.LOWER: "tối thiểu|ít nhất|thấp nhất|trên hoặc bằng|lớn hơn hoặc bằng|cao hơn hoặc bằng|bằng hoặc trên|"
    "bằng hoặc cao hơn|bằng hoặc lớn hơn|đạt và vượt|đạt hoặc vượt",
    Role.ABOVE: "trên|trên mức|hơn|quá|vượt|vượt quá|vượt trên|vượt mức|lớn hơn|cao hơn|nhiều hơn",
    Role.BELOW: "dưới|dưới mức|thấp hơn|nhỏ hơn|ít hơn|chưa đến|chưa tới|chưa đạt",
    Role.UPPER: "tối đa|nhiều nhất|cao nhất|dưới hoặc bằng|nhỏ hơn hoặc bằng|thấp hơn hoặc bằng|bằng hoặc dưới|"
    "trong vòng",
    Role.NOT: "không|ko|không được|không để",
    Role.FROM: "từ|trong khoảng từ|trong khoảng",
    Role.TO: "đến|tới|cho đến|cho tới",
    Role.UPWARDS: "trở lên|trở nên|hoặc hơn|hoặc cao hơn|hoặc trên",
    Role.DOWNWARDS: "trở xuống|trở lại|hoặc thấp hơn|hoặc dưới",
    Role.AIM: "phấn đấu|đảm bảo|bảo đảm|cố gắng|quyết tâm|hướng đến|hướng tới|tiến tới",
    Role.REACH: "đạt|đạt được|đạt mức|đạt kết quả",
    Role.LINK: "là|bằng|ở mức|mức|phải|cần|sẽ",
    Role.RATE: "tỷ lệ|tỉ lệ|tỷ suất",
    Role.HEAD: "mức độ|chỉ số|số lượng|thứ hạng",
    Role.CHANGE: "tăng|tăng thêm|giảm|giảm thêm|cắt giảm|rút ngắn|gấp|nâng|nâng hạng|tăng hạng|cải thiện",
    Role.RAISED_TO: "lên|lên đến|lên tới|đạt đến|đạt tới|lên mức|tăng lên|nâng lên",
    Role.LOWERED_TO: "còn|xuống|xuống còn|giảm còn|giảm xuống|giảm xuống còn|chỉ còn",
    Role.ABOUT: "khoảng|xấp xỉ|gần|gần đạt|ước|ước đạt|cỡ|chừng",
    Role.COMPARED: "so với|so cùng kỳ|so",
    Role.GIVEN: "chỉ tiêu|các chỉ tiêu|kế hoạch|dự toán|định mức",
    Role.REFERENCE: "năm|quý|quí|giai đoạn|kỳ|khoản|điều|số|mục|phụ lục|thứ|lần thứ|iso|khóa|khối|biểu|mẫu|bảng|"
    "nhóm|top|tốp|hạng|vị trí|cấp độ|nghị quyết|nghị định|quyết định|thông tư|chỉ thị|công văn",
    Role.FIELD: "lĩnh vực|các lĩnh vực|nhóm lĩnh vực|một số lĩnh vực",
    Role.CONCERNING: "đối với|đối với các|áp dụng đối với",
    Role.PART: "trong đó|riêng|riêng đối với|trong số đó",
    Role.OUTCOME: "góp phần|nâng cao|đồng thời|từng bước|không để|tạo điều kiện|nhằm|qua đó|tránh|không có",
    Role.SO_THAT: "để",
    Role.AND: "và|nhưng|song|hoặc|cũng như",
    # Phrases whose first syllable is another role: read as plain words.
    Role.WORD: "tăng cường|giảm thiểu|giảm nghèo|cải thiện môi trường|số hóa|số hoá|số liệu|chữ ký số|ký số|"
    "chuyển đổi số|"
    "quá hạn|quá trình|điều kiện|điều hành|kỳ vọng|hơn nữa|lên tiếng|năm trước|cuối năm|đầu năm|hàng năm|hằng năm|"
    "kết quả giải quyết|số tiền|số hồ sơ|số đơn vị|số văn bản|cải thiện chỉ số",
}
# Phrases that are often mistyped in their tones ("Phân đầu", "Tối thiếu"): compared without any marks.
_OFTEN_MISTYPED = ("phấn đấu", "tối thiểu", "tối đa", "trở lên", "trở xuống", "ít nhất", "nhiều nhất")
LONGEST_PHRASE = 5  # words in one phrase


def _glued(phrase: str) -> str:
    return folded(phrase).replace(" ", "")


def _without_marks(word: str) -> str:
    bare = "".join(letter for letter in normalize("NFD", word) if not combining(letter))
    return bare.replace("đ", "d")


# Compared by their letters without spaces: a lost or a doubled space changes nothing.
_ROLES = {_glued(phrase): (role, phrase) for role, line in _PHRASES.items() for phrase in line.split("|")}
_MISTYPED = {_without_marks(_glued(phrase)): _ROLES[_glued(phrase)] for phrase in _OFTEN_MISTYPED}
_SHORTEST, _BEGINNINGS = min(map(len, _MISTYPED)), {phrase[0] for phrase in _MISTYPED}


def _may_be_mistyped(glued: str) -> bool:
    """Far cheaper than to take the marks off: most words are too short, or begin with another letter."""
    return _SHORTEST <= len(glued) < 20 and _without_marks(glued[0]) in _BEGINNINGS


def understood(words: list[str]) -> tuple[Role, str, int]:
    """The role and the usual spelling of the longest phrase that `words` begin with, and how many words it takes."""
    for count in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        glued = "".join(words[:count])
        found = _ROLES.get(glued) or (_MISTYPED.get(_without_marks(glued)) if _may_be_mistyped(glued) else None)
        if found is not None:
            return *found, count
    return Role.WORD, words[0], 1
