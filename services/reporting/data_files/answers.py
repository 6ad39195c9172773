"""Reads the answers to a scorecard's criteria that no indicator measures, from a file of the user."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator

from services.reporting.domain.scorecards.scorecard import NOT_APPLICABLE, Answer, Fulfilment
from shared.data_file import read_data_file
from shared.vietnamese import folded

_WORDS: Mapping[str, Answer] = {"có": True, "không": False, "không áp dụng": NOT_APPLICABLE}
_MOST = 1_000_000


def _answer(value: Any) -> Answer:
    """One sentence for an invalid answer; pydantic would write one for each kind of answer."""
    match value:
        case bool():
            return value
        case int() if 0 <= value <= _MOST:
            return value
        case float() if 0 <= value <= _MOST:
            return Decimal(str(value))
        case str() if folded(value) in _WORDS:
            return _WORDS[folded(value)]
        case {"due_on": date() as due, "done_on": date() as done, **other} if not other:
            return Fulfilment(due, done)
    raise ValueError(f"“{str(value)[:80]}” không phải là {', '.join(_WORDS)}, một số, hoặc due_on và done_on")


class _Answers(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scorecard: str
    answers: Mapping[str, Annotated[Answer, PlainValidator(_answer)]]


def read_answers(path: Path) -> Mapping[str, Mapping[str, Answer]]:
    """By the code of the scorecard and of a criterion: có, không, không áp dụng, a number, or due_on and done_on.

    SettingsError, one sentence, for an invalid file.
    """
    read = read_data_file(_Answers, path, "answers")
    return {read.scorecard: read.answers}
