"""What somebody answers to a scorecard's criteria that no indicator knows, read from a file."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator

from services.reporting.data_file import read_data_file
from services.reporting.domain.scorecard import NOT_APPLICABLE, Answer, Delivery
from shared.vietnamese import folded

_WORDS: Mapping[str, Answer] = {"có": True, "không": False, "không áp dụng": NOT_APPLICABLE}
_MOST = 1_000_000


def _answer(said: Any) -> Answer:
    """One sentence for whatever is none: pydantic would tell of each kind of answer that it is not."""
    match said:
        case bool():
            return said
        case int() if 0 <= said <= _MOST:
            return said
        case float() if 0 <= said <= _MOST:
            return Decimal(str(said))
        case str() if folded(said) in _WORDS:
            return _WORDS[folded(said)]
        case {"due_on": date() as due, "done_on": date() as done, **other} if not other:
            return Delivery(due, done)
    raise ValueError(f"“{str(said)[:80]}” is none of {', '.join(_WORDS)}, a number, or due_on and done_on")


class _Answers(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    scorecard: str
    answers: Mapping[str, Annotated[Answer, PlainValidator(_answer)]]


def read_answers(path: Path) -> Mapping[str, Mapping[str, Answer]]:
    """By the code of the scorecard and of a criterion: có, không, không áp dụng, a number, or due_on and done_on.

    SettingsError, one sentence, for a file that is none.
    """
    read = read_data_file(_Answers, path, "answers")
    return {read.scorecard: read.answers}
