"""Where a list of bodies ends and a verb begins: the names that the bodies of communes have everywhere.

"phối hợp với Công an xã và Phòng Văn hóa - Xã hội dán mã": only a known name tells that "dán" is no part of it.
"""

import re

from services.planning.phrases.bodies import vocabulary as v
from shared.vietnamese import folded

_FIELDS = r"(?:hạ tầng|đô thị|nông nghiệp|môi trường|xây dựng|công thương|ht|đt|nn|mt|xd|ct)"
_NAMES = (
    rf"(?:phòng|p\.?) ?(?:kinh tế|kt)(?:(?:,| và| -| &) ?{_FIELDS})*",
    r"(?:phòng|p\.?) ?(?:văn hoá ?(?:-|và|,) ?xã hội|vh ?-? ?xh|nội vụ|tài chính - kế hoạch|tư pháp)",
    r"(?:văn phòng|vp\.?) ?(?:hđnd|hội đồng nhân dân) ?(?:và|&|-|,) ?(?:ubnd|uỷ ban nhân dân)",
    r"(?:văn phòng|vp) (?:đảng uỷ|ubnd)|văn phòng(?= (?:chủ trì|phối hợp|làm|là) )",
    r"(?:trung tâm|tt\.?) ?(?:phục vụ )?(?:hành chính công|hcc|pvhcc)|ttpvhcc|tthcc",
    r"trung tâm (?:cung ứng )?dịch vụ (?:sự nghiệp công|tổng hợp|công)(?: ích)?",
    r"trung tâm văn hoá,? (?:thông tin )?(?:và|-) (?:thể thao|truyền thông|thông tin)(?: và thể thao)?",
    r"công an|ban chỉ huy quân sự|bch quân sự|bchqs|ban chqs|trạm y tế|bưu điện|thuế cơ sở|ban quản lý dự án",
    r"(?:ban thường trực )?(?:uỷ ban )?(?:mttq|mặt trận tổ quốc|ubmttq)(?: ?vn| việt nam)?",
    r"hội (?:nông dân|liên hiệp phụ nữ|lhpn|phụ nữ|cựu chiến binh|ccb|chữ thập đỏ|người cao tuổi)(?: việt nam)?",
    r"đoàn (?:thanh niên|tncs)(?: cộng sản)?(?: hồ chí minh)?|ban xây dựng đảng|uỷ ban kiểm tra(?: đảng uỷ)?",
    r"(?:các )?tổ công nghệ số cộng đồng|(?:các |những )?(?:già làng|người có uy tín)|đài truyền thanh",
    r"chi nhánh (?:văn phòng )?đăng ký đất đai(?: khu vực [ivx\d]+)?|kho bạc nhà nước(?: khu vực [ivx\d]+)?",
)
# "các tổ dân phố tổ chức trợ giúp": there "tổ chức" is the verb
_ORGANISATION = r"tổ chức(?: chính trị ?- ?xã hội|(?= (?:có|liên quan|khác|đoàn|hội|trên|thuộc))|(?=\s*(?:[,.;:)]|$)))"
_KIND = (
    rf"(?:cơ quan|đơn vị|phòng|ban|ngành|bộ phận|đoàn thể|{_ORGANISATION}|hội|trường(?: học)?"
    r"|thôn|bản|buôn|xóm|ấp|tổ dân phố|khu phố|khối phố|khóm|làng|khu dân cư|doanh nghiệp|địa phương)(?!\w)"
)
_MANY = (
    rf"(?:các|những) {_KIND}(?:(?:,| và|/| -)? (?:các )?{_KIND})*"
    r"(?: (?:(?:có )?liên quan|có chức năng|chức năng|chuyên môn|khác|trực thuộc|thuộc|trên địa bàn|sự nghiệp))*"
)
_PLACE = r"(?:(?: (?:thuộc|của|trong))?(?: (?:ubnd|uỷ ban nhân dân))?(?: (?:xã|phường|đặc khu))(?! hội))?"
_NAME = re.compile(rf"(?<!\w)(?:{'|'.join((_MANY, *_NAMES))})(?!\w){_PLACE}(?!\w)")
_NEXT = re.compile(r"\s*(?:[,;/]|và|cùng(?: với)?|&)\s*(?:(?:và|cùng(?: với)?|với)\s+)?")
_GOES_ON = re.compile(
    r"(?:và|hoặc|cùng|với|thuộc|của|tại|trên|các|những|liên(?= quan)|có(?! trách nhiệm| nhiệm vụ)|khác|ở"
    r"|cấp(?= (?:tỉnh|xã|huyện|trên|dưới))|khu vực|số(?= \d)"
    r"|tỉnh|thành phố|huyện|trung ương|cơ sở|văn hoá|đầu tư|quân sự|lưu động|chính quy)"
    r"(?!\w)"
)
_OF_ONE_CRAFT = (" làng", " khóm")  # "các làng nghề", "các khóm điểm": the name goes on
_LONGEST = 600  # letters of a list, and the words behind it
_ENDS = re.compile(r"\s*(?:$|[.;:()\n])")


def end_of_known_bodies(text: str, start: int = 0) -> int | None:
    """Where a list of such names ends before a verb, a mark or the end of the text; None where that is not sure."""
    text = text[start : start + _LONGEST]
    small, place = _small(text), 0
    while name := _NAME.match(small, place):
        end = name.end()
        if small.endswith(("xã", "phường", "đặc khu"), place, end):
            end = _end_of_the_proper_name(text, end)
        following = _NEXT.match(small, end)
        if following is None or not _NAME.match(small, following.end()):
            return start + end if _is_end(text, small, end, following) else None
        place = following.end()
    return None


def _end_of_the_proper_name(text: str, end: int) -> int:
    """ "xã Hàm Yên": the words in capitals that follow."""
    while (word := re.compile(r" [^\W\d_]+").match(text, end)) and word[0][1].isupper():
        end = word.end()
    return end


def _is_end(text: str, small: str, end: int, following: re.Match[str] | None) -> bool:
    """A verb in small letters may follow a space or a comma; another word in small letters may be of a name."""
    if _ENDS.match(small, end):
        return True
    at = following.end() if following and following[0].lstrip().startswith(",") else end + 1
    if following and at == end + 1:
        return False  # "và …" before what is no known name
    word = small[at : at + 80]
    if small.endswith(_OF_ONE_CRAFT, 0, end) and not re.match(v.ACTION, word):
        return False
    if not text[at : at + 1].islower() or _GOES_ON.match(word):
        return False
    return not re.match(rf"{v.KIND}|{v.NAMED}", word) or bool(re.match(v.ACTION, word))


def _small(text: str) -> str:
    """The folded text, place by place."""
    return "".join(part if len(one := folded(part)) != len(part) else one for part in re.split(r"(\s+)", text))
