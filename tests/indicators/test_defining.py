"""Definitions in the store and at a terminal: what was known when, in force when, and what is refused."""

import json
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from deploy.stack import Stack
from services.indicators.application import Indicators
from services.indicators.catalogue import Entry
from services.indicators.cli import indicator_app
from services.indicators.domain.reading import Standing
from services.indicators.domain.refused import DefinitionRefused
from services.indicators.read_models import Judging
from shared.clock import VIETNAM, move
from shared.process import open_pool
from tests.servers import start_servers

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
def servers(tmp_path_factory):
    with Stack(tmp_path_factory.mktemp("defining"), services=(), start_servers=start_servers) as running:
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
        said = [ran("define", file).stdout, ran("define", file).stdout]
        for at, options in REVISIONS:
            move(clock, at)
            said.append(ran("revise", "files-on-time", *options).stdout)
        move(clock, datetime(2026, 2, 3, 8, tzinfo=VIETNAM))
        said.append(ran("define", file).stdout)
        yield said


@pytest.fixture
def indicators(history, servers, clock):
    settings = servers.settings("indicators", MINHBACH_CLOCK_FILE=str(clock))
    with open_pool(settings, "indicators") as pool:
        opened = Indicators(settings, pool)
        yield opened
        opened.close()


def listed(*options):
    return {row["indicator"]: row for row in json.loads(ran("list", "--json", *options).stdout)}


def test_a_catalogue_defines_once_and_revises_nothing_that_was_revised_since(history):
    assert history[0] == "6 definitions read, 6 of them new or revised.\n"
    assert history[1] == history[-1] == "6 definitions read, 0 of them new or revised.\n"
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
def test_the_list_says_what_was_known_at_a_days_end_in_viet_nam_and_in_force_on_another(history, known_at, on, version):
    found = listed("--known-at", known_at, "--on", on)
    assert (found["files-on-time"]["version"] if found else None) == version


def test_a_revision_keeps_what_it_does_not_say_as_it_was_on_its_day(history):
    of_first, of_second = (listed("--on", day)["files-on-time"] for day in ("2025-04-01", "2026-01-01"))
    assert (of_first["denominator"], of_first["zero_denominator"]) == (["resolved"], "full")
    assert (of_first["name"], of_first["source"]) == ("Tỷ lệ khác", "Công văn 12")
    assert (of_second["numerator"], of_second["denominator"]) == (["on-time"], ["received"])
    assert (of_second["name"], of_second["zero_denominator"]) == ("Tỷ lệ đúng hạn", "undefined")
    assert (of_second["direction"], of_second["in_force_from"]) == ("lower", "2026-01-01")


def test_the_same_revision_again_stays_quiet(history, clock):
    options = REVISIONS[0][1]
    assert ran("revise", "files-on-time", *options).stdout.startswith(
        "Không có gì thay đổi: từ 1/7/2025, files-on-time"
    )
    assert len(json.loads(ran("show", "files-on-time", "--json").stdout)) == 4


def test_lists_are_vietnamese_and_fit_a_terminal_of_80_columns(history):
    answer = ran("list", "--on", "2025-12-31")
    said = answer.stdout.splitlines()
    assert max(map(len, said)) <= 80
    assert said[0] == "1 chỉ số có hiệu lực ngày 31/12/2025, theo sổ đến hết ngày 3/2/2026:"
    assert said[2:] == [
        "files-on-time, phiên bản 2, có hiệu lực từ 1/7/2025",
        "  Tỷ lệ đúng hạn",
        "  (early + on-time) / received",
        "  càng cao càng tốt; mẫu số bằng 0 thì không tính",
        "  Căn cứ: Quyết định 766, Phụ lục",
    ]


def test_every_version_is_shown_with_its_day_and_its_act(history):
    said = ran("show", "files-on-time").stdout
    assert "phiên bản 1, có hiệu lực từ 1/1/2025, ghi nhận ngày 15/6/2025" in said
    assert "phiên bản 4, có hiệu lực từ 1/1/2026, ghi nhận ngày 2/8/2025\n  (đang có hiệu lực)\n" in said
    assert said.count("đang có hiệu lực") == 1
    assert [act in said for act in ("Kế hoạch năm 2025", "Phụ lục", "Công văn 12", "Quyết định 1")] == [True] * 4
    assert max(map(len, said.splitlines())) <= 80
    assert len(json.loads(ran("show", "files-on-time", "--known-at", "2025-08-01", "--json").stdout)) == 3


