"""What Reporting announces."""

from datetime import date

from shared.contracts import Event


class ReportPublished(Event):
    """An edition of the province's report; `content_sha256` is over its canonical JSON."""

    subject = "reporting.event.report-published.v1"

    report_id: str
    province: str
    province_name: str
    period: str
    edition: int
    known_at: date
    content_sha256: str
    headline: tuple[str, ...]
