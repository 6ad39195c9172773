"""Compares two states of the province's report, each an edition or what was known at the end of a day."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.reporting.application.drafts import Drafts
from services.reporting.application.published_editions import PublishedEditions
from services.reporting.domain.content import comparison
from services.reporting.domain.content.comparison import Cause, Comparison, State
from services.reporting.domain.content.differences import PROVINCE, figure_changes
from services.reporting.domain.content.edition_changes import EditionChanges
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.drafts.evidence import Evidence
from services.reporting.domain.regime import Regime
from services.reporting.read_models import definitions, rule_changes
from services.reporting.read_models.change_days import ChangeDays
from services.reporting.read_models.corrections import corrections_between, source_communes
from services.reporting.read_models.late_readings import late_between
from services.reporting.read_models.rule_changes import PlanChange, TerritoryChange
from services.reporting.read_models.table_version import require
from shared.clock import day_of, end_of
from shared.other_process import beside
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME


class Known(NamedTuple):
    """A state of the report with its evidence; `edition` is None for what was known at the end of a day."""

    content: ReportContent
    evidence: Evidence
    edition: int | None = None

    def named(self, connection: Connection) -> "Known":
        """With the names of fields and measures, which the evidence of figures alone lacks."""
        until, day = end_of(self.content.known_at), self.content.counted_until
        names = {name: each.name for name, each in definitions.measures(connection, until).items()}
        fields = definitions.field_names(connection, until, day)
        return self._replace(evidence=replace(self.evidence, measure_names=names, field_names=fields))

    @property
    def state(self) -> State:
        content = self.content
        return State(self.edition, content.known_at, content.positions, content.readings)


class Asked(NamedTuple):
    """The report of which two states are compared; without `forms` its indicators alone, in a tenth of the time."""

    province: str
    period: Period
    regime: Regime
    commune: str | None
    forms: bool

    @property
    def whole(self) -> bool:
        """Whether the report has its forms and scores: a commune's is compared without them."""
        return self.forms and self.commune is None

    def keeps(self, commune: str, item: str) -> bool:
        """Whether a figure or a target is part of it."""
        return (self.commune or commune) == commune and (self.whole or not {"/", ":"} & set(item))

    def concerns(self, cause: Cause) -> bool:
        return self.commune is None or bool({self.commune, PROVINCE} & {cause.commune, *cause.communes})


class Changes:
    def __init__(self, pool: ConnectionPool, drafts: Drafts, published: PublishedEditions) -> None:
        self.change_days = ChangeDays()
        self._pool = pool
        self._drafts = drafts
        self._published = published

    def since(self, before: ReportContent, after: ReportContent, evidence: Evidence) -> EditionChanges:
        """What moved since an earlier content, with the corrections and the late readings between them.

        `evidence` is that of the later one.
        """
        window = evidence.question.opening_window[0], after.counted_until
        positions = before.positions.get("indicators", 0), after.positions.get("indicators", 0)
        with self._pool.connection() as connection:
            require(connection)
            communes = source_communes(connection, after)
            corrections = evidence.counting(corrections_between(connection, communes, window, positions))
            late = evidence.counting(late_between(connection, communes, window, positions))
        readings = before.readings, after.readings
        return EditionChanges(figure_changes(before, after), corrections, readings, late)

    def between(
        self,
        province: str,
        period: Period,
        before: date | int,
        after: date | int,
        *,
        regime: str = DEFAULT_REGIME,
        commune: str | None = None,
        forms: bool = True,
        on_two_cores: bool = False,
    ) -> Comparison:
        """What moved from one state to a later one: a day, at its end, or the number of an edition.

        `commune`: of the one with this id alone, and without forms; without `forms` neither cells nor targets of parts.
        `on_two_cores`: the state of a first day is composed in a process of its own, which a command may start.
        NothingKnown where there is no such edition, or no commune was known.
        """
        asked = Asked(province, period, self._drafts.rulebook.regime(regime, period), commune, forms)
        with self._drafts.in_one_snapshot() as drafts:
            if on_two_cores and isinstance(before, date):
                with beside(partial(self._known_elsewhere, drafts.snapshot_name, asked, before)) as earlier:
                    new = self._known(drafts, asked, after)
                    old = earlier()
            else:
                old, new = (self._known(drafts, asked, each) for each in (before, after))
        changes = self.since(old.content, new.content, new.evidence)
        name_of = new.evidence.map.name_of
        with self._pool.connection() as connection:
            require(connection)
            new = new if asked.whole else new.named(connection)
            recorded_on = _recorded_on(connection, old, new)
            named = [
                *(
                    comparison.of_correction(e, name_of(e.commune), recorded_on(e.position))
                    for e in changes.corrections
                ),
                *(comparison.of_late(e, name_of(e.commune)) for e in changes.late),
            ]
            others = [*_rules(connection, asked, old, new), *_new_readings(old, new, named)]
        causes = [*named, *(_named(each, new.evidence, recorded_on) for each in others if asked.concerns(each))]
        finder, first_late = new.evidence.causes(changes.corrections, changes.late), len(changes.corrections)
        rest = comparison.other_causes(causes)
        figures = [
            comparison.explained(moved.change, [*moved.causes, *(first_late + n for n in moved.late)], rest)
            for moved in map(finder.of, changes.figures)
            if asked.keeps(moved.change.commune, moved.change.item)
        ]
        targets = comparison.changed_targets(old.content, new.content)
        return Comparison(
            province=province,
            province_name=new.content.province_name,
            period=period.name,
            period_name=new.content.period_name,
            before=old.state,
            after=new.state,
            figures=figures,
            targets=[comparison.with_causes(each, causes) for each in targets if asked.keeps(each.commune, each.item)],
            causes=causes,
            names=finder.names,
        )

    def days(self, content: ReportContent) -> list[date]:
        """The days on which something behind the figures of a report was recorded."""
        with self._pool.connection() as connection:
            require(connection)
            communes, window = source_communes(connection, content), (content.counted_from, content.counted_until)
            return self.change_days.of(connection, communes, content.province, window)

    def _known_elsewhere(self, snapshot: str, asked: Asked, day: date) -> Known:
        """With the number of readings as its evidence, which are all of it that a first state is asked for."""
        with self._drafts.in_one_snapshot(snapshot) as drafts:
            known = self._known(drafts, asked, day)
        evidence = replace(known.evidence, sums={}, fields={}, opening={}, reported={}, reported_before={})
        return known._replace(evidence=evidence)

    def _known(self, drafts: Drafts, asked: Asked, state: date | int) -> Known:
        if isinstance(state, date):
            of = (asked.regime, asked.province, asked.period, state, asked.commune)
            return Known(*drafts.compared(*of, forms=asked.whole))
        content = self._published.edition(asked.province, asked.period, state, regime=asked.regime.name).report
        evidence = drafts.evidence_of(content, asked.regime, asked.period)
        if asked.commune:
            own = tuple(line for line in content.communes if line.commune == asked.commune)
            content = replace(content, communes=own, readings=evidence.counted_readings.get(asked.commune, 0))
        return Known(content, evidence, state)


