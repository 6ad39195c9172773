"""Large texts, and texts of one thing repeated, are read within the limits of the process that reads them."""

from pathlib import Path

import pytest

from services.planning.documents.blocks.headings import LONGEST_TEXT
from services.planning.documents.draft_reader import read_document
from services.planning.phrases.bodies.body_names import is_generic
from tests.planning.documents.large_texts import REPEATED, large_text


@pytest.mark.slow  # 200 kB each, as much as is read
@pytest.mark.parametrize("name", REPEATED)
def test_a_text_of_200_kb_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(large_text(REPEATED[name], 200_000), "utf-8")
    draft = read_document(path)
    assert draft.plan.year == 2025


def test_lines_that_continue_each_other_end_after_some_pages(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(large_text("và thực hiện rà soát quy trình nội bộ\n", 300_000), "utf-8")
    longest = max((len(task.content) for task in read_document(path).tasks), default=0)
    assert longest <= LONGEST_TEXT + 1_000


@pytest.mark.parametrize("word", ["phòng ", "ban ", "hội ", "tổ ", "xã hội ", "cơ quan ", "các ", "- "])
def test_a_word_repeated_in_a_name_does_not_double_the_work(word: str) -> None:
    assert not is_generic("phòng " + word * 2_000 + "kinh tế x")
