"""The words of a schedule phrase with their places in the text, and lists of phrases that are found at a place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from unicodedata import normalize

from services.planning.phrases.tokens import listed, tokens_of
from shared.vietnamese import folded

LONGEST = 10_000  # characters; a text field of the plan format holds no more
STOP = "\n"
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udfff]")
_BOLD = re.compile(r"\*+|</?b>")
_BULLET = re.compile(r"\s*(?:[-+•●▪–—·]|\d{1,2}[.)](?=\s)|[a-zđ][.)](?=\s))", re.IGNORECASE)
_CUT = re.compile(r"(?<!\w)(?:trước|thứ|trong|vào|từ|đến|hết|chậm nhất|và|,)$")
_CUT_QUARTER = re.compile(r"(?<!hàng )(?<!hằng )(?<!mỗi )(?<!\w)qu[ýí]$")
_ROMAN_NUMBER = re.compile(r"(?:I{1,3}|IV)(?![\w.)])")
_SAME = {
    "kì": "kỳ",
    "qui": "quy",
    "quí": "quý",
    "qúi": "quý",
    "qúy": "quý",
    "hằng": "hàng",
    "suất": "xuất",
    "thuờng": "thường",
    "thưòng": "thường",
}
_IN_LETTERS = {"tx": ("thường", "xuyên")}
_MARKS = {"–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "（": "(", "）": ")", "；": ";", "：": ":", "，": ","}
_MARKS |= dict.fromkeys(("->", "=>", "→", "~"), "-")
_LONGER = re.compile(r"\d+|[-=]>")
_SYLLABLE = (
    "qu[ýí]|qú[yi]|năm|tháng|ngày|h[àằ]ng|mỗi|trước|trong|thường|xuyên|định|k[ỳì]|đột|xuất|chậm|nhất|đến|hết|cuối|đầu|"
    "tuần|theo|kế|hoạch|lần|báo|cáo"
)
_GLUED = re.compile(rf"(?:{_SYLLABLE})+(?:(?<=qu[ýí])(?:i{{1,3}}|iv))?|q(?:i{{1,3}}|iv)")
_PART = re.compile(rf"{_SYLLABLE}|i{{1,3}}$|iv$|^q(?=i)")
NUMBERS = {"một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8}
NUMBERS |= {"chín": 9, "mười": 10}
_COUNTED = listed("lần|cuộc|buổi|kỳ|đợt|ngày|tuần|tháng|quý|lượt|bản|báo|số|pháp|vấn")


class Words:
    """The words of a phrase by their places, counted from 0. A place beyond the end holds an empty word."""

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.all = words_of(printed)
        self._words = tuple(word.compared for word in self.all)
        self.count = len(self.all)

    def __getitem__(self, place: int) -> str:
        return self._words[place] if 0 <= place < self.count else ""

    def number(self, place: int) -> int:
        return self.all[place].number if 0 <= place < self.count else -1

    def digits(self, place: int) -> int:
        return self.all[place].digits if 0 <= place < self.count else 0

    def tight(self, place: int) -> bool:
        """Whether the word follows the one before it without a space."""
        return 0 < place < self.count and self.all[place].start == self.all[place - 1].end

    def spaced_after(self, place: int) -> bool:
        return not self.tight(place + 1)

    def follows(self, place: int, *words: str) -> bool:
        return self._words[place : place + len(words)] == words

    def text(self, start: int, end: int) -> str:
        """The words from `start` to before `end`, as printed, on one line."""
        if start >= end:
            return ""
        return " ".join(self.printed[self.all[start].start : self.all[end - 1].end].split())

    @cached_property
    def closing(self) -> dict[int, int]:
        """For the place of each opening parenthesis, the place of the one that closes it."""
        pairs: dict[int, int] = {}
        opened: list[int] = []
        for place, word in enumerate(self._words):
            if word == "(":
                opened.append(place)
            elif word == ")" and opened:
                pairs[opened.pop()] = place
            elif word == STOP:
                opened.clear()
        return pairs


class Phrases:
    """A list of phrases, of which the longest one is found that begins at a place."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(phrases, key=lambda each: -len(each.split(" "))):
            words = tuple(phrase.split(" "))
            self._by_first.setdefault(words[0], []).append(words)
        self.first_words = frozenset(self._by_first)

    def at(self, words: Words, place: int) -> str | None:
        for phrase in self._by_first.get(words[place], ()):
            if words.follows(place, *phrase):
                return " ".join(phrase)
        return None

    def past(self, words: Words, place: int) -> int:
        """The place after the phrase, or the same place if none begins there."""
        found = self.at(words, place)
        return place + len(found.split(" ")) if found else place


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or mark. `compared` is its spelling for comparison; `number` is -1 where it has no value."""

    compared: str
    start: int
    end: int
    number: int = -1
    digits: int = 0
    bullet: bool = False


def cleaned(text: str) -> str:
    """The text in NFC without bold print, control characters and lone surrogates, cut to the longest field."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _BOLD.sub("", _UNPRINTABLE.sub(" ", normalize("NFC", whole)))[:LONGEST]


