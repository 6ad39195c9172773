"""Reads the reporting regimes from shared/regimes.yaml, or from the file that MINHBACH_REGIMES names."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.reporting.domain.regime import KINDS, DeadlineRule, Level, Regime
from shared.calendar import Roll
from shared.contracts import Id, Text
from shared.data_file import read_data_file
from shared.regimes_file import SETTING, STANDARD, RegimeVersion

PERIODS = (*KINDS, "Q1", "Q2", "Q3", "Q4", "H1", "9M")


class _Deadline(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Annotated[int, Field(ge=1, le=28)] | None = None
    working_days: Annotated[int, Field(ge=1, le=60)] | None = None
    roll: Roll = "forward"

    @model_validator(mode="after")
    def _one_of_both(self) -> "_Deadline":
        if (self.day is None) == (self.working_days is None):
            raise ValueError("says either day or working_days")
        return self


class _ReminderDays(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    before: tuple[Annotated[int, Field(ge=0, le=60)], ...] = ()
    late: tuple[Annotated[int, Field(ge=1, le=60)], ...] = ()


class _Regime(RegimeVersion):
    model_config = ConfigDict(extra="forbid", frozen=True)

    regime: Id
    title: Text
    source: Text
    cut_off: Literal[0, 14]  # figures are kept by halves of months, which both rules are made of
    periods: Annotated[tuple[Literal[PERIODS], ...], Field(min_length=1)]  # type: ignore[valid-type]
    deadlines: Mapping[Level, _Deadline]
    forms: tuple[Text, ...] = ()
    scorecards: tuple[Text, ...] = ()
    remind: _ReminderDays = _ReminderDays()

    @model_validator(mode="after")
    def _deadlines_after_the_cut_off(self) -> "_Regime":
        for level, deadline in self.deadlines.items():
            if deadline.day is not None and deadline.day <= self.cut_off:
                raise ValueError(f"{level} reports on day {deadline.day}, before the cut-off on day {self.cut_off}")
        return self


class _Regimes(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    regimes: Annotated[tuple[_Regime, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_version_once(self) -> "_Regimes":
        for (name, day), times in Counter((each.regime, each.in_force_from) for each in self.regimes).items():
            if times > 1:
                raise ValueError(f"{name} has {times} versions in force from {day}")
        return self


@cache
def read_regimes(path: Path = STANDARD) -> tuple[Regime, ...]:
    """Every version of every regime in a file. SettingsError, one sentence, for an invalid file."""
    read = read_data_file(_Regimes, path, SETTING)
    return tuple(_regime(each) for each in read.regimes)


def regimes_in(env: Mapping[str, str]) -> tuple[Regime, ...]:
    """Those of the file that MINHBACH_REGIMES names, else the standard ones."""
    return read_regimes(Path(env[SETTING]) if env.get(SETTING) else STANDARD)


def _regime(read: _Regime) -> Regime:
    return Regime(
        name=read.regime,
        title=read.title,
        version=read.in_force_from.isoformat(),
        source=read.source,
        cut_off=read.cut_off,
        periods=tuple(read.periods),
        deadlines={level: DeadlineRule(d.day, d.working_days, d.roll) for level, d in read.deadlines.items()},
        forms=read.forms,
        scorecards=read.scorecards,
        remind=tuple(sorted({*(-days for days in read.remind.before), *read.remind.late})),
    )
