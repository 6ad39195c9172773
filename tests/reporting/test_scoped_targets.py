"""Targets for a part of an indicator: kept apart from the overall target, never used in its place."""

from decimal import Decimal

from services.planning.plan_file import PlannedTarget
from services.reporting.domain.content.report_content import Target
from services.reporting.read_models import plans
from shared.clock import end_of
from tests.reporting.planned import duty

PARTS = ("land", "construction", "investment")
WORDS = "đất đai, xây dựng, đầu tư"


def plan_with(here, *targets, **head):
    """A plan of the first commune with these targets: bound, scope and fields."""
    indicators = tuple(
        PlannedTarget.model_validate(
            {
                "name": "Mức độ hài lòng",
                "indicator": "satisfaction",
                "target": {"at_least": Decimal(bound)},
                "target_text": f"tối thiểu {bound}%",
                "scope": scope,
                "field": field,
            }
        )
        for bound, scope, field in targets
    )
    plan = here.plan(duty("Rà soát"), commune=here.communes[0], **head)
    return plan.model_copy(update={"indicators": indicators})


def scoped(here, month, day):
    known = here.day(month, day)
    here.follow()
    with here.pool.connection() as connection:
        return [
            (t.commune, t.scope, t.fields, t.target, t.text)
            for t in plans.scoped_targets_of(connection, here.code, known, end_of(known))
        ]


def test_a_plan_can_set_another_target_for_some_fields(here):
    commune = here.communes[0]
    here.today(7, 1)
    here.planning.issue_plan(plan_with(here, (90, None, None), (85, WORDS, PARTS)))

    assert here.targets(here.day(9, 16)) == {(commune, "satisfaction"): 90}
    [(of_commune, scope, fields, target, text)] = scoped(here, 9, 16)
    assert (of_commune, scope, fields) == (commune, WORDS, PARTS)
    assert (target, text) == (Target(at_least=85), "tối thiểu 85%")


def test_a_scope_may_have_only_words_or_only_fields(here):
    here.today(7, 1)
    here.planning.issue_plan(
        plan_with(here, (70, "doanh nghiệp", None), (80, None, ("land", "justice")), (75, "doanh nghiệp nhỏ", ()))
    )

    assert here.targets(here.day(9, 16)) == {}, "no target holds for the whole indicator"
    assert [(scope, fields) for _, scope, fields, *_ in scoped(here, 9, 16)] == [
        ("doanh nghiệp", ()),
        ("land, justice", ("land", "justice")),
        ("doanh nghiệp nhỏ", ()),
    ]


def test_a_new_version_of_the_plan_has_its_own_scopes_from_its_day_on(here):
    here.today(7, 1)
    here.planning.issue_plan(plan_with(here, (90, None, None), (85, WORDS, PARTS)))
    here.today(9, 20)
    here.amend(plan_with(here, (95, None, None), (88, WORDS, PARTS), (60, "doanh nghiệp", None)))
    here.today(10, 5)
    here.amend(plan_with(here, (95, None, None)))

    def bounds(month, day):
        return [int(target.at_least) for _, _, _, target, _ in scoped(here, month, day)]

    assert [bounds(6, 30), bounds(9, 19), bounds(9, 20), bounds(10, 5)] == [[], [85], [88, 60], []]
    assert here.targets(here.day(10, 5), "Q4") == {(here.communes[0], "satisfaction"): 95}


def test_of_several_plans_the_last_target_for_a_scope_counts(here):
    here.today(7, 1)
    here.planning.issue_plan(plan_with(here, (85, WORDS, PARTS), (70, "doanh nghiệp", None)))
    here.today(7, 2)
    here.planning.issue_plan(plan_with(here, (80, WORDS, PARTS), regime="tthc-control"))

    assert {scope: int(target.at_least) for _, scope, _, target, _ in scoped(here, 9, 16)} == {
        WORDS: 80,
        "doanh nghiệp": 70,
    }
