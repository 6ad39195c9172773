from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain import telling
from services.notifications.domain.recipients import AddressBook, Commune

WORKING = ("lead", "support")
BOOK = AddressBook("minhbach.example")
REGISTERED_AT = datetime(2025, 7, 1, tzinfo=UTC)
COMMUNE = Commune("c-1", "21040", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", REGISTERED_AT)
CENTRE, OFFICE = "Trung tâm Phục vụ hành chính công", "Phòng Kinh tế"


def who(told):
    return [(one.recipient.address.partition(".")[0], one.template, one.role) for one in told]


def missed(tell, *, lead=(OFFICE,), support=(CENTRE,), days_late=1, commune=COMMUNE):
    return telling.deadline_missed(BOOK, commune, lead, support, tell=tell, days_late=days_late)


def test_lead_and_support_are_told_of_a_task():
    assert who(telling.of_task(BOOK, COMMUNE, "task_returned", [OFFICE], [CENTRE])) == [
        ("phong-kinh-te", "task_returned", "lead"),
        ("trung-tam-phuc-vu-hanh-chinh-cong", "task_returned", "support"),
    ]


def test_a_body_that_leads_and_supports_is_told_once():
    told = telling.of_task(BOOK, COMMUNE, "task_assigned", [OFFICE, "PHÒNG KINH TẾ"], ["Phòng Kinh tế xã"])

    assert who(told) == [("phong-kinh-te", "task_assigned", "lead")]


@pytest.mark.parametrize("days_left", [7, 4, 1, 0])
def test_a_deadline_that_approaches_is_told(days_left):
    told = telling.deadline_approaching(BOOK, COMMUNE, [OFFICE], [CENTRE], tell=WORKING, days_left=days_left)

    assert [role for _, _, role in told] == ["lead", "support"]


def test_a_step_that_tells_one_role_is_told_to_that_role_only():
    told = telling.deadline_approaching(BOOK, COMMUNE, [OFFICE], [CENTRE], tell=["support"], days_left=3)

    assert [role for _, _, role in told] == ["support"]


@pytest.mark.parametrize("days_left", [-1, -40])
def test_a_deadline_that_is_past_does_not_approach(days_left):
    assert not telling.deadline_approaching(BOOK, COMMUNE, [OFFICE], [CENTRE], tell=WORKING, days_left=days_left)


@pytest.mark.parametrize(
    ("tell", "told"),
    [
        (["lead"], [("phong-kinh-te", "deadline_missed", "lead")]),
        (["support"], [("trung-tam-phuc-vu-hanh-chinh-cong", "deadline_missed", "support")]),
        (["chair"], [("chu-tich", "deadline_missed_escalated", "chair")]),
        (["provincial-office"], [("van-phong", "deadline_missed_escalated", "province")]),
        (
            ["chair", "one-stop-centre"],
            [
                ("trung-tam-phuc-vu-hanh-chinh-cong", "deadline_missed_escalated", "centre"),
                ("chu-tich", "deadline_missed_escalated", "chair"),
            ],
        ),
        ([], []),
        (["somebody whom only a later version knows"], []),
    ],
)
def test_a_missed_deadline_is_told_to_whom_the_announcement_names(tell, told):
    assert who(missed(tell)) == told


def test_who_leads_a_task_is_not_told_besides_to_urge_it():
    told = missed(["one-stop-centre", "lead"], lead=[CENTRE])

    assert who(told) == [("trung-tam-phuc-vu-hanh-chinh-cong", "deadline_missed", "lead")]


def test_the_office_of_the_province_has_the_address_and_the_name_of_the_province():
    [told] = missed(["provincial-office"])

    assert told.recipient.address == "van-phong.51@minhbach.example"
    assert told.recipient.name == "Văn phòng UBND tỉnh Quảng Ngãi"


def test_a_province_whose_name_was_never_heard_is_told_at_the_same_address():
    [told] = missed(["provincial-office"], commune=replace(COMMUNE, province_name=None))

    assert told.recipient.address == "van-phong.51@minhbach.example"
    assert told.recipient.name == "Văn phòng UBND cấp tỉnh"


@pytest.mark.parametrize(("days_late", "roles"), [(1, ["lead"]), (3, ["centre", "chair"]), (30, ["lead"])])
def test_an_announcement_that_does_not_say_whom_it_concerns_concerns_whom_it_once_did(days_late, roles):
    told = missed(None, days_late=days_late)

    assert [role for _, _, role in told] == roles


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