def _rules(connection: Connection, asked: Asked, old: Known, new: Known) -> list[Cause]:
    """The formulas, communes, targets and rules of the program that are others in the later state."""
    positions = _positions(old, new, "planning")
    formulas = rule_changes.formula_changes(connection, comparison.revised(old.content, new.content))
    here = new.evidence.map.sources_of(line.commune for known in (old, new) for line in known.content.communes)
    return [
        *(
            Cause(
                comparison.FORMULA,
                each.indicator,
                service="indicators",
                position=each.position,
                recorded_on=day_of(each.known_from),
                day=each.in_force_from,
                source=each.source or None,
                indicators=(each.indicator,),
            )
            for each in formulas
        ),
        *(
            _of_territory(each, new)
            for each in rule_changes.territory_changes(connection, positions)
            if each.commune in here
        ),
        *map(_of_plan, rule_changes.plan_changes(connection, new.content.province, positions)),
        *comparison.pinned_rules(old.content, new.content, forms=asked.whole),
    ]


def _of_territory(change: TerritoryChange, new: Known) -> Cause:
    ends = [end for (end,) in new.evidence.map.counted({(change.commune,): 1})]
    return Cause(
        comparison.TERRITORY,
        change.kind,
        change.commune,
        service="planning",
        position=change.position,
        recorded_on=day_of(change.known_from),
        day=change.in_force_from,
        after=", ".join(map(new.evidence.map.name_of, change.others)) or None,
        communes=(*change.others, *ends),
    )


def _of_plan(change: PlanChange) -> Cause:
    return Cause(
        comparison.TARGET,
        change.plan_id,
        change.commune or PROVINCE,
        service="planning",
        position=change.position,
        recorded_on=day_of(change.known_from),
        day=change.in_force_from,
        indicators=change.indicators,
    )


def _new_readings(old: Known, new: Known, named: Sequence[Cause]) -> list[Cause]:
    """By commune the number of readings that are in the later state only and that none of the named causes explains."""
    counted: dict[str, int] = dict(new.evidence.readings)
    for commune, readings in old.evidence.readings.items():
        counted[commune] = counted.get(commune, 0) - readings
    start = new.content.counted_from
    for cause in named:
        if cause.day and cause.day >= start and cause.kind in (comparison.LATE, comparison.WITHDRAWN):
            counted[cause.commune] = counted.get(cause.commune, 0) + (1 if cause.kind == comparison.WITHDRAWN else -1)
    ends = new.evidence.map.counted
    return [
        Cause(comparison.NEW, commune=commune, count=n, communes=[end for (end,) in ends({(commune,): 1})])
        for commune, n in sorted(counted.items())
        if n > 0
    ]


def _recorded_on(connection: Connection, old: Known, new: Known) -> Callable[[int], date | None]:
    """The day on which an event of Indicators between two states was recorded, by its position."""
    days = rule_changes.recorded_days(connection, "indicators", _positions(old, new, "indicators"))
    positions = [position for position, _ in days]

    def of(position: int) -> date | None:
        place = bisect_left(positions, position)
        return days[place][1] if place < len(days) else None

    return of


def _named(cause: Cause, evidence: Evidence, recorded_on: Callable[[int], date | None]) -> Cause:
    name = evidence.map.name_of(cause.commune) if cause.commune else ""
    day = cause.recorded_on
    if day is None and cause.service == "indicators" and cause.position:
        day = recorded_on(cause.position)
    return replace(cause, commune_name=name, recorded_on=day)


def _positions(old: Known, new: Known, service: str) -> tuple[int, int]:
    return old.content.positions.get(service, 0), new.content.positions.get(service, 0)
