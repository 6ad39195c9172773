"""Refusals: the rule that was broken and the sentence that a clerk reads, and the exception for a request refused."""

from dataclasses import dataclass
from typing import Final

# Rules that several modules name; shared/refusal_rules.py has those of several services.
COMMUNE_MISSING: Final = "commune-missing"
COMMUNE_UNKNOWN: Final = "commune-unknown"
IN_FORCE: Final = "in-force"
NOT_ISSUED: Final = "not-issued"
OTHER_PROVINCE: Final = "other-province"
PLAN_FILE: Final = "plan-file"
UNKNOWN_PLAN: Final = "unknown-plan"
UNKNOWN_PROVINCE: Final = "unknown-province"


@dataclass(frozen=True)
class Refusal:
    rule: str
    sentence: str


class RequestRefused(Exception):
    """A request made at a terminal that the rules do not allow. Nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.rule = refusal.rule
