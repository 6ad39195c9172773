"""A clerk pushes a spreadsheet with good and bad rows: the good ones count, the bad ones come back and count once."""

import asyncio
import json
from datetime import date

import nats
import psycopg
import pytest
from openpyxl import Workbook, load_workbook

from deploy.embedded.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from shared.contracts.planning import CommuneRegistered
from shared.process import open_pool
from tests.announcing import announce, key_of
from tests.journeys.commune_machine import CommuneMachine
from tests.journeys.province import until

HEADER = ["Ngày", "Lĩnh vực", "files-received", "files-received-online"]
GOOD = [[date(2025, 9, day), "land", 40 + day, day] for day in range(1, 6)]
BAD = [
    ["31/9/2025", "land", 7, 1],
    [date(2025, 9, 7), "land", "12,5", 1],
    [date(2025, 9, 8), "land", 9, "=1/0"],
    [date(2025, 9, 9), "land", 10**15, 1],
]
MENDED = {"31/9/2025": "30/8/2025", "12,5": "12", "=1/0": "0", str(10**15): "15"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory, start_servers):
    """Indicators alone, knowing two communes and the standard catalogue."""
    with Stack(tmp_path_factory.mktemp("pushing"), services=("indicators",), start_servers=start_servers) as stack:
        settings = stack.settings("indicators")
        with open_pool(settings, "indicators") as pool:
            indicators = Indicators(settings, pool)
            indicators.define_all(read_catalogue())
            indicators.close()
        asyncio.run(register(stack, "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"))
        until(lambda: len(rows(stack, "SELECT FROM communes")) == 8, "the communes are known")
        yield stack


async def register(stack, *communes):
    client = await nats.connect(stack.servers.nats_url)
    for position, commune in enumerate(communes, 1):
        registered = CommuneRegistered(
            event_id=commune, recorded_at="2025-07-01T00:00:00Z", commune=commune, code=commune, name=commune,
            kind="xã", province="51", province_name="Quảng Ngãi", latitude=15, longitude=108,
            in_force_from="2025-07-01",
        )  # fmt: skip
        body = registered.model_dump_json().encode()
        await announce(client.jetstream(), key_of(stack), CommuneRegistered.subject, body, position, position - 1)
    await client.close()


def rows(stack, query, *parameters):
    with psycopg.connect(**stack.settings("indicators").database("indicators")) as connection:
        return connection.execute(query, parameters).fetchall()


def counted(stack, commune):
    """What counts of a commune: the day and the files received of each reading."""
    found = rows(stack, "SELECT observed_on, counts FROM readings WHERE commune = %s ORDER BY 1", commune)
    return [(day, counts["files-received"]) for day, counts in found]


def sheet(path, listed):
    book = Workbook()
    for row in [HEADER, *listed]:
        book.active.append(row)
    book.active.title = "Quý III"
    book.save(path)
    return path


@pytest.fixture
def machine(stack, tmp_path):
    return lambda commune: CommuneMachine(commune, stack.servers.commune_urls([commune])[commune], tmp_path)


@pytest.fixture
def push(machine):
    return lambda path, commune, *options: machine(commune).run("readings", "push", path, *options)


def outbox(tmp_path):
    return CommuneMachine("any", "", tmp_path).outbox()


def test_good_rows_are_counted_and_mended_ones_are_counted_once(stack, push, tmp_path):
    path = sheet(tmp_path / "quý-3.xlsx", [*GOOD[:2], *BAD, *GOOD[2:]])
    rejects = tmp_path / "sửa.xlsx"

    first = push(path, "c1", "--rejects", str(rejects))
    assert first.code == 1
    reasons = {"A4": "không có trong lịch", "C5": "số nguyên", "D6": "công thức", "C7": "lớn quá mức"}
    for cell, reason in reasons.items():
        [line] = [line for line in first.err.splitlines() if f" ô {cell}: " in line]
        assert line.startswith(f"quý-3.xlsx: trang tính “Quý III”, hàng {cell[1:]}: ")
        assert reason in line
    assert "Ghi nhận 5, trùng 0, từ chối 0 số liệu." in first.err
    assert "Tệp có 4 hàng phải sửa: 4 không đọc được, không gửi; 0 tỉnh từ chối." in first.err
    assert counted(stack, "c1") == [(day, received) for day, _, received, _ in GOOD]

    book = load_workbook(rejects)
    for row in book.active.iter_rows(min_row=2):
        for cell in row[:-1]:
            cell.value = MENDED.get(cell.value, cell.value)
    book.save(rejects)
    mended = push(rejects, "c1")
    beside = [line for line in mended.err.splitlines() if not line.startswith("Đang chờ")]  # of a slow machine
    assert (mended.code, beside) == (0, ["Ghi nhận 4, trùng 0, từ chối 0 số liệu."])

    again = push(path, "c1")
    assert again.code == 1
    assert "Ghi nhận 0, trùng 5, từ chối 0 số liệu." in again.err
    assert [received for _, received in counted(stack, "c1")] == [7, *(row[2] for row in GOOD), 12, 9, 15]
    assert outbox(tmp_path) == []


