"""Faults of the system are Vietnamese wherever a person of an office reads them."""

import errno
import re
from pathlib import Path

import pytest

from shared.faults import fault_text

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (OSError(errno.ENOENT, "No such file or directory"), "không có tệp hoặc thư mục này"),
        (OSError(errno.ENOSPC, "No space left on device"), "ổ đĩa đã đầy"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "máy chủ từ chối kết nối"),
        (OSError(errno.EXDEV, "Invalid cross-device link"), f"lỗi hệ thống {errno.EXDEV}"),
        (OSError("tệp hỏng"), "tệp hỏng"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_a_fault_of_the_system_is_vietnamese(fault, text):
    assert fault_text(fault) == text


def test_no_sentence_of_an_office_has_the_words_of_the_system():
    """`strerror` is English; sentences of operators, which it may be in, have no letter of Vietnamese."""
    english = re.compile(r'"[^"\n]*[à-ỹđ][^"\n]*\{[^}"]*strerror')
    sources = (path for folder in ("services", "shared", "deploy") for path in (ROOT / folder).rglob("*.py"))
    assert [str(path) for path in sources if english.search(path.read_text(encoding="utf-8"))] == []
