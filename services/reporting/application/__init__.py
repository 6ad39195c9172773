"""The use cases of Reporting."""

from functools import partial

from psycopg_pool import ConnectionPool

from services.reporting.application.changes import Changes
from services.reporting.application.current_figures import CurrentFigures
from services.reporting.application.drafts import Drafts
from services.reporting.application.editions import Editions
from services.reporting.application.kept_drafts import KeptDrafts
from services.reporting.application.narratives import Narratives
from services.reporting.application.overtaken_approvals import OvertakenApprovals
from services.reporting.application.published_editions import PublishedEditions
from services.reporting.application.reminders import Reminders
from services.reporting.application.reviews import Reviews
from services.reporting.application.submissions import SubmissionBatch
from services.reporting.data_files.rulebook import Rulebook
from services.reporting.read_models import Knowledge
from services.reporting.read_models.corrections import Corrections
from services.reporting.read_models.editions import Contents
from services.reporting.read_models.figures import KeptHalves
from services.reporting.read_models.late_readings import LateReadings
from services.reporting.read_models.territory import Communes
from shared.calendar.set_calendar import SetCalendar
from shared.record.event_store import EventStore
from shared.settings import Settings


class Reporting(EventStore):
    """Each use case is a method of the class of its subject; these know the event store, not this class."""

    name = "reporting"

    def __init__(self, settings: Settings, pool: ConnectionPool) -> None:
        super().__init__(settings)
        self.rulebook = Rulebook(settings.env)
        self.calendar = SetCalendar(settings.env)
        self.knowledge = Knowledge(pool, None if settings.role else KeptHalves())
        self.contents = Contents(pool)
        self.communes = Communes(pool)
        self.corrections = Corrections(pool)
        self.late_readings = LateReadings(pool)
        drafts = Drafts(self, pool, self.knowledge, self.rulebook, self.calendar)
        overtaken = OvertakenApprovals(self, pool, drafts)
        current = CurrentFigures(self.knowledge, drafts)
        reviews = Reviews(self, pool, drafts, current, overtaken)
        published = PublishedEditions(self, pool)
        changes = Changes(pool, drafts, published)
        editions = Editions(self, drafts, reviews, published, changes)
        narratives = Narratives(self, self.rulebook)
        reminders = Reminders(self, pool, settings.env, self.rulebook, self.calendar)

        self.reviews = reviews
        self.editions = editions
        self.narratives = narratives
        # What a report contains, and the question that it answers.
        self.report = drafts.report
        self.kept = KeptDrafts(self, pool, self.knowledge, drafts)
        self.current_figures = current.of
        self.question = drafts.question
        self.computed_again = drafts.again
        self.changed_on = changes.days
        self.change_days = changes.change_days
        self.positions_at = self.knowledge.positions_at
        # A commune's report.
        self.submission_batch = partial(SubmissionBatch, self, self.communes, drafts)
        self.submitted = reviews.submitted
        self.changed_since_submission = reviews.changed_since_submission
        self.warnings_about = reviews.warnings_about
        self.find_overtaken_approvals = overtaken.find
        self.listed = reviews.listed
        self.listed_of_commune = reviews.listed_of_commune
        self.listed_briefly = reviews.listed_briefly
        self.reports_changed_on = reviews.changed_on
        self.commune_changed_on = reviews.commune_changed_on
        self.reports_of = reviews.of_commune
        self.drafted_windows = reviews.drafted_windows
        # The province's report.
        self.narrative = narratives.written
        self.draft = editions.draft
        self.edition = published.edition
        self.published_reports = published.listed
        self.changes_since = editions.changes_since
        self.changes_between = changes.between
        # The calendar.
        self.remind = reminders.remind
        self.due_around = reminders.due_around
