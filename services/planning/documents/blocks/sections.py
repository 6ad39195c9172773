"""Which headings are sections, how a section is called, and which sections speak in general."""

import re

from services.planning.documents.blocks.headings import Heading
from services.planning.documents.blocks.markers import bare
from shared.vietnamese import folded

_GENERAL = re.compile(
    r"(?:mục đích|mục tiêu|yêu cầu|quan điểm|kinh phí|nguồn (?:lực|kinh phí)|tổ chức thực hiện|giải pháp|căn cứ"
    r"|phạm vi|đối tượng|khen thưởng|điều khoản|chế độ khen|đánh giá chung|bối cảnh|sự cần thiết|thời gian thực hiện)\b"
)
_OF_TARGETS = re.compile(r".*\b(?:mục tiêu|chỉ tiêu|mục đích|kết quả phấn đấu|giải pháp|nhiệm vụ|nội dung)\b")
_OF_THE_PAST = re.compile(
    r"(?:đánh giá|kết quả (?:thực hiện|đạt được|công tác)|thực trạng|tình hình|tồn tại|hạn chế)\b"
)
_NO_SECTION = re.compile(
    r"(?:kế hoạch|cộng hoà xã hội|độc lập|uỷ ban nhân dân|ubnd|(?:phó )?chủ tịch|[tk]m\.|kt\.|nơi nhận"
    r"|phụ lục(?: (?:số )?[\divx]+)?$|hội đồng nhân dân|(?:xã|phường|đặc khu|tỉnh|thành phố) )"
)


def is_no_section(text: str) -> bool:
    """A line of the document's head, or of its signature, that stands in capitals as headings do."""
    return bool(_NO_SECTION.match(folded(text)))


def section_of(heading: Heading, *, within: bool = False) -> str | None:
    """The nearest heading above, without its number; `within`: the heading itself is the section of its parts."""
    above = heading if within else heading.parent
    while above is not None and above.parent is not None:
        if not is_no_section(above.text):
            return bare(above.text)
        above = above.parent
    return None


def is_general(heading: Heading) -> bool:
    """Purpose, budget, organisation and the like: the heading, or one above it, gives no tasks without keys."""
    chain: Heading | None = heading
    while chain is not None and chain.parent is not None:
        if _GENERAL.match(folded(chain.text)):
            return True
        chain = chain.parent
    return False


def speaks_of_targets(heading: Heading) -> bool:
    """Whether the heading, or one above it, announces aims, or what is to be done; none reports on the past."""
    chain: Heading | None = heading
    texts = []
    while chain is not None and chain.parent is not None:
        texts.append(folded(chain.text[:80]))
        chain = chain.parent
    return any(map(_OF_TARGETS.match, texts)) and not any(map(_OF_THE_PAST.match, texts))
