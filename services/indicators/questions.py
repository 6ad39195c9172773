"""The questions that Indicators answers, each with the function that answers it."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.indicators.readings_file.names.own import KeptNames
from services.indicators.readings_file.preview import compared, previewed
from shared.clock import day_of
from shared.contracts.indicators import (
    Catalogue,
    ClosedDay,
    CountUnusualReadings,
    FileRead,
    FileReading,
    KeepOwnNames,
    ListedReadings,
    ListReadings,
    NamedField,
    NamedIndicator,
    NamedMeasure,
    OwnNames,
    ReadFile,
    ReadingHistory,
    ReadingVersion,
    ShowCatalogue,
    ShowReading,
    UnusualReadings,
    far_from_usual,
)
from shared.messaging.questions.questions import Functions, NoAnswer
from shared.office_files.sandboxed_process import in_sandboxed_process
from shared.office_files.unreadable import UnreadableDocument

MOST_DAYS = 31  # for which a list says what is closed and when something changed
MOST_DAYS_COUNTED = 366
COUNTED_WITHIN = 0.1  # seconds, by which a list may come later
SECONDS_TO_READ, PATIENCE = 9, 36  # of the processor, of the clock


def list_readings(indicators: Indicators, question: ListReadings) -> ListedReadings:
    measures = None
    if question.indicator and not (measures := indicators.definitions.measures_of(question.indicator)):
        raise NoAnswer(f"Chỉ số {question.indicator} không có trong danh mục.", "not-found")
    first, last = question.observed_from, question.observed_until
    usual = None
    if question.usual or question.unusual:
        usual = indicators.reading_histories.usual(question, last or question.known_at or day_of(indicators.clock()))
    listed = indicators.reading_histories.listed(question, measures, usual if question.unusual else None)
    listed = listed.model_copy(update={"usual": tuple(usual or ())})
    if first is None or last is None or (last - first).days >= MOST_DAYS:
        return listed
    changed_on = indicators.reading_histories.changed_on(question.commune, first, last, question.field)
    closed = () if question.known_at else tuple(_closed(indicators, question, first, last))
    return listed.model_copy(update={"closed": closed, "changed_on": changed_on})


def _closed(indicators: Indicators, question: ListReadings, first: date, last: date) -> Iterator[ClosedDay]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    for day, refusal in indicators.closed(question.commune, days).items():
        yield ClosedDay(observed_on=day, rule=refusal.rule, sentence=refusal.sentence)


def count_unusual_readings(indicators: Indicators, question: CountUnusualReadings) -> UnusualReadings:
    first, last = question.observed_from, question.observed_until
    if (last - first).days >= MOST_DAYS_COUNTED:
        raise NoAnswer(f"Mỗi lần đếm được nhiều nhất {MOST_DAYS_COUNTED} ngày.", "refused")
    communes = indicators.places.of_province(question.province, min(last, day_of(indicators.clock())))
    totals = indicators.unusual_counts.of(communes, first, last, COUNTED_WITHIN)
    return UnusualReadings(totals=totals, uncounted=tuple(each for each in communes if each not in totals))


def show_reading(indicators: Indicators, question: ShowReading) -> ReadingHistory:
    versions = indicators.reading_histories.of(question.commune, question.reading_id, question.known_at)
    if not versions:
        raise NoAnswer(f"Đơn vị chưa gửi số liệu nào mang mã {question.reading_id}.", "not-found")
    return ReadingHistory(versions=versions)


def show_catalogue(indicators: Indicators, question: ShowCatalogue) -> Catalogue:
    today = day_of(indicators.clock())
    on, known_at = question.on or today, question.known_at or today
    fields = _in_force(indicators, "field", on, known_at)
    measures = _in_force(indicators, "measure", on, known_at)
    formulas = _in_force(indicators, "indicator", on, known_at)
    return Catalogue(
        fields=tuple(NamedField.model_validate(each) for each in fields),
        measures=tuple(NamedMeasure.model_validate(each) for each in measures),
        indicators=tuple(NamedIndicator.model_validate(each) for each in formulas),
    )


def read_file(indicators: Indicators, question: ReadFile) -> FileRead:
    """A spreadsheet may be hostile: it is read in a process of its own, in less time than whoever asks waits."""
    kept = indicators.own_names.of(question.commune)
    names = kept.with_columns(question.columns).with_fields(question.fields)
    question = question.model_copy(update={"columns": names.columns, "fields": names.fields})
    try:
        if question.format == "xlsx":
            read = in_sandboxed_process(previewed, question, seconds=SECONDS_TO_READ, patience=PATIENCE)
        else:
            read = previewed(question)
    except UnreadableDocument as unreadable:
        return FileRead(problems=(str(unreadable),))
    return read.model_copy(update={"readings": _compared(indicators, question.commune, read.readings)})


def keep_own_names(indicators: Indicators, question: KeepOwnNames) -> OwnNames:
    """NoAnswer where a meaning is in no catalogue: it would make every later file unreadable."""
    catalogue = show_catalogue(indicators, ShowCatalogue(commune=question.commune))
    known = {"", *(each.measure for each in catalogue.measures)}, {each.field for each in catalogue.fields}
    for meanings, names in zip(known, (question.columns, question.fields), strict=True):
        if unknown := set(names.values()) - meanings:
            raise NoAnswer(f"“{min(unknown)}” không có trong danh mục.", "refused")
    indicators.own_names.forget(question.commune, question.forget)
    if question.columns or question.fields:
        names_of_file = KeptNames(columns=question.columns, fields=question.fields)
        indicators.own_names.keep(question.commune, names_of_file, question.actor)
    kept = indicators.own_names.of(question.commune)
    return OwnNames(columns=dict(kept.columns), fields=dict(kept.fields))


def _compared(indicators: Indicators, commune: str, found: tuple[FileReading, ...]) -> tuple[FileReading, ...]:
    """The readings of a file beside what is recorded of their days."""
    if not found:
        return found
    days = [each.reading.observed_on for each in found]
    recorded: list[ReadingVersion] = []
    total = 1
    while len(recorded) < total:
        part = indicators.reading_histories.listed(
            ListReadings(commune=commune, observed_from=min(days), observed_until=max(days), skip=len(recorded)), None
        )
        total = part.total
        recorded += part.readings
    usual = indicators.reading_histories.usual(ListReadings(commune=commune), max(days))
    return tuple(
        each.model_copy(update={"unusual": tuple(far_from_usual(usual, each.reading.field, each.reading.values))})
        for each in compared(found, recorded)
    )


def _in_force(indicators: Indicators, kind: str, on: date, known_at: date) -> list[dict[str, object]]:
    """In the order of the standard catalogue, then those that a province defined, by their ids."""
    known = indicators.definitions_known_at(known_at, kind)
    places = _standard_places()
    known.sort(key=lambda each: places.get((kind, each.name), len(places)))
    defined = ((each.name, each.in_force_on(on)) for each in known)
    return [{**version.definition, kind: name} for name, version in defined if version]


@cache
def _standard_places() -> dict[tuple[str, str], int]:
    return {(each.kind, each.name): place for place, each in enumerate(read_catalogue())}


QUESTIONS: Functions[Indicators] = {
    ListReadings: list_readings,
    CountUnusualReadings: count_unusual_readings,
    ShowReading: show_reading,
    ShowCatalogue: show_catalogue,
    ReadFile: read_file,
    KeepOwnNames: keep_own_names,
}
