"""The nouns that open the name of a target, and what keeps a name from the words before it."""

from services.planning.phrases.prose_targets.clauses import Text
from services.planning.phrases.targets.vocabulary import Role

BREAKS = frozenset((Role.AIM, Role.SO_THAT, Role.PART, Role.OUTCOME))
SEPARATES = BREAKS | {Role.COMMA, Role.AND, Role.STOP, Role.COLON, Role.OPEN}
NAMES = frozenset((Role.RATE, Role.HEAD))
_LONGEST_SCORE = 4  # words of "điểm đánh giá chỉ số" before the noun itself


def with_its_score(text: Text, head: int, since: int) -> int:
    """ "Điểm chỉ số …", "điểm đánh giá chỉ số …": the score of an index is named with it."""
    for at in range(head - 1, max(since, head - _LONGEST_SCORE) - 1, -1):
        if _is_a_score(text, at):
            return at - (at > since and text.terms[at - 1].text == "tổng")
        if text.role(at) is not Role.WORD:
            break
    return head


def _is_a_score(text: Text, at: int) -> bool:
    """Not the points of "5 điểm", and no place, as in "địa điểm" and "các điểm"."""
    if text.terms[at].text != "điểm":
        return False
    return text.role(at - 1) in SEPARATES or text.role(at - 1) is Role.REACH or text.terms[at - 1].text == "tổng"


def opens_a_name(text: Text, first: int, last: int) -> bool:
    if first >= last:
        return False
    head = next((at for at in range(first, min(first + _LONGEST_SCORE, last)) if text.role(at) in NAMES), -1)
    return head >= 0 and with_its_score(text, head, first) == first
