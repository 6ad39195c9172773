"""Reads the thresholds of review warnings from review.yaml, or from the file that MINHBACH_REVIEW names."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.reporting.domain.reviewing.review_input import Thresholds
from shared.data_file import read_data_file

STANDARD = Path(__file__).parent / "review.yaml"
SETTING = "MINHBACH_REVIEW"

Few = Annotated[int, Field(ge=2, le=10_000)]


class _Thresholds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    repeated: Few
    equal: Few
    neighbour: Few
    neighbour_km: Annotated[int, Field(ge=0, le=2_000)]
    jump: Annotated[Decimal, Field(gt=0, le=100)]
    jump_denominator: Annotated[int, Field(ge=1, le=1_000_000)]


def read_thresholds(path: Path = STANDARD) -> Thresholds:
    """SettingsError, one sentence, for an invalid file."""
    return Thresholds(**read_data_file(_Thresholds, path, SETTING).model_dump())


def thresholds_in(env: Mapping[str, str]) -> Thresholds:
    return read_thresholds(Path(env[SETTING]) if env.get(SETTING) else STANDARD)
