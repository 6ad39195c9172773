"""Definitions in the store and at a terminal: known at a day, in force on a day, refused."""

import json
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.indicators.application import Indicators
from services.indicators.catalogue import CatalogueEntry
from services.indicators.cli import indicator_app
from services.indicators.domain.definition_rules import DefinitionRefused
from services.indicators.domain.reading import ReadingVersion
from services.indicators.read_models.rules import CurrentRules
from shared.clock import VIETNAM, move
from shared.process import open_pool
from shared.regimes_file import reading_windows

FLOW = {"name": "Phần", "kind": "flow", "unit": "hồ sơ", "by_field": True}
CATALOGUE = """
fields:
  - {field: land, name: "Đất đai"}
measures:
  - {measure: early, name: "Trước hạn", kind: flow, unit: "hồ sơ", by_field: true}
  - {measure: on-time, name: "Đúng hạn", kind: flow, unit: "hồ sơ", by_field: true}
  - {measure: resolved, name: "Đã giải quyết", kind: flow, unit: "hồ sơ", by_field: true}
  - {measure: received, name: "Tiếp nhận", kind: flow, unit: "hồ sơ", by_field: true}
indicators:
  - {indicator: files-on-time, name: "Tỷ lệ đúng hạn", numerator: [early, on-time], denominator: [resolved],
     direction: higher, zero_denominator: undefined, source: "Kế hoạch năm 2025", in_force_from: 2025-01-01}
"""
# As a terminal is asked, day after day; the whole history of the store of this file.
REVISIONS = (
    (
        datetime(2025, 8, 1, 9, tzinfo=VIETNAM),
        ["--denominator", "received", "--in-force-from", "2025-07-01", "--source", "Quyết định 766, Phụ lục"],
    ),
    (
        datetime(2025, 8, 1, 23, 59, 59, tzinfo=VIETNAM),
        ["--in-force-from", "2025-04-01", "--source", "Công văn 12", "--zero", "full", "--name", "Tỷ lệ khác"],
    ),
    (
        datetime(2025, 8, 2, 0, 0, tzinfo=VIETNAM),
        ["--numerator", "on-time", "--in-force-from", "2026-01-01", "--source", "Quyết định 1", "--direction", "lower"],
    ),
)


def ran(*arguments):
    answer = CliRunner().invoke(indicator_app, [str(argument) for argument in arguments])
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


@pytest.fixture(scope="module")
def servers(tmp_path_factory, start_servers):
    with Stack(
        tmp_path_factory.mktemp("defining"), TIMES_OF_SERVICES, services=(), start_servers=start_servers
    ) as running:
        yield running


@pytest.fixture(scope="module")
def clock(servers, tmp_path_factory):
    return tmp_path_factory.mktemp("time") / "clock"


@pytest.fixture(scope="module")
def history(servers, clock, tmp_path_factory):
    """The commands find the servers, and have defined and revised; it is 3 February 2026."""
    file = tmp_path_factory.mktemp("catalogue") / "catalogue.yaml"
    file.write_text(CATALOGUE, encoding="utf-8")
    settings = servers.settings("indicators")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NATS_URL", settings.nats_url)
        patched.setenv("DATABASE_URL", settings.database_url)
        patched.setenv("MINHBACH_CLOCK_FILE", str(clock))
        move(clock, datetime(2025, 6, 15, 8, tzinfo=VIETNAM))
        printed = [ran("define", file).stdout, ran("define", file).stdout]
        for at, options in REVISIONS:
            move(clock, at)
            printed.append(ran("revise", "files-on-time", *options).stdout)
        move(clock, datetime(2026, 2, 3, 8, tzinfo=VIETNAM))
        printed.append(ran("define", file).stdout)
        yield printed


@pytest.fixture
def indicators(history, servers, clock):
    settings = servers.settings("indicators", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "indicators") as pool:
        opened = Indicators(settings, pool)
        yield opened
        opened.close()


def listed(*options):
    return {row["indicator"]: row for row in json.loads(ran("list", "--json", *options).stdout)}


def test_repeating_a_catalogue_is_ignored(history):
    assert history[0] == "Đã đọc 6 định nghĩa, trong đó 6 định nghĩa mới hoặc được sửa đổi.\n"
    assert history[1] == history[-1] == "Đã đọc 6 định nghĩa, trong đó 0 định nghĩa mới hoặc được sửa đổi.\n"
    assert history[2:5] == [
        f"files-on-time: phiên bản {version}, có hiệu lực từ {day}.\n"
        for version, day in ((2, "1/7/2025"), (3, "1/4/2025"), (4, "1/1/2026"))
    ]


