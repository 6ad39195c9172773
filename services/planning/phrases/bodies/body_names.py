"""Compares and classifies names of bodies: generic, outside the commune, the same body."""

import re

from services.planning.phrases.bodies import vocabulary as v
from services.planning.phrases.bodies.elements import printed

# Atomic: a word that stands in both lists would be tried both ways, which doubles the time with each word.
_GENERAL_WORDS = re.compile(
    rf"(?>{v.KIND}|phòng|ban|ngành|sở|tổ|hội|trường|(?:chuyên môn|liên quan|có|khác|thuộc|trực thuộc|của|và|tại|ở|trên|"
    r"đóng|địa bàn|chính trị|xã hội|sự nghiệp|công lập|nghiệp vụ|ubnd|uỷ ban nhân dân|xã|phường|đặc khu|cấp|đoàn|nghề|"
    r"giúp việc|tham mưu|công tác|toàn|thể|[-,&/;])(?!\w)|\s)+"
)
_LIMITED = re.compile(r" (?:giải quyết|được giao|có (?:nhiệm vụ|thẩm quyền|chức năng|tthc)|cung cấp|thực hiện|theo) ")
_OFFICE_OF_ITS_OWN = re.compile(
    r"kinh tế|văn hoá|vh ?-? ?xh|tư pháp|nội vụ|thống kê|tài chính|địa chính|hành chính công"
)
_SERIES_OF_MANY = re.compile(rf"(?:{v.MANY.pattern}|(?:ubnd|hđnd|đảng uỷ) {v.words('các')})")
_BODY = re.compile(rf"{v.NAMED}|{v.OFFICE}")
_DONE = re.compile(
    r"hội (?:thảo|thi|diễn|chợ|đàm|ý)|thanh tra(?! (?:tỉnh|xã|chính phủ|nhà nước|nhân dân|sở|bộ))|lãnh đạo,"
)
_ABOVE = re.compile(
    r"(?:sở(?!\w)|bộ(?! (?:phận|chỉ huy))(?!\w)|cục|chi cục|tổng cục|tỉnh|thành uỷ|huyện|chính phủ|thủ tướng|"
    r"quốc hội|trung ương|kho bạc|toà án|viện kiểm sát|bảo hiểm xã hội|bhxh|thuế|văn phòng (?:tỉnh|chính phủ))(?!\w)"
)
_ABOVE_AS_MANY = re.compile(r"(?:các|những) (?:sở|bộ)(?!\w)(?! phận)")
_LEVEL_ABOVE = re.compile(r" (?:cấp )?(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|trung ương)(?!\w)")
_LEVEL_OF_COMMUNE = re.compile(r"(?<!thị )(?<!hợp tác )(?<!\w)(?:xã(?! hội)|phường|đặc khu)(?!\w)")
_LONG_FORMS = (
    (r"uỷ ban nhân dân", "ubnd"),
    (r"hội đồng nhân dân", "hđnd"),
    (r"(?:tt|trung tâm)[. ]*pvhcc|tthcc|tt\.? (?=phục vụ)", "trung tâm phục vụ hành chính công "),
    (r"phục vụ hcc|pvhcc", "phục vụ hành chính công"),
    (r"công phục vụ hành chính công", "công"),
    (r"(?:uỷ ban )?(?:mặt trận tổ quốc|mttq|ubmttq)(?:vn| vn| việt nam)?|ubmttqvn|mttqvn", "mttq"),
    (r"vh ?-? ?xh", "văn hoá - xã hội"),
    (r"vp ?- ?tk", "văn phòng - thống kê"),
    (r"vp", "văn phòng"),
    (r"tp ?- ?ht", "tư pháp - hộ tịch"),
    (r"tc ?- ?kt", "tài chính - kế toán"),
    (r"tc ?- ?kh", "tài chính - kế hoạch"),
    (r"lđ ?-? ?tb ?[-&]? ?xh", "lao động - thương binh - xã hội"),
    (r"kt ?, ?ht ?(?:&|và) ?đt|ktht ?& ?đt", "kinh tế hạ tầng đô thị"),
    (r"nn ?& ?mt", "nông nghiệp môi trường"),
    (r"kh ?& ?cn", "khoa học công nghệ"),
    (r"gd ?& ?đt", "giáo dục đào tạo"),
    (r"ban chqs|bchqs|bch quân sự|bch qs", "ban chỉ huy quân sự"),
    (r"tthc", "thủ tục hành chính"),
    (r"p\.", "phòng "),
    (r"bp\.?", "bộ phận"),
    (r"một cửa", "tiếp nhận trả kết quả"),
    (r"tn ?& ?tkq", "tiếp nhận trả kết quả"),
)
_LONGER = [(re.compile(rf"(?<!\w)(?:{short})(?!\w)"), long) for short, long in _LONG_FORMS]
_BETWEEN_WORDS = re.compile(r"[-,&/;.()]|(?<!\w)(?:và|có)(?!\w)")
_PLACE = re.compile(
    r"(?:(?: thuộc| của| tại| trực thuộc)?(?:(?<!hđnd) ubnd)? (?:xã(?! hội)|phường|đặc khu)(?!\w)|(?: thuộc| của) ubnd)"
    r"(.*)$"
)
_OFFICE = re.compile(v.OFFICE)
_PREFIX = re.compile(r"(?:bộ phận|công chức|phòng) (?=\S)")


