"""Unusual layouts of plans of 2026, each with its tasks in short: content | leading bodies | days and frequencies."""

import pytest

from services.planning.documents.draft_reader import draft_of
from tests.planning.documents.drawn import document, table

KT, VH, VP = "Phòng Kinh tế", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND"
HEAD = ("KẾ HOẠCH", "Cải cách hành chính năm 2026")
MONTHS = [str(month) for month in range(1, 13)]

LAYOUTS = {
    "lists with labels in several cells": (
        [
            table(
                ["TT", "Nội dung", "Chủ trì", "Thời gian"],
                ["1", "Kiểm soát:\na) Kế hoạch\nb) Rà soát", f"a) {VP}\nb) {KT}", "a) Tháng 1\nb) Quý II"],
                ["2", "Việc chung:\n1. Lập\n2. Gửi", VH, "1. Tháng 3\n2. Tháng 4"],
            )
        ],
        [
            f"Kiểm soát: Kế hoạch | {VP} | 2026-01-31",
            f"Kiểm soát: Rà soát | {KT} | 2026-06-30",
            f"Việc chung: Lập | {VH} | 2026-03-31",
            f"Việc chung: Gửi | {VH} | 2026-04-30",
        ],
    ),
    "a changed date in a column of its own": (
        [
            table(
                ["TT", "Việc", "Chủ trì", "Ngày giao", "Thời hạn theo KH", "Thời hạn điều chỉnh"],
                ["1", "Rà soát", KT, "05/01/2026", "31/3/2026", "30/6/2026"],
                ["2", "Niêm yết", VH, "05/01/2026", "30/4/2026", ""],
            )
        ],
        [f"Rà soát | {KT} | 2026-06-30", f"Niêm yết | {VH} | 2026-04-30"],
    ),
    "other titles of columns": (
        [
            table(
                ["TT", "Nội dung nhiệm vụ", "Bộ phận phụ trách", "Phối hợp", "Tháng", "Văn bản ban hành"],
                ["1", "Rà soát", KT, "Công an xã", "3, 6, 9", "Báo cáo"],
                ["2", "Niêm yết", VH, "Các thôn", "2-4", "Thông báo"],
            )
        ],
        [f"Rà soát | {KT} | 2026-03-31 2026-06-30 2026-09-30", f"Niêm yết | {VH} | 2026-04-30"],
    ),
    "a column for each month": (
        [
            table(
                ["TT", "Nhiệm vụ", "Chủ trì", "Tháng thực hiện", *["<"] * 11],
                ["^", "^", "^", *MONTHS],
                ["1", "Lập", KT, "x", *[""] * 11],
                ["2", "Rà soát", KT, "", "", "x", "x", "x", *[""] * 7],
            )
        ],
        [f"Lập | {KT} | 2026-01-31", f"Rà soát | {KT} | 2026-05-31"],
    ),
    "numbered sentences with bodies of their own": (
        [
            "II. NHIỆM VỤ",
            "1. Rà soát.",
            f"- Chủ trì: {KT}.",
            "- Thời gian: Quý II/2026.",
            f"2. Giao {KT} chủ trì, phối hợp với Công an xã công khai quy trình; hoàn thành trước ngày 15/5/2026.",
            f"3. {VP} tổng hợp kết quả, báo cáo UBND tỉnh trước ngày 20 của tháng cuối quý.",
        ],
        [
            f"Rà soát. | {KT} | 2026-06-30",
            f"Công khai quy trình; hoàn thành trước ngày 15/5/2026. | {KT} | 2026-05-14",
            f"{VP} tổng hợp kết quả, báo cáo UBND tỉnh trước ngày 20 của tháng cuối quý. | {VP} | quarter:19",
        ],
    ),
    "bullets with assignments of their own": (
        [
            "II. NHIỆM VỤ",
            "1. Cải cách",
            f"- Rà soát (Chủ trì: {KT}; thời gian: Quý II/2026).",
            f"- Số hóa ({VP} chủ trì, hoàn thành trước 30/9/2026).",
        ],
        [f"Rà soát | {KT} | 2026-06-30", f"Số hóa | {VP} | 2026-09-29"],
    ),
    "a sentence below each heading": (
        [
            "II. NHIỆM VỤ",
            "1. Rà soát thủ tục",
            f"{KT} chủ trì, phối hợp với Công an xã thực hiện; hoàn thành trước 30/6/2026.",
            "2. Tập huấn",
            f"{VH} chủ trì; thời gian: Tháng 9/2026.",
        ],
        [
            f"Rà soát thủ tục {KT} chủ trì, phối hợp với Công an xã thực hiện; hoàn thành trước 30/6/2026."
            f" | {KT} | 2026-06-29",
            f"Tập huấn {VH} chủ trì | {VH} | 2026-09-30",
        ],
    ),
    "bodies and times behind dashes": (
        ["II. NHIỆM VỤ", f"1. Lập - {VP} chủ trì - Quý I/2026.", f"2. Số hóa - {KT} chủ trì - thường xuyên."],
        [f"Lập | {VP} | 2026-03-31", f"Số hóa | {KT} | continuous"],
    ),
    "months as groups of a table, and days below months": (
        [
            table(
                ["TT", "Nội dung", "Chủ trì"],
                ["I", "THÁNG 01/2026", ""],
                ["1", "Lập", VP],
                ["2", "Rà soát", KT],
                ["II", "THÁNG 02/2026", ""],
                ["1", "Gửi", VH],
            ),
            "Phụ lục 2",
            table(
                ["TT", "Việc", "Chủ trì", "Tháng 1", "Tháng 2"], ["1", "Họp", VP, "15", ""], ["2", "Ký", VP, "", "x"]
            ),
        ],
        [
            f"Lập | {VP} | 2026-01-31",
            f"Rà soát | {KT} | 2026-01-31",
            f"Gửi | {VH} | 2026-02-28",
            f"Họp | {VP} | 2026-01-15",
            f"Ký | {VP} | 2026-02-28",
        ],
    ),
    "offices as groups of a table": (
        [
            table(
                ["TT", "Nhiệm vụ", "Thời hạn"],
                ["I", KT, ""],
                ["1", "Rà soát", "Quý II"],
                ["II", VH, ""],
                ["1", "In", "Quý I"],
            )
        ],
        [f"Rà soát | {KT} | 2026-06-30", f"In | {VH} | 2026-03-31"],
    ),
    "a programme by month": (
        [
            "THÁNG 01/2026",
            f"- Lập kế hoạch ({VP}).",
            f"- {KT}: rà soát thủ tục đất đai.",
            "Tháng 2:",
            f"1. {VH} tuyên truyền dịch vụ công.",
            f"2. Niêm yết thủ tục; {KT} chủ trì, trước ngày 15/02/2026.",
        ],
        [
            f"Lập kế hoạch | {VP} | 2026-01-31",
            f"{KT}: rà soát thủ tục đất đai. | {KT} | 2026-01-31",
            f"{VH} tuyên truyền dịch vụ công. | {VH} | 2026-02-28",
            f"Niêm yết thủ tục | {KT} | 2026-02-14",
        ],
    ),
    "numbered works beside numbered days": (
        [
            table(
                ["Cơ quan", "Nhiệm vụ", "Thời hạn"],
                [VP, "1. Lập sổ.\n2. In tờ rơi.", "1. Quý I.\n2. Thường xuyên."],
                [KT, "1. Rà soát.\n2. Gửi.", "1. Tháng 5.\n2. Quý II."],
            )
        ],
        [
            f"Lập sổ. | {VP} | 2026-03-31",
            f"In tờ rơi. | {VP} | continuous",
            f"Rà soát. | {KT} | 2026-05-31",
            f"Gửi. | {KT} | 2026-06-30",
        ],
    ),
    "a row for each body of a task, with its role": (
        [
            table(
                ["Mã", "Tên nhiệm vụ", "Đơn vị", "Vai trò", "Hạn xử lý"],
                ["NV01", "Rà soát", KT, "Chủ trì", "30/6/2026"],
                ["NV01", "Rà soát", VP, "Phối hợp", "30/6/2026"],
                ["NV02", "Niêm yết", VH, "Chủ trì", "31/3/2026"],
            )
        ],
        [f"Rà soát | {KT} | 2026-06-30", f"Niêm yết | {VH} | 2026-03-31"],
    ),
    "the day and the month of a deadline in two columns": (
        [
            table(
                ["TT", "Nội dung", "Chủ trì", "Hạn chót năm 2026", "<"],
                ["^", "^", "^", "Ngày", "Tháng"],
                ["1", "Rà soát", KT, "22", "11"],
                ["2", "Niêm yết", VH, "8", "6"],
            )
        ],
        [f"Rà soát | {KT} | 2026-11-22", f"Niêm yết | {VH} | 2026-06-08"],
    ),
    "an office before its work in one cell": (
        [
            table(
                ["TT", "Cơ quan và nhiệm vụ", "Thời gian"],
                ["1", f"{KT} (phối hợp: Công an xã): Lập sổ theo dõi.", "Quý II"],
                ["2", f"{VH}: Tổ chức hội nghị gặp mặt.", "Thường xuyên"],
            )
        ],
        [f"Lập sổ theo dõi. | {KT} | 2026-06-30", f"Tổ chức hội nghị gặp mặt. | {VH} | continuous"],
    ),
    "an arrow to the offices": (
        [
            "I. Thể chế",
            f"+ Lập sổ theo dõi → {KT}, Công an xã phối hợp (trước ngày 22/7/2026).",
            f"+ Rà soát giấy tờ → {VP} (Thường xuyên).",
        ],
        [f"Lập sổ theo dõi | {KT} | 2026-07-21", f"Rà soát giấy tờ | {VP} | continuous"],
    ),
    "dots between an office and its day": (
        ["1. Lập sổ", f"{KT}.................30/4/2026", "2. Rà soát", f"{VP}.............Quý II/2026"],
        [f"Lập sổ | {KT} | 2026-04-30", f"Rà soát | {VP} | 2026-06-30"],
    ),
    "parts of a table below headings, with the header on the first": (
        [
            "A. CHỈ ĐẠO",
            table(["TT", "Nội dung", "Đầu mối", "Phối hợp", "Thời hạn"], ["1", "Lập sổ", VP, KT, "Quý I/2026"]),
            "B. THỦ TỤC",
            table(["2", "Xây dựng câu hỏi", VH, "Công an xã", "Quý II/2026"], ["3", "Rà soát", KT, "", "Tháng 4/2026"]),
        ],
        [f"Lập sổ | {VP} | 2026-03-31", f"Xây dựng câu hỏi | {VH} | 2026-06-30", f"Rà soát | {KT} | 2026-04-30"],
    ),
    "a quarter in the title of a table, and days in its notes": (
        [
            "NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH QUÝ II NĂM 2026",
            table(
                ["TT", "Nhiệm vụ", "Chủ trì", "Ghi chú"],
                ["1", "Rà soát", KT, ""],
                ["2", "Niêm yết", VP, "Xong trước 12/5"],
            ),
        ],
        [f"Rà soát | {KT} | 2026-06-30", f"Niêm yết | {VP} | 2026-05-11"],
    ),
    "results of the year before": (
        [
            table(["TT", "Nhiệm vụ năm 2025", "Cơ quan", "Kết quả"], ["1", "Đo tốc độ", KT, "Xong ngày 15/12/2025"]),
            "II. NHIỆM VỤ NĂM 2026",
            table(["TT", "Nhiệm vụ", "Cơ quan", "Thời gian"], ["1", "Rà soát", KT, "Quý I"]),
        ],
        [f"Rà soát | {KT} | 2026-03-31"],
    ),
    "letters below offices": (
        [
            table(
                ["STT", "Nhiệm vụ", "Hạn hoàn thành", VP, KT],
                ["1", "Rà soát", "Quý I", "C", "P"],
                ["2", "Niêm yết", "Quý II", "", "C"],
            )
        ],
        [f"Rà soát | {VP} | 2026-03-31", f"Niêm yết | {KT} | 2026-06-30"],
    ),
    "an order behind a work with a period in its name": (
        [
            "II. NHIỆM VỤ",
            f"1. Đánh giá hằng tháng trên phần mềm. Giao {VP} chủ trì thực hiện; hoàn thành trước ngày 15/5/2026.",
            f"2. Lập sổ. Giao {KT} chủ trì, phối hợp với Công an xã thực hiện; hoàn thành trong quý II/2026.",
        ],
        [
            f"Đánh giá hằng tháng trên phần mềm | {VP} | 2026-05-14",
            f"Lập sổ | {KT} | 2026-06-30",
        ],
    ),
}


def short(milestone):
    if milestone.kind == "deadline":
        return str(milestone.due)
    if milestone.kind == "recurring":
        return f"{milestone.every}:{milestone.on}" if milestone.on else milestone.every
    return milestone.kind


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_tasks_of_a_layout_are_read(name):
    blocks, expected = LAYOUTS[name]
    tasks = draft_of(document(*HEAD, *blocks)).tasks
    assert [
        f"{' '.join(task.content.split())} | {'; '.join(task.lead)} | {' '.join(map(short, task.milestones))}"
        for task in tasks
    ] == expected
