"""A province's report for the screen and as a file."""

from datetime import date
from typing import Literal

from shared.contracts import Message
from shared.contracts.reporting.editions import EditionRow
from shared.contracts.reporting.figures import FigureRow, MovedFigure
from shared.contracts.reporting.narratives import WrittenSection
from shared.contracts.reporting.values import EditionQuestion, ProvinceFigureQuestion


class Chart(Message):
    """A drawn chart as SVG without styles and scripts; `title` describes it, sizes in pixels."""

    name: str
    title: str
    width: int
    height: int
    svg: str


class RankedCommune(Message):
    """The numbers of a commune's targets that are met, missed, or without a figure.

    Communes with equal results share a `rank`; it is null without readings or without targets.
    """

    rank: int | None
    commune: str
    name: str
    reported: bool
    met: int
    missed: int
    unknown: int


class CommuneWarning(Message):
    """A sentence for a reviewer to read before approving a report."""

    commune: str
    commune_name: str
    sentence: str


class ProvinceOverview(Message):
    """A province's report for the screen: its own figures, the ranking of its communes, its charts.

    Dates, `not_reported` and figures as in Figures; numbers of tasks as in reports; `narrative`: texts that hold.
    `moved`: since the edition before, of a restated edition. `edition` and the number of the `last` one: of an edition.
    `changed_on`: of a draft, the days on which something behind its figures was recorded.
    """

    province_name: str
    regime: str
    regime_name: str
    period: str
    counted_from: date
    counted_until: date
    known_at: date
    not_reported: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    ranking: tuple[RankedCommune, ...]
    charts: tuple[Chart, ...]
    tasks_done: int
    tasks_open: int
    tasks_late: int
    warnings: tuple[CommuneWarning, ...]
    narrative: tuple[WrittenSection, ...]
    moved: tuple[MovedFigure, ...] = ()
    edition: EditionRow | None = None
    last: int | None = None
    changed_on: tuple[date, ...] = ()


class ShowProvinceOverview(ProvinceFigureQuestion[ProvinceOverview]):
    """A province's report for the screen, drafted from everything that was known."""

    subject = "reporting.query.overview.v1"


class ShowEditionOverview(EditionQuestion[ProvinceOverview]):
    """An edition for the screen, from its stored bytes; the last one without a number."""

    subject = "reporting.query.edition-overview.v1"


DocumentFormat = Literal["html", "docx", "pdf", "xlsx", "json"]


class Document(Message):
    """A report as a file; `content_sha256` is of the canonical JSON that it shows."""

    file_name: str
    content_sha256: str
    content_base64: str


class PrintEdition(EditionQuestion[Document]):
    """An edition as a file: the same bytes whenever it is asked for, but for seals that were given since."""

    subject = "reporting.query.edition-document.v1"

    format: DocumentFormat = "html"


class PrintDraft(ProvinceFigureQuestion[Document]):
    """A province's report as it would be published, as a file without the mark of an edition."""

    subject = "reporting.query.draft-document.v1"

    format: DocumentFormat = "html"
