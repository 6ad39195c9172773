"""The one grammar of a sentence that orders offices to act: who leads, who supports, and the work behind them.

"Giao Phòng Kinh tế chủ trì, phối hợp với Công an xã rà soát …", "Văn phòng … là cơ quan đầu mối, tham mưu …",
"Phân công Phòng Kinh tế (Công an xã phối hợp) thực hiện các nhiệm vụ sau:".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.planning.documents.blocks.assignments import DUTY_VERBS, names_only_bodies
from services.planning.documents.line_markers import CAPITALS
from services.planning.phrases.bodies import begins_with_a_body, end_of_known_bodies

_ISSUER = r"(?:(?:UBND|Ủy ban nhân dân|Chủ tịch UBND)(?:\s+(?:xã|phường|đặc khu))?\s+)?"
GIVES = (
    r"(?:giao(?!\s+(?-i:ban|nhận|dịch|lưu|quyền)(?!\w))|phân công|đề nghị|yêu cầu|ủy quyền(?: cho)?)"
    r"(?:\s+(?:nhiệm vụ|trách nhiệm))?(?:\s+cho)?"
    r"(?:\s+(?:cơ quan|đơn vị) (?:chủ trì|đầu mối)(?: là)?:?)?\s+"
)
_GIVES = re.compile(rf"{_ISSUER}{GIVES}", re.IGNORECASE)
_OFFICE_IS = (
    r"(?:là|làm)\s+(?:(?:cơ quan|đơn vị|bộ phận|nơi)\s+)?(?:chủ trì|đầu mối|thường trực|chịu trách nhiệm(?:\s+chính)?)"
)
_LEADS = re.compile(
    r"[\s,]*(?:(?:được (?:giao|phân công)|có (?:trách nhiệm|nhiệm vụ)|chịu trách nhiệm(?:\s+chính)?)[\s,]+)?"
    rf"(?:{_OFFICE_IS}|chủ trì|đầu mối|chịu trách nhiệm(?!(?:\s+chính)?\s+(?:trước|về)(?!\w))(?:\s+chính)?"
    r"|có (?:trách nhiệm|nhiệm vụ)|phụ trách|đảm nhiệm|trực tiếp chỉ đạo)(?!\w)"
    r"(?:(?:[\s,]+(?:và\s+)?(?:tham mưu|thực hiện|triển khai))+"
    r"(?=[\s,;]*(?:và\s+)?phối hợp|,\s[^,.;:()]{2,150}\sphối hợp(?!\s+với)))?"
    r"|\s*\((?:là\s+)?(?:(?:cơ quan|đơn vị|bộ phận)\s+)?chủ trì\)",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"[\s,;]*(?:(?:và|chủ động)\s+)?(?<!\w)(?:có sự\s+phối hợp\s+(?:của|với|từ)"
    r"|phối hợp(?:\s+chặt chẽ)?(?:\s+(?:với|cùng(?:\s+với)?))?)(?!\w)\s*:?\s*(?=\S)",
    re.IGNORECASE,
)
# "…, Công an xã phối hợp": who helps stands before the word.
_HELPS_BEHIND = re.compile(
    r"\s*\(?(?:cùng\s+)?phối hợp\)?(?:\s+(?:tham mưu|thực hiện|triển khai))?(?!\s+(?:với|cùng)(?!\w))(?!\w)",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\)?\s*,\s*(?=\S)")
_WITH_IN_BRACKETS = re.compile(
    r"\s*\((?:(?:cùng\s+)?phối hợp(?:\s+(?:với|cùng))?\s*:?\s*(?P<behind>[^()]{2,200})"
    r"|(?P<before>[^()]{2,200}?)\s+(?:cùng\s+)?phối hợp)\s*\)",
    re.IGNORECASE,
)
_HELPS_AT_THE_END = re.compile(r"\s+(?:cùng\s+)?phối hợp(?:\s+thực hiện)?(?=\s*(?:;|[./]*\s*$))", re.IGNORECASE)
_SMALL = rf"(?-i:[^{CAPITALS}\W\d])"  # "xã Tân Hưng": the name of the commune goes on in capitals
_END_OF_SUPPORT = re.compile(
    rf"(?=\s+{DUTY_VERBS}|\s+(?:trong|vào|trước|xong|đến)(?:\s+hết)?\s+(?:quý|tháng|ngày|năm|\d)"
    rf"|\s*(?:[.;:(]|$|,\s*(?:hoàn thành|thực hiện|{DUTY_VERBS}))"
    rf"|(?:(?<=\sxã)|(?<=\sphường)|(?<=\sđặc khu))\s+(?!(?:hội|và|cùng|với|có|thuộc|trên|liên|khác|hoặc)(?!\w))"
    rf"{_SMALL})",
    re.IGNORECASE,
)
_END_OF_LEAD = re.compile(
    r"(?:(?<=\sxã)|(?<=\sphường)|(?<=\sđặc khu))(?=\s+(?!(?:hội|và|cùng|với|thuộc|trên|liên|khác|hoặc"
    rf"|phụ trách\s+(?:chung|khối|lĩnh vực|mảng))(?!\w)){_SMALL})|"
    rf"(?=\s+(?:{DUTY_VERBS}|đầu mối|trực tiếp|(?:là|làm)\s)|\s*[,(]?\s*phối hợp|\s*:|\s*\()",
    re.IGNORECASE,
)
_OF_THE_WORK_BEFORE = re.compile(r"chủ trì|đầu mối|chịu trách nhiệm chính", re.IGNORECASE)
_NO_WORK = re.compile(
    r"(?:chịu trách nhiệm\s+)?(?:trước|về)(?!\w)|có sự|trực tiếp là|phụ trách\s+(?:chung|khối|lĩnh vực)", re.IGNORECASE
)
_REQUEST = re.compile(r"(?:đề nghị|yêu cầu)(?!\w)", re.IGNORECASE)
_CONDUCT = re.compile(r"(?:quan tâm|nghiêm túc|nghiêm cấm|không|chấp hành)(?!\w)", re.IGNORECASE)
_NO_ACT = re.compile(
    r"[\s,]*(?:là|được|đã|đang|còn|chưa|có|đạt|gồm|bị|phải|không|sẽ|cần|vẫn|cũng|trong|khi)(?!\w)", re.IGNORECASE
)
_DOES = (
    r"(?:(?:và|để|cùng|tổ chức|chủ động|trực tiếp|có trách nhiệm|chịu trách nhiệm)\s+)*"
    r"(?:tham mưu|thực hiện|triển khai|hoàn thành|phụ trách|đảm nhiệm)"
)
_ONLY_DOES = re.compile(
    rf"[\s,]*(?:{_DOES}(?:[\s,]+(?:và\s+)?{_DOES})*)?"
    r"(?=\s*(?:$|[.;:/(]|,\s*(?:hoàn thành|xong|thời gian|thời hạn|trước|trong|chậm nhất)(?!\w)))",
    re.IGNORECASE,
)
_ITS_TASKS = re.compile(
    rf"[\s,]*(?:{_DOES}[\s,]*(?:và\s+)?)*(?:(?:(?:các|những|một số)\s+)?(?:nhiệm vụ|công việc|nội dung|phần việc|việc)"
    r"(?:\s+(?:cụ thể|trọng tâm|chính|chủ yếu))?(?:\s+(?:sau(?:\s+đây)?|dưới đây|như sau|gồm|cụ thể(?:\s+sau)?))*)?"
    r"(?:\s+(?:trong\s+)?năm\s+20\d\d)?(?:[\s,:]*(?:cụ thể|như sau|sau đây|gồm|sau))?[\s.:;,]*$",
    re.IGNORECASE,
)
# Fields that name an office, and are verbs as well: "Thống kê hồ sơ quá hạn", "Tiếp nhận và trả kết quả".
_FIELD = re.compile(r"(?:bộ phận )?(?:thống kê|tiếp nhận|kế toán|quân sự|y tế|hộ tịch|nội vụ)(?!\w)", re.IGNORECASE)
_FIELD_ALONE = re.compile(
    r"(?:bộ phận )?(?:thống kê|tiếp nhận(?: hồ sơ)? và trả kết quả|kế toán|quân sự|y tế|hộ tịch|nội vụ)"
    r"(?: xã| phường| đặc khu)?",
    re.IGNORECASE,
)
# "Phân công từng đồng chí phụ trách …", "Phân công công chức trực …": to assign somebody is the work.
_PERSON = r"(?:đồng chí|đ/c|thành viên|cán bộ|công chức|viên chức|ủy viên|lãnh đạo|người)"
_NOBODY_BY_NAME = re.compile(
    rf"(?i:(?:từng|mỗi|các|những|một|0\d)\s+{_PERSON}(?!\w))|(?i:{_PERSON})(?:\s+[^{CAPITALS}\W]|\s*,|\s*$)"
)
_LONGEST_LEAD = 150  # letters
_LONGEST_SUPPORT = 300
_MOST_WORDS_OF_A_NAME = 12


@dataclass(frozen=True)
class Order:
    """`lead` and `support` as printed; the work begins at `end`.

    `is_given`: a word of order stands before the office; `leads`: the words of leading behind it, or "".
    `support_is_unread`: others are to help, and where their names end is not sure.
    """

    lead: str
    support: str
    end: int
    is_given: bool
    leads: str
    support_is_unread: bool = False

    @property
    def is_explicit(self) -> bool:
        return self.is_given or bool(self.leads)

    @property
    def bodies(self) -> str:
        """As labels that `read_bodies` knows."""
        return f"Chủ trì: {self.lead}" + (f"\nPhối hợp: {self.support}" if self.support else "")


def order_at(text: str, start: int = 0) -> Order | None:
    """The order that begins at a place of a text; None where no office is named there, or nothing that it does."""
    gives = _GIVES.match(text, start)
    begin = gives.end() if gives else start
    for end in _ends_of_lead(text, begin):
        lead = text[begin:end].strip(" ,")
        if not _is_a_lead(lead):
            continue
        leads = _LEADS.match(text, end)
        if gives and _NOBODY_BY_NAME.match(lead) and "chủ trì" not in (leads[0].lower() if leads else ""):
            return None
        place = leads.end() if leads else end
        found, support, place = _helpers_before_the_word(text, place) or _support(text, place)
        if _FIELD.match(lead) and not ((gives or leads) and _FIELD_ALONE.fullmatch(lead)):
            return None
        if not (gives or leads or found) and (_NO_ACT.match(text, place) or place >= len(text.rstrip(" .;"))):
            return None
        return Order(lead, support, place, bool(gives), leads[0] if leads else "", found and not support)
    return None


def _is_a_lead(text: str) -> bool:
    """ "Tổ chức đối thoại …" organises, and "Tổ chức" is nobody."""
    is_verb = re.match(r"tổ chức(?!\s+(?:chính trị|đảng|đoàn|hội|xã hội|công đoàn))(?!\w)", text, re.IGNORECASE)
    return bool(text) and not is_verb and text[0].isalpha() and names_only_bodies(text)


def _ends_of_lead(text: str, begin: int) -> Iterator[int]:
    known = end_of_known_bodies(text, begin)
    if known is not None and known - begin <= _LONGEST_LEAD:
        yield known
    within = re.compile(r"[.;]\s").search(text, begin)
    limit = min(begin + _LONGEST_LEAD, within.start() if within else len(text))
    yield from (end.start() for end in _END_OF_LEAD.finditer(text, begin, limit))


def _support(text: str, place: int) -> tuple[bool, str, int]:
    """Whether others are to help, who, and where the text goes on."""
    if brackets := _WITH_IN_BRACKETS.match(text, place):
        named = (brackets["behind"] or brackets["before"]).strip()
        if names_only_bodies(named):
            leads = _LEADS.match(text, brackets.end())
            return True, named, leads.end() if leads else brackets.end()
    helps = _WITH.match(text, place)
    if helps is None:
        return False, "", place
    if (end := end_of_known_bodies(text, helps.end())) is not None:
        return True, text[helps.end() : end], end
    for found in _END_OF_SUPPORT.finditer(text, helps.end(), helps.end() + _LONGEST_SUPPORT):
        if names_only_bodies(named := text[helps.end() : found.start()].strip(" ,")):
            return True, named, found.start()
    return True, "", helps.start()


def _helpers_before_the_word(text: str, place: int) -> tuple[bool, str, int] | None:
    """ "…, Công an xã và Trạm Y tế phối hợp rà soát", "…, Công an xã (phối hợp): rà soát"; None without such words."""
    comma = _COMMA.match(text, place)
    if comma is None:
        return None
    if known := end_of_known_bodies(text, comma.end()):
        helps = _HELPS_BEHIND.match(text, known)
        return (True, text[comma.end() : known], helps.end()) if helps else None
    for helps in _HELPS_BEHIND.finditer(text, comma.end(), comma.end() + _LONGEST_SUPPORT):
        named = text[comma.end() : helps.start()]
        if not re.search(r"[.;:]", named) and names_only_bodies(named):
            return True, named, helps.end()
    return None


def supporters_in(sentence: str, start: int = 0) -> str:
    """The bodies after "phối hợp với" up to the verb, as printed; "" where none, or not only known ones, are named."""
    for helps in _WITH.finditer(sentence, start):
        names_next = (
            helps[0].rstrip(" :").lower().endswith(("với", "cùng", "của", "từ")) or sentence[helps.end()].isupper()
        )
        if names_next and (support := _support(sentence, helps.start())[1]):
            return support
    return ""


def helpers_at_the_end(text: str) -> tuple[str, str]:
    """A text without the brackets at its end, and who helps by them: "Lập sổ: Phòng Kinh tế (Công an xã phối hợp)".

    Likewise without brackets: "Lập báo cáo, Công an xã và Trạm Y tế phối hợp; …".
    """
    for brackets in _WITH_IN_BRACKETS.finditer(text):
        named = (brackets["behind"] or brackets["before"]).strip()
        if not text[brackets.end() :].strip(" .;/") and names_only_bodies(named):
            return text[: brackets.start()], named
    for helps in _HELPS_AT_THE_END.finditer(text):
        for mark in re.compile(r"[,;]\s+").finditer(text, max(0, helps.start() - _LONGEST_SUPPORT), helps.start()):
            if names_only_bodies(named := text[mark.end() : helps.start()]):
                if _ends_with_a_body(text[: mark.start()]):
                    break  # "mời Công an xã, Trạm Y tế phối hợp": the list began earlier
                return text[: mark.start()] + text[helps.end() :], named
    return text, ""


def _ends_with_a_body(text: str) -> bool:
    words = list(re.finditer(r"(?<!\S)\S+", text))[-_MOST_WORDS_OF_A_NAME:]
    starts = [word.start() for word in words if word[0][0].isupper() or word[0].lower() in ("các", "những")]
    return any(start and names_only_bodies(text[start:]) for start in starts)


def introduces_tasks(text: str, order: Order) -> bool:
    """Whether nothing follows but "thực hiện các nhiệm vụ sau:"."""
    return not order.support_is_unread and bool(_ITS_TASKS.match(text, order.end))


def is_about_conduct(order: str, work: str) -> bool:
    """ "Yêu cầu các cơ quan không uống rượu bia", "Đề nghị Mặt trận quan tâm, giám sát": without a time no task."""
    return bool(_REQUEST.match(order) and _CONDUCT.match(work))


def is_about_the_work_before(text: str, order: Order) -> bool:
    """ "Đồng bộ hồ sơ. Giao Phòng Kinh tế thực hiện;": also where the office leads another work of its own."""
    return bool(_OF_THE_WORK_BEFORE.search(order.leads) or _ONLY_DOES.match(text, order.end))


def rest_of_assignment(text: str, order: Order) -> str | None:
    """What follows an order that only names who does a work before it ("thực hiện; hoàn thành trước 30/6"), or None."""
    does = _ONLY_DOES.match(text, order.end)
    return text[does.end() :] if does and order.is_explicit and not order.support_is_unread else None


def work_of(text: str, order: Order) -> str:
    """The work behind an explicit order, with a capital letter; "" where there is none, or the order is not sure."""
    does = _ONLY_DOES.match(text, order.end)
    begins = order.end if does is None else does.end() if text[does.end() :].startswith(":") else None
    if not order.is_explicit or order.support_is_unread or begins is None:
        return ""
    work = text[begins:].lstrip(" ,:–-")
    is_another = text[begins:].lstrip().startswith(",") and work[:1].isupper() and begins_with_a_body(work)
    is_work = len(work.split()) > 1 and not is_another and not _NO_WORK.match(work)
    return work[:1].upper() + work[1:] if is_work else ""
