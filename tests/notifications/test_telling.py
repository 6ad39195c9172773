from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain import telling
from services.notifications.domain.recipients import AddressBook, Commune

BOOK = AddressBook("minhbach.example")
REGISTERED_AT = datetime(2025, 7, 1, tzinfo=UTC)
COMMUNE = Commune("c-1", "21040", "Xã Tịnh Khê", "51", REGISTERED_AT)
CENTRE, OFFICE = "Trung tâm Phục vụ hành chính công", "Phòng Kinh tế"


def who(told):
    return [(one.recipient.address.partition(".")[0], one.template, one.role) for one in told]


def test_lead_and_support_are_told_of_a_task():
    assert who(telling.task_assigned(BOOK, COMMUNE, [OFFICE], [CENTRE])) == [
        ("phong-kinh-te", "task_assigned", "lead"),
        ("trung-tam-phuc-vu-hanh-chinh-cong", "task_assigned", "support"),
    ]


def test_a_body_that_leads_and_supports_is_told_once():
    told = telling.task_assigned(BOOK, COMMUNE, [OFFICE, "PHÒNG KINH TẾ"], ["Phòng Kinh tế xã"])

    assert who(told) == [("phong-kinh-te", "task_assigned", "lead")]


@pytest.mark.parametrize(("days_before", "days_left"), [(7, 7), (7, 5), (7, 4), (3, 3), (3, 2), (1, 1), (1, 0)])
def test_a_deadline_that_approaches_is_told(days_before, days_left):
    told = telling.deadline_approaching(BOOK, COMMUNE, [OFFICE], [CENTRE], days_before=days_before, days_left=days_left)

    assert [role for _, _, role in told] == ["lead", "support"]


@pytest.mark.parametrize(("days_before", "days_left"), [(7, 3), (7, 1), (7, -2), (3, 1), (3, 0), (1, -1), (3, -40)])
def test_a_threshold_that_a_nearer_one_has_overtaken_is_not_told(days_before, days_left):
    assert not telling.deadline_approaching(
        BOOK, COMMUNE, [OFFICE], [CENTRE], days_before=days_before, days_left=days_left
    )


@pytest.mark.parametrize("days_left", range(-3, 8))
def test_after_an_outage_at_most_one_threshold_is_told(days_left):
    announced = [days for days in telling.THRESHOLDS if days >= days_left]

    told = [days for days in announced if not telling.superseded(days, days_left)]

    assert len(told) == (1 if days_left >= 0 else 0)


def test_a_missed_deadline_is_told_to_who_leads():
    told = telling.deadline_missed(BOOK, COMMUNE, [OFFICE], 1)

    assert who(told) == [("phong-kinh-te", "deadline_missed", "lead")]


def test_a_deadline_that_stays_missed_goes_up_to_the_chair_and_the_centre():
    assert who(telling.deadline_missed(BOOK, COMMUNE, [OFFICE], 3)) == [
        ("chu-tich", "deadline_missed_escalated", "chair"),
        ("trung-tam-phuc-vu-hanh-chinh-cong", "deadline_missed_escalated", "centre"),
    ]


def test_a_submission_without_refusals_is_not_told():
    assert telling.reading_refused(BOOK, COMMUNE, 0) == []


def test_a_submission_with_refusals_is_told_once():
    told = telling.reading_refused(BOOK, COMMUNE, 400)

    assert who(told) == [("trung-tam-phuc-vu-hanh-chinh-cong", "reading_refused", "centre")]


def test_twenty_refusals_are_listed_and_the_others_counted():
    assert telling.listed(range(20)) == (range(20), 0)
    assert telling.listed(range(23)) == (range(20), 3)


def test_a_commune_that_joined_after_a_report_is_not_told_of_it():
    assert telling.report_published_in(BOOK, COMMUNE, REGISTERED_AT)
    assert not telling.report_published_in(BOOK, COMMUNE, REGISTERED_AT - timedelta(days=1))
