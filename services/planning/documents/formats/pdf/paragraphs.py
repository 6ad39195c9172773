"""Joins lines that were broken to fit their column into paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.planning.documents.formats.pdf.lines import Line
from shared.vietnamese import folded

# What begins a paragraph: a bullet, "1.", "1.2.", "a)", "II.", "(1)", "Điều 5." and the like.
NUMBER = re.compile(
    r"(?:[-–—+*•▪◦●○■□✓➢]\s*|\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[a-zđ]|[IVXL]{1,6}|[A-ZĐ])[.)/:]\s+"
    r"|\d{1,2}(?:\.\d{1,2}){1,4}\s+|(?:Điều|Chương|Phần|Mục|Phụ lục|PHỤ LỤC)\s+[\dIVXL]+)"
)
# A dash within a name may fall on the beginning of a line: small letters, or the second half of an office's name.
DASH_WITHIN = re.compile(r"[-–—]\s+(?=[^\W\d_])")
SECOND_HALVES = ("xã hội", "hộ tịch", "hạnh phúc")
# What is broken without a space: an act or an office after its hyphen ("QĐ-TTg"), a number in a narrow column.
HYPHEN_WITHIN = re.compile(r"[A-ZĐ]-[^\W\d_]|\d-\d")
NARROW_NUMBER = re.compile(r"\d{1,3}(?:\.\d{0,3}){0,5}|ST?")
DAY_OR_MONTH = re.compile(r"\d{1,2}/(?:\d{1,2}/)?20\d\d")
REST_OF_A_NUMBER = re.compile(r"\.?\d{1,3}(?:\.\d{0,3}){0,5}[a-zđ]?|T?T")
INDENT = 6.0  # points
LOOSE = 1.35  # how much wider than the one before a gap is where a paragraph begins
WIDEST = 2.4  # of the height of a line


@dataclass(frozen=True)
class JoinedLines:
    text: str
    bold: bool
    first: Line


def paragraphs_of(lines: Sequence[Line], left: float, right: float) -> list[JoinedLines]:
    """The paragraphs of lines that stand one below the other in a column from `left` to `right`."""
    paragraphs: list[list[Line]] = []
    for line in lines:
        if paragraphs and _goes_on(paragraphs[-1], line, left, right):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return [JoinedLines(_text(found), all(line.bold for line in found), found[0]) for found in paragraphs]


def goes_on_in_next_column(text: str, following: str) -> bool:
    """Whether a paragraph that ends a column goes on in the next one, where its width does not help to tell."""
    begins_inside = following[0].islower() or following[0].isdecimal() or text.endswith((",", "("))
    return begins_inside and not text.endswith((".", ";", ":", "!")) and not NUMBER.match(following)


def _goes_on(paragraph: Sequence[Line], line: Line, left: float, right: float) -> bool:
    last = paragraph[-1]
    if line.bold != last.bold and (line.bold or all(one.bold for one in paragraph)):
        return False
    if _had_room(last, line, left, right) or _is_apart(paragraph, line):
        return False
    if NUMBER.match(line.text):
        return _is_within_a_name(last, line) and line.left < paragraph[0].left + INDENT
    return not _is_indented(paragraph, line)


def _is_within_a_name(last: Line, line: Line) -> bool:
    if (dash := DASH_WITHIN.match(line.text)) is None or last.text.endswith((".", ";", ":", "!")):
        return False
    rest = line.text[dash.end() :]
    return rest[0].islower() or folded(rest).startswith(SECOND_HALVES)


def _had_room(last: Line, line: Line, left: float, right: float) -> bool:
    """Whether the first word would have fitted on the line before, so that the break was meant."""
    slack = right - last.right
    if abs((last.left - left) - (right - last.right)) < INDENT:  # centred: the room is on both sides
        slack += last.left - left
    return line.first_word + 0.3 * line.height < slack - 1


def _is_apart(paragraph: Sequence[Line], line: Line) -> bool:
    gap = line.centre - paragraph[-1].centre
    if gap < 0:  # the next page
        return False
    if len(paragraph) > 1 and (before := paragraph[-1].centre - paragraph[-2].centre) > 0:
        return gap > LOOSE * before
    return gap > WIDEST * max(line.height, paragraph[-1].height)  # a line of small letters only is less high


def _is_indented(paragraph: Sequence[Line], line: Line) -> bool:
    """Whether the line begins further right than the ones before, and not below the text after a number."""
    first, last = paragraph[0], paragraph[-1]
    if len(paragraph) == 1 and NUMBER.match(first.text) and abs(line.left - first.after_number) < INDENT:
        return False
    is_centred = abs((line.left + line.right) - (last.left + last.right)) < INDENT
    return line.left > last.left + INDENT and not is_centred


def _text(lines: Sequence[Line]) -> str:
    pieces = [lines[0].text]
    for last, line in pairwise(lines):
        pieces += ["" if _is_within_a_word(last.text, line.text) else " ", line.text]
    return "".join(pieces)


def _is_within_a_word(text: str, following: str) -> bool:
    """Whether a line was broken where no space is: at a hyphen, or because a number was wider than its column."""
    if HYPHEN_WITHIN.fullmatch(text[-2:] + following[:1]):
        return True
    if NARROW_NUMBER.fullmatch(text) and REST_OF_A_NUMBER.fullmatch(following):
        return True
    begun, rest = text.rpartition(" ")[2], following.partition(" ")[0].rstrip(".,;:)")
    return "/" in begun + rest and bool(DAY_OR_MONTH.fullmatch(begun + rest)) and not DAY_OR_MONTH.fullmatch(begun)