def test_all_or_nothing_sends_nothing_of_a_file_with_a_bad_row(stack, push, tmp_path):
    path = sheet(tmp_path / "q3.xlsx", [*GOOD, BAD[0]])
    refused = push(path, "c2", "--all-or-nothing")
    assert refused.code == 1
    assert "hàng 7: ô A7: “31/9/2025” không có trong lịch" in refused.err
    assert "Không gửi bản ghi nào" in refused.err
    assert (counted(stack, "c2"), outbox(tmp_path)) == ([], [])
    assert push(sheet(path, GOOD), "c2", "--all-or-nothing").code == 0
    assert len(counted(stack, "c2")) == len(GOOD)


def test_too_large_and_unreadable_submissions_delay_no_other(stack, push, tmp_path):
    folder = tmp_path / "outbox/c3"
    folder.mkdir(parents=True)
    (folder / "readings.two-megabytes.json").write_bytes(b" " * 2_000_000)
    (folder / "readings.twenty-megabytes.json").write_bytes(b" " * 20_000_000)
    (folder / "readings.unreadable.json").write_bytes(b"{")

    pushed = push(sheet(tmp_path / "q3.xlsx", GOOD), "c3")
    assert pushed.code == 1
    assert pushed.err.count("lớn hơn mức máy chủ nhận (1 MB)") == 2
    assert "Bài gửi unreadable không đọc được" in pushed.err
    assert "Traceback" not in pushed.err
    assert "Ghi nhận 5, trùng 0" in pushed.err
    assert len(counted(stack, "c3")) == len(GOOD)
    assert outbox(tmp_path) == ["readings.twenty-megabytes.refused", "readings.two-megabytes.refused"]
    assert push(tmp_path / "q3.xlsx", "c3").code == 0


def test_one_mistake_of_many_rows_is_one_sentence(stack, push, tmp_path):
    path = tmp_path / "q3.csv"
    path.write_text("Ngày,files-received\n" + "31/9/2025,1\n" * 150 + "14/9/2025,2\n", "utf-8")
    pushed = push(path, "c4")
    assert pushed.code == 1
    lines = pushed.err.splitlines()
    (line,) = (line for line in lines if line.startswith("q3.csv: hàng"))
    assert "“31/9/2025” không có trong lịch (và 149 hàng khác: hàng 3, hàng 4" in line
    assert counted(stack, "c4") == [(date(2025, 9, 14), 2)]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--rejects", "again.csv"), ".xlsx"),
        (("--hidden", "maybe"), "refuse, include, skip"),
    ],
)
def test_wrong_use_ends_with_code_2(push, tmp_path, options, word):
    wrong = push(sheet(tmp_path / "q3.xlsx", GOOD), "c1", *options)
    assert (wrong.code, "Traceback" in wrong.err) == (2, False)
    assert word in wrong.err


def test_rows_that_the_province_refuses_are_written_to_be_mended_too(stack, push, tmp_path):
    path, rejects = tmp_path / "q3.csv", tmp_path / "sửa.xlsx"
    rows = ["20/6/2025,land,33,21", "1/9/2025,land,33,41", "2/9/2025,dat-dai,1,1", "31/9/2025,land,1,1"]
    path.write_text("\n".join(["observed_on,field,files-received,files-received-online", *rows]), "utf-8")
    first = push(path, "c5", "--rejects", rejects)
    assert first.code == 1
    assert "hàng 3 (20250901-land): Tỷ lệ hồ sơ trực tuyến: tử số 41 lớn hơn mẫu số 33." in first.err
    assert "Tệp có 3 hàng phải sửa: 1 không đọc được, không gửi; 2 tỉnh từ chối." in first.err
    written = [row[:2] for row in load_workbook(rejects).active.iter_rows(min_row=2, values_only=True)]
    assert sorted(written) == [("2025-09-01", "land"), ("2025-09-02", "dat-dai"), ("31/9/2025", "land")]


def test_a_count_that_is_far_from_the_usual_is_named_at_its_row_and_counts(stack, push, tmp_path):
    days = [[date(2025, 8, day), "land", 40 + day, day] for day in range(1, 11)]
    pushed = push(sheet(tmp_path / "unusual.xlsx", [*days, [date(2025, 8, 20), "land", 450, 5]]), "c8")
    assert pushed.code == 0
    sentence = pushed.err.splitlines()[-1]
    assert sentence.startswith(
        "trang tính “Quý III”, hàng 12 (20250820-land): Đất đai: Số hồ sơ TTHC tiếp nhận, 20/8/2025: 450 khác xa"
    )
    assert len(counted(stack, "c8")) == 11


