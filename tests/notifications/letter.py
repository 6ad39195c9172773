"""Letters as tests render them: an event's contents, with the fields that the planner adds for a recipient."""

from datetime import date

from services.notifications.contents import contents_of
from services.notifications.mail.letters import render
from tests.notifications import events

OF_COMMUNE = {"recipient_name": "Phòng Kinh tế xã Tịnh Khê", "commune_name": "xã Tịnh Khê"}
SEVERAL = (
    events.obligation(due=date(2025, 11, 3), planned=date(2025, 11, 1), label="ban hành kế hoạch"),
    events.obligation(due=date(2025, 9, 30), label="báo cáo kết quả", period="2025-Q3"),
    events.obligation(due=date(2025, 12, 31), period="2025-12"),
    events.obligation(due=date(2026, 1, 15)),
)


def context(event, role="lead"):
    return {**contents_of(event), **OF_COMMUNE, "role": role}


def letter(template, event, role="lead"):
    return render(template, context(event, role))
