"""An explanation as one page of HTML, with its styles inside and no scripts; every inserted text is escaped."""

from services.reporting.audit.explaining.explanation import Explanation
from services.reporting.audit.explaining.sections import NUMBERS, counted_text, heading, sections_of
from services.reporting.audit.explaining.text import figure_text, place_text, report_text, verdict
from services.reporting.domain.stores import store_name
from services.reporting.rendering.templating import template
from shared.vietnamese import number

MOST_READINGS = 2_000


def page_of(explained: Explanation) -> str:
    places = (f"{store_name(service)} {number(n)}" for service, n in sorted(explained.positions.items()))
    return template("explanation.html.j2").render(
        explained=explained,
        heading=heading(explained),
        figure=figure_text(explained),
        verdict=verdict(explained),
        counted=counted_text(explained),
        report=report_text(explained).capitalize(),
        positions=", ".join(places),
        sections=sections_of(explained, MOST_READINGS)[1:],  # the figure is the head of the page
        numbers=NUMBERS,
        place_text=place_text,
        number=number,
    )
