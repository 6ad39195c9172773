"""Finds and compares names of bodies as people type them: without marks, in another case, or abbreviated."""

import re
from collections.abc import Iterator
from functools import lru_cache

from shared.vietnamese import folded, without_marks

_LONGEST = 40  # words; a longer name is compared as a whole
_JOINING = ("và", "của", "các")
# What stands behind the name of a body of a commune and tells it from no other one there.
_OF_ITS_COMMUNE = ("xã", "phường")

Words = tuple[str, ...]
_bare = lru_cache(maxsize=20_000)(without_marks)


@lru_cache(maxsize=20_000)
def names_body(name: str, typed: str) -> bool:
    """Whether a name has what was typed: some of its words in their order, each with its marks or without any.

    An abbreviation is the initials of words, on either side: "VP HĐND" and "pvhcc" are found, and what was typed in
    full finds "TTPVHCC". The last word may be typed in part.
    """
    words, sought = _words(name), _words(typed)
    if not sought:
        return True
    if max(len(words), len(sought)) > _LONGEST:
        return folded(typed) in folded(name)
    return any(_aligned(words[start:], sought, whole=False) for start in range(len(words)))


@lru_cache(maxsize=20_000)
def same_body(one: str, other: str) -> bool:
    """Whether two names are one body's: equal but for spelling, abbreviations, and the kind of commune at the end."""
    first, second = _own_words(one), _own_words(other)
    if not first or not second or max(len(first), len(second)) > _LONGEST:
        return folded(one) == folded(other)
    return _aligned(first, second, whole=True) or _aligned(second, first, whole=True)


def _words(text: str) -> Words:
    return tuple(word for word in re.findall(r"\w+", folded(text)) if word not in _JOINING)


def _own_words(text: str) -> Words:
    words = _words(text)
    return words[:-1] if words[-1:] and words[-1] in _OF_ITS_COMMUNE and len(words) > 1 else words


def _aligned(words: Words, sought: Words, *, whole: bool) -> bool:
    """Whether `sought` stands at the beginning of `words`; `whole`: the two say the same to their ends."""
    if not sought or not words:
        return not sought and not (whole and words)
    if not whole and len(sought) == 1 and _begins(words[0], sought[0]):
        return True
    return any(
        _aligned(words[of_name:], sought[of_typed:], whole=whole) for of_name, of_typed in _equal_parts(words, sought)
    )


def _equal_parts(words: Words, sought: Words) -> Iterator[tuple[int, int]]:
    """How many words at the beginning of each say the same: one of each, or an abbreviation and its words."""
    if _equal(words[0], sought[0]):
        yield 1, 1
    shortened, written_out = len(sought[0]), len(words[0])
    if 1 < shortened <= len(words) and _initials(words[:shortened]) == _bare(sought[0]):
        yield shortened, 1
    if 1 < written_out <= len(sought) and _initials(sought[:written_out]) == _bare(words[0]):
        yield 1, written_out


def _equal(word: str, typed: str) -> bool:
    return typed in (word, _bare(word))


def _begins(word: str, typed: str) -> bool:
    return word.startswith(typed) or _bare(word).startswith(typed)


def _initials(words: Words) -> str:
    return "".join(_bare(word)[0] for word in words)
