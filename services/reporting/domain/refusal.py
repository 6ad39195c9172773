"""Refusals: the rule that was broken and a Vietnamese sentence, recorded as facts, raised only to the terminal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """The name of the broken rule and the sentence that people read; `item` is the refused part, "" for the whole."""

    rule: str
    sentence: str
    item: str = ""


class NothingKnown(ValueError):
    """There is nothing to report; the message gives the reason."""


class ReportRefused(Exception):
    """The command was refused, which is recorded where a rule says so. The message is the refusal's sentence."""

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule
