"""Reads the scorecards from scorecards/*.yaml, and from the folder that MINHBACH_SCORECARDS names."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.reporting.domain.content.report_content import Target
from services.reporting.domain.scorecards.scorecard import (
    HUNDRED,
    ZERO,
    Band,
    Bands,
    Criterion,
    CriterionGroup,
    DaysLate,
    PointsForEach,
    Proportional,
    Scorecard,
    ScoreClass,
    YesNo,
)
from shared.contracts import Id
from shared.data_file import Words, read_data_file, versions_in

STANDARD = Path(__file__).parent / "scorecards"
SETTING = "MINHBACH_SCORECARDS"

Points = Annotated[Decimal, Field(gt=0, le=1000, max_digits=6, decimal_places=2)]
Percent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=4)]
Bound = Annotated[Decimal, Field(ge=-100_000, le=100_000, decimal_places=4)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Band(_Part):
    points: Annotated[Decimal, Field(ge=0, le=1000, max_digits=6, decimal_places=2)]
    at_least: Bound | None = None
    above: Bound | None = None
    below: Bound | None = None
    at_most: Bound | None = None

    def read(self) -> Band:
        return Band(Target(self.at_least, self.above, self.below, self.at_most), self.points)


class _Criterion(_Part):
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]
    name: Words
    maximum: Points
    kind: Literal["proportional", "bands", "days_late", "yes_no", "counts"]
    effect: Literal["criterion", "bonus", "penalty"] = "criterion"
    indicator: Id | None = None
    zero_denominator: Literal["zero", "full"] | None = None
    threshold: Percent = HUNDRED
    floor: Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)] = ZERO
    bands: tuple[_Band, ...] = ()
    each: Points | None = None

    @model_validator(mode="after")
    def _of_its_kind(self) -> "_Criterion":
        needs = {"bands": {"bands"}, "days_late": {"bands"}, "counts": {"each"}}.get(self.kind, set())
        may = {"proportional": {"threshold", "floor", "indicator"}, "bands": {"indicator"}}.get(self.kind, set())
        given = self.model_fields_set & {"threshold", "floor", "bands", "each", "indicator"}
        if missing := needs - given:
            raise ValueError(f"{self.kind} needs {', '.join(missing)}")
        if idle := given - needs - may:
            raise ValueError(f"{self.kind} has no {', '.join(sorted(idle))}")
        if self.zero_denominator and not self.indicator:
            raise ValueError("zero_denominator is a rule for an indicator")
        if self.bands and max(band.points for band in self.bands) > self.maximum:
            raise ValueError("a band gives more than the maximum")
        return self

    def read(self) -> Criterion:
        rule: Proportional | Bands | YesNo | PointsForEach
        match self.kind:
            case "proportional":
                rule = Proportional(self.threshold, self.floor)
            case "bands":
                rule = Bands(tuple(band.read() for band in self.bands))
            case "days_late":
                rule = DaysLate(tuple(band.read() for band in self.bands))
            case "yes_no":
                rule = YesNo()
            case "counts":
                rule = PointsForEach(self.each or ZERO)
        return Criterion(
            self.code, self.name, self.maximum, rule, self.indicator, self.zero_denominator, effect=self.effect
        )


class _Group(_Part):
    name: Words
    # As the act prints it: held against the sum of its criteria.
    maximum: Points
    criteria: Annotated[tuple[_Criterion, ...], Field(min_length=1)]


class _Class(_Part):
    name: Words
    at_least: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]


class _Scorecard(_Part):
    code: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
    title: Words
    source: Words
    in_force_from: date
    levels: Annotated[tuple[Literal["commune", "province"], ...], Field(min_length=1)]
    not_applicable: Literal["shrinks", "full"]
    maximum: Points
    classes: tuple[_Class, ...] = ()
    groups: Annotated[tuple[_Group, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> "_Scorecard":
        if wrong := next(self._wrong(), None):
            raise ValueError(wrong)
        return self

    def _wrong(self) -> Iterator[str]:
        codes = Counter(criterion.code for group in self.groups for criterion in group.criteria)
        yield from (f"criterion {code} stands in it {times} times" for code, times in codes.items() if times > 1)
        for group in self.groups:
            found = sum((c.maximum for c in group.criteria if c.effect == "criterion"), ZERO)
            if found != group.maximum:
                yield f"{group.name}: its criteria give {found}, not {group.maximum}"
        found = sum((group.maximum for group in self.groups), ZERO)
        if found != self.maximum:
            yield f"its groups give {found}, not {self.maximum}"
        if any(better.at_least <= worse.at_least for better, worse in pairwise(self.classes)):
            yield "classes go from the best down"


def read_scorecard(path: Path) -> Scorecard:
    """One version of a scorecard. SettingsError, one sentence, for an invalid file."""
    read = read_data_file(_Scorecard, path, SETTING)
    return Scorecard(
        code=read.code,
        title=read.title,
        source=read.source,
        version=read.in_force_from.isoformat(),
        levels=tuple(read.levels),
        groups=tuple(CriterionGroup(group.name, tuple(c.read() for c in group.criteria)) for group in read.groups),
        not_applicable=read.not_applicable,
        classes=tuple(ScoreClass(each.name, each.at_least) for each in read.classes),
    )


def scorecards_in(env: Mapping[str, str]) -> tuple[Scorecard, ...]:
    """Every version of every scorecard; an own file of the same code and day replaces the standard one."""
    return versions_in(STANDARD, env, SETTING, read_scorecard, lambda each: (each.code, each.version))