def test_a_reading_is_corrected_and_withdrawn_by_its_day_and_field(stack, push, machine, tmp_path):
    push(
        sheet(tmp_path / "q3.xlsx", [*GOOD, *([date(2025, 8, day), "land", 40 + day, day] for day in range(1, 9))]),
        "c6",
    )
    who = ("--by", "Lê Văn Tám", "--reason", "đếm sót")
    mend = ("--day", "1/9/2025", "--field", "Đất đai", "--set", "Số hồ sơ TTHC tiếp nhận=500")
    corrected = machine("c6").run("readings", "correct", *mend, *who)
    done, unusual = corrected.err.splitlines()
    assert (corrected.code, done) == (0, "Đính chính 1, đã đúng từ trước 0, từ chối 0 số liệu.")
    assert unusual.startswith("20250901-land: Đất đai: Số hồ sơ TTHC tiếp nhận, 1/9/2025: 500 khác xa")
    (tmp_path / "rút.csv").write_text("Ngày,Lĩnh vực,Lý do\n2/9/2025,land,ghi hai lần\n3/9/2025,land,\n", "utf-8")
    withdrawn = machine("c6").run("readings", "withdraw", "--file", "rút.csv", *who)
    assert (withdrawn.code, withdrawn.err) == (0, "Rút 2, đã rút từ trước 0, từ chối 0 số liệu.\n")
    (tmp_path / "sửa.csv").write_text("Ngày,Lĩnh vực,Số hồ sơ TTHC tiếp nhận\n9/9/2025,land,4\n", "utf-8")
    unknown = machine("c6").run("readings", "correct", "--file", "sửa.csv", *who)
    assert (unknown.code, "hàng 2 (20250909-land): Chưa có số liệu" in unknown.err) == (1, True)
    again = machine("c6").run("readings", "correct", "khong-co", "--set", "files-received=1", *who)
    assert (again.code, "Chưa có số liệu mang mã khong-co" in again.err) == (1, True)

    changed = rows(
        stack,
        "SELECT reading_id, counts, reason, acted_by FROM readings WHERE commune = 'c6' AND version = 2 ORDER BY 1",
    )
    assert changed == [
        ("20250901-land", {"files-received": 500, "files-received-online": 1}, "đếm sót", "Lê Văn Tám"),
        ("20250902-land", {}, "ghi hai lần", "Lê Văn Tám"),
        ("20250903-land", {}, "đếm sót", "Lê Văn Tám"),
    ]


def test_a_commune_lists_and_shows_its_readings_without_a_database(push, machine, tmp_path):
    refused = [date(2025, 9, 6), "land", 3, 9]
    push(sheet(tmp_path / "q3.xlsx", [*GOOD[:2], refused]), "c7")
    commune = machine("c7")
    commune.run(
        "readings", "correct", "20250901-land", "--set", "files-received=50", "--by", "Tám", "--reason", "đếm sót"
    )
    commune.run("readings", "withdraw", "--day", "02-09-2025", "--field", "Đất đai", "--by", "Tám", "--reason", "trùng")

    listed = commune.run("readings", "list", "--from", "1/9/2025", "--until", "2025-09-30", "--field", "Đất đai")
    assert (listed.code, listed.err) == (0, "")
    assert max(map(len, listed.out.splitlines())) <= 80
    for words in (
        "20250901-land",
        "1/9/2025",
        "đã đính chính",
        "đã rút",
        "bị từ chối",
        "Số liệu 1 đến 3 trong 3 của c7.",  # the name that it is registered by
    ):
        assert words in " ".join(listed.out.split())
    only = commune.run("readings", "list", "--state", "refused", "--json")
    assert [one["reading_id"] for one in json.loads(only.out)["readings"]] == ["20250906-land"]
    mended = commune.run("readings", "list", "--rejects", "sua.xlsx")
    assert (mended.code, mended.err) == (0, "")
    rows = load_workbook(tmp_path / "sua.xlsx").active.iter_rows(min_row=2, values_only=True)
    assert [row[:4] for row in rows] == [("2025-09-06", "land", "3", "9")]
    printed = " ".join(commune.run("readings", "names", "--kind", "field").out.split())
    assert "Đất đai land" in printed
    assert printed.endswith("Theo danh mục đang dùng của tỉnh.")
    assert "không có số liệu nào như vậy." in commune.run("readings", "list", "--field", "Hộ tịch").out

    shown = commune.run("readings", "show", "--day", "1/9/2025", "--field", "land")
    assert (shown.code, shown.err) == (0, "")
    assert "người thực hiện: Tám; lý do: đếm sót" in " ".join(shown.out.split())
    assert ["Số", "hồ", "sơ", "TTHC", "tiếp", "nhận", "41", "50"] in [line.split() for line in shown.out.splitlines()]
    unknown = commune.run("readings", "show", "khong-co")
    assert (unknown.code, unknown.err) == (1, "Đơn vị chưa gửi số liệu nào mang mã khong-co.\n")
