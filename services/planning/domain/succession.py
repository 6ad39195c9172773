"""Into whom a commune goes, in which shares, and the rules by which it may."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.planning.domain.step import Refusal


@dataclass(frozen=True)
class Life:
    """A commune as the rules of a day see it; `received_from` is the last day from which another went into it."""

    commune: str
    name: str
    province: str
    in_force_from: date | None = None
    gone_from: date | None = None
    received_from: date | None = None


@dataclass(frozen=True)
class Part:
    """A successor and the share that it takes over, None where nobody said which."""

    successor: Life
    share: Fraction | None = None


def share_in(text: str) -> Fraction | None:
    """`2/3`, `0.4`, `0,4` or `40%`; None where it is none of them."""
    percent = text.strip().endswith("%")
    try:
        share = Fraction(text.strip().rstrip("%").strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return None
    return share / 100 if percent else share


def ending_refusals(ending: Life, parts: Sequence[Part], day: date) -> Iterator[Refusal]:
    """Why a commune may not end on a day and go into these."""
    if ending.gone_from is not None:
        yield Refusal("already-gone", f"{ending.name} không còn từ ngày {_day(ending.gone_from)}.")
    if ending.in_force_from is not None and day <= ending.in_force_from:
        yield Refusal("before-its-start", f"{ending.name} chỉ có từ ngày {_day(ending.in_force_from)}.")
    if ending.received_from is not None and ending.received_from >= day:
        yield Refusal(
            "received-later",
            f"Từ ngày {_day(ending.received_from)} có đơn vị nhập vào {ending.name},"
            f" nên {ending.name} không thể kết thúc từ ngày {_day(day)}.",
        )
    for part in parts:
        yield from _successor_refusals(ending, part.successor, day)
    successors = [part.successor.commune for part in parts]
    if len(set(successors)) < len(successors):
        yield Refusal("named-twice", "Một đơn vị tiếp nhận được ghi hai lần.")
    yield from _share_refusals([part.share for part in parts])


def _successor_refusals(ending: Life, successor: Life, day: date) -> Iterator[Refusal]:
    taking_over = f"nên không thể tiếp nhận {ending.name} từ ngày {_day(day)}"
    if successor.commune == ending.commune:
        yield Refusal("into-itself", f"{ending.name} không thể nhập vào chính mình.")
    if successor.gone_from is not None and successor.gone_from <= day:
        yield Refusal(
            "successor-gone", f"{successor.name} không còn từ ngày {_day(successor.gone_from)} {taking_over}."
        )
    if successor.in_force_from is not None and successor.in_force_from > day:
        yield Refusal(
            "successor-to-come", f"{successor.name} chỉ có từ ngày {_day(successor.in_force_from)} {taking_over}."
        )
    if successor.province != ending.province:
        yield Refusal(
            "other-province",
            f"{successor.name} thuộc tỉnh khác {taking_over}; hãy ghi việc chuyển tỉnh trước.",
        )


def _share_refusals(shares: Sequence[Fraction | None]) -> Iterator[Refusal]:
    said = [share for share in shares if share is not None]
    if not said:
        return
    if len(said) < len(shares):
        yield Refusal("share-missing", "Phải ghi tỷ lệ cho mọi đơn vị tiếp nhận, hoặc không ghi cho đơn vị nào.")
    elif min(said) <= 0:
        yield Refusal("share-not-positive", "Tỷ lệ của mỗi đơn vị tiếp nhận phải lớn hơn 0.")
    elif sum(said) != 1:
        yield Refusal("shares-not-whole", f"Các tỷ lệ cộng lại là {sum(said)}; phải bằng 1.")


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
