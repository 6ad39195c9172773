"""What moved between two states of a report: each figure and target with the events behind it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services.reporting.domain.content.differences import PROVINCE
from services.reporting.domain.content.report_content import IndicatorLine, ReportContent
from services.reporting.domain.content.restatement import FigureChange, ReadingCorrected, ReadingLate
from services.reporting.domain.content.versions import COMPUTATION

LATE, CORRECTED, WITHDRAWN, NEW = "late", "corrected", "withdrawn", "new"
FORMULA, TERRITORY, TARGET, RULE = "formula", "territory", "target", "rule"
KINDS = (LATE, CORRECTED, WITHDRAWN, NEW, FORMULA, TERRITORY, TARGET, RULE)


@dataclass(frozen=True)
class State:
    """One of the two states: of an edition, or of what was known at the end of a day."""

    edition: int | None
    known_at: date
    positions: Mapping[str, int]
    readings: int


@dataclass(frozen=True)
class Cause:
    """An event that moved figures, at its position in the store of its service; or a rule of the program, without one.

    `subject`: of `late`, `corrected` and `withdrawn` the reading; of `new` nothing, for these are `count` readings of
    days that the earlier state could not know yet; of `formula` the indicator; of `territory` what happened to the
    commune (`merged`, `divided`, `renamed`, `moved`, `established`) ; of `target` the plan; of `rule` the pinned file.
    `day` is the day observed, or the first day in force. `commune` is an id, "" for the province.
    """

    kind: str
    subject: str = ""
    commune: str = PROVINCE
    commune_name: str = ""
    service: str | None = None
    position: int | None = None
    recorded_on: date | None = None
    day: date | None = None
    field: str | None = None
    before: Mapping[str, int] | str | None = None
    after: Mapping[str, int] | str | None = None
    reason: str | None = None
    by: str | None = None
    submission_id: str | None = None
    source: str | None = None
    count: int = 1
    communes: Sequence[str] = ()  # whose figures it can move, besides its own
    indicators: Sequence[str] = ()  # which it can move; none: any


@dataclass(frozen=True)
class ExplainedChange:
    """A changed figure, with places in the list of causes, from 1; without one the tables are to be audited."""

    change: FigureChange
    causes: tuple[int, ...]


@dataclass(frozen=True)
class TargetChange:
    """Another target of a commune, or of the province ("")."""

    commune: str
    commune_name: str
    item: str
    name: str
    before: str | None
    after: str | None
    causes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """`names` are those of fields and measures, as in Restatement."""

    province: str
    province_name: str
    period: str
    period_name: str
    before: State
    after: State
    figures: Sequence[ExplainedChange]
    targets: Sequence[TargetChange]
    causes: Sequence[Cause]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Of each kind of cause the number of events, and of the figures and targets that they moved."""
        events: Counter[str] = Counter()
        for each in self.causes:
            events[each.kind] += each.count
        moved_by = [each.causes for each in self.figures] + [each.causes for each in self.targets]
        moved = Counter(kind for places in moved_by for kind in {self.causes[place - 1].kind for place in places})
        return {kind: (events[kind], moved[kind]) for kind in KINDS if events[kind]}


def of_correction(correction: ReadingCorrected, commune_name: str, recorded_on: date | None) -> Cause:
    return Cause(
        CORRECTED if correction.after else WITHDRAWN,
        correction.reading_id,
        correction.commune,
        commune_name,
        service="indicators",
        position=correction.position,
        recorded_on=recorded_on,
        day=correction.observed_on,
        field=correction.field or None,
        before=correction.before,
        after=correction.after or None,
        reason=correction.reason,
        by=correction.by,
        submission_id=correction.submission_id,
    )


def of_late(late: ReadingLate, commune_name: str) -> Cause:
    return Cause(
        LATE,
        late.reading_id,
        late.commune,
        commune_name,
        service="indicators",
        position=late.position,
        recorded_on=late.recorded_on,
        day=late.observed_on,
        field=late.field or None,
        after=late.values,
        submission_id=late.submission_id,
    )


def pinned_rules(before: ReportContent, after: ReportContent, *, forms: bool = True) -> list[Cause]:
    """The versions of rules that differ, but for those whose events are causes themselves.

    Without `forms`: of the rules of figures alone.
    """
    names = sorted(before.pins.keys() | after.pins.keys() if forms else {"regime", COMPUTATION})
    return [
        Cause(RULE, name, before=before.pins.get(name), after=after.pins.get(name))
        for name in names
        if name not in ("map", "calendar", "layout") and before.pins.get(name) != after.pins.get(name)
    ]


def revised(before: ReportContent, after: ReportContent) -> dict[str, int]:
    """The indicators of the later content whose formula has another version, with that version."""
    old = {line.indicator: line.definition_version for line in before.indicators}
    new = {line.indicator: line.definition_version for line in after.indicators}
    return {indicator: version for indicator, version in new.items() if old.get(indicator) != version}


def changed_targets(before: ReportContent, after: ReportContent) -> list[TargetChange]:
    old, new = _targets(before), _targets(after)
    names = {commune.commune: commune.name for report in (before, after) for commune in report.communes}
    texts = {key: (_text(old.get(key)), _text(new.get(key))) for key in dict.fromkeys([*new, *old])}
    return [
        TargetChange(commune, names.get(commune, ""), item, (new.get(key) or old[key]).name, before, after)
        for key, (before, after) in texts.items()
        if before != after
        for commune, item in [key]
    ]


def other_causes(causes: Sequence[Cause]) -> list[tuple[int, Cause]]:
    """Those that no list of readings finds for a figure, with their places, from 1."""
    kinds = (NEW, FORMULA, TERRITORY, RULE)
    return [(place, cause) for place, cause in enumerate(causes, start=1) if cause.kind in kinds]


def explained(change: FigureChange, named: Iterable[int], others: Iterable[tuple[int, Cause]]) -> ExplainedChange:
    """With the readings that are named for it, and with whatever else can have moved it."""
    indicator = change.item.partition(": ")[0].partition("/")[0]
    moving = (place for place, cause in others if _can_move(cause, change, indicator))
    return ExplainedChange(change, tuple(sorted((*named, *moving))))


def with_causes(change: TargetChange, causes: Sequence[Cause]) -> TargetChange:
    indicator = change.item.partition(": ")[0]
    places = (
        place
        for place, cause in enumerate(causes, start=1)
        if cause.kind == TARGET and cause.commune == change.commune and indicator in cause.indicators
    )
    return replace(change, causes=tuple(places))


def _can_move(cause: Cause, change: FigureChange, indicator: str) -> bool:
    if cause.kind == RULE:
        return cause.subject == COMPUTATION or cause.subject.endswith(f" {indicator}")
    here = change.commune in (PROVINCE, cause.commune, *cause.communes) or cause.commune == PROVINCE
    return here and (not cause.indicators or indicator in cause.indicators)


def _targets(report: ReportContent) -> dict[tuple[str, str], IndicatorLine]:
    lines = [(PROVINCE, line) for line in (*report.indicators, *report.scoped)]
    lines += [(each.commune, line) for each in report.communes for line in (*each.indicators, *each.scoped)]
    return {
        (commune, f"{line.indicator}: {line.scope}" if line.scope else line.indicator): line for commune, line in lines
    }


def _text(line: IndicatorLine | None) -> str | None:
    return line.target_text if line else None
