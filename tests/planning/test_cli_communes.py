"""The commands minhbach commune …"""

import json

import pytest

from services.planning.cli import commune_app
from services.planning.domain.communes.commune import Commune
from services.planning.register import communes_of
from tests.planning.province import ran, recorded

A, B, C, D, E, F = [entry.code for entry in communes_of("80")[:6]]
NAME = communes_of("80")[4].name
ACT = ("--source", "01/NQ-HĐND")


@pytest.fixture
def registered(at_a_terminal):
    assert ran(commune_app, "register", "--province", "80").exit_code == 0


def listed(*options):
    return {c["commune"] for c in json.loads(ran(commune_app, "list", "--province", "80", *options, "--json").stdout)}


def test_a_province_registered_with_predecessors_lists_both_maps(at_a_terminal):
    first = ran(commune_app, "register", "--province", "92", "--with-predecessors", "--json")
    again = ran(commune_app, "register", "--province", "92", "--with-predecessors")
    registered = json.loads(first.stdout)

    assert registered["communes"] == registered["registered"] == len(communes_of("92"))
    assert registered["predecessors"] > 2 * registered["registered"]
    assert "Đã ghi thêm 0 đơn vị có trước ngày 1/7/2025 và nơi tiếp nhận." in again.stdout
    for day, count in (("30/6/2025", registered["predecessors"]), ("1/7/2025", registered["communes"])):
        there = json.loads(ran(commune_app, "list", "--province", "92", "--on", day, "--json").stdout)
        assert len(there) == count
    assert json.loads(ran(commune_app, "list", "--province", "92", "--on", "1/7/2025", "--known-at", "1/1/2025",
                          "--json").stdout) == []  # fmt: skip


def test_a_merged_commune_shows_its_successor(registered):
    merged = ran(commune_app, "merge", A, "--into", B, "--from", "1/7/2026", *ACT)
    again = ran(commune_app, "merge", A, "--into", B, "--from", "2026-07-01", *ACT)
    shown, into = ran(commune_app, "show", A), ran(commune_app, "show", B)

    assert merged.stdout == f"Đã ghi việc nhập {A} vào {B} từ ngày 1/7/2026.\n"
    assert again.stdout == "Việc này đã được ghi trước đó; không có gì thay đổi.\n"
    assert f"({B}) từ ngày 1/7/2026." in " ".join(shown.stdout.split())
    assert "toàn bộ" in into.stdout
    assert (A in listed("--on", "30/6/2026"), A in listed("--on", "1/7/2026")) == (True, False)
    assert A in listed()  # on 3 October 2025 it is still there
    assert max(len(line) for line in (shown.stdout + into.stdout).splitlines()) <= 80


def test_a_commune_is_divided_renamed_and_moved(registered):
    divided = ran(commune_app, "divide", C, "--into", D, "--share", "60%", "--into", B, "--share", "0,4",
                  "--from", "1/8/2026", *ACT)  # fmt: skip
    renamed = ran(commune_app, "rename", D, "--name", "Phường Mới", "--from", "1/9/2026", *ACT)
    moved = ran(commune_app, "move", D, "--province", "82", "--from", "1/10/2026", *ACT)
    shown = json.loads(ran(commune_app, "show", C, "--json").stdout)
    names = [(s["in_force_from"], s["name"], s["province"]) for s in
             json.loads(ran(commune_app, "show", D, "--json").stdout)["spells"]]  # fmt: skip

    assert [answer.exit_code for answer in (divided, renamed, moved)] == [0, 0, 0]
    assert shown["into"] == [{"commune": D, "share": "3/5"}, {"commune": B, "share": "2/5"}]
    assert names[1:] == [("2026-09-01", "Phường Mới", "80"), ("2026-10-01", "Phường Mới", "82")]
    assert "là nơi tiếp nhận chính (3/5)" in " ".join(ran(commune_app, "show", D).stdout.split())


def test_a_commune_missing_from_the_register_is_established(registered):
    command = ("establish", "80999", "--name", "Xã Mới", "--province", "80", "--from", "1/7/2026")

    assert ran(commune_app, *command).stdout == "Đã đăng ký Xã Mới (mã 80999) từ ngày 1/7/2026.\n"
    assert "80999-from-20260701" in listed("--on", "1/7/2026")
    assert ran(commune_app, "show", "80999-from-20260701").exit_code == 0


def test_a_name_that_is_typed_at_the_terminal_is_recorded_as_no_account(registered, planning):
    assert (
        ran(commune_app, "rename", F, "--name", "Xã Khác", "--from", "1/7/2027", *ACT, "--by", "Lê Tám").exit_code == 0
    )
    assert ran(commune_app, "rename", F, "--name", "Xã Nữa", "--from", "1/7/2028", *ACT).exit_code == 0

    renamed = recorded(planning, F, Commune.Renamed)
    assert [(event.by, event.by_account) for event in renamed] == [("Lê Tám", None), (None, None)]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["merge", A, "--into", "00000", "--from", "1/7/2026", *ACT], 1, "Không có đơn vị nào mang mã 00000."),
        (["merge", E, "--into", E, "--from", "1/7/2026", *ACT], 1, f"{NAME} không thể nhập vào chính mình."),
        (["merge", A, "--into", B, "--from", "31/6/2026", *ACT], 2, '"31/6/2026" không có trong lịch'),
        (
            ["divide", B, "--into", C, "--into", D, "--share", "1", "--from", "1/7/2026", *ACT],
            2,
            "Phải ghi --share",
        ),
        (["divide", B, "--into", C, "--share", "half", "--from", "1/7/2026", *ACT], 2, '"half" không phải là tỷ lệ'),
        (["rename", B, "--from", "1/7/2026", *ACT], 2, "Phải ghi tên mới sau --name"),
        (["rename", B, "--name", "Mới", "--from", "1/7/2026", *ACT], 1, "Tên “Mới” phải bắt đầu bằng"),
        (["move", B, "--province", "99", "--from", "1/7/2026", *ACT], 1, '"99" không phải là mã của một tỉnh.'),
        (["establish", "a b", "--name", "Xã A", "--province", "80", "--from", "1/7/2026"], 2, '"a b" không phải là mã'),
        (["show", "00000"], 1, "Không có đơn vị nào mang mã 00000."),
        (["list", "--on", "yesterday"], 2, '"yesterday" không phải là ngày'),
    ],
)
def test_an_error_is_one_sentence_on_standard_error(registered, arguments, code, sentence):
    answer = ran(commune_app, *arguments)

    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
