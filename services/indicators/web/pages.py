"""What Indicators brings to the portal: its routes and its entries of the navigation."""

from pathlib import Path

from starlette.routing import Route

from services.indicators.web import entry, paper_entry, reading, upload
from services.indicators.web.file_form import LARGEST_FORM
from shared.contracts.indicators import COMMUNES_READERS
from shared.web.site import Link, Part

PART = Part(
    "indicators",
    Path(__file__).parent,
    [
        Route("/so-lieu.json", entry.choose),
        Route("/so-lieu", entry.choose),
        Route("/so-lieu/{commune}.json", entry.as_json),
        Route("/so-lieu/{commune}", entry.shown),
        Route("/so-lieu/{commune}", entry.taken, methods=["POST"]),
        Route("/bieu-so-lieu/{commune}", paper_entry.shown),
        Route("/bieu-so-lieu/{commune}", paper_entry.taken, methods=["POST"]),
        Route("/tep-so-lieu/{commune}", upload.shown),
        Route("/tep-so-lieu/{commune}", upload.taken, methods=["POST"]),
        Route("/so-lieu/{commune}/ngay/{day}.json", reading.of_day_as_json),
        Route("/so-lieu/{commune}/ngay/{day}", reading.of_day),
        Route("/so-lieu/{commune}/ma/{reading}.json", reading.as_json),
        Route("/so-lieu/{commune}/ma/{reading}", reading.shown),
        Route("/so-lieu/{commune}/ma/{reading}", reading.changed, methods=["POST"]),
    ],
    [Link("Số liệu", "/so-lieu", COMMUNES_READERS)],
    {"/tep-so-lieu/": LARGEST_FORM},
)
