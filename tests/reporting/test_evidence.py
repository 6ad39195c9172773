from datetime import date

from services.reporting.domain.evidence import Commune, Evidence
from shared.periods import Period

XOP = Commune("23356", "23356", "Xã Xốp", "51", "Tỉnh Quảng Ngãi")
TINH_KHE = Commune("21211", "21211", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi")
EVIDENCE = Evidence(
    period=Period.parse("2025-Q3"),
    known_at=date(2025, 9, 16),
    communes=[XOP, TINH_KHE],
    definitions=[],
    targets=[],
    sums={},
    previous={},
    readings={"23356": 7, "21211": 2},
    tasks=[],
    refused={("23356", "negative"): 2, ("21211", "negative"): 1, ("99999", "unknown-commune"): 4},
    parked={"21211": 3},
)


def test_a_province_counts_what_was_refused_and_parked_of_everybody():
    report = EVIDENCE.report()
    assert (report.readings, report.refused, report.parked) == (9, 7, 3)
    assert report.refused_by_rule == {"Số liệu âm": 3, "Đơn vị chưa đăng ký": 4}


def test_a_commune_counts_only_its_own():
    own, other = EVIDENCE.report("23356"), EVIDENCE.report("21211")
    assert (own.readings, own.refused, own.refused_by_rule, own.parked) == (7, 2, {"Số liệu âm": 2}, 0)
    assert (other.readings, other.refused, other.parked) == (2, 1, 3)
