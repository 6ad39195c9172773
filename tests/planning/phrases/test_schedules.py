"""Schedule phrases of Vietnamese plans and the milestones that are read from them; a new phrase goes into its list."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.planning.phrases.schedules import read_schedule
from services.planning.plan_file import Unspecified

SECOND_HALF = date(2025, 7, 1), date(2025, 12, 31)


def read(phrase, span=None):
    """Each milestone as its kind and the fields that are not empty, without `before`; days as in a plan file."""
    milestones = read_schedule(phrase, 2025, span).milestones
    return [_short(each.model_dump(by_alias=True, mode="json")) for each in milestones]


def _short(fields):
    whole_year = fields.get("from"), fields.get("until")
    if whole_year == ("2025-01-01", "2025-12-31"):
        del fields["from"], fields["until"]
    kind = fields.pop("kind")
    return kind, {key: value for key, value in fields.items() if value not in (None, False) and key != "before"}


def due(day, first=None, **others):
    return "deadline", {"due": day} | ({"from": first} if first else {}) | others


def every(period, on=None, **others):
    return "recurring", {"every": period} | ({"on": on} if on else {}) | others


def always(**others):
    return "continuous", others


ON_DEMAND = ("on-demand", {})


def by(text):
    return "by-reference", {"text": text}


def after(event, days=None, working_days=False):
    fields = {"event": event, "days": days, "working_days": working_days}
    return "after-event", {key: value for key, value in fields.items() if value}


QUARTER_1 = due("2025-03-31", "2025-01-01")
QUARTER_3 = due("2025-09-30", "2025-07-01")
QUARTER_4 = due("2025-12-31", "2025-10-01")
YEAR = due("2025-12-31", "2025-01-01")


@pytest.mark.parametrize(
    ("phrase", "milestone"),
    [
        ("Quý III", QUARTER_3),
        ("Quí III", QUARTER_3),
        ("Qúy 3", QUARTER_3),
        ("quý iii", QUARTER_3),
        ("QUÝ III NĂM 2025.", QUARTER_3),
        ("Quý\u00a0III – 2025", QUARTER_3),
        ("Q3/2025", QUARTER_3),
        ("trong quý IV", QUARTER_4),
        ("Hoàn thành trong quý IV/2025", QUARTER_4),
        ("Quý III-IV/2025", due("2025-12-31", "2025-07-01")),
        ("từ quý II đến quý IV", due("2025-12-31", "2025-04-01")),
        ("trước quý IV", due("2025-09-30")),
        ("cuối quý III", due("2025-09-30")),
        ("Tháng 9/2025", due("2025-09-30", "2025-09-01")),
        ("tháng12", due("2025-12-31", "2025-12-01")),
        ("9/2025", due("2025-09-30", "2025-09-01")),
        ("Tháng 8-10/2025", due("2025-10-31", "2025-08-01")),
        ("từ tháng 8 đến tháng 12/2025", due("2025-12-31", "2025-08-01")),
        ("từ tháng 11/2025 đến tháng 2/2026", due("2026-02-28", "2025-11-01")),
        ("hoàn thành trước tháng 10/2024", due("2024-09-30")),
        ("giữa tháng 9", due("2025-09-15")),
        ("cuối tháng 02/2024", due("2024-02-29")),
        ("nửa cuối tháng 9", due("2025-09-30", "2025-09-16")),
        ("Trong năm", YEAR),
        ("cả năm", YEAR),
        ("Năm 2025", YEAR),
        ("2025", YEAR),
        ("cuối năm 2025", due("2025-12-31")),
        ("giữa năm", due("2025-06-30")),
        ("6 tháng đầu năm", due("2025-06-30", "2025-01-01")),
        ("06 tháng cuối năm 2025", due("2025-12-31", "2025-07-01")),
        ("9 tháng đầu năm", due("2025-09-30", "2025-01-01")),
        ("đến năm 2030", due("2030-12-31")),
        ("đến hết năm 2025", due("2025-12-31")),
        ("từ nay đến 31/12/2025", due("2025-12-31")),
        ("giai đoạn 2025 - 2030", due("2030-12-31", "2025-01-01")),
        ("tháng Chín", due("2025-09-30", "2025-09-01")),
        ("tháng Năm", due("2025-05-31", "2025-05-01")),
        ("tháng năm/2025", due("2025-05-31", "2025-05-01")),
        ("Tháng mười hai năm 2025", due("2025-12-31", "2025-12-01")),
        ("từ tháng Ba đến tháng Sáu", due("2025-06-30", "2025-03-01")),
        ("QuýIII/2025", QUARTER_3),
        ("QIII", QUARTER_3),
        ("Trongnăm2025", YEAR),
        ("Quý III/ năm 2025", QUARTER_3),
        ("Quý III (năm 2025)", QUARTER_3),
        ("09.2025", due("2025-09-30", "2025-09-01")),
        ("Tháng 9 -> tháng 12", due("2025-12-31", "2025-09-01")),
        ("Quý III (tháng 9)", due("2025-09-30", "2025-09-01")),
        ("Tháng 9 (quý III)", due("2025-09-30", "2025-09-01")),
        ("ngày cuối cùng của tháng 9", due("2025-09-30")),
        ("2025-2030", due("2030-12-31", "2025-01-01")),
        ("8-12/2025", due("2025-12-31", "2025-08-01")),
        ("từ 08 – 12/2025", due("2025-12-31", "2025-08-01")),
        ("11-2/2026", due("2026-02-28", "2025-11-01")),
    ],
)
def test_a_quarter_month_or_year_is_a_deadline(phrase, milestone):
    assert read(phrase) == [milestone]


@pytest.mark.parametrize(
    ("phrase", "milestone"),
    [
        ("Trước ngày 15/12/2026", due("2026-12-14")),
        ("xong trước 30/9", due("2025-09-29")),
        ("Chậm nhất là ngày 31/01/2025", due("2025-01-31")),
        ("không muộn hơn ngày 15/9/2025", due("2025-09-15")),
        ("không quá ngày 15/9", due("2025-09-15")),
        ("muộn nhất 15/9", due("2025-09-15")),
        ("Trong ngày 31/12/2025", due("2025-12-31")),
        ("đến hết ngày 31/12/2025", due("2025-12-31")),
        ("ngày 15 tháng 12 năm 2025", due("2025-12-15")),
        ("trước 30 tháng 9", due("2025-09-29")),
        ("ngày15/9", due("2025-09-15")),
        ("31-12-2025", due("2025-12-31")),
        ("31-12", due("2025-12-31")),
        ("ngày 15 tháng Chín", due("2025-09-15")),
        ("Chậm nhất 17h00' ngày 15/9", due("2025-09-15")),
        ("31.12.2025", due("2025-12-31")),
        ("2025-12-31", due("2025-12-31")),
        ("2025/12/31", due("2025-12-31")),
        ("**15/9/2025**", due("2025-09-15")),
        ("Trước\nngày 15/9/2025", due("2025-09-14")),
        ("thứ Sáu, ngày 15/8/2025", due("2025-08-15")),
        ("Trước 17h00 ngày 15/12/2025", due("2025-12-15")),
        ("từ ngày 01/8/2025 đến ngày 30/9/2025", due("2025-09-30", "2025-08-01")),
        ("từ 01/8 - 30/9/2025", due("2025-09-30", "2025-08-01")),
        ("01-15/9/2025", due("2025-09-15", "2025-09-01")),
        ("Quý III/2025 (trước ngày 15/9/2025)", due("2025-09-14", "2025-07-01")),
        ("Tháng 9/2025, chậm nhất ngày 15", due("2025-09-15")),
        ("8-10-2025", due("2025-10-08")),
        ("24/7/2025", due("2025-07-24")),
        ("ngày 24/7", due("2025-07-24")),
        ("24/07", due("2025-07-24")),
        ("Thời gian bắt đầu: 01/7/2025; thời gian kết thúc: 30/9/2025", due("2025-09-30", "2025-07-01")),
        ("Bắt đầu: tháng 7\nKết thúc: tháng 9", due("2025-09-30", "2025-07-01")),
        ("Bắt đầu từ ngày 01/7, hoàn thành trước ngày 30/9/2025", due("2025-09-29", "2025-07-01")),
        ("Bắt đầu: từ 01/8 - 30/9/2025", due("2025-09-30", "2025-08-01")),
    ],
)
def test_a_day_is_a_deadline_and_before_means_the_day_before(phrase, milestone):
    assert read(phrase) == [milestone]


@pytest.mark.parametrize(
    ("phrase", "milestone"),
    [
        ("hàng tháng", every("month")),
        ("hằng tuần", every("week")),
        ("Định kỳ hằng quí", every("quarter")),
        ("Định kỳ (hàng quý)", every("quarter")),
        ("Định kỳ 3tháng /lần", every("quarter")),
        ("mỗi quý một lần", every("quarter")),
        ("theo quý", every("quarter")),
        ("4 lần/năm", every("quarter")),
        ("ít nhất 2 lần/năm", every("half-year")),
        ("Định kỳ 6 tháng", every("half-year")),
        ("06 tháng và cuối năm", every("half-year")),
        ("6 tháng, năm", every("half-year")),
        ("1 năm/lần", every("year")),
        ("thứ Sáu hàng tuần", every("week", "5")),
        ("chủ nhật hàng tuần", every("week", "7")),
        ("ngày 15 hàng tháng", every("month", "15")),
        ("trước ngày 20 hàng tháng", every("month", "19")),
        ("Báo cáo quý trước ngày 20", every("quarter", "19", label="báo cáo quý")),
        ("Trước 16h00 thứ Sáu hàng tuần", every("week", "5")),
        ("02 đợt/năm", every("half-year")),
        ("nửa năm/lần", every("half-year")),
        ("Các quý trong năm", every("quarter")),
        ("cả 4 quý", every("quarter")),
        ("Hàngquý", every("quarter")),
        ("Ngày 14/11 của năm báo cáo", every("year", "11-14")),
        ("Hàng tháng, chậm nhất ngày 05", every("month", "5")),
        ("ngày 14 tháng cuối quý", every("quarter", "14")),
        ("Định kỳ hàng quý, chậm nhất ngày 15 của tháng cuối quý", every("quarter", "15")),
        ("chậm nhất vào ngày 15 của tháng cuối quý thuộc kỳ báo cáo", every("quarter", "15")),
        ("trước ngày 15 tháng 11 hàng năm", every("year", "11-14")),
        ("Hàng năm, trước ngày 15/11", every("year", "11-14")),
        ("trước ngày 01/3 hằng năm", every("year", "02-28")),
        ("ngày 29/2 hàng năm", every("year", "02-29")),
        ("Quý III hàng năm", every("year", "09-30")),
        ("hàng quý theo quy định", every("quarter")),
        (
            "Hàng tháng từ ngày 01/3/2025 đến ngày 30/6/2025",
            every("month", until="2025-06-30", **{"from": "2025-03-01"}),
        ),
    ],
)
def test_a_frequency_is_recurring(phrase, milestone):
    assert read(phrase) == [milestone]


@pytest.mark.parametrize(
    ("phrase", "milestone"),
    [
        ("TX", always()),
        ("Thường xuyên", always()),
        ("THƯỜNG XUYÊN...", always()),
        ("Thường xuyên, liên tục", always()),
        ("hàng ngày", always()),
        ("Từ thứ 2 đến thứ 6 hàng tuần", always()),
        ("Thườngxuyên", always()),
        ("24/7", always()),
        ("- 24/7.", always()),
        ("Thường xuyên, liên tục 24/7", always()),
        ("24/24 giờ", always()),
        ("Ngày bắt đầu: 01/8/2025", always(**{"from": "2025-08-01", "until": "2025-12-31"})),
        ("Thường xuyên trong 6 tháng cuối năm 2025", always(**{"from": "2025-07-01", "until": "2025-12-31"})),
        ("Trong quý II, thường xuyên", always(**{"from": "2025-04-01", "until": "2025-06-30"})),
        ("Năm 2025 và những năm tiếp theo", always()),
        ("Từ tháng 8/2025 trở đi", always(**{"from": "2025-08-01", "until": "2025-12-31"})),
        ("Đột xuất theo thời điểm yêu cầu", ON_DEMAND),
        ("theo yêu cầu của UBND tỉnh", ON_DEMAND),
        ("khi phát sinh hồ sơ", ON_DEMAND),
        ("Theo Kế hoạch", by("Theo Kế hoạch")),
        ("Theo Kế hoạch số 12/KH-UBND ngày 5/3/2025", by("Theo Kế hoạch số 12/KH-UBND ngày 5/3/2025")),
        ("Định kỳ theo quy định", by("Định kỳ theo quy định")),
        ("Định kỳ", by("Định kỳ")),
        ("Kịp thời, đúng quy định", by("Kịp thời, đúng quy định")),
        ("Thực hiện theo kế hoạch", by("Thực hiện theo kế hoạch")),
        ("Nộp báo cáo theo định kỳ", by("Nộp báo cáo theo định kỳ")),
        ("20 ngày sau khi huyện phê duyệt", after("huyện phê duyệt", 20)),
        ("sau 05 ngày làm việc kể từ ngày nhận được văn bản", after("nhận được văn bản", 5, working_days=True)),
        ("Trong thời hạn 15 (mười lăm) ngày, kể từ ngày ký", after("ký", 15)),
        ("Sau khi kết thúc quý 05 ngày", after("kết thúc quý", 5)),
        ("02 tuần kể từ khi có kết quả", after("có kết quả", 14)),
        ("Ngay sau khi có chỉ đạo", after("có chỉ đạo")),
        ("Khi có hướng dẫn", after("có hướng dẫn")),
    ],
)
def test_a_time_without_a_day_keeps_its_event_or_reference(phrase, milestone):
    assert read(phrase) == [milestone]


@pytest.mark.parametrize(
    ("phrase", "milestones"),
    [
        ("Quý III và quý IV", [QUARTER_3, QUARTER_4]),
        ("Quý III; chậm nhất 15/12", [QUARTER_3, due("2025-12-15")]),
        ("Quý III; báo cáo trước 15/9", [QUARTER_3, due("2025-09-14", label="báo cáo")]),
        ("- Quý III\n- Chậm nhất 15/9", [QUARTER_3, due("2025-09-15")]),
        ("Quý III, IV năm 2025", [QUARTER_3, QUARTER_4]),
        ("Quý I, 9 tháng, năm", [QUARTER_1, due("2025-09-30", "2025-01-01"), YEAR]),
        ("trước ngày 25 hàng tháng, quý", [every("month", "24"), every("quarter", "24")]),
        ("Hàng tháng, quý trước ngày 25", [every("month", "24"), every("quarter", "24")]),
        ("Thứ Hai, thứ Năm hàng tuần", [every("week", "1"), every("week", "4")]),
        ("Hàng tuần (thứ Hai, thứ Năm)", [every("week", "1"), every("week", "4")]),
        ("Hằng tuần, vào các ngày thứ 2, 4 và 6", [every("week", "1"), every("week", "3"), every("week", "5")]),
        ("Hàng tuần: chiều thứ Ba và sáng thứ Sáu", [every("week", "2"), every("week", "5")]),
        ("02 lần/tuần (thứ Hai, thứ Năm)", [every("week", "1"), every("week", "4")]),
        ("Thứ 2, 4, 6 hàng tuần", [every("week", "1"), every("week", "3"), every("week", "5")]),
        ("Hàng tuần, thứ 2, 3/6/2025", [every("week", "1"), due("2025-06-03")]),
        ("Quý III trước 15/9, quý IV trước 15/12", [due("2025-09-14", "2025-07-01"), due("2025-12-14", "2025-10-01")]),
        ("6 tháng trước ngày 15/6, năm trước ngày 15/12", [due("2025-06-14"), due("2025-12-14")]),
        ("Thường xuyên, định kỳ", [always(), by("định kỳ")]),
        ("Thường xuyên, định kỳ theo quy định", [always(), by("định kỳ theo quy định")]),
        ("tháng 9, tháng 12", [due("2025-09-30", "2025-09-01"), due("2025-12-31", "2025-12-01")]),
        ("ngày 30/6 và 31/12", [due("2025-06-30"), due("2025-12-31")]),
        ("ngày 15 của các tháng 6 và 12", [due("2025-06-15"), due("2025-12-15")]),
        ("trước ngày 10/6 và 10/12 hàng năm", [every("year", "06-09"), every("year", "12-09")]),
        ("ngày 10 và 20 hàng tháng", [every("month", "10"), every("month", "20")]),
        ("quý, 6 tháng, năm", [every("quarter"), every("half-year"), every("year")]),
        ("Hàng quý; 6 tháng; năm", [every("quarter"), every("half-year"), every("year")]),
        ("Quý III, sau đó thường xuyên", [QUARTER_3, always()]),
        ("Quý III/2025, hàng năm", [QUARTER_3, every("year")]),
        (
            "Trước ngày 15 tháng cuối quý, trước ngày 15/12 đối với báo cáo năm",
            [every("quarter", "14"), due("2025-12-14", label="báo cáo năm")],
        ),
        ("- Định kỳ theo quy định.\n- Đột xuất khi có yêu cầu", [by("Định kỳ theo quy định"), ON_DEMAND]),
        ("1. Quý III; 2. Quý IV", [QUARTER_3, QUARTER_4]),
        ("Quý III\nQuý IV", [QUARTER_3, QUARTER_4]),
        ("Thường xuyên; định kỳ nộp báo cáo", [always(), by("định kỳ nộp báo cáo")]),
        ("Hoàn thành trong quý III, thực hiện thường xuyên", [QUARTER_3, always()]),
        ("Hàng quý, nộp báo cáo trước ngày 15 tháng cuối quý", [every("quarter", "14", label="nộp báo cáo")]),
        (
            "hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý)",
            [every("month", "19"), every("quarter", "19")],
        ),
        (
            "Thường xuyên; định kỳ nộp báo cáo hàng tháng, năm",
            [always(), every("month", label="nộp báo cáo"), every("year", label="nộp báo cáo")],
        ),
    ],
)
def test_several_times_are_several_milestones(phrase, milestones):
    assert read(phrase) == milestones


@pytest.mark.parametrize(
    ("phrase", "labels"),
    [
        ("Hoàn thành trong quý III", [None]),
        ("Thời gian thực hiện: Quý III", [None]),
        ("Ban hành Kế hoạch trong quý I/2025; thực hiện thường xuyên", ["ban hành Kế hoạch", None]),
        ("Rà soát trước 30/6, thực hiện thường xuyên", ["rà soát", None]),
        ("Trước 15/6 (báo cáo 6 tháng) và trước 15/12 (báo cáo năm)", ["báo cáo 6 tháng", "báo cáo năm"]),
        ("Quý I ban hành văn bản, quý IV tổng kết", ["ban hành văn bản", "tổng kết"]),
        ("Quý I: ban hành văn bản - Quý IV: tổng kết", ["ban hành văn bản", "tổng kết"]),
        ("Tuyên truyền: Quý I; tổng kết: trước ngày 15/12", ["tuyên truyền", "tổng kết"]),
        ("Thường xuyên, nộp báo cáo trước ngày 15/12", [None, "nộp báo cáo"]),
        ("Tự kiểm tra hàng quý và tự kiểm tra đột xuất", ["tự kiểm tra", "tự kiểm tra"]),
        ("Quý I, phòng chuyên môn tham mưu (qua Văn phòng)", ["phòng chuyên môn tham mưu (qua Văn phòng)"]),
        ("Báo cáo quý I trước ngày 15/3", ["báo cáo quý I"]),
        ("Quý IV ban hành chương trình năm 2026", ["ban hành chương trình năm 2026"]),
        ("Gửi Sở, ban, ngành trước ngày 15/9", ["gửi Sở, ban, ngành"]),
        ("Phòng Kinh tế trình trước 30/9", ["Phòng Kinh tế trình"]),
        ("UBND xã ban hành trong quý I", ["UBND xã ban hành"]),
        ("TTHC mới: quý II", ["TTHC mới"]),
        ("Hội thảo: quý II", ["hội thảo"]),
        ("Thanh tra, kiểm tra trong quý II", ["thanh tra, kiểm tra"]),
        ("Quý II (rà soát), quý III (trình)", ["rà soát", "trình"]),
        ("Đợt 1 tháng 5, đợt 2 tháng 11", ["đợt 1", "đợt 2"]),
        ("Lần 1: Quý II; lần 2: Quý IV", ["lần 1", "lần 2"]),
        ("Trước 15/6 đối với báo cáo 6 tháng", ["báo cáo 6 tháng"]),
        ("Báo cáo 6 tháng trước 15/6, năm trước 15/12", ["báo cáo", "báo cáo"]),
        ("Thực hiện thường xuyên, hàng quý tổng hợp báo cáo", [None, "tổng hợp báo cáo"]),
        ("Báo cáo CCHC quý, 6 tháng, năm", ["báo cáo CCHC"] * 3),
        ("Rà soát xong trước 30/9", ["rà soát"]),
        ("Thực hiện Quyết định số 12/QĐ-UBND ngày 5/3/2025 trong quý III",
         ["thực hiện Quyết định số 12/QĐ-UBND ngày 5/3/2025"]),
    ],
)  # fmt: skip
def test_a_label_names_the_result_and_begins_with_a_small_letter(phrase, labels):
    assert [fields.get("label") for _, fields in read(phrase)] == labels


@pytest.mark.parametrize(
    ("phrase", "milestone", "second"),
    [
        ("Quý III; chậm nhất 15/9", due("2025-09-15", "2025-07-01"), "chậm nhất 15/9"),
        ("Quý III\nTrước 15/9/2025", due("2025-09-14", "2025-07-01"), "Trước 15/9/2025"),
        ("Rà soát trong quý I; xong trước 15/3", due("2025-03-14", "2025-01-01", label="rà soát"), "xong trước 15/3"),
    ],
)
def test_a_day_that_narrows_the_time_before_it_becomes_its_end_with_a_warning(phrase, milestone, second):
    assert read(phrase) == [milestone]
    assert read_schedule(phrase, 2025).warnings == (
        f'Mốc "{second}" được đọc là hạn của thời gian ghi ngay trước đó, cần người xác nhận.',
    )


def test_24_7_is_read_as_continuous_with_a_warning():
    assert read_schedule("24/7", 2025).warnings == (
        '"24/7" được đọc là thường xuyên, không phải ngày 24 tháng 7; cần người xác nhận.',
    )


@pytest.mark.parametrize("phrase", ["Quý I (sau khi tỉnh giao chỉ tiêu)", "Quý I, sau khi tỉnh giao chỉ tiêu."])
def test_an_event_beside_a_quarter_is_its_condition(phrase):
    assert read(phrase) == [due("2025-03-31", "2025-01-01", condition="sau khi tỉnh giao chỉ tiêu")]


@pytest.mark.parametrize(
    ("phrase", "text", "suggestion"),
    [
        ("Trước ngày **31/9/2025**.", "Trước ngày 31/9/2025", "2025-09-30"),
        ("29/2/2025", "29/2/2025", "2025-02-28"),
        ("32/1", "32/1", "2025-01-31"),
        ("15/13/2025", "15/13/2025", None),
        ("tháng 13/2025", "tháng 13/2025", None),
        ("Quý V", "Quý V", None),
        ("ngày 15/9/20255", "ngày 15/9/20255", None),
        ("từ 30/9/2025 đến 01/8/2025", "từ 30/9/2025 đến 01/8/2025", None),
        ("Nộp báo cáo ngày 31/6", "Nộp báo cáo ngày 31/6", "2025-06-30"),
    ],
)
def test_a_day_that_does_not_exist_is_invalid_and_the_last_day_of_the_month_is_suggested(phrase, text, suggestion):
    reading = read_schedule(phrase, 2025)
    (milestone,) = reading.milestones
    assert (milestone.kind, milestone.text, milestone.suggestion and str(milestone.suggestion)) == (
        "invalid",
        text,
        suggestion,
    )
    assert text in reading.warnings[0]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Kịp thời, đúng tiến độ.", "Kịp thời, đúng tiến độ"),
        ("mùa khô", "mùa khô"),
        ("Trước kỳ họp HĐND cuối năm", "Trước kỳ họp HĐND cuối năm"),
        ("2 tháng/lần", "2 tháng/lần"),
        ("định kỳ 15 ngày/lần", "định kỳ 15 ngày/lần"),
        ("nửa tháng một lần", "nửa tháng một lần"),
        ("Trong tuần đầu của tháng", "Trong tuần đầu của tháng"),
        ("ngày 05 tháng đầu quý sau", "ngày 05 tháng đầu quý sau"),
        ("Đầu năm học", "Đầu năm học"),
        ("Sau 6 tháng", "Sau 6 tháng"),
        ("Trong vòng 01 tháng", "Trong vòng 01 tháng"),
        ("Trong vòng 10 ngày làm việc", "Trong vòng 10 ngày làm việc"),
        ("trước khi trình HĐND", "trước khi trình HĐND"),
        ("-", "-"),
        ("", None),
        (None, None),
    ],
)
def test_an_unsupported_time_is_unspecified_with_its_text_and_a_warning(phrase, text):
    reading = read_schedule(phrase, 2025)
    assert reading.milestones == (Unspecified(kind="unspecified", text=text),)
    assert len(reading.warnings) == 1


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    [
        ("Đầu năm 2025", "2025-01-01", "2025-03-31"),
        ("đầu quý II", "2025-04-01", "2025-04-30"),
        ("đầu tháng 10", "2025-10-01", "2025-10-10"),
    ],
)
def test_the_beginning_of_a_period_is_its_first_part_with_a_warning(phrase, first, last):
    assert read(phrase) == [due(last, first)]
    assert phrase in read_schedule(phrase, 2025).warnings[0]


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("Trong năm 2024", "trước kỳ"),
        ("trước ngày 30/11/2024", "trước kỳ"),
        ("Quý I/2026", "sau kỳ"),
        ("giai đoạn 2025 - 2030", "ra ngoài kỳ"),
        ("31/12/25", "hai chữ số"),
        ("trong quý", "không nêu kỳ nào"),
    ],
)
def test_a_doubtful_phrase_has_a_warning(phrase, words):
    assert words in " ".join(read_schedule(phrase, 2025).warnings)


@pytest.mark.parametrize(
    "phrase",
    [
        *("Quý III", "Quí III/2025", "Thường xuyên", "Trước ngày 15/12/2025", "Theo Kế hoạch", "Đột xuất", "Tháng 9"),
        *("Trong năm", "Năm 2025", "Hàng quý", "3tháng /lần", "Định kỳ", "Thường xuyên trong năm", "Cuối năm 2025"),
        *("trước ngày 15 của tháng cuối quý", "Sau khi tỉnh ban hành Bộ chỉ số", "20 ngày sau khi ký", "31/12/2025"),
        *("Quý I: rà soát; quý IV: tổng kết", "6 tháng cuối năm 2025", "từ 01/7/2025 đến 31/12/2025", "Hàng năm"),
    ],
)
def test_a_clear_phrase_has_no_warning(phrase):
    assert read_schedule(phrase, 2025).warnings == ()


def test_a_phrase_without_dates_gets_the_span_of_the_plan_and_named_dates_are_kept():
    half = {"from": "2025-07-01", "until": "2025-12-31"}
    assert read("Thường xuyên trong năm", SECOND_HALF) == [always(**half)]
    assert read("hàng quý", SECOND_HALF) == [every("quarter", **half)]
    assert read("Thường xuyên trong năm 2025", SECOND_HALF) == [always()]
    assert "ra ngoài kỳ" in read_schedule("Thường xuyên trong năm 2025", 2025, SECOND_HALF).warnings[0]


PIECES = (
    *("quý", "III", "IV", "tháng", "9", "năm", "2025", "ngày", "15/12", "31/9/2025", "trước", "sau khi", "từ", "đến"),
    *("hàng", "định kỳ", "thường xuyên", "đột xuất", "theo", "và", ",", ";", "(", ")", "-", ".", ":", "/", "\n", "6"),
    *(
        "15",
        "lần",
        "báo cáo",
        "đầu",
        "cuối",
        "trong",
        "0",
        "99",
        "2/2024",
        "làm việc",
        "🙂",
        "\x00",
        "\ud800",
        "\u0301",
    ),
)
WORDS = st.sampled_from(PIECES)


@example("1/1 - trước năm")
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join), st.lists(WORDS).map("".join)))
def test_any_text_gives_at_least_one_milestone(text):
    assert read_schedule(text, 2025).milestones


@pytest.mark.parametrize(
    "piece", ["quý I, ", "sau khi ", "(", "))", "theo a, ", "ngày 15, ", "\n", "\u0958", "🙂", "từ "]
)
def test_ten_thousand_repeated_words_are_read(piece):
    assert read_schedule(piece * 10_000, 2025).milestones


@pytest.mark.parametrize(
    ("phrase", "bounded"),
    [
        ("Trước ngày 15/12/2025", [True]),
        ("Hoàn thành trước tháng 10/2025", [True]),
        ("Quý III/2025 (trước ngày 15/9/2025)", [True]),
        ("Từ ngày 01/7/2025 đến trước ngày 15/9/2025", [True]),
        ("Quý III\nTrước 15/9/2025", [True]),
        ("hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý)", [True, True]),
        ("trước ngày 25 hàng tháng, quý", [True, True]),
        ("Hàng năm, trước ngày 15/11", [True]),
        ("Quý III; báo cáo trước 15/9", [False, True]),
        ("Chậm nhất ngày 14/12/2025", [False]),
        ("đến hết ngày 14/12/2025", [False]),
        ("ngày 14 hàng tháng", [False]),
    ],
)
def test_a_day_before_which_all_must_be_done_is_kept_as_such(phrase, bounded):
    assert [each.before for each in read_schedule(phrase, 2025).milestones] == bounded
