"""An explained figure is the report's figure, and every event in it is in the store, with the hash that is sealed."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import psycopg
import pytest

from services.planning.plan_file import PlanFile
from services.reporting.application import Reporting
from services.reporting.audit.explaining.basis import Basis, WantedReport
from services.reporting.audit.explaining.explain import Explanations
from services.reporting.audit.explaining.page import page_of
from services.reporting.audit.explaining.parts_with_targets import part_of
from services.reporting.audit.explaining.text import verdict
from services.reporting.domain.refusal import NothingKnown
from shared.process import open_pool
from shared.record.checkpoints import rows_after
from shared.seals.canonical import canonical_line
from shared.seals.merkle import leaf_hash
from tests.reporting.followed_services import COMMUNES, FIRST_DAY, PROVINCE, QUARTER

UNITS = (None, *COMMUNES)
WHOLE = WantedReport(PROVINCE, QUARTER)


@pytest.fixture(scope="module")
def reporting(services, rebuilding):
    """With the auditor's login, as the command has it."""
    services.follow()
    settings = replace(rebuilding.settings("auditor"), role="auditor")
    with open_pool(settings, "reporting", size=2) as pool:
        reporting = Reporting(settings, pool)
        yield reporting
        reporting.close()


@pytest.fixture(scope="module")
def explained(services, rebuilding, reporting):
    return Explanations(rebuilding.settings("auditor"), reporting, services.day)


