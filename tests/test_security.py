"""docs/security.md names every item of OWASP ASVS 5.0 level 2 once, and tests and pages that are there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
LEVEL_2 = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2 4.1.1-3
4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3
7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11
10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1 13.2.1-5
13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3
17.1.1 17.2.1-4 17.3.1-2
"""


def items(text):
    """`1.2.4-5` is 1.2.4 and 1.2.5."""
    for section, first, last in re.findall(r"\b(\d+\.\d+)\.(\d+)(?:-(\d+))?\b", text):
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_every_item_of_level_2_is_in_the_page_once():
    rows = re.findall(r"^\| ([\d., -]+) \|", PAGE, re.MULTILINE)
    listed = Counter(item for row in rows for item in items(row))
    assert set(items(LEVEL_2)) - set(listed) == set()
    assert set(listed) - set(items(LEVEL_2)) == set()
    assert [item for item, times in listed.items() if times > 1] == []


def test_every_named_test_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 50
    missing = [
        f"{path}::{name}"
        for path, name in named
        if name and not re.search(rf"^ *(async def|def|class) {name}\b", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert missing == []


def test_every_item_that_applies_names_a_test_or_a_page():
    applies = PAGE.partition("## Applies")[2].partition("## Does not apply")[0]
    rows = [line for line in applies.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert [row for row in rows if not re.search(r"`tests/|\]\(\w+\.md\)", row)] == []
