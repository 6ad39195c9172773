"""The answer to whoever asks for what the rules do not allow."""

from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True)
class Refusal:
    """The rule's name, and the sentence that whoever asked reads."""

    rule: str
    sentence: str
    item: str = ""


class ReportRefused(Exception):
    """Nothing but the refusal was recorded. The message is one plain sentence for whoever asked at a terminal."""


def same_person(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(normalize("NFC", name).casefold().split())
