"""The rules by which a commune may be established, renamed, moved, merged or divided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.planning.domain.refusal import OTHER_PROVINCE, Refusal
from shared.vietnamese import date_text

ALREADY_GONE, BEFORE_ITS_START = "already-gone", "before-its-start"
KINDS = ("Xã", "Phường", "Đặc khu")


@dataclass(frozen=True)
class Life:
    """What the rules look at of a commune on a day; `received_from` is the last day from which another went into it."""

    commune: str
    name: str
    province: str
    in_force_from: date | None = None
    gone_from: date | None = None
    received_from: date | None = None


@dataclass(frozen=True)
class SuccessorShare:
    """A successor and the share that it takes over, None where unknown."""

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


def kind_of(name: str) -> str | None:
    return next((kind for kind in KINDS if name.startswith(f"{kind} ")), None)


def name_refusals(name: str) -> Iterator[Refusal]:
    if kind_of(name) is None:
        yield Refusal("kind-missing", f"Tên “{name}” phải bắt đầu bằng Xã, Phường hoặc Đặc khu.")


def code_refusals(day: date, bearer: Life | None) -> Iterator[Refusal]:
    """`bearer` is another commune that has the code on the day."""
    if bearer is not None:
        yield Refusal("code-used", f"Mã này đã là mã của {bearer.name} vào ngày {date_text(day)}.")


def act_refusals(name: str, start: date | None, day: date, source: str) -> Iterator[Refusal]:
    """Why an act may not change a commune on a day; `start` is the commune's first day."""
    if not source.strip():
        yield Refusal("source-missing", "Chưa ghi văn bản làm căn cứ.")
    if start is not None and day < start:
        yield Refusal(BEFORE_ITS_START, f"{name} chỉ có từ ngày {date_text(start)}.")


def gone_refusals(name: str, gone_from: date | None, day: date) -> Iterator[Refusal]:
    if gone_from is not None and day >= gone_from:
        yield Refusal(ALREADY_GONE, f"{name} không còn từ ngày {date_text(gone_from)}.")


def ending_refusals(ending: Life, successors: Sequence[SuccessorShare], day: date) -> Iterator[Refusal]:
    """Why a commune may not end on a day in these successors."""
    if ending.gone_from is not None:
        yield Refusal(ALREADY_GONE, f"{ending.name} không còn từ ngày {date_text(ending.gone_from)}.")
    if ending.in_force_from is not None and day <= ending.in_force_from:
        yield Refusal(BEFORE_ITS_START, f"{ending.name} chỉ có từ ngày {date_text(ending.in_force_from)}.")
    if ending.received_from is not None and ending.received_from >= day:
        yield Refusal(
            "received-later",
            f"Từ ngày {date_text(ending.received_from)} có đơn vị nhập vào {ending.name},"
            f" nên {ending.name} không thể kết thúc từ ngày {date_text(day)}.",
        )
    for each in successors:
        yield from _successor_refusals(ending, each.successor, day)
    if len({each.successor.commune for each in successors}) < len(successors):
        yield Refusal("named-twice", "Một đơn vị tiếp nhận được ghi hai lần.")
    yield from _share_refusals([each.share for each in successors])


def _successor_refusals(ending: Life, successor: Life, day: date) -> Iterator[Refusal]:
    taking_over = f"nên không thể tiếp nhận {ending.name} từ ngày {date_text(day)}"
    if successor.commune == ending.commune:
        yield Refusal("into-itself", f"{ending.name} không thể nhập vào chính mình.")
    if successor.gone_from is not None and successor.gone_from <= day:
        yield Refusal(
            "successor-gone", f"{successor.name} không còn từ ngày {date_text(successor.gone_from)} {taking_over}."
        )
    if successor.in_force_from is not None and successor.in_force_from > day:
        yield Refusal(
            "successor-to-come", f"{successor.name} chỉ có từ ngày {date_text(successor.in_force_from)} {taking_over}."
        )
    if successor.province != ending.province:
        yield Refusal(
            OTHER_PROVINCE,
            f"{successor.name} thuộc tỉnh khác {taking_over}; hãy ghi việc chuyển tỉnh trước.",
        )


def _share_refusals(shares: Sequence[Fraction | None]) -> Iterator[Refusal]:
    given = [share for share in shares if share is not None]
    if not given:
        return
    if len(given) < len(shares):
        yield Refusal("share-missing", "Phải ghi tỷ lệ cho mọi đơn vị tiếp nhận, hoặc không ghi cho đơn vị nào.")
    elif min(given) <= 0:
        yield Refusal("share-not-positive", "Tỷ lệ của mỗi đơn vị tiếp nhận phải lớn hơn 0.")
    elif sum(given) != 1:
        yield Refusal("shares-not-whole", f"Các tỷ lệ cộng lại là {sum(given)}; phải bằng 1.")
