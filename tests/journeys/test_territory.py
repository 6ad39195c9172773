"""A quarter across 1 July 2025: counts of former communes are in their successors, or in themselves, as asked."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.indicators.application import Indicators
from services.planning.application import Planning
from services.planning.plan_file import read_plan
from services.planning.register import communes_of
from services.reporting.application import Reporting
from services.reporting.audit.explaining.basis import WantedReport
from services.reporting.audit.explaining.explain import Explanations
from services.reporting.audit.replay import replayed
from services.reporting.audit.replay_comparison import compare
from shared.cli.answers import answered_or_why
from shared.commune_client.broker import Broker
from shared.contracts import Answered
from shared.contracts.indicators import Correction, CorrectReadings, ListReadings, Reading, RecordReadings
from shared.contracts.planning import ListTasks, ReportProgress, TaskStep
from shared.contracts.reporting import ListReports, SubmitReport
from shared.periods import Period
from shared.record.pool import open_pool
from tests.journeys.province import CODE, QUARTER, STANDARD, until

FIRST = date(2025, 7, 1)
EVE = FIRST - timedelta(days=1)
TODAY, LATER = date(2025, 9, 10), date(2025, 9, 16)
CAM_THANH, CA_DAM = "21025", "21136"
NGUYEN_NGHIEM, NGHIA_CHANH, TRA_BUI = (f"{code}-until-20250630" for code in ("21025", "21019", "21142"))
CHAIR = "Nguyễn Văn A"
MAPS = {"today's": None, "yesterday's": EVE}


@pytest.fixture(scope="module")
def province(found):
    """Every commune up to Tây Trà Bồng, with all that went into them."""
    count = next(n for n, entry in enumerate(communes_of(CODE), start=1) if entry.code == "21157")
    with found(communes=count, today=TODAY) as province:
        with province.service("planning", Planning) as planning:
            registered = planning.succession.register_predecessors(CODE)
        until(lambda: number(province, "reporting", "communes") == count + registered, "the old communes are known")
        until(lambda: number(province, "indicators", "commune_endings") == registered, "their ends are known")
        until(lambda: number(province, "reporting", "successions") == registered + 1, "one of them was divided")
        yield province


def number(province, service, table):
    return province.ask(service, f"SELECT count(*) FROM {table}")[0][0]


def readings(commune, *days):
    """Each a day and how many files came, as many of them online as given, and how many are pending."""
    return (
        commune,
        f"{commune}-readings",
        RecordReadings(
            readings=tuple(
                Reading(reading_id=f"r{n}", observed_on=day, values={
                    "files-received": received, "files-received-online": online, "files-pending-in-term": pending,
                })
                for n, (day, received, online, pending) in enumerate(days)
            )
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sent(province):
    receipts = province.send(
        readings(NGUYEN_NGHIEM, (date(2025, 6, 20), 10, 4, 3), (FIRST, 99, 99, 99)),
        readings(NGHIA_CHANH, (date(2025, 6, 25), 20, 5, 2)),
        readings(TRA_BUI, (date(2025, 6, 25), 7, 1, 6)),
        readings(CAM_THANH, (date(2025, 8, 1), 100, 50, 9)),
        readings(CA_DAM, (date(2025, 8, 1), 30, 3, 1)),
    )
    province.wait_until_counted()
    return receipts


def asked(province, day, map_day=None):
    with province.reporting() as reporting:
        return reporting.report(CODE, QUARTER, day, map_day=map_day)


def online_files(report):
    """Numerator and denominator of the online files, of the province and by commune."""
    lines = {report.province: report.indicators} | {c.commune: c.indicators for c in report.communes}
    figures = {code: next(i.figure for i in of if i.indicator == "online-files") for code, of in lines.items()}
    return {code: (f.numerator, f.denominator) for code, f in figures.items() if f.denominator is not None}


def test_a_former_commune_reports_only_days_before_its_end(sent):
    (refused,) = sent[0].refused

    assert (sent[0].accepted, refused.rule) == (1, "commune-ended")
    assert refused.sentence == (
        f"Đơn vị có mã {NGUYEN_NGHIEM} không còn từ ngày 1/7/2025; số liệu từ ngày đó do phường Cẩm Thành báo cáo."
    )


def test_under_todays_map_the_old_communes_are_counted_in_their_successors(province, sent):
    report = asked(province, TODAY)

    assert online_files(report) == {CODE: (63, 167), CAM_THANH: (59, 130), CA_DAM: (4, 37)}
    assert any("Xã Trà Bùi" in note and "Xã Cà Đam" in note for note in report.footnotes)
    assert NGUYEN_NGHIEM not in {commune.commune for commune in report.communes}


def test_under_yesterdays_map_each_has_its_own_counts_and_the_total_is_the_same(province, sent):
    figures = online_files(asked(province, TODAY, EVE))

    assert figures == {
        CODE: (63, 167), NGUYEN_NGHIEM: (4, 10), NGHIA_CHANH: (5, 20), TRA_BUI: (1, 7), CAM_THANH: (50, 100),
        CA_DAM: (3, 30),
    }  # fmt: skip


def test_stocks_of_former_communes_are_not_counted_twice(province, sent):
    with province.reporting() as reporting:
        for map_day in MAPS.values():
            evidence = reporting.knowledge.of(reporting.question(CODE, QUARTER, TODAY, map_day=map_day))
            pending = {c: n for (c, measure), n in evidence.counted.items() if measure == "files-pending-in-term"}
            assert pending == {CAM_THANH: 9, CA_DAM: 1}


def test_a_correction_of_a_former_commune_counts_under_both_maps(province, sent):
    province.move_to(LATER)
    correction = Correction(reading_id="r0", values={"files-received-online": 8}, reason="đếm sót")
    (receipt,) = province.send((NGUYEN_NGHIEM, "late", CorrectReadings(corrections=(correction,))))
    province.wait_until_counted()

    assert (receipt.accepted, receipt.refused) == (1, ())
    for map_day in MAPS.values():
        assert online_files(asked(province, LATER, map_day))[CODE] == (67, 167)
        assert online_files(asked(province, TODAY, map_day))[CODE] == (63, 167)


@pytest.mark.parametrize("map_day", MAPS.values(), ids=MAPS)
def test_every_figure_is_explained_under_both_maps(province, sent, map_day):
    """That of the province by commune, and that of each commune with the former ones that are counted in it."""
    printed = asked(province, TODAY, map_day)
    settings = replace(province.stack.settings("auditor"), role="auditor")
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        explanations = Explanations(settings, reporting, TODAY)
        wanted = WantedReport(CODE, QUARTER, None, TODAY, map_day=map_day)
        whole = explanations.of_indicator(wanted, "online-files")
        counted = [line for line in printed.communes if figure_in(line.indicators) != (None, None)]
        own = {line.commune: explanations.of_indicator(wanted._replace(commune=line.code), "online-files")
               for line in counted if map_day is None}  # fmt: skip
        reporting.close()
    assert whole.map_day == (map_day or QUARTER.window()[1])
    assert whole.amounts == whole.reported == figure_in(printed.indicators)
    by_commune = {line.commune: figure_in(line.indicators) for line in printed.communes}
    assert {each.commune: each.amounts for each in whole.communes} == by_commune
    assert {commune: found.amounts for commune, found in own.items()}.items() <= by_commune.items()
    if map_day is None:
        assert any(unit.ended for found in own.values() for unit in found.units)


def figure_in(lines):
    (figure,) = (line.figure for line in lines if line.indicator == "online-files")
    return figure.numerator, figure.denominator


@pytest.mark.parametrize("map_day", MAPS.values(), ids=MAPS)
def test_a_replay_of_the_event_stores_agrees(province, sent, map_day):
    with province.reporting() as reporting:
        question = reporting.question(CODE, QUARTER, LATER, map_day=map_day)
        evidence = reporting.knowledge.of(question)

    assert compare(evidence, replayed(province.stack.settings("auditor"), question)) == []


@pytest.fixture(scope="module")
def merged(province, sent):
    """A merger of 1 September that is recorded after LATER: the report as known at LATER, asked before it."""
    before, known = asked(province, LATER), number(province, "reporting", "successions")
    province.move_to(LATER + timedelta(days=10))
    with province.service("planning", Planning) as planning:
        planning.succession.merge(CA_DAM, "21115", date(2025, 9, 1), "01/NQ-HĐND")
    until(lambda: number(province, "reporting", "successions") == known + 1, "the merger is known")
    return before


def test_a_merger_recorded_later_changes_no_earlier_report(province, merged):
    after = asked(province, LATER + timedelta(days=10))

    assert online_files(asked(province, LATER)) == online_files(merged)
    assert online_files(after)["21115"] == (4, 37)
    assert online_files(after)[CODE] == online_files(merged)[CODE]


def test_deadlines_of_a_merged_commune_are_mailed_to_its_successor(province, merged):
    centre = "trung-tam-phuc-vu-hanh-chinh-cong.21115@minhbach.example"
    mails = "SELECT count(*) FROM settled WHERE commune = %s AND recipient = %s AND template LIKE 'deadline%%'"
    province.move_to(date(2025, 10, 1))
    until(lambda: province.ask("notifications", mails, CA_DAM, centre)[0][0], "a mail to the successor")


@pytest.fixture(scope="module")
def changed_rules(province, merged):
    """On 2 October another formula of the online files in force since July, and another target of theirs."""
    province.move_to(date(2025, 10, 2))
    with province.service("indicators", Indicators) as indicators:
        indicators.revise_indicator("online-files", {"numerator": ["files-received"]}, date(2025, 7, 1))
    plan = read_plan(STANDARD)
    bounds = next(each.target for each in plan.indicators if each.indicator == "online-files")
    asked = {"target_text": "Tối thiểu 99%", "target": bounds.model_copy(update={"at_least": Decimal(99)})}
    targets = tuple(
        each.model_copy(update=asked) if each.indicator == "online-files" else each for each in plan.indicators
    )
    with province.service("planning", Planning) as planning:
        amended = plan.model_copy(update={"indicators": targets})
        planning.amend_plan(amended, by="Chủ tịch UBND tỉnh", reason="Nghị quyết mới", standard=True)
    until(lambda: province.ask("reporting", "SELECT count(*) FROM plans WHERE version_of IS NOT NULL")[0][0], "amended")
    revised = "SELECT count(*) FROM indicators WHERE indicator = 'online-files'"
    until(lambda: province.ask("reporting", revised)[0][0] == 2, "the formula is known")
    province.wait_until_followed()


def between(province, period=QUARTER):
    with province.reporting() as reporting:
        return reporting.changes_between(CODE, period, LATER, date(2025, 10, 2))


def test_a_merger_and_another_formula_are_causes_of_the_figures_that_moved(province, changed_rules):
    found = between(province)
    causes = {
        (each.change.commune, each.change.item): {
            (c.kind, c.subject) for c in (found.causes[n - 1] for n in each.causes)
        }
        for each in found.figures
    }
    formula, merger = ("formula", "online-files"), ("territory", "merged")
    assert causes["", "online-files"] == {formula, merger}
    assert merger in causes[CA_DAM, "online-files"]
    assert merger in causes["21115", "online-files"]
    assert causes[CAM_THANH, "online-files"] == {formula}
    (cause,) = (each for each in found.causes if each.kind == "territory")
    assert (cause.commune, cause.day, cause.recorded_on) == (CA_DAM, date(2025, 9, 1), LATER + timedelta(days=10))
    (cause,) = (each for each in found.causes if each.kind == "formula")
    assert (cause.day, cause.recorded_on) == (date(2025, 7, 1), date(2025, 10, 2))


def test_another_target_is_named_with_the_plan_that_sets_it(province, changed_rules):
    found = between(province, Period.parse("2025-Q4"))
    (target,) = (each for each in found.targets if (each.commune, each.item) == (CAM_THANH, "online-files"))
    assert "60" in target.before
    assert target.after == "Tối thiểu 99%"
    (cause,) = (found.causes[place - 1] for place in target.causes)
    assert (cause.kind, cause.commune, cause.recorded_on) == ("target", CAM_THANH, date(2025, 10, 2))
    assert found.by_kind["target"][1] >= 1


def test_the_machine_of_a_merged_commune_ends_its_days_and_its_successor_looks_after_them(province, changed_rules):
    """Last: it sends. Its key goes on, for itself alone; from the day on it reports nothing that is its successor's."""
    successor, days = "21115", (date(2025, 8, 31), date(2025, 9, 1))
    task, lead = province.ask(
        "planning", "SELECT task_id, lead[1] FROM tasks WHERE commune = %s ORDER BY task_id", CA_DAM
    )[0]
    step = TaskStep(task_id=task, step="acknowledge", by=lead)
    answers = province.send(
        *((CA_DAM, f"own-{day}", reading_of(day)) for day in days),
        (CA_DAM, "report", SubmitReport(period=QUARTER.name, by=CHAIR)),
        (successor, "not-its-own", ReportProgress(steps=(step,))),
        (CA_DAM, "own-task", ReportProgress(steps=(step,))),
    )
    assert "báo cáo Quý III năm 2025 do xã Trà Bồng lập" in answers[2].refused[0].sentence
    found = [(each.accepted, [refused.rule for refused in each.refused]) for each in answers]
    assert found == [(1, []), (0, ["commune-ended"]), (0, ["commune-ended"]), (0, ["unknown-task"]), (1, [])]

    def may_ask(machine, commune):
        [url] = province.stack.servers.commune_urls([machine]).values()
        broker = Broker.from_env({"NATS_URL": url})
        found = [answered_or_why(broker, kind(commune=commune)) for kind in (ListTasks, ListReadings, ListReports)]
        return [isinstance(each, Answered) for each in found]

    asked = {(one, other): may_ask(one, other) for one in (CA_DAM, successor) for other in (CA_DAM, successor)}
    assert asked == {pair: [pair != (CA_DAM, successor)] * 3 for pair in asked}


def reading_of(day):
    values = {"files-received": 1, "files-received-online": 1}
    return RecordReadings(readings=(Reading(reading_id=f"r-{day}", observed_on=day, values=values),))
