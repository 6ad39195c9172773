"""The words of a schedule phrase, each of which knows where it is printed, and the phrases that begin a meaning."""

from collections.abc import Iterable
from functools import cached_property

from services.planning.phrases.schedules.tokens import STOP, tokens_of


class Words:
    """The tokens of a phrase. A place beyond the end holds an empty word."""

    def __init__(self, printed: str) -> None:
        self.printed = printed
        self.tokens = tokens_of(printed)
        self._words = tuple(token.word for token in self.tokens)
        self.count = len(self.tokens)

    def __getitem__(self, place: int) -> str:
        return self._words[place] if 0 <= place < self.count else ""

    def number(self, place: int) -> int:
        return self.tokens[place].number if 0 <= place < self.count else -1

    def digits(self, place: int) -> int:
        return self.tokens[place].digits if 0 <= place < self.count else 0

    def tight(self, place: int) -> bool:
        """Whether the token follows the one before it without a space."""
        return 0 < place < self.count and self.tokens[place].start == self.tokens[place - 1].end

    def spaced_after(self, place: int) -> bool:
        return not self.tight(place + 1)

    def follows(self, place: int, *words: str) -> bool:
        return self._words[place : place + len(words)] == words

    def text(self, start: int, end: int) -> str:
        """As printed, on one line."""
        if start >= end:
            return ""
        return " ".join(self.printed[self.tokens[start].start : self.tokens[end - 1].end].split())

    @cached_property
    def closing(self) -> dict[int, int]:
        """The place of the parenthesis that closes each one that is opened."""
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
    """Phrases that begin a meaning, found at a place by their first word, the longest first."""

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
        """The place after the phrase, or the same place when there is none."""
        found = self.at(words, place)
        return place + len(found.split(" ")) if found else place
