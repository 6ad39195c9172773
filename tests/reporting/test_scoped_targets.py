"""Targets that hold for a part of an indicator: kept beside the overall one, and never taken for it."""

from decimal import Decimal

from services.planning.plan_file import PlannedTarget
from services.reporting.domain.quarterly_report import Target
from services.reporting.read_models import plans
from shared.clock import end_of
from tests.reporting.planned import duty

PARTS = ("land", "construction", "investment")
WORDS = "đất đai, xây dựng, đầu tư"


def asking(here, *targets, **head):
    """A plan of the first commune with these targets: bound, scope and fields."""
    asked = tuple(
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
    return plan.model_copy(update={"indicators": asked})


def scoped(here, month, day):
    known = here.day(month, day)
    here.follow()
    with here.pool.connection() as connection:
        return [
            (t.commune, t.scope, t.fields, t.target, t.text)
            for t in plans.scoped_targets_of(connection, here.code, known, end_of(known))
        ]


def test_a_plan_asks_for_another_rate_in_some_fields_than_in_all(here):
    commune = here.communes[0]
    here.today(7, 1)
    here.planning.issue_plan(asking(here, (90, None, None), (85, WORDS, PARTS)))

    assert here.targets(here.day(9, 16)) == {(commune, "satisfaction"): 90}
    [(whose, scope, fields, target, text)] = scoped(here, 9, 16)
    assert (whose, scope, fields) == (commune, WORDS, PARTS)
    assert (target, text) == (Target(at_least=85), "tối thiểu 85%")


def test_a_part_without_fields_is_kept_with_its_words_and_fields_without_words_are_a_part(here):
    here.today(7, 1)
    here.planning.issue_plan(
        asking(here, (70, "doanh nghiệp", None), (80, None, ("land", "justice")), (75, "doanh nghiệp nhỏ", ()))
    )

    assert here.targets(here.day(9, 16)) == {}, "none of them holds for all"
    assert [(scope, fields) for _, scope, fields, *_ in scoped(here, 9, 16)] == [
        ("doanh nghiệp", ()),
        ("land, justice", ("land", "justice")),
        ("doanh nghiệp nhỏ", ()),
    ]


def test_another_version_of_the_plan_asks_for_its_own_parts_from_its_day_on(here):
    here.today(7, 1)
    here.planning.issue_plan(asking(here, (90, None, None), (85, WORDS, PARTS)))
    here.today(9, 20)
    here.amend(asking(here, (95, None, None), (88, WORDS, PARTS), (60, "doanh nghiệp", None)))
    here.today(10, 5)
    here.amend(asking(here, (95, None, None)))

    def bounds(month, day):
        return [int(target.at_least) for _, _, _, target, _ in scoped(here, month, day)]

    assert [bounds(6, 30), bounds(9, 19), bounds(9, 20), bounds(10, 5)] == [[], [85], [88, 60], []]
    assert here.targets(here.day(10, 5), "Q4") == {(here.communes[0], "satisfaction"): 95}


def test_of_several_plans_the_one_that_said_something_last_of_a_part_counts(here):
    here.today(7, 1)
    here.planning.issue_plan(asking(here, (85, WORDS, PARTS), (70, "doanh nghiệp", None)))
    here.today(7, 2)
    here.planning.issue_plan(asking(here, (80, WORDS, PARTS), regime="tthc-control"))

    assert {scope: int(target.at_least) for _, scope, _, target, _ in scoped(here, 9, 16)} == {
        WORDS: 80,
        "doanh nghiệp": 70,
    }