def words_of(printed: str) -> tuple[Word, ...]:
    return tuple(_with_named_months(_with_counted_months(list(_words(printed))), printed))


def _with_counted_months(words: list[Word]) -> list[Word]:
    """ "6T" is "6 tháng", as "T6" is "tháng 6"."""
    for at in range(1, len(words)):
        before, word, after = words[at - 1], words[at], words[at + 1] if at + 1 < len(words) else None
        is_month = after is not None and after.digits and after.start == word.end
        if word.compared == "t" and before.number in (3, 6, 9) and before.end == word.start and not is_month:
            words[at] = replace(word, compared="tháng")
    return words


def _words(printed: str) -> Iterator[Word]:
    reached = 0
    for token in tokens_of(printed):
        start, end = token.span()
        if start < reached:
            continue
        if token.lastgroup == "word":
            yield from _spelled(token[0], start)
        elif token.lastgroup == "line":
            if stop := _stop(printed, start, end):
                yield stop
        else:
            longer = _LONGER.match(printed, start)
            reached = longer.end() if longer else end
            yield _number_or_mark(printed[start:reached], start, reached)


def _number_or_mark(printed: str, start: int, end: int) -> Word:
    if not printed[0].isdecimal():
        return Word(_MARKS.get(printed, printed), start, end)
    value = int(printed) if end - start < 9 else -1
    return Word(str(value), start, end, value, end - start)


def _spelled(word: str, start: int) -> Iterator[Word]:
    """One word, or several where the spaces between them were lost ("QuýIII", "Hàngtháng")."""
    if folded(word) in _IN_LETTERS:
        yield from (Word(full, start + at, start + at + 1) for at, full in enumerate(_IN_LETTERS[folded(word)]))
        return
    spellings = _spellings(word)
    if len(spellings) == 1:
        if spellings[0]:
            yield Word(spellings[0], start, start + len(word))
        return
    for part in spellings:
        yield Word(_SAME.get(part, part), start, start + len(part))
        start += len(part)


def _stop(printed: str, start: int, end: int) -> Word | None:
    """The end of a sentence at a line break; None where the next line goes on in small letters or with a number."""
    following = printed[end : end + 40].lstrip(" \t\u00a0")
    if not following or following[0] == "\n":
        return None
    bullet = _BULLET.match(following) is not None
    begins = bullet or following[0].isupper()
    return Word(STOP, start, end, bullet=bullet) if begins and not _is_cut(printed, start, following) else None


def _is_cut(printed: str, start: int, following: str) -> bool:
    """Whether a narrow column broke the line within a time: "Quý" and "III/2025", "Trước" and "Quý II"."""
    before = folded(printed[max(0, start - 12) : start]).rstrip()
    return bool(_CUT.search(before) or (_CUT_QUARTER.search(before) and _ROMAN_NUMBER.match(following)))


@lru_cache(maxsize=4096)
def _spellings(word: str) -> tuple[str, ...]:
    small = folded(normalize("NFKC", word))
    if len(small) == len(word) and small not in _SAME and _GLUED.fullmatch(small):
        return tuple(_PART.findall(small))
    return (_SAME.get(small, small),)


def _with_named_months(words: list[Word], printed: str) -> Iterator[Word]:
    """ "Tháng Tư" is "tháng 4", "tháng mười hai" is "tháng 12"; "tháng hai lần" is a frequency."""
    place, listed = 0, False
    while place < len(words):
        word = words[place]
        before = words[place - 1].compared if place else ""
        named = NUMBERS.get(word.compared) if before == "tháng" or (listed and before in (",", "và", "&")) else None
        end = place + 1
        if word.compared == "mười" and end < len(words) and words[end].compared in ("một", "hai"):
            named, end = named and named + NUMBERS[words[end].compared], end + 1
        following = words[end].compared if end < len(words) else ""
        if named and following not in _COUNTED and (word.compared != "năm" or _is_may(words, place, printed)):
            yield replace(word, compared=str(named), end=words[end - 1].end, number=named, digits=len(str(named)))
            place, listed = end, True
            continue
        listed = listed and word.compared in (",", "và", "&")
        yield word
        place += 1


def _is_may(words: list[Word], place: int, printed: str) -> bool:
    """ "Tháng Năm", "tháng năm/2025", "tháng năm năm 2025", but not "báo cáo tháng, năm" nor "ngày … tháng … năm"."""
    following = [(word.compared, word.digits) for word in words[place + 1 : place + 3]]
    year_follows = [digits for _, digits in following[1:]] == [4] and following[0][0] in ("/", "năm")
    return year_follows or printed[words[place].start : words[place].end] == "Năm"