@pytest.mark.parametrize(
    ("known_at", "on", "version"),
    [
        ("2025-06-14", "2025-09-14", None),
        ("2025-06-15", "2024-12-31", None),
        ("2025-06-15", "2025-09-14", 1),
        ("2025-07-31", "2025-09-14", 1),
        ("2025-08-01", "2025-09-14", 2),
        ("2025-08-01", "2025-06-30", 3),
        ("2025-08-01", "2025-03-31", 1),
        ("2025-08-01", "2026-01-01", 2),
        ("2025-08-02", "2026-01-01", 4),
        ("2025-08-02", "2025-12-31", 2),
        ("", "", 4),
        ("", "2025-12-31", 2),
        ("2025-08-01", "", 2),
    ],
)
def test_list_depends_on_the_day_known_and_the_day_in_force(history, known_at, on, version):
    days = {"--known-at": known_at, "--on": on}
    found = listed(*(part for option, day in days.items() if day for part in (option, day)))
    assert (found["files-on-time"]["version"] if found else None) == version


def test_revision_keeps_the_other_parts_as_in_force_on_its_day(history):
    of_first, of_second = (listed("--on", day)["files-on-time"] for day in ("2025-04-01", "2026-01-01"))
    assert (of_first["denominator"], of_first["zero_denominator"]) == (["resolved"], "full")
    assert (of_first["name"], of_first["source"]) == ("Tỷ lệ khác", "Công văn 12")
    assert (of_second["numerator"], of_second["denominator"]) == (["on-time"], ["received"])
    assert (of_second["name"], of_second["zero_denominator"]) == ("Tỷ lệ đúng hạn", "undefined")
    assert (of_second["direction"], of_second["in_force_from"]) == ("lower", "2026-01-01")


def test_repeating_a_revision_is_ignored(history, clock):
    options = REVISIONS[0][1]
    assert ran("revise", "files-on-time", *options).stdout.startswith(
        "Không có gì thay đổi: từ 1/7/2025, files-on-time"
    )
    assert len(json.loads(ran("show", "files-on-time", "--json").stdout)) == 4


def test_list_is_vietnamese_and_fits_80_columns(history):
    answer = ran("list", "--on", "2025-12-31")
    lines = answer.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "1 chỉ số có hiệu lực ngày 31/12/2025, theo sổ đến hết ngày 3/2/2026:"
    assert lines[2:] == [
        "files-on-time, phiên bản 2, có hiệu lực từ 1/7/2025",
        "  Tỷ lệ đúng hạn",
        "  (early + on-time) / received",
        "  càng cao càng tốt; mẫu số bằng 0 thì không tính",
        "  Căn cứ: Quyết định 766, Phụ lục",
    ]


def test_show_prints_each_version_with_day_and_source(history):
    text = ran("show", "files-on-time").stdout
    assert "phiên bản 1, có hiệu lực từ 1/1/2025, ghi nhận ngày 15/6/2025" in text
    assert "phiên bản 4, có hiệu lực từ 1/1/2026, ghi nhận ngày 2/8/2025\n  (đang có hiệu lực)\n" in text
    assert text.count("đang có hiệu lực") == 1
    assert [source in text for source in ("Kế hoạch năm 2025", "Phụ lục", "Công văn 12", "Quyết định 1")] == [True] * 4
    assert max(map(len, text.splitlines())) <= 80
    assert len(json.loads(ran("show", "files-on-time", "--known-at", "2025-08-01", "--json").stdout)) == 3


def test_measures_and_fields_are_listed(history):
    assert "đơn vị: hồ sơ; theo lĩnh vực" in ran("list", "--kind", "measure").stdout
    assert json.loads(ran("show", "land", "--kind", "field", "--json").stdout)[0]["name"] == "Đất đai"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["list", "--known-at", "31/9/2025"], 2, '"31/9/2025" không có trong lịch'),
        (["list", "--kind", "colour"], 2, '"colour"'),
        (["show", "ghost"], 1, "Chỉ số ghost chưa được định nghĩa tính đến hết ngày 3/2/2026"),
        (["revise", "ghost", "--in-force-from", "2026-01-01", "--source", "x"], 1, "Chưa có chỉ số ghost"),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "x", "--numerator", "ghost"],
            1,
            "Chỉ số files-on-time dùng số đo ghost, chưa được định nghĩa",
        ),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "x", "--zero", "maybe"],
            1,
            "Chỉ số files-on-time: zero_denominator không phải là một trong: zero, full, undefined",
        ),
        (["revise", "files-on-time", "--in-force-from", "soon", "--source", "x"], 2, '"soon" không phải là ngày'),
        (
            ["revise", "files-on-time", "--in-force-from", "0001-01-01", "--source", "x"],
            1,
            "Chỉ số files-on-time: ngày có hiệu lực 1/1/1 không nằm trong các năm",
        ),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "a\x01"],
            2,
            "source có ký tự điều khiển",
        ),
    ],
)
def test_wrong_use_gives_one_sentence(history, arguments, code, sentence):
    answer = ran(*arguments)
    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert (answer.stdout, len(answer.stderr.splitlines())) == ("", 1)


