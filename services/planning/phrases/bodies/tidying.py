"""A body's bare name as it is printed, without what stands loosely before and after it."""

import re

from services.planning.phrases.bodies.printed import Printed

_BEFORE = re.compile(r"(?:[\s\-.,;:+/&)(]+|(?:và|cùng với|cùng|với|là|cho)(?!\w))+")
_AFTER = " \n-.,;:+/&(…"
_LOOSE_WORDS = (" và", " cùng", " với", " sẽ", " được", " có", " đồng thời", " là")


def bare_name(text: Printed, begin: int, end: int) -> str:
    if loose := _BEFORE.match(text.small, begin, end):
        begin = loose.end()
    end = begin + len(text.small[begin:end].rstrip(_AFTER))
    while word := next((word for word in _LOOSE_WORDS if text.small.endswith(word, begin, end)), None):
        end = begin + len(text.small[begin : end - len(word)].rstrip(_AFTER))
    return " ".join(text.shown[begin:end].split())
