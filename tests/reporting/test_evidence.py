"""Figures composed from evidence: of a province or a commune, under the map of the period or of another day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.content.report_content import Target
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.evidence import Definition, Evidence, PlanTarget
from services.reporting.domain.drafts.pairing import DayGroup, FieldCounts, LevelDay
from services.reporting.domain.drafts.places import Places
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.regime import regime_on
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.periods import Period, half_of

PERIOD, MERGED_ON = Period.parse("2025-Q3"), date(2025, 7, 1)
XOP = Commune("23356", "23356", "Xã Xốp", "51", "Tỉnh Quảng Ngãi", in_force_from=MERGED_ON)
TINH_KHE = Commune("21211", "21211", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", in_force_from=MERGED_ON)
OLD = Commune("old", "23356", "Xã Đắk Choong", "51", "Tỉnh Kon Tum")
ONLINE = Definition("online", 1, "Trực tuyến", ("files-online",), ("files",), "undefined", date(2024, 12, 15))
PENDING = Definition("pending", 1, "Tồn đọng", ("overdue",), ("pending",), "undefined", date(2024, 12, 15))
STOCKS = frozenset({"pending", "overdue"})
REGIME = regime_on(read_regimes(), "tthc-control", date(2025, 9, 14))
QUESTION = Question("51", PERIOD, date(2025, 9, 16), REGIME)


def evidence(territory=None, question=QUESTION, **known):
    territory = territory or Territory([XOP, TINH_KHE])
    nothing = {"sums": {}, "previous": {}, "tasks": [], "refused": {}, "parked": {}, "positions": {}}
    known = {"definitions": [ONLINE, PENDING], "targets": [], "readings": {"23356": 7, "21211": 2}, **nothing, **known}
    known["reported"] = known.get("reported") or reported(known["sums"], known.get("fields"))
    return Evidence(question=question, map=TerritoryMap(territory, question.shown_on), stocks=STOCKS, **known)


def reported(sums, by_field=None):
    """Each commune's counts as one reading in each field, on the first day of the window."""
    readings = {}
    for (commune, measure, name), n in (by_field or {(*key, ""): n for key, n in sums.items()}).items():
        readings.setdefault(commune, {}).setdefault(name, {})[measure] = n
    return {
        commune: Places(FieldCounts(half_of(date(2025, 6, 15)), name, *_day(counts)) for name, counts in fields.items())
        for commune, fields in readings.items()
    }


def _day(counts):
    levels = {measure: n for measure, n in counts.items() if measure in STOCKS}
    flows = {measure: n for measure, n in counts.items() if measure not in STOCKS}
    return [DayGroup(1, (flows,))] if flows else [], [LevelDay(15, (levels,))] if levels else []


def report(commune=None, **known):
    question = replace(known.pop("question", QUESTION), commune=commune)
    return Composition(evidence(question=question, **known)).report()


def figures(composed, indicator):
    """By the name of a commune, and of all ("")."""
    lines = {commune.name: commune.indicators for commune in composed.communes} | {"": composed.indicators}
    return {
        name: (line.figure.numerator, line.figure.denominator)
        for name, those in lines.items()
        for line in those
        if line.indicator == indicator
    }


REFUSED = {("23356", "negative"): 2, ("21211", "negative"): 1, ("99999", "unknown-commune"): 4}
MERGED = Succession("old", MERGED_ON, (Share("23356"),))
DIVIDED = Succession("old", MERGED_ON, (Share("23356"), Share("21211")))
COUNTED = {
    ("old", "files"): 10, ("old", "files-online"): 7,
    ("23356", "files"): 5, ("23356", "files-online"): 5,
    ("21211", "files"): 1, ("21211", "files-online"): 0,
}  # fmt: skip
READINGS = {"old": 3, "23356": 7, "21211": 2}


def test_a_report_without_communes_says_why():
    assert "Chưa có đơn vị nào của tỉnh 51" in evidence(Territory()).why_without_communes()
    before = replace(QUESTION, period=Period.parse("2025-H1"))
    assert evidence(question=before, readings={}).communes == []
    assert "chưa có vào ngày 14/6/2025; 6 tháng đầu năm 2025 là của các đơn vị cũ" in (
        evidence(question=before).why_without_communes()
    )


def test_a_province_counts_all_refused_and_parked_messages():
    composed = report(refused=REFUSED, parked={"21211": 3})
    assert (composed.readings, composed.refused, composed.parked) == (9, 7, 3)
    assert composed.refused_by_rule == {"Số liệu âm": 3, "Đơn vị chưa đăng ký": 4}


def test_a_commune_counts_only_its_own_messages():
    own, other = (report(commune, refused=REFUSED, parked={"21211": 3}) for commune in ("23356", "21211"))
    assert (own.readings, own.refused, own.refused_by_rule, own.parked) == (7, 2, {"Số liệu âm": 2}, 0)
    assert (other.readings, other.refused, other.parked) == (2, 1, 3)