def test_one_refused_definition_refuses_all(indicators):
    name = f"m{uuid4().hex}"
    good = CatalogueEntry("measure", name, FLOW, date(2025, 1, 1))
    with pytest.raises(DefinitionRefused) as refused:
        indicators.define_all([good, CatalogueEntry("measure", "early", {**FLOW, "kind": "stock"}, date(2026, 1, 1))])
    assert refused.value.sentences == [
        "Số đo early thuộc loại flow nên không thể đổi thành stock; hãy định nghĩa một số đo khác"
    ]
    assert indicators.definitions_known_at(date(2199, 1, 1), "measure", [name]) == []
    assert indicators.define(*good)
    assert not indicators.define(*good)


def test_indicator_may_use_a_measure_of_the_same_catalogue(indicators):
    name = f"m{uuid4().hex}"
    rate = {"name": "T", "numerator": [name], "denominator": [name], "direction": "higher"}
    rate |= {"zero_denominator": "zero", "source": "x"}
    entries = [
        CatalogueEntry("indicator", f"i{name}", rate, date(2030, 1, 1)),
        CatalogueEntry("measure", name, FLOW, date(2025, 1, 1)),
    ]
    assert indicators.define_all(entries) == 2


def test_too_many_definitions_give_a_sentence(indicators):
    many = [CatalogueEntry("field", f"f{n}", {"name": f"Lĩnh vực {n}"}, date(2025, 1, 1)) for n in range(1001)]
    with pytest.raises(DefinitionRefused) as refused:
        indicators.define_all(many)
    assert refused.value.sentences == ["1001 định nghĩa một lần; tối đa là 1000"]


def test_concurrent_revisions_are_both_recorded(indicators, servers, clock):
    name = f"m{uuid4().hex}"
    indicators.define("measure", name, FLOW, date(2025, 1, 1))

    class Overtaken(Indicators):
        """Another instance is first once, between what it has read and what it saves."""

        name = "indicators"

        def commit(self, *aggregates, **options):
            if not hasattr(self, "overtaken"):
                self.overtaken = True
                indicators.define("measure", name, {**FLOW, "unit": "bộ"}, date(2025, 1, 1))
            super().commit(*aggregates, **options)

    settings = servers.settings("indicators", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "indicators") as pool:
        slow = Overtaken(settings, pool)
        assert slow.define("measure", name, {**FLOW, "name": "Khác"}, date(2025, 1, 1))
        slow.close()
    [measure] = indicators.definitions_known_at(date(2199, 1, 1), "measure", [name])
    assert [(v.definition["unit"], v.definition["name"]) for v in measure.versions] == [
        ("hồ sơ", "Phần"),
        ("bộ", "Phần"),
        ("hồ sơ", "Khác"),
    ]


def test_reading_is_checked_by_the_formula_in_force_on_its_day(history, servers):
    with open_pool(servers.settings("indicators"), "indicators", size=1) as pool:
        rules = replace(CurrentRules(pool, reading_windows({})).load(), communes=frozenset({"21211"}))

    def refused(day, early, on_time, **wholes):
        reading = ReadingVersion(1, day, "land", {"early": early, "on-time": on_time, **wholes})
        refusal = rules.refusal("21211", reading, date(2026, 2, 3))
        return refusal and refusal.sentence

    too_many = {"early": 3, "on_time": 3, "resolved": 5, "received": 9}
    assert refused(date(2025, 3, 31), **too_many) == "Tỷ lệ đúng hạn: tử số 6 lớn hơn mẫu số 5."
    assert refused(date(2025, 4, 1), **too_many) == "Tỷ lệ khác: tử số 6 lớn hơn mẫu số 5."
    assert refused(date(2025, 7, 1), **too_many) is None, "from that day on over what was received"
    assert refused(date(2025, 7, 1), 9, 1, received=9) == "Tỷ lệ đúng hạn: tử số 10 lớn hơn mẫu số 9."
    assert refused(date(2026, 1, 1), 9, 1, received=9) is None
    assert refused(date(2024, 12, 31), **too_many) is None, "no formula was in force"


def test_service_role_cannot_update_definitions(indicators, servers):
    with (
        psycopg.connect(**servers.settings("indicators").database("indicators")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE definitions SET in_force_from = '2020-01-01'")
