"""Opens Reporting for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.cli import fail, opening

if TYPE_CHECKING:
    from services.reporting.application import Reporting


@contextmanager
def opened(role: str | None = None) -> "Iterator[Reporting]":
    """Exit code 1 also where nothing is known, where a rule refuses, and where contents or events were altered."""
    from services.reporting.application import Reporting
    from services.reporting.audit.stored_events import UnreadableEvent
    from services.reporting.domain.refusal import NothingKnown, ReportRefused
    from services.reporting.read_models.editions import Altered
    from services.reporting.read_models.table_version import RebuildNeeded

    try:
        refusals = NothingKnown, ReportRefused, Altered, UnreadableEvent
        with opening.opened("reporting", Reporting, *refusals, role=role) as reporting:
            yield reporting
    except RebuildNeeded:
        fail("Các bảng của báo cáo do một phiên bản khác của chương trình tạo ra; hãy chạy: minhbach report rebuild")
