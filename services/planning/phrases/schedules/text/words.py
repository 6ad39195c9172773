"""The words of a schedule phrase with their places in the text, and lists of phrases that are found at a place."""

from collections.abc import Iterable
from functools import cached_property

from services.planning.phrases.schedules.text.spelling import STOP, words_of


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
