"""Compares the numbers of rows: which is below which, and which are skipped or used twice."""

import re
from collections.abc import Iterable

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LETTERS = "ABCDĐEGHIKLMNOPQRSTUVXY"


def style_of(code: str, before: Iterable[str] = ()) -> str:
    """ "roman", "letter", "number" or "small"; I, V, C and D are letters where the codes before them lead there."""
    if steps(code):
        return "number"
    if code.islower():
        return "small"
    letters = [other for other in before if len(other) == 1 and other not in "IVX" and other.isupper()]
    if len(code) == 1 and code in _LETTERS and (code not in "IVXLC" or _follows(code, letters)):
        return "letter"
    return "roman" if re.fullmatch(r"[IVXLC]+", code) else "letter"


def _follows(code: str, letters: list[str]) -> bool:
    if code in "LC":
        return True
    return bool(letters) and _LETTERS.index(code) == _LETTERS.index(letters[-1]) + 1


def steps(code: str) -> tuple[int, ...]:
    """2.1.3 as (2, 1, 3), and II.1 and B.1 as (2, 1); nothing for other styles."""
    first, *rest = code.split(".")
    below = [int(step) for step in re.findall(r"\d+", ".".join(rest))]
    if first[0].isdigit():
        return (int(re.findall(r"\d+", first)[0]), *below)
    return (ordinal(first, style_of(first)), *below) if below else ()


def is_below(code: str, above: str) -> bool:
    """Whether a number belongs below another: 4.1.1 below 4.1, 1 below I, a below 3."""
    ours, theirs = steps(code), steps(above)
    if ours and theirs:
        return len(ours) > len(theirs) and ours[: len(theirs)] == theirs
    ranks = {"letter": 0, "roman": 0, "number": 1, "small": 2}
    ours_rank, theirs_rank = ranks[style_of(code)], ranks[style_of(above)]
    if ours_rank == theirs_rank == 0:
        return style_of(code) == "roman" and code == "I" and above != "H"
    return ours_rank > theirs_rank


def ordinal(code: str, style: str) -> int:
    """The position of a code within its own sequence."""
    if style == "roman":
        values = [_ROMAN[letter] for letter in code]
        return sum(-v if any(v < w for w in values[at + 1 : at + 2]) else v for at, v in enumerate(values))
    if style == "number":
        return steps(code)[-1]
    letters = _LETTERS if style == "letter" else _LETTERS.lower()
    return letters.find(code[0]) + 1


def numbering_warnings(codes: Iterable[tuple[str, str]]) -> list[str]:
    """Warnings about numbers that are skipped or used twice; `codes` are pairs of a code and a place."""
    found: list[str] = []
    last: dict[tuple[object, ...], tuple[int, str, str]] = {}
    letters: list[str] = []
    for code, place in codes:
        style = style_of(code, letters)
        if style == "letter":
            letters.append(code)
        key = (style, *steps(code)[:-1])
        number = ordinal(code, style)
        previous, printed, where = last.get(key, (0, "", ""))
        if number == previous != 1:  # a group may hold a single row, and the next begins at 1 again
            found.append(f"{place}: số “{code}” dùng cho hai dòng, dòng trước ở {where}.")
        elif number > previous + 1 and (previous or style in ("roman", "letter")):
            after = f"sau “{printed}” là “{code}”" if previous else f"đánh số bắt đầu từ “{code}”"
            found.append(f"{place}: số thứ tự bị nhảy, {after}; cần xem có thiếu dòng nào không.")
        last[key] = (number, code, place)
        _forget_below(last, style, code)
    return found


def _forget_below(last: dict[tuple[object, ...], tuple[int, str, str]], style: str, code: str) -> None:
    """Below a new heading sequences begin again; plain numbers may also continue through the whole table."""
    if style == "letter":
        last.pop(("roman",), None)
    if style != "small":
        last.pop(("small",), None)
    if style == "number":
        for key in [key for key in last if key[0] == "number" and key[1 : 1 + len(steps(code))] == steps(code)]:
            del last[key]
