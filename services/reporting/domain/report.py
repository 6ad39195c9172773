"""What a province was told about one period, edition after edition."""

from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.event_sourcing import Aggregate, Created, Recorded


class Report(Aggregate):
    TOPIC = "reporting.report"

    class Opened(Created):
        TOPIC = "reporting.report-opened"

        province: str
        period: str

    class Published(Recorded):
        TOPIC = "reporting.report-published"

        province: str
        province_name: str
        period: str
        edition: int
        known_at: date
        content_sha256: str
        positions: dict[str, int]
        headline: list[str]

        def apply(self, aggregate: "Report") -> None:
            aggregate.edition = self.edition
            aggregate.content_sha256 = self.content_sha256

    @staticmethod
    def create_id(province: str, period: str) -> UUID:
        return uuid5(NAMESPACE_OID, f"reporting/report/{province}/{period}")

    @classmethod
    def open(cls, province: str, period: str, at: datetime) -> "Report":
        return cls._create(cls.Opened, timestamp=at, province=province, period=period)

    def __init__(self, province: str, period: str) -> None:
        self.province = province
        self.period = period
        self.edition = 0
        self.content_sha256 = ""

    def publish(self, content_sha256: str, at: datetime, **pinned: Any) -> None:
        """Another edition; the same content again stays quiet."""
        if content_sha256 != self.content_sha256:
            self.trigger_event(
                self.Published,
                timestamp=at,
                province=self.province,
                period=self.period,
                edition=self.edition + 1,
                content_sha256=content_sha256,
                **pinned,
            )
