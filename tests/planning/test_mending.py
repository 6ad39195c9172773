"""What a form changes in the draft of a plan, and which schedules are read again."""

from starlette.datastructures import FormData

from services.planning.web.mending import mend

TASK = {"content": "Rà soát", "lead": ["Phòng Kinh tế"], "support": [], "schedule_text": "Quý III", "warnings": ["?"]}
FILE = {
    "plan": {"title": "Kế hoạch", "year": 2025, "span": None, "number": None, "issued_on": None, "regime": "reform"},
    "tasks": [TASK, TASK | {"content": "Thừa"}, TASK | {"content": "Tập huấn"}],
    "indicators": [{"name": "Hồ sơ đúng hạn", "indicator": None}],
    "warnings": [],
}
SPAN = {"from": "2025-01-01", "until": "2025-12-31"}
WHOLE = FILE | {"plan": FILE["plan"] | {"span": SPAN}}


def test_a_form_without_changes_changes_nothing():
    form = FormData([("ten", "Kế hoạch"), ("nam", "2025"), ("noi-dung.0", "Rà soát"), ("chu-tri.0", "Phòng Kinh tế")])
    assert mend(WHOLE, form) == (WHOLE, (), False)


def test_a_mended_task_is_read_again_at_its_new_place():
    form = FormData([("bo.1", "on"), ("thoi-han.2", "Quý IV"), ("chu-tri.2", "Văn phòng; Phòng Văn hóa\r\n")])
    mended = mend(WHOLE, form)
    assert mended.tasks == (1,)
    assert [task["content"] for task in mended.file["tasks"]] == ["Rà soát", "Tập huấn"]
    assert mended.file["tasks"][1]["lead"] == ["Văn phòng", "Phòng Văn hóa"]
    assert mended.changed


def test_a_year_that_was_missing_reads_every_schedule_again():
    without = WHOLE | {"plan": WHOLE["plan"] | {"year": None, "span": None}}
    mended = mend(without, FormData([("nam", "2025"), ("ngay", "10/9/2025"), ("chi-so.0", "on-time")]))
    assert mended.tasks == (0, 1, 2)
    assert mended.file["plan"]["span"] == SPAN
    assert mended.file["plan"]["issued_on"] == "2025-09-10"
    assert mended.file["indicators"][0]["indicator"] == "on-time"


def test_a_year_or_a_day_that_cannot_be_read_stays_as_it_was():
    assert not mend(WHOLE, FormData([("nam", "năm nay"), ("ngay", "hôm qua"), ("che-do", "")])).changed
