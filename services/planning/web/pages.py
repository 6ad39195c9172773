"""What Planning brings to the portal: its routes and its entries of the navigation."""

from pathlib import Path

from starlette.routing import Route

from services.planning.web import drafts, evidence, plans, province_tasks, steps, tasks
from shared.contracts.planning import PLAN_READERS, TASK_READERS
from shared.web.site import Link, Part

PART = Part(
    "planning",
    Path(__file__).parent,
    [
        Route("/nhiem-vu.json", tasks.choose),
        Route("/nhiem-vu", tasks.choose),
        Route("/nhiem-vu/tinh/{province}.json", province_tasks.as_json),
        Route("/nhiem-vu/tinh/{province}.xlsx", province_tasks.as_spreadsheet),
        Route("/nhiem-vu/tinh/{province}", province_tasks.shown),
        Route("/nhiem-vu/tinh/{province}", province_tasks.acted, methods=["POST"]),
        Route("/nhiem-vu/{commune}.json", tasks.as_json),
        Route("/nhiem-vu/{commune}.xlsx", tasks.as_spreadsheet),
        Route("/nhiem-vu/{commune}", tasks.listed),
        Route("/nhiem-vu/{commune}", tasks.step_taken, methods=["POST"]),
        Route("/nhiem-vu/{commune}/{task}.json", steps.as_json),
        Route("/nhiem-vu/{commune}/{task}", steps.shown),
        Route("/nhiem-vu/{commune}/{task}", steps.taken, methods=["POST"]),
        Route("/minh-chung/{commune}/{task}", evidence.taken, methods=["POST"]),
        Route("/minh-chung/{commune}/{task}/{sha256}", evidence.shown),
        Route("/ke-hoach.json", plans.choose),
        Route("/ke-hoach", plans.choose),
        Route("/ke-hoach/{commune}.json", plans.list_as_json),
        Route("/ke-hoach/{commune}", plans.listed),
        Route("/ke-hoach/{commune}/ban-thao", drafts.upload),
        Route("/ke-hoach/{commune}/ban-thao", drafts.taken, methods=["POST"]),
        Route("/ke-hoach/{commune}/{plan}.json", plans.as_json),
        Route("/ke-hoach/{commune}/{plan}", plans.shown),
        Route("/ke-hoach/{commune}/{plan}", plans.closed, methods=["POST"]),
    ],
    [Link("Nhiệm vụ", "/nhiem-vu", TASK_READERS), Link("Kế hoạch", "/ke-hoach", PLAN_READERS)],
    no_pages=("/minh-chung/",),
    larger={"/ke-hoach/": drafts.LARGEST_FORM, "/minh-chung/": evidence.LARGEST_FORM},
)
