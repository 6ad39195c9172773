"""The evidence and the report of which tests/golden/editions has the bytes of the first computation and layout."""

from datetime import date
from decimal import Decimal

from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.content.report_content import Target
from services.reporting.domain.drafts.evidence import Definition, Evidence, KnownTask, PlanTarget
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.regime import regime_on
from services.reporting.domain.territory.communes import Commune, Share, Succession, Territory
from services.reporting.domain.territory.territory_map import TerritoryMap
from shared.periods import Period

MERGED_ON = date(2025, 7, 1)
SUMS = {
    ("old", "files"): 10, ("old", "files-online"): 7, ("old", "pending"): 9, ("old", "overdue"): 4,
    ("23356", "files"): 5, ("23356", "files-online"): 5, ("23356", "pending"): 11, ("23356", "overdue"): 1,
    ("21211", "files"): 100, ("21211", "files-online"): 50,
}  # fmt: skip


def first_evidence(**versions):
    """A commune merged into another in the quarter; another whose second day has files and no files online."""
    question = Question(
        "51", Period.parse("2025-Q3"), date(2025, 9, 16), regime_on(read_regimes(), "tthc-control", date(2025, 9, 14)),
        **versions,
    )  # fmt: skip
    xop = Commune("23356", "23356", "Xã Xốp", "51", "Tỉnh Quảng Ngãi", 15.1, 107.7, MERGED_ON)
    tinh_khe = Commune("21211", "21211", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", in_force_from=MERGED_ON)
    old = Commune("old", "23356", "Xã Đắk Choong", "51", "Tỉnh Kon Tum")
    territory = Territory([xop, tinh_khe, old], [Succession("old", MERGED_ON, (Share("23356"),))])
    since = date(2024, 12, 15)
    return Evidence(
        question=question,
        map=TerritoryMap(territory, question.shown_on),
        definitions=[
            Definition("online", 1, "Trực tuyến", ("files-online",), ("files",), "undefined", since),
            Definition("overdue", 1, "Tồn đọng", ("overdue",), ("pending",), "zero", since, "lower"),
        ],
        targets=[PlanTarget("21211", "online", Target(at_least=Decimal(60)), "Tối thiểu 60")],
        sums={**SUMS, ("21211", "files"): 200},
        previous={("old", "files"): 3, ("old", "files-online"): 1},
        readings={"old": 3, "23356": 7, "21211": 2},
        tasks=[KnownTask("23356", ("Phòng Kinh tế",), (date(2025, 8, 1),), False)],
        refused={("23356", "negative"): 2, ("99999", "unknown-commune"): 4},
        parked={"21211": 3},
        positions={"indicators": 12, "planning": 34},
        stocks=frozenset({"pending", "overdue"}),
        fields={("21211", "files", "land"): 200, ("21211", "files-online", "land"): 50},
        scoped_targets=[PlanTarget("21211", "online", Target(at_least=Decimal(85)), "≥ 85", "đất đai", ("land",))],
    )
