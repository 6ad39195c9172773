"""What each role finds in the portal: navigation, homes, other communes, days of the past, places as JSON."""

import re

from tests.journeys.browsing import Browser, text_of
from tests.journeys.pages import PERIOD, TODAY
from tests.journeys.province import until


def test_the_navigation_has_the_pages_of_each_role(portal):
    assert portal.clerk.links() == ["/", "/nhiem-vu", "/ke-hoach", "/so-lieu", "/bao-cao"]
    assert portal.office.links() == ["/", "/nhiem-vu"]
    assert portal.provincial_officer.links() == [
        "/", "/nhiem-vu", "/ke-hoach", "/so-lieu", "/bao-cao", "/an-ban", "/kiem-toan",
    ]  # fmt: skip


def test_every_page_of_each_navigation_opens(portal):
    signed_in = {name: each for name, each in vars(portal).items() if isinstance(each, Browser)}
    assert len(signed_in) == 11
    for name, browser in signed_in.items():
        until(browser.opens_all, f"every page of the navigation of {name} opens")


def test_my_work_shows_each_role_the_things_that_wait_for_it(portal):
    clerk = text_of(portal.quiet_clerk.page("/"))
    assert "Ngày làm việc chưa có số liệu" in clerk
    assert "Tuần từ 8/9/2025: 5 ngày 8/9/2025, 9/9/2025" in clerk
    assert "Cải cách hành chính, quý III năm 2025 hạn hôm nay" in clerk
    assert "Nhiệm vụ quá hạn" in text_of(portal.quiet_office.page("/"))
    assert "Chờ chấp nhận" not in text_of(portal.quiet_chair.page("/")), "nothing was completed"
    officer = text_of(portal.provincial_officer.page("/"))
    assert "Tỉnh Quảng Ngãi" in officer
    assert "Đơn vị chưa có số liệu nào của quý III năm 2025" in officer
    [place] = portal.quiet_clerk.client.get("/viec-cua-toi.json").json()["places"]
    assert "Ngày làm việc chưa có số liệu" in [section["title"] for section in place["todo"]]


def test_a_neighbour_sees_and_changes_nothing(portal):
    for path in (f"/so-lieu/{portal.own}", f"/nhiem-vu/{portal.own}", f"/bao-cao/{portal.own}/{PERIOD}"):
        portal.neighbour.page(path, 403)
    page = portal.neighbour.page(f"/so-lieu/{portal.other}?tuan=2025-09-10&linh-vuc=land")
    form = {"lan-gui": re.search(r'name="lan-gui" value="(\w+)"', page)[1], "files-received.2025-09-12": "1"}
    assert portal.neighbour.client.post(f"/so-lieu/{portal.own}?linh-vuc=land", data=form).status_code == 403


def test_days_on_which_something_changed_stand_beside_the_day_of_knowledge(portal):
    own, week = portal.own, "tuan=2025-08-26&linh-vuc=land"
    portal.clerk.send(f"/so-lieu/{own}?{week}", 303, **{"files-received.2025-08-26": "10"})
    reading = f"/so-lieu/{own}/ma/web-land-20250826-0"
    [task, *_] = portal.clerk.client.get(f"/nhiem-vu/{own}.json").json()["answer"]["tasks"]
    assert task
    for path in (f"/so-lieu/{own}?{week}", f"/so-lieu/{own}/ngay/2025-08-26", reading, f"/nhiem-vu/{own}"):
        shown = portal.clerk.page(path)
        assert 'aria-label="Các ngày có thay đổi"' in shown, path
        assert f"biet-den={TODAY.isoformat()}" in shown or "/nhiem-vu/" in path, path


def test_a_page_of_a_day_knows_nothing_of_later(portal):
    tasks = portal.auditor.page(f"/nhiem-vu/{portal.own}?biet-den=16/6/2025")
    assert "Trang này cho thấy những gì đã được biết đến hết ngày" in tasks
    assert "đã chấp nhận" not in text_of(tasks).partition("tính đến")[2]
    assert "không phải là một ngày" in portal.auditor.page(f"/nhiem-vu/{portal.own}?biet-den=hôm qua", 400)
    assert "không phải là một ngày" in portal.auditor.page(f"/so-lieu/{portal.own}?tuan=31/2/2025", 400)


def test_where_one_chooses_a_place_the_places_are_there_as_json(portal):
    def places(browser, path):
        """Again while a service is late with its answer: the machine is slow."""

        def in_time():
            answer = browser.client.get(path)
            if answer.status_code == 303:
                answer = browser.client.get(answer.headers["location"])
            return None if answer.status_code == 503 else answer

        answer = until(in_time, f"an answer of {path}")
        assert answer.status_code == 200, text_of(answer.text)
        return answer.json()

    chosen = places(portal.provincial_officer, "/nhiem-vu.json")["communes"]
    assert {portal.own, portal.other, portal.quiet} <= {row["commune"] for row in chosen}
    assert places(portal.auditor, "/an-ban.json")["answer"]["editions"] is not None, "the only province"
    assert places(portal.clerk, "/so-lieu.json")["answer"]["readings"] is not None, "the only commune"
    assert places(portal.auditor, "/bao-cao.json")["answer"]["reports"]
