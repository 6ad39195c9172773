"""Who is notified of what: bodies of a task, named roles, the chair, the province."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.notifications.domain import recipients
from services.notifications.domain.address_book import AddressBook, key_of
from services.notifications.domain.commune import Commune
from services.notifications.domain.recipients import Person

WORKING = ("lead", "support")
BOOK = AddressBook("minhbach.example")
REGISTERED_AT = datetime(2025, 7, 1, tzinfo=UTC)
COMMUNE = Commune("c-1", "21040", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", REGISTERED_AT)
CENTRE, OFFICE = "Trung tâm Phục vụ hành chính công", "Phòng Kinh tế"


BODIES = {"lead": [OFFICE], "support": [CENTRE]}


def notified(found):
    return [(each.recipient.address.partition(".")[0], each.template, each.role) for each in found]


def missed(roles, *, bodies=BODIES, days_late=1, commune=COMMUNE):
    return recipients.of_missed_deadline(BOOK, commune, bodies, roles, days_late)


def test_task_notifies_lead_and_support():
    assert notified(recipients.of_task(BOOK, COMMUNE, "task_returned", BODIES)) == [
        ("phong-kinh-te", "task_returned", "lead"),
        ("trung-tam-phuc-vu-hanh-chinh-cong", "task_returned", "support"),
    ]


def test_body_that_leads_and_supports_is_notified_once():
    bodies = {"lead": [OFFICE, "PHÒNG KINH TẾ"], "support": ["Phòng Kinh tế xã"]}
    found = recipients.of_task(BOOK, COMMUNE, "task_assigned", bodies)

    assert notified(found) == [("phong-kinh-te", "task_assigned", "lead")]


@pytest.mark.parametrize("days_left", [7, 4, 1, 0])
def test_approaching_deadline_notifies_lead_and_support(days_left):
    found = recipients.of_approaching_deadline(BOOK, COMMUNE, BODIES, WORKING, days_left)

    assert [each.role for each in found] == ["lead", "support"]


def test_approaching_deadline_notifies_the_named_roles_only():
    found = recipients.of_approaching_deadline(BOOK, COMMUNE, BODIES, ["support"], 3)

    assert [each.role for each in found] == ["support"]


@pytest.mark.parametrize("days_left", [-1, -40])
def test_past_deadline_sends_no_reminder(days_left):
    assert not recipients.of_approaching_deadline(BOOK, COMMUNE, BODIES, WORKING, days_left)


@pytest.mark.parametrize(
    ("roles", "expected"),
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
def test_missed_deadline_notifies_the_named_roles(roles, expected):
    assert notified(missed(roles)) == expected


def test_lead_is_not_notified_a_second_time_to_urge():
    found = missed(["one-stop-centre", "lead"], bodies={"lead": [CENTRE], "support": [CENTRE]})

    assert notified(found) == [("trung-tam-phuc-vu-hanh-chinh-cong", "deadline_missed", "lead")]


def test_provincial_office_has_the_provinces_address_and_name():
    [notification] = missed(["provincial-office"])

    assert notification.recipient.address == "van-phong.51@minhbach.example"
    assert notification.recipient.name == "Văn phòng UBND tỉnh Quảng Ngãi"


def test_province_without_a_name_has_the_same_address():
    [notification] = missed(["provincial-office"], commune=replace(COMMUNE, province_name=None))

    assert notification.recipient.address == "van-phong.51@minhbach.example"
    assert notification.recipient.name == "Văn phòng UBND cấp tỉnh"


@pytest.mark.parametrize(("days_late", "roles"), [(1, ["lead"]), (3, ["centre", "chair"]), (30, ["lead"])])
def test_old_announcement_without_roles_uses_default_recipients(days_late, roles):
    found = missed(None, days_late=days_late)

    assert [each.role for each in found] == roles


def test_submission_without_refusals_notifies_nobody():
    assert recipients.of_refused_readings(BOOK, COMMUNE, 0) == []


def test_submission_with_refusals_notifies_the_centre_once():
    found = recipients.of_refused_readings(BOOK, COMMUNE, 400)

    assert notified(found) == [("trung-tam-phuc-vu-hanh-chinh-cong", "reading_refused", "centre")]


def test_commune_that_joined_later_gets_no_earlier_report():
    assert recipients.of_published_report(BOOK, COMMUNE, "51", REGISTERED_AT)
    assert not recipients.of_published_report(BOOK, COMMUNE, "51", REGISTERED_AT - timedelta(days=1))


CHAIR = "Chủ tịch UBND"
HEIR = replace(COMMUNE, commune="c-2", code="21050", name="Xã Sơn Tịnh")


@pytest.mark.parametrize("name", [OFFICE, "PHÒNG KINH TẾ xã"])
def test_a_remark_of_a_body_goes_to_others_that_share_its_address(name):
    book = replace(BOOK, known={key_of(CENTRE, COMMUNE.code): "hcc@minhbach.example"})
    found = recipients.of_comment(book, COMMUNE, BODIES)
    found = recipients.once(recipients.without(book, found, Person("body", name), COMMUNE))

    assert [each.recipient for each in found] == [book.one_stop_centre(COMMUNE)]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (Person("body", OFFICE), [CENTRE, CHAIR]),
        (Person("one-stop-centre", "Lan"), [CHAIR]),
        (Person("chair", "An"), [CENTRE]),
    ],
)
def test_a_remark_on_a_task_of_a_merged_commune_reaches_somebody_of_its_successor(author, names):
    gone = replace(COMMUNE, gone_from=date(2025, 8, 1), successor="c-2")
    found = recipients.of_comment(BOOK, gone, BODIES)
    found = recipients.redirected(BOOK, found, gone, date(2025, 9, 1), {"c-2": HEIR})
    found = recipients.once(recipients.without(BOOK, found, author, HEIR))

    assert {each.recipient for each in found} == {BOOK.body(name, HEIR) for name in names}