def test_measures_and_fields_are_listed_too(history):
    assert "đơn vị: hồ sơ; theo lĩnh vực" in ran("list", "--kind", "measure").stdout
    assert json.loads(ran("show", "land", "--kind", "field", "--json").stdout)[0]["name"] == "Đất đai"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["list", "--known-at", "31/9/2025"], 2, '"31/9/2025" is not a day; write it as 2025-09-16'),
        (["list", "--kind", "colour"], 2, '"colour" is no kind'),
        (["show", "ghost"], 1, "no indicator ghost was defined by the end of 2026-02-03"),
        (["revise", "ghost", "--in-force-from", "2026-01-01", "--source", "x"], 1, "there is no indicator ghost"),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "x", "--numerator", "ghost"],
            1,
            "indicator files-on-time uses the measure ghost, which is not defined",
        ),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "x", "--zero", "maybe"],
            1,
            "indicator files-on-time: zero_denominator is none of: zero, full, undefined",
        ),
        (["revise", "files-on-time", "--in-force-from", "soon", "--source", "x"], 2, '"soon" is not a day'),
        (
            ["revise", "files-on-time", "--in-force-from", "0001-01-01", "--source", "x"],
            1,
            "indicator files-on-time: 0001-01-01 is no date of effect",
        ),
        (
            ["revise", "files-on-time", "--in-force-from", "2026-01-01", "--source", "a\x01"],
            1,
            "indicator files-on-time: source holds a character that cannot be printed",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence(history, arguments, code, sentence):
    answer = ran(*arguments)
    assert answer.exit_code == code
    assert answer.stderr.startswith(sentence)
    assert (answer.stdout, len(answer.stderr.splitlines())) == ("", 1)


def test_of_several_definitions_one_that_is_refused_keeps_out_all(indicators):
    name = f"m{uuid4().hex}"
    good = Entry("measure", name, FLOW, date(2025, 1, 1))
    with pytest.raises(DefinitionRefused) as refused:
        indicators.define_all([good, Entry("measure", "early", {**FLOW, "kind": "stock"}, date(2026, 1, 1))])
    assert refused.value.sentences == ["measure early is a flow and cannot become a stock; define another measure"]
    assert indicators.definitions_known_at(date(2199, 1, 1), "measure", [name]) == []
    assert indicators.define(*good)
    assert not indicators.define(*good)


def test_an_indicator_may_use_a_measure_of_the_same_catalogue(indicators):
    name = f"m{uuid4().hex}"
    rate = {"name": "T", "numerator": [name], "denominator": [name], "direction": "higher"}
    rate |= {"zero_denominator": "zero", "source": "x"}
    entries = [Entry("indicator", f"i{name}", rate, date(2030, 1, 1)), Entry("measure", name, FLOW, date(2025, 1, 1))]
    assert indicators.define_all(entries) == 2


def test_more_definitions_than_one_save_takes_are_a_sentence(indicators):
    many = [Entry("field", f"f{n}", {"name": f"Lĩnh vực {n}"}, date(2025, 1, 1)) for n in range(1001)]
    with pytest.raises(DefinitionRefused) as refused:
        indicators.define_all(many)
    assert refused.value.sentences == ["1001 definitions at once; at most 1000"]


def test_whoever_revises_at_the_same_time_is_not_lost(indicators, servers, clock):
    name = f"m{uuid4().hex}"
    indicators.define("measure", name, FLOW, date(2025, 1, 1))

    class Overtaken(Indicators):
        """Another instance is first once, between what it has read and what it saves."""

        name = "indicators"

        def commit(self, *aggregates, **how):
            if not hasattr(self, "overtaken"):
                self.overtaken = True
                indicators.define("measure", name, {**FLOW, "unit": "bộ"}, date(2025, 1, 1))
            super().commit(*aggregates, **how)

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


def test_a_reading_is_judged_by_the_formula_in_force_on_its_day(history, servers):
    with open_pool(servers.settings("indicators"), "indicators", size=1) as pool:
        rules = replace(Judging(pool).rules(), communes=frozenset({"21211"}))

    def refused(day, early, on_time, **wholes):
        reading = Standing(1, day, "land", {"early": early, "on-time": on_time, **wholes})
        refusal = rules.refusal("21211", reading, date(2026, 2, 3))
        return refusal and refusal.sentence

    too_many = {"early": 3, "on_time": 3, "resolved": 5, "received": 9}
    assert refused(date(2025, 3, 31), **too_many) == "Tỷ lệ đúng hạn: tử số 6 lớn hơn mẫu số 5."
    assert refused(date(2025, 4, 1), **too_many) == "Tỷ lệ khác: tử số 6 lớn hơn mẫu số 5."
    assert refused(date(2025, 7, 1), **too_many) is None, "from that day on over what was received"
    assert refused(date(2025, 7, 1), 9, 1, received=9) == "Tỷ lệ đúng hạn: tử số 10 lớn hơn mẫu số 9."
    assert refused(date(2026, 1, 1), 9, 1, received=9) is None
    assert refused(date(2024, 12, 31), **too_many) is None, "no formula was in force"


def test_the_service_cannot_rewrite_a_definition(indicators, servers):
    with (
        psycopg.connect(**servers.settings("indicators").database("indicators")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE definitions SET in_force_from = '2020-01-01'")
