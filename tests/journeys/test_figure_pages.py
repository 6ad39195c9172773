"""Figures with what they are made of, comparisons and examined editions in the portal's pages, on running services."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from deploy.stack import Stack
from shared.contracts.indicators import Correction, CorrectReadings, Reading, RecordReadings
from shared.grants import Scope
from tests.journeys.browsing import browsers, text_of
from tests.journeys.province import CODE, Province

PERIOD, INDICATOR = "2025-Q3", "online-files"
FIRST, CORRECTED = date(2025, 9, 12), date(2025, 9, 16)


def counted(reading_id, files, online, day=date(2025, 9, 10)):
    values = {"files-received": files, "files-received-online": online}
    return Reading(reading_id=reading_id, observed_on=day, field="land", values=values)


@pytest.fixture(scope="module")
def portal(tmp_path_factory, start_servers):
    """Readings on 12 September, edition 1 on 15 September, a correction and a late reading on 16, then edition 2."""
    folder = tmp_path_factory.mktemp("figures")

    def make_stack(**options):
        return Stack(folder / "stack", start_servers=start_servers, **options)

    with Province.of(make_stack, folder, communes=3, today=FIRST) as province:
        own, other, _ = province.communes
        province.send(
            (own, "first", RecordReadings(readings=(counted("r1", 40, 30), counted("r2", 10, 5)))),
            (other, "first", RecordReadings(readings=(counted("r1", 50, 10),))),
        )
        province.wait_until_followed()
        province.move_to(date(2025, 9, 15))
        scopes = {"clerk": Scope(own), "neighbour": Scope(other), "provincial-officer": Scope(province=CODE),
                  "auditor": Scope(province=CODE)}  # fmt: skip
        accounts = {name: ("clerk" if name == "neighbour" else name, scope) for name, scope in scopes.items()}
        found = {name.replace("-", "_"): browser for name, browser in browsers(province, accounts).items()}
        officer, editions = found["provincial_officer"], f"/an-ban/{CODE}"
        officer.send(editions, 303, step="publish", period=PERIOD, incomplete="on")
        province.move_to(CORRECTED)
        mended = Correction(reading_id="r1", values={"files-received-online": 34}, reason="đếm thiếu", by="Lê Văn Tám")
        province.send(
            (own, "mended", CorrectReadings(corrections=(mended,))),
            (own, "late", RecordReadings(readings=(counted("r3", 10, 10, date(2025, 9, 11)),))),
        )
        province.wait_until_followed()
        officer.send(editions, 303, step="restate", period=PERIOD, reason="đính chính của xã")
        province.move_to(date(2025, 9, 20))
        yield SimpleNamespace(own=own, other=other, province=province, **found)


def figure_of(commune, **query):
    text = "&".join(f"{name.replace('_', '-')}={value}" for name, value in query.items())
    return f"/so-lieu/{commune}/chi-so/{INDICATOR}/{PERIOD}?{text}"


def test_a_figure_unfolds_into_its_formula_target_and_readings(portal):
    page = text_of(portal.clerk.page(figure_of(portal.own)))
    assert "81,7 %" in page
    assert "49/60" in page
    assert "Căn cứ" in page
    assert "Quyết định" in page
    assert "3 bản số liệu" in page
    assert "Lê Văn Tám: đếm thiếu" in page
    assert re.search(r"vị trí \d+, bài gửi mended , mã băm [0-9a-f]{12}…", page)
    assert "minhbach audit explain --commune" in page


def test_a_link_that_names_a_day_gives_the_same_later(portal):
    def fixed(path):
        page = portal.auditor.page(path)
        link = re.search(r'id="lien-ket" value="http[^/]+//[^/]+([^"]+)"', page)[1].replace("&amp;", "&")
        return text_of(page), link

    then, link = fixed(figure_of(portal.own, biet_den="2025-09-15"))
    assert "70,0 %" in then
    assert "35/50" in then
    assert "Liên kết này luôn cho cùng một kết quả." in then
    again, same = fixed(link)
    assert link == same
    assert again == then
    now, link = fixed(figure_of(portal.own))
    assert "biet-den=2025-09-20" in link
    assert "chưa hết" in now


def test_a_figure_names_the_events_that_moved_it_since_a_day(portal):
    page = portal.clerk.page(figure_of(portal.own, tu="15/9/2025"))
    text = text_of(page)
    assert "Hết ngày 15/9/2025: 70,0 % (35/50) → 81,7 % (49/60)" in text
    assert "2 nguyên nhân" in text
    assert "30 → 34" in text
    assert "gửi muộn: bản r3" in text.replace("Gửi muộn", "gửi muộn")
    portal.clerk.page(re.search(r'href="(/so-lieu/[^"]+/ma/r1)"', page)[1])
    same = text_of(portal.clerk.page(figure_of(portal.own, tu="17/9/2025")))
    assert "Số liệu này không đổi trong thời gian đó." in same
    portal.clerk.page(figure_of(portal.own, tu="21/9/2025"), 404)


def test_the_days_on_which_something_changed_are_links(portal):
    page = portal.clerk.page(figure_of(portal.own, biet_den="2025-09-14"))
    earlier, later = (re.search(rf'href="([^"]+)" rel="{way}"', page)[1] for way in ("prev", "next"))
    assert "biet-den=2025-09-12" in earlier
    assert "biet-den=2025-09-16" in later
    path = figure_of(portal.own).partition("?")[0]
    assert "81,7 %" in text_of(portal.clerk.page(path + later.replace("&amp;", "&")))


def test_a_figure_of_an_edition_stays_the_published_one(portal):
    first, second = (text_of(portal.clerk.page(figure_of(portal.own, an_ban=n))) for n in (1, 2))
    assert ("35/50" in first, "49/60" in second) == (True, True)
    assert "Theo lần công bố 1" in first
    assert "Tính lại từ các bảng: khớp." in first
    portal.clerk.page(figure_of(portal.own, an_ban=3), 404)
    portal.clerk.page(figure_of(portal.own, an_ban="x"), 400)


def test_a_provinces_figure_leads_to_those_of_its_communes(portal):
    page = portal.auditor.page(f"/so-lieu/tinh/{CODE}/chi-so/{INDICATOR}/{PERIOD}?biet-den=2025-09-15")
    assert "45/100" in text_of(page)
    link = re.search(rf'href="(/so-lieu/{portal.own}/chi-so/[^"]+)"', page)[1]
    assert "35/50" in text_of(portal.auditor.page(link.replace("&amp;", "&")))


def test_a_figure_is_shown_to_those_who_may_see_the_report(portal):
    portal.neighbour.page(figure_of(portal.own), 403)
    portal.clerk.page(f"/so-lieu/tinh/{CODE}/chi-so/{INDICATOR}/{PERIOD}", 403)
    portal.clerk.page(f"/so-lieu/{portal.own}/chi-so/none/{PERIOD}", 404)
    found = portal.clerk.client.get(f"/so-lieu/{portal.own}/chi-so/{INDICATOR}/{PERIOD}.json").json()["answer"]
    assert (found["numerator"], found["denominator"]) == (49, 60)