def is_generic(body: str) -> bool:
    """Whether no body is named: "Các cơ quan chuyên môn", "Các bộ phận liên quan", "Bộ phận chuyên môn UBND xã"."""
    name = printed(body).small.replace("\n", " ").strip(" .,;")
    if _SERIES_OF_MANY.match(name):
        return not _OFFICE_OF_ITS_OWN.search(_LIMITED.split(name, maxsplit=1)[0])
    begins = re.match(v.KIND, name)
    return bool(begins) and bool(_GENERAL_WORDS.fullmatch(_LIMITED.split(name, maxsplit=1)[0]))


def begins_with_a_body(text: str) -> bool:
    """Whether the first words name a body ("Phòng Kinh tế trình …"), and not an action ("Hội thảo", "Thanh tra")."""
    small = printed(text[:80]).small
    return bool(_BODY.match(small)) and not _DONE.match(small)


def is_outside_commune(body: str) -> bool:
    """Whether it is a body of the province or the state: "Sở Nội vụ", "Văn phòng UBND tỉnh", "Công an tỉnh"."""
    name = printed(body).small.replace("\n", " ")
    if _ABOVE.match(name) or _ABOVE_AS_MANY.match(name):
        return True
    return bool(_LEVEL_ABOVE.search(name)) and not _LEVEL_OF_COMMUNE.search(name)


def same_body(one: str, other: str) -> bool:
    """Whether two names are spellings of one body; a name without a commune matches that of any commune."""
    (name, place), (other_name, other_place) = _compared(one), _compared(other)
    return name == other_name and (place == other_place or not place or not other_place)


def begins_with_the_body(text: str, body: str) -> bool:
    """Whether a text begins with a spelling of a body: "Sở KH&CN góp ý", "Sở Khoa học và Công nghệ"."""
    name = _compared(body)[0]
    return bool(name) and f"{_compared(text)[0]} ".startswith(f"{name} ")


def _compared(body: str) -> tuple[str, str]:
    """The name in full words without joining words and marks, and the name of its commune, "" if there is none."""
    name = printed(body).small.replace("\n", " ")
    for short, long in _LONGER:
        name = short.sub(long, name)
    if (prefix := _PREFIX.match(name)) and _OFFICE.match(name, prefix.end()):
        name = name[prefix.end() :]
    name = " ".join(_BETWEEN_WORDS.sub(" ", name).split())
    place = _PLACE.search(name)
    return (name[: place.start()], place[1].strip()) if place else (name, "")
