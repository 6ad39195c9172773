"""Chooses the communes of a demonstration, registers them with their plans, and gives each its counting."""

from pathlib import Path

from deploy.demo.counting import Catalogue, CountingCommune
from deploy.demo.running_services import RunningServices
from deploy.demo.scene import Scene
from services.indicators.application import Indicators
from services.indicators.catalogue import read_catalogue
from services.planning.plan_file import PlanFile, read_plan
from services.planning.register import RegisterEntry, communes_of
from services.planning.register.lineage import predecessors_of

PLANS = Path(__file__).parents[2] / "services/planning/plans"
# Plan 2 does not name its ward; of the wards of Quảng Ngãi, Cẩm Thành stands in for it.
OWN_PLANS = {"23356": "1-xa-xop.yaml", "21025": "2-phuong.yaml", "21211": "4-xa-tinh-khe.yaml"}
STANDARD = "51-standard.yaml"


def chosen(province: str, how_many: int) -> list[RegisterEntry]:
    """Communes of the province, those with a plan of their own first."""
    entries = communes_of(province)
    own = [entry for entry in entries if entry.code in OWN_PLANS]
    others = [entry for entry in entries if entry.code not in OWN_PLANS]
    return [*own, *others][:how_many]


def prepare(services: RunningServices, entries: list[RegisterEntry], scene: Scene) -> int:
    """Define the indicators, register the communes and issue their plans. Returns the number of former communes."""
    with services.open("indicators", Indicators) as indicators:
        indicators.define_all(read_catalogue())
    with services.planning() as planning:
        planning.register_communes(scene.province, {entry.code for entry in entries})
        former = planning.succession.register_predecessors(scene.province)
        for code in [each.code for each in entries if each.code in OWN_PLANS]:
            planning.issue_plan(read_plan(PLANS / OWN_PLANS[code]), scene.first, commune=code)
        planning.issue_plan(_standard_plan(scene.province), scene.first, standard=True)
    services.wait_until_followed()
    return former


def counting(entries: list[RegisterEntry], seed: int) -> list[tuple[RegisterEntry, CountingCommune]]:
    """Each commune with the measures that its plans ask for."""
    catalogue = read_catalogue()
    of_standard = _indicators_of(read_plan(PLANS / STANDARD))
    standard = Catalogue(catalogue, of_standard)
    own = {
        code: Catalogue(catalogue, _indicators_of(read_plan(PLANS / name)) | of_standard)
        for code, name in OWN_PLANS.items()
    }
    return [(entry, CountingCommune(seed, entry.code, own.get(entry.code, standard))) for entry in entries]


def predecessors(province: str, entries: list[RegisterEntry]) -> dict[str, list[str]]:
    """The ids of the communes until 30 June whose counts go into each of today's, by its code."""
    taking_part = {entry.code for entry in entries}
    olds: dict[str, list[str]] = {code: [] for code in taking_part}
    for old in predecessors_of(province):
        if taking_part.issuperset(old.into):
            olds[old.into[0]].append(old.commune)
    return olds


def _standard_plan(province: str) -> PlanFile:
    """The shipped one, which any province may issue."""
    plan = read_plan(PLANS / STANDARD)
    return plan.model_copy(update={"plan": plan.plan.model_copy(update={"province": province})})


def _indicators_of(plan: PlanFile) -> set[str]:
    return {target.indicator for target in plan.indicators if target.indicator}
