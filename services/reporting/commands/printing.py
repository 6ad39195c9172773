"""Words that the commands of a report's life share."""

from collections.abc import Sequence

from shared.cli import out

STATES = {
    "due": "chưa nộp",
    "drafted": "có dự thảo",
    "submitted": "đã nộp",
    "returned": "trả lại",
    "approved": "đã duyệt",
    "published": "đã công bố",
}


def say(text: str) -> None:
    out.print(text, markup=False, highlight=False)


def counts(amounts: Sequence[int | None]) -> str:
    """`67/80`, a count alone, or a dash for what nobody had."""
    from shared.vietnamese import MISSING, number

    return "/".join(number(amount) for amount in amounts) if amounts else MISSING
