"""What Planning brings to the portal: its routes and its entries of the navigation."""

from pathlib import Path

from starlette.routing import Route

from services.planning.web import steps, tasks
from shared.contracts.planning import TASK_READERS
from shared.web.site import Link, Part

PART = Part(
    "planning",
    Path(__file__).parent,
    [
        Route("/nhiem-vu", tasks.choose),
        Route("/nhiem-vu/{commune}.json", tasks.as_json),
        Route("/nhiem-vu/{commune}", tasks.listed),
        Route("/nhiem-vu/{commune}", tasks.step_taken, methods=["POST"]),
        Route("/nhiem-vu/{commune}/{task}.json", steps.as_json),
        Route("/nhiem-vu/{commune}/{task}", steps.shown),
        Route("/nhiem-vu/{commune}/{task}", steps.taken, methods=["POST"]),
    ],
    [Link("Nhiệm vụ", "/nhiem-vu", TASK_READERS)],
)
