"""One plan laid out in every format gives the same draft; only the places differ."""

import pytest

from services.planning.documents.draft_reader import draft_in
from tests.planning.documents.document_files import FILES
from tests.planning.documents.layouts import as_docx, as_xlsx, with_a_cell_on_each_line, with_bars, with_tabs


def text(content):
    def write(path):
        path.write_text(content(), encoding="utf-8")
        return path

    return write


def understood(path):
    draft = draft_in(path)
    tasks = [{**vars(task), "place": None, "warnings": None} for task in draft.tasks]
    return tasks, [{**vars(target), "place": None} for target in draft.indicators], draft.plan


@pytest.fixture(scope="module")
def best(tmp_path_factory):
    return understood(as_docx(tmp_path_factory.mktemp("best") / "a.docx", automatic=False))


def test_the_plan_is_understood(best):
    tasks, targets, head = best
    assert [task["code"] for task in tasks] == ["1", "2", "3", "4", "5"]
    assert [task["section"] for task in tasks] == ["CHỈ ĐẠO, ĐIỀU HÀNH"] * 2 + ["THỦ TỤC HÀNH CHÍNH"] * 3
    assert tasks[1]["lead"] == ["Văn phòng HĐND-UBND", "Phòng Văn hoá - Xã hội"]
    assert tasks[1]["support"] == ["Công an xã", "Các thôn"]
    assert [task["schedule_text"] for task in tasks] == [
        "Trước ngày 15/3/2026",
        "Thường xuyên",
        "Quý II",
        "Định kỳ hàng tháng",
        "Tháng 11/2026",
    ]
    assert [target["target_text"] for target in targets] == ["Tối thiểu 60", "Dưới 5"]
    assert head.based_on == ["12/QĐ-UBND"]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.docx", as_docx),
        ("a.docx", lambda path: as_docx(path, landscape=True, repeated=False)),
        ("a.xlsx", as_xlsx),
        ("a.xlsx", lambda path: as_xlsx(path, on_two_sheets=True)),
        ("a.txt", text(with_a_cell_on_each_line)),
        ("a.txt", text(with_tabs)),
        ("a.txt", text(with_bars)),
        ("", lambda _: FILES / "same.pdf"),
        ("", lambda _: FILES / "same-landscape.pdf"),
    ],
)
def test_each_format_gives_the_same_plan(tmp_path, best, name, write):
    assert understood(write(tmp_path / name)) == best
