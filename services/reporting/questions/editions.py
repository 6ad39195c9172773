"""Published editions: the list, one as it was published, and what moved since."""

from datetime import date

from services.reporting.application import Reporting
from services.reporting.application.published_editions import PublishedEdition as Edition
from services.reporting.questions.named import known_on, period_of
from services.reporting.rendering.answers import document_of
from shared.clock import day_of, end_of
from shared.contracts.reporting import (
    Document,
    EditionMoves,
    EditionRow,
    ListedEditions,
    ListEditionMoves,
    ListEditions,
    MovedFigure,
    PrintEdition,
    ProvinceOverview,
    PublishedEdition,
    ShowEdition,
    ShowEditionOverview,
)
from shared.periods import Period

AboutEdition = ShowEdition | ShowEditionOverview | PrintEdition | ListEditionMoves


def list_editions(reporting: Reporting, question: ListEditions) -> ListedEditions:
    reports = reporting.published_reports(question.province, question.regime, question.period)
    until = end_of(question.known_at) if question.known_at else None
    return ListedEditions(
        changed_on=tuple(sorted({day_of(each.at) for report in reports for each in report.editions})),
        editions=tuple(
            EditionRow(
                regime=report.regime,
                period=report.period,
                edition=each.number,
                content_sha256=each.content_sha256,
                published_at=each.at,
                by=each.by,
                reason=each.reason,
                regime_name=report.regime_name,
                by_account=each.by_account,
            )
            for report in reports
            for each in report.editions
            if until is None or each.at < until
        ),
    )


def show_edition(reporting: Reporting, question: ShowEdition) -> PublishedEdition:
    shown = _published(reporting, question)
    return PublishedEdition(edition=_edition_row(question, shown), last=shown.last, content=shown.content.decode())


def show_edition_overview(reporting: Reporting, question: ShowEditionOverview) -> ProvinceOverview:
    shown = _published(reporting, question)
    return shown.overview.model_copy(update={"edition": _edition_row(question, shown), "last": shown.last})


def _published(reporting: Reporting, question: AboutEdition) -> Edition:
    return reporting.edition(question.province, period_of(question.period), question.edition, regime=question.regime)


def _edition_row(question: ShowEdition | ShowEditionOverview, shown: Edition) -> EditionRow:
    return EditionRow(
        regime=question.regime,
        period=question.period,
        edition=shown.number,
        content_sha256=shown.content_sha256,
        published_at=shown.published_at,
        by=shown.by,
        reason=shown.reason,
        by_account=shown.by_account,
    )


def list_edition_moves(reporting: Reporting, question: ListEditionMoves) -> EditionMoves:
    period, day = period_of(question.period), known_on(reporting, question.known_at)
    last = _published(reporting, question).number
    return reporting.kept.once(
        (("moves", last), question.province, period, question.regime),
        day,
        lambda: _moves(reporting, question, period, day, last),
    )


def _moves(reporting: Reporting, question: ListEditionMoves, period: Period, day: date, edition: int) -> EditionMoves:
    before, changes, draft = reporting.changes_since(question.province, period, day, edition, regime=question.regime)
    return EditionMoves(
        edition=before.number,
        moved=tuple(MovedFigure.model_validate(vars(each)) for each in changes.figures),
        readings=changes.readings,
        corrections=len(changes.corrections),
        late=len(changes.late),
        rewritten=before.report.narrative != draft.narrative,
    )


def print_edition(reporting: Reporting, question: PrintEdition) -> Document:
    edition = _published(reporting, question)
    return document_of(edition.report, question.format, edition.mark)