def facts(part):
    """All stored facts anywhere in an explanation."""
    if isinstance(part, dict):
        if "leaf" in part:
            yield part["service"], part["position"], part["leaf"]
        for each in part.values():
            yield from facts(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from facts(each)


@pytest.mark.parametrize("commune", UNITS)
@pytest.mark.parametrize("days_ago", [0, 9])
def test_every_indicator_is_explained_with_the_figure_of_the_report(services, reporting, explained, commune, days_ago):
    day = services.day.fromordinal(services.day.toordinal() - days_ago)
    report = reporting.report(PROVINCE, QUARTER, day, commune)
    assert any(line.figure.numerator for line in report.indicators)
    for line in report.indicators:
        found = explained.of_indicator(WHOLE._replace(commune=commune, known_at=day), line.indicator)
        assert found.amounts == found.reported == (line.figure.numerator, line.figure.denominator)
        assert (found.rate, found.target.text if found.target else None) == (line.figure.rate, line.target_text)
        assert found.formula.version == line.definition_version


@pytest.mark.parametrize("commune", UNITS[:2])
def test_every_cell_of_a_form_is_explained_with_its_count(services, reporting, explained, commune):
    report = reporting.report(PROVINCE, QUARTER, services.day, commune)
    (form,) = report.forms
    columns = [column.number for column in form.columns]
    cells = {(row.field, c): n for row in (*form.rows, form.total) for c, n in zip(columns, row.counts, strict=True)}
    assert any(cells.values())
    rows = {field for field, _ in cells} if commune else {"land", "total"}
    for (field, column), count in ((cell, count) for cell, count in cells.items() if cell[0] in rows):
        found = explained.of_cell(WHOLE._replace(commune=commune), form.code, f"{field}/{column}")
        assert found.amounts == found.reported == (count,)


def test_each_event_that_is_shown_stands_at_its_position_with_the_hash_of_its_leaf(rebuilding, explained):
    shown = set()
    for commune in UNITS:
        found = explained.of_indicator(WHOLE._replace(commune=commune), "online-files")
        shown |= set(facts(found.model_dump()))
    assert {service for service, *_ in shown} == {"planning", "indicators"}
    with psycopg.connect(**rebuilding.settings("auditor").database("auditor")) as connection:
        stored = {
            (service, row.position, leaf_hash(canonical_line(service, row)).hex())
            for service in ("planning", "indicators")
            for row in rows_after(connection, service, 0, limit=100_000)
        }
    assert shown <= stored


def test_a_corrected_and_a_withdrawn_reading_are_shown_with_every_act_on_them(explained):
    readings = [
        reading
        for commune in COMMUNES
        for reading in explained.of_indicator(WHOLE._replace(commune=commune), "online-files").readings
    ]
    acts = {tuple(act.act for act in reading.acts) for reading in readings}
    assert ("recorded",) in acts
    assert any("corrected" in kinds for kinds in acts)
    withdrawn = [reading for reading in readings if reading.acts[-1].act == "withdrawn"]
    assert withdrawn
    assert all(not reading.values and reading.acts[-1].reason for reading in withdrawn)
    assert all(sorted(reading.acts, key=lambda act: act.fact.position) == list(reading.acts) for reading in readings)


def test_a_provinces_communes_add_up_to_its_figure(explained):
    found = explained.of_indicator(WHOLE, "online-files")
    assert [commune.code for commune in found.communes] == list(COMMUNES)
    sides = zip(*(commune.amounts for commune in found.communes), strict=True)
    assert found.amounts == tuple(map(sum, sides))
    assert found.readings == ()


@pytest.mark.parametrize("days_ago", [0, 9])
def test_a_provinces_communes_have_the_readings_corrections_and_withdrawals_of_their_own(services, explained, days_ago):
    wanted = WHOLE._replace(known_at=services.day.fromordinal(services.day.toordinal() - days_ago))
    numbers = [
        (each.readings, each.corrected, each.withdrawn)
        for each in explained.of_indicator(wanted, "online-files").communes
    ]
    assert all(map(any, zip(*numbers, strict=True)))
    for commune, own in zip(COMMUNES, numbers, strict=True):
        readings = explained.of_indicator(wanted._replace(commune=commune), "online-files").readings
        acts = [act.act for reading in readings for act in reading.acts]
        standing = sum(bool(reading.values) for reading in readings)
        assert own == (standing, acts.count("corrected"), acts.count("withdrawn"))


@pytest.fixture(scope="module")
def parts(services):
    """A plan of the first commune with targets for parts: of some fields, and of one that nobody knows."""
    of_parts = tuple(
        {"name": "Hồ sơ trực tuyến", "indicator": "online-files", "target": {"at_least": 60}, "target_text": "60%",
         "scope": scope, "field": fields}
        for scope, fields in
        (("Đất đai, tư pháp", ("land", "justice")), ("Đất đai", ("land",)), ("Mọi việc khác", None))
    )  # fmt: skip
    head = {"title": "Kế hoạch của xã", "province": PROVINCE, "commune": COMMUNES[0], "year": 2025, "regime": "reform"}
    span = {"from": date(2025, 1, 1), "until": date(2025, 12, 31)}
    plan = PlanFile.model_validate({"plan": head | {"span": span}, "tasks": (), "indicators": of_parts})
    services.planning.issue_plan(plan, services.day)
    services.follow()
    return [each["scope"] for each in of_parts]


def test_the_figure_of_a_part_is_explained_as_the_report_has_it(services, reporting, explained, parts):
    report = reporting.report(PROVINCE, QUARTER, services.day, COMMUNES[0])
    lines = {line.scope: line for line in report.communes[0].scoped}
    assert sorted(lines) == sorted(parts)
    wanted = WHOLE._replace(commune=COMMUNES[0])
    for scope, line in lines.items():
        found = explained.of_indicator(wanted, "online-files", scope)
        assert found.amounts == found.reported == (line.figure.numerator, line.figure.denominator)
        assert found.item == f"online-files: {scope}"
        assert (found.target.text, found.target.met) == (line.target_text, line.met)
    both, land = (explained.of_indicator(wanted, "online-files", scope) for scope in parts[:2])
    assert None not in both.amounts
    assert {reading.field for reading in land.readings} == {"land"}
    assert {reading.field for reading in both.readings} == {"land", "justice"}
    with pytest.raises(NothingKnown, match="“Đất đai, tư pháp”; “Đất đai”"):
        explained.of_indicator(wanted, "online-files", "Xây dựng")


def test_a_report_without_its_commune_is_refused_before_its_cells(explained):
    wanted = WHOLE._replace(commune=COMMUNES[0], known_at=FIRST_DAY - timedelta(days=1))
    with pytest.raises(NothingKnown, match=r"^Chưa có đơn vị nào"):
        explained.of_cell(wanted, "unknown", "land/5")


def test_a_report_without_its_commune_is_refused_before_its_parts():
    def read(_):
        raise NothingKnown("Đơn vị không có trong báo cáo")

    basis = Basis(SimpleNamespace(commune="c1"), SimpleNamespace(scoped_targets=()), read, (), {})
    with pytest.raises(NothingKnown, match=r"^Đơn vị không có trong báo cáo$"):
        part_of(basis, "online-files", "Xây dựng")


def test_a_total_that_was_changed_does_not_agree_with_the_events(rebuilding, explained):
    wanted = WHOLE._replace(commune=COMMUNES[0])
    with psycopg.connect(rebuilding.servers.database_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE public.kept AS SELECT * FROM reporting.field_totals")
        try:
            owner.execute("UPDATE reporting.field_totals SET flows = '[]' WHERE commune = %s", (COMMUNES[0],))
            found = explained.of_indicator(wanted, "online-files")
        finally:
            owner.execute("TRUNCATE reporting.field_totals")
            owner.execute("INSERT INTO reporting.field_totals SELECT * FROM public.kept")
            owner.execute("DROP TABLE public.kept")
    assert not found.agrees
    assert found.reported == (None, None)
    assert None not in found.amounts
    assert verdict(found).startswith("KHÔNG KHỚP: báo cáo ghi –")


def test_the_page_holds_every_hash_and_no_markup_of_a_reading(explained):
    found = explained.of_indicator(WHOLE._replace(commune=COMMUNES[0]), "online-files")
    first, *others = found.readings[0].acts
    sly = first.model_copy(update={"reason": "<script>alert(1)</script>"})
    reading = found.readings[0].model_copy(update={"acts": (sly, *others)})
    page = page_of(found.model_copy(update={"readings": (reading, *found.readings[1:])}))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert all(leaf in page for _, _, leaf in facts(found.model_dump()))


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda e: e.of_indicator(WHOLE, "no-such"), "minhbach indicator list"),
        (lambda e: e.of_indicator(WHOLE._replace(commune="99999"), "online-files"), "99999"),
        (lambda e: e.of_indicator(WHOLE._replace(known_at=FIRST_DAY.replace(year=2020)), "online-files"), "đăng ký"),
        (lambda e: e.of_indicator(WHOLE._replace(edition=7), "online-files"), "chưa được công bố lần 7"),
        (lambda e: e.of_cell(WHOLE, "XX", "land/5"), "II.06"),
        (lambda e: e.of_cell(WHOLE, "II.06", "land"), "land/5"),
        (lambda e: e.of_cell(WHOLE, "II.06", "land/99"), "cột là một trong: 3, 4, 5"),
        (lambda e: e.of_cell(WHOLE, "II.06", "nowhere/5"), "không có dòng “nowhere”"),
    ],
)
def test_an_unknown_thing_is_refused_in_one_sentence(explained, ask, sentence):
    with pytest.raises(NothingKnown, match=sentence):
        ask(explained)
