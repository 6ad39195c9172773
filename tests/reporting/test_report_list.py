"""The province's list of reports is read in a terminal of 80 columns."""

from datetime import date

from services.reporting.cli.lists import print_reports
from services.reporting.domain.lifecycle.report_status import ListedReport

REPORTS = [
    ListedReport(
        "21172", "21172", "Phường Trương Quang Trọng", "approved", date(2025, 9, 16), 14,
        submitted_on=date(2025, 9, 30), changed=19, outdated=True, missed=12,
    ),
    ListedReport("21548", "21548", "Đặc khu Lý Sơn", "drafted", date(2025, 9, 16), 14, missed=2),
]  # fmt: skip


def test_no_word_of_a_name_or_a_state_is_broken_in_80_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_reports(REPORTS)
    printed = capsys.readouterr().out
    words = set(printed.split())
    assert {"Phường", "Trương", "Quang", "Trọng", "Đặc", "khu", "duyệt,", "liệu", "30/9/2025"} <= words
    assert max(map(len, printed.splitlines())) <= 80
