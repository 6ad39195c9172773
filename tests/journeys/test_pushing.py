"""A clerk pushes a spreadsheet with good and bad rows: the good ones count, the bad ones come back and count once."""

import asyncio
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import nats
import psycopg
import pytest
from openpyxl import Workbook, load_workbook

from deploy.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from shared.contracts.planning import CommuneRegistered
from shared.process import open_pool
from tests.journeys.province import until
from tests.servers import start_servers

ROOT = Path(__file__).parents[2]
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
def stack(tmp_path_factory):
    """Indicators alone, knowing two communes and the standard catalogue."""
    with Stack(tmp_path_factory.mktemp("pushing"), services=("indicators",), start_servers=start_servers) as stack:
        settings = stack.settings("indicators")
        with open_pool(settings, "indicators") as pool:
            indicators = Indicators(settings, pool)
            for entry in read_catalogue():
                indicators.define(*entry)
            indicators.close()
        asyncio.run(register(stack, "c1", "c2", "c3", "c4"))
        until(lambda: len(rows(stack, "SELECT FROM communes")) == 4, "the communes are known")
        yield stack


async def register(stack, *communes):
    client = await nats.connect(stack.servers.nats_url)
    for position, commune in enumerate(communes, 1):
        registered = CommuneRegistered(
            event_id=commune, recorded_at="2025-07-01T00:00:00Z", commune=commune, code=commune, name=commune,
            kind="xã", province="51", province_name="Quảng Ngãi", latitude=15, longitude=108,
            in_force_from="2025-07-01",
        )  # fmt: skip
        headers = {"x-position": str(position), "x-previous": str(position - 1)}
        body = registered.model_dump_json().encode()
        await client.jetstream().publish(CommuneRegistered.subject, body, headers=headers)
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
def push(stack, tmp_path):
    def run(path, commune, *options):
        urls = {"NATS_URL": stack.servers.nats_url, "DATABASE_URL": stack.servers.database_url}
        env = {**os.environ, **urls, "MINHBACH_OUTBOX": str(tmp_path / "outbox")}
        command = [sys.executable, "-m", "deploy.cli", "readings", "push", str(path), "--commune", commune, *options]
        return subprocess.run(
            command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip

    return run


def outbox(tmp_path):
    return sorted(path.name for path in (tmp_path / "outbox").rglob("*") if path.is_file())


def test_good_rows_count_and_refused_ones_count_once_when_they_are_mended(stack, push, tmp_path):
    path = sheet(tmp_path / "quý-3.xlsx", [*GOOD[:2], *BAD, *GOOD[2:]])
    rejects = tmp_path / "sửa.xlsx"

    first = push(path, "c1", "--rejects", str(rejects))
    assert first.returncode == 1
    reasons = {"A4": "không có trong lịch", "C5": "số nguyên", "D6": "công thức", "C7": "lớn quá mức"}
    for cell, reason in reasons.items():
        [line] = [line for line in first.stderr.splitlines() if f" ô {cell}: " in line]
        assert line.startswith(f"quý-3.xlsx: trang tính “Quý III”, hàng {cell[1:]}: ")
        assert reason in line
    assert "Ghi nhận 5, trùng 0, từ chối 0 số liệu." in first.stderr
    assert "Đã gửi 5 bản ghi của tệp; 4 hàng bị từ chối, không gửi." in first.stderr
    assert counted(stack, "c1") == [(day, received) for day, _, received, _ in GOOD]

    book = load_workbook(rejects)
    for row in book.active.iter_rows(min_row=2):
        for cell in row[:-1]:
            cell.value = MENDED.get(cell.value, cell.value)
    book.save(rejects)
    mended = push(rejects, "c1")
    assert (mended.returncode, mended.stderr.strip()) == (0, "Ghi nhận 4, trùng 0, từ chối 0 số liệu.")

    again = push(path, "c1")
    assert again.returncode == 1
    assert "Ghi nhận 0, trùng 5, từ chối 0 số liệu." in again.stderr
    assert [received for _, received in counted(stack, "c1")] == [7, *(row[2] for row in GOOD), 12, 9, 15]
    assert outbox(tmp_path) == []


def test_all_or_nothing_sends_nothing_of_a_file_with_a_bad_row(stack, push, tmp_path):
    path = sheet(tmp_path / "q3.xlsx", [*GOOD, BAD[0]])
    refused = push(path, "c2", "--all-or-nothing")
    assert refused.returncode == 1
    assert "hàng 7: ô A7: “31/9/2025” không có trong lịch" in refused.stderr
    assert "Không gửi bản ghi nào" in refused.stderr
    assert (counted(stack, "c2"), outbox(tmp_path)) == ([], [])
    assert push(sheet(path, GOOD), "c2", "--all-or-nothing").returncode == 0
    assert len(counted(stack, "c2")) == len(GOOD)


def test_a_submission_that_no_broker_takes_and_one_nobody_can_read_hold_up_no_other(stack, push, tmp_path):
    folder = tmp_path / "outbox/c3"
    folder.mkdir(parents=True)
    (folder / "readings.two-megabytes.json").write_bytes(b" " * 2_000_000)
    (folder / "readings.twenty-megabytes.json").write_bytes(b" " * 20_000_000)
    (folder / "readings.unreadable.json").write_bytes(b"{")

    pushed = push(sheet(tmp_path / "q3.xlsx", GOOD), "c3")
    assert pushed.returncode == 1
    assert pushed.stderr.count("lớn hơn mức máy chủ nhận (1 MB)") == 2
    assert "Bài gửi unreadable không đọc được" in pushed.stderr
    assert "Traceback" not in pushed.stderr
    assert "Ghi nhận 5, trùng 0" in pushed.stderr
    assert len(counted(stack, "c3")) == len(GOOD)
    assert outbox(tmp_path) == ["readings.twenty-megabytes.refused", "readings.two-megabytes.refused"]
    assert push(tmp_path / "q3.xlsx", "c3").returncode == 0


def test_past_a_hundred_refused_rows_are_counted(stack, push, tmp_path):
    path = tmp_path / "q3.csv"
    path.write_text("Ngày,files-received\n" + "31/9/2025,1\n" * 150 + "14/9/2025,2\n", "utf-8")
    pushed = push(path, "c4")
    assert pushed.returncode == 1
    lines = pushed.stderr.splitlines()
    assert sum(line.startswith("q3.csv: hàng") for line in lines) == 100
    assert "và 50 hàng khác bị từ chối" in lines
    assert counted(stack, "c4") == [(date(2025, 9, 14), 2)]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--rejects", "again.csv"), ".xlsx"),
        (("--hidden", "maybe"), "refuse, include, skip"),
    ],
)
def test_wrong_use_is_told(push, tmp_path, options, word):
    told = push(sheet(tmp_path / "q3.xlsx", GOOD), "c1", *options)
    assert (told.returncode, "Traceback" in told.stderr) == (2, False)
    assert word in told.stderr