def test_a_quarter_across_a_merger_counts_the_former_commune_in_its_successor():
    territory = Territory([XOP, TINH_KHE, OLD], [MERGED])
    composed = report(territory=territory, sums=COUNTED, readings=READINGS, refused={("old", "negative"): 1})
    assert figures(composed, "online") == {"Xã Xốp": (12, 15), "Xã Tịnh Khê": (0, 1), "": (12, 16)}
    assert (composed.readings, composed.refused, composed.footnotes) == (12, 1, ())


def test_the_same_period_under_an_earlier_map_has_the_same_total():
    question = replace(QUESTION, map_day=date(2025, 6, 30))
    territory = Territory([XOP, TINH_KHE, OLD], [MERGED])
    composed = report(territory=territory, sums=COUNTED, readings=READINGS, question=question)
    assert figures(composed, "online") == {
        "Xã Đắk Choong": (7, 10),
        "Xã Xốp": (5, 5),
        "Xã Tịnh Khê": (0, 1),
        "": (12, 16),
    }
    assert composed.footnotes == (
        "Số liệu trình bày theo danh mục đơn vị hành chính ngày 30/6/2025.",
        "Đơn vị thành lập sau ngày 30/6/2025, số liệu được tính riêng: Xã Tịnh Khê, Xã Xốp.",
    )


def test_a_divided_commune_is_counted_in_its_main_successor_with_a_footnote():
    composed = report(territory=Territory([XOP, TINH_KHE, OLD], [DIVIDED]), sums=COUNTED, readings=READINGS)
    assert figures(composed, "online") == {"Xã Xốp": (12, 15), "Xã Tịnh Khê": (0, 1), "": (12, 16)}
    assert composed.footnotes == (
        "Xã Đắk Choong (cũ) được chia từ ngày 1/7/2025; số liệu trước đó được tính toàn bộ cho Xã Xốp.",
    )


def test_a_divided_commune_with_shares_is_counted_by_them():
    shares = Succession("old", MERGED_ON, (Share("23356", Fraction(3, 5)), Share("21211", Fraction(2, 5))))
    composed = report(territory=Territory([XOP, TINH_KHE, OLD], [shares]), sums=COUNTED, readings=READINGS)
    assert figures(composed, "online") == {"Xã Xốp": (10, 11), "Xã Tịnh Khê": (2, 5), "": (12, 16)}
    assert "(3/5)" in composed.footnotes[0]


def test_a_level_reported_again_by_the_successor_is_not_added_to_the_former_one():
    levels = {("old", "pending"): 9, ("old", "overdue"): 4, ("23356", "pending"): 11, ("23356", "overdue"): 1}
    for day in (date(2025, 6, 30), date(2025, 9, 14)):
        question = replace(QUESTION, map_day=day)
        composed = report(
            territory=Territory([XOP, TINH_KHE, OLD], [MERGED]), sums=levels, readings=READINGS, question=question
        )
        assert figures(composed, "pending")[""][1] == 11


def test_a_target_for_a_part_is_compared_with_the_fields_of_that_part():
    target = PlanTarget("23356", "online", Target(at_least=Decimal(85)), "≥ 85", "đất đai", ("land",))
    fields = {
        ("23356", "files", "land"): 20, ("23356", "files-online", "land"): 16,
        ("23356", "files", "justice"): 20, ("23356", "files-online", "justice"): 20,
    }  # fmt: skip
    composed = report(
        sums={("23356", "files"): 40, ("23356", "files-online"): 36}, fields=fields, scoped_targets=[target]
    )
    (line,) = next(commune for commune in composed.communes if commune.commune == "23356").scoped
    assert (line.scope, line.figure.numerator, line.figure.denominator, line.met) == ("đất đai", 16, 20, False)


def test_a_target_for_a_part_without_fields_has_no_figure():
    target = PlanTarget("23356", "online", Target(at_least=Decimal(85)), "≥ 85", "một số lĩnh vực")
    (line,) = next(c for c in report(scoped_targets=[target]).communes if c.commune == "23356").scoped
    assert (line.figure.rate, line.met) == (None, None)


def test_the_version_of_a_map_depends_on_its_communes_and_successions():
    same = [evidence(Territory([XOP, replace(TINH_KHE, latitude=at), OLD], [MERGED])).map_version for at in (1.0, 2.0)]
    assert len(set(same)) == 1, "coordinates move no count"
    others = [
        Territory([XOP, replace(TINH_KHE, name="Phường Tịnh Khê"), OLD], [MERGED]),
        Territory([XOP, TINH_KHE, OLD], [DIVIDED]),
        Territory([XOP, TINH_KHE, OLD]),
    ]
    assert len({*same, *(evidence(territory).map_version for territory in others)}) == 4
