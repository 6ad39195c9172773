"""Refusals: the rule that was broken and the sentence that a clerk reads, and the exception for a request refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    rule: str
    sentence: str


class RequestRefused(Exception):
    """A request made at a terminal that the rules do not allow. Nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.rule = refusal.rule
