"""Computes an edition again from the event stores alone, with the positions, versions and map that it pins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from services.reporting.audit.replay import Replayed, replay_of
from services.reporting.audit.stored_events import Progress, stored_events
from services.reporting.audit.stored_names import COMMUNE_REPORT_SUBMITTED, REPORT_SECTION_WRITTEN
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.domain.content.edition_changes import restated
from services.reporting.domain.content.narrative import SECTIONS, WrittenSection
from services.reporting.domain.content.report_content import ReportContent
from services.reporting.domain.content.restatement import ReadingCorrected, ReadingLate, Restatement
from services.reporting.domain.content.versions import COMPUTATION, LAYOUT, pinned
from services.reporting.domain.drafts.completion import CommuneRemarks, complete
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.indicator_figures import COMPUTATIONS
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.refusal import NothingKnown
from shared.calendar import Calendar
from shared.clock import end_of
from shared.periods import Period
from shared.settings import Settings


def computed_again(
    settings: Settings,
    published: ReportContent,
    rulebook: Rulebook,
    calendar: Calendar,
    before: ReportContent | None = None,
    *,
    progress: Progress | None = None,
) -> ReportContent:
    """The content of the same edition today. `calendar` is the calendar as it was known then.

    `before` is the content of the edition that it replaces: what moved is computed again too, with the corrections
    between their positions.

    The names of communes without approval are taken from the edition: no figure depends on them.
    NothingKnown where a version that the edition pins is not among the data files any more, or it pins none.
    """
    question = question_of(published, rulebook, calendar)
    replayed = replay_of(settings, question, published.positions, progress)
    again = replayed.evidence
    evidence = replace(
        again,
        positions=published.positions,
        reported={commune: places for commune, places in again.reported.items() if places},
        reported_before={commune: places for commune, places in again.reported_before.items() if places},
    )
    parts = rulebook.pinned_parts(published.pins, *_people_wrote(settings, question, published.positions))
    report = complete(Composition(evidence).report(), evidence, parts)
    pins = {"calendar": calendar.version, **report.pins}
    report = replace(report, pins=pins, warnings=(), unapproved=published.unapproved)
    if (moved := published.restated) is None or before is None:
        return report
    corrections, late = _between(replayed, before, published, moved)
    return restated(
        before, report, evidence.causes(corrections, late), replaces=moved.replaces, by=moved.by, reason=moved.reason
    )


def question_of(published: ReportContent, rulebook: Rulebook, calendar: Calendar) -> Question:
    """The question that an edition answers, in the versions that it pins. NothingKnown as in `computed_again`."""
    if "regime" not in published.pins:
        raise NothingKnown(
            "Lần công bố này có trước khi các lần công bố ghi lại phiên bản: nội dung còn nguyên và mã kiểm chứng đúng,"
            " nhưng không tính lại được."
        )
    computation = pinned(published.pins, COMPUTATION)
    if computation not in COMPUTATIONS:
        raise NothingKnown(f"Cách tính bản {computation} không có trong phiên bản này của chương trình.")
    return Question(
        province=published.province,
        period=Period.parse(published.period),
        known_at=published.known_at,
        regime=rulebook.regime_of(published.regime, published.pins["regime"]),
        definitions="now" if published.definitions == "now" else "then",
        map_day=published.map_day,
        computation=computation,
        layout=pinned(published.pins, LAYOUT),
        calendar=calendar,
    )


def _between(
    replayed: Replayed, before: ReportContent, published: ReportContent, moved: Restatement
) -> tuple[list[ReadingCorrected], list[ReadingLate]]:
    """The corrections and late readings that the later edition knows and the earlier one did not, in order.

    The first editions named neither corrections of the quarter before nor late readings.
    """
    evidence, since = replayed.evidence, before.positions.get("indicators", 0)
    communes = evidence.map.sources_of(line.commune for line in published.communes)
    first = evidence.question.opening_window[0]
    start = first if moved.counted_from else published.counted_from
    corrections = [e for c in communes for e in replayed.indicators.corrections(c) if e.position > since]
    late = [e for c in communes if moved.late for e in replayed.indicators.late(c) if e.position > since]
    late = [e for e in late if e.observed_on >= first]
    return (
        sorted((e for e in evidence.counting(corrections) if e.observed_on >= start), key=attrgetter("position")),
        sorted(evidence.counting(late), key=attrgetter("position")),
    )


class _PeopleWrote(NamedTuple):
    """The remarks in the reports that communes submitted last, and the sections of the province's own report."""

    remarks: dict[str, CommuneRemarks]
    narrative: tuple[WrittenSection, ...]


def _people_wrote(settings: Settings, question: Question, positions: Mapping[str, int]) -> _PeopleWrote:
    """Up to Reporting's own position."""
    remarks: dict[str, CommuneRemarks] = {}
    written: dict[str, WrittenSection] = {}
    history = stored_events(settings, "reporting", end_of(question.known_at), positions.get("reporting", 0))
    for _, _, name, fields in history:
        if (fields.get("regime"), fields.get("period")) != (question.regime.name, question.period.name):
            continue
        if name == COMMUNE_REPORT_SUBMITTED:
            remarks[fields["commune"]] = CommuneRemarks(fields["explanations"], fields["stated"])
        elif name == REPORT_SECTION_WRITTEN and fields["province"] == question.province:
            day = date.fromisoformat(fields["written_on"])
            written[fields["section"]] = WrittenSection(fields["section"], fields["text"], fields["by"], day)
    return _PeopleWrote(remarks, tuple(written[s] for s in SECTIONS if s in written and written[s].text))


def differing_parts(published: Mapping[str, object], again: Mapping[str, object]) -> list[str]:
    """The parts of two contents, by their keys, that are not the same."""
    return [key for key in sorted(published.keys() | again.keys()) if published.get(key) != again.get(key)]
