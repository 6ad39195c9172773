"""Figures with what they are made of, comparisons and examined editions in the portal's pages, on running services."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from deploy.embedded.stack import Stack
from shared.contracts.indicators import Correction, CorrectReadings, Reading, RecordReadings
from shared.grants import Scope
from tests.journeys.browsing import browsers, text_of
from tests.journeys.province import CODE, Province, until

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
        officer, publishing = found["provincial_officer"], f"/an-ban/{CODE}/{PERIOD}/cong-bo"
        officer.send(publishing, 303, step="publish", incomplete="on")
        province.move_to(CORRECTED)
        mended = Correction(reading_id="r1", values={"files-received-online": 34}, reason="đếm thiếu", by="Lê Văn Tám")
        province.send(
            (own, "mended", CorrectReadings(corrections=(mended,))),
            (own, "late", RecordReadings(readings=(counted("r3", 10, 10, date(2025, 9, 11)),))),
        )
        province.wait_until_followed()
        officer.send(publishing, 303, step="restate", reason="đính chính của xã")
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
    assert text_of(portal.clerk.page(figure_of(portal.own, trang=9))) == page, (
        "a page that there is not is the last one"
    )


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


def test_a_figure_on_another_map_or_by_the_formulas_of_now_is_a_link_that_stays(portal):
    path = figure_of(portal.own, ban_do="2025-07-02", dinh_nghia="nay")
    page = portal.auditor.page(path)
    text = text_of(page)
    assert "theo các đơn vị hành chính của ngày 2/7/2025" in text
    assert "công thức hiện nay" in text
    assert "Vì sao đổi" not in text, "causes are known of the period's own formulas and map"
    fixed = re.search(r'id="lien-ket" value="[^"]+"', page)[0]
    assert ("ban-do=2025-07-02" in fixed, "dinh-nghia=nay" in fixed) == (True, True)
    assert "địa giới của kỳ" in portal.auditor.page(f"{path}&tu=15/9/2025", 404)
    assert "địa giới của nó" in portal.auditor.page(f"{path}&an-ban=1", 404)
    whole = portal.auditor.page(f"/so-lieu/tinh/{CODE}/chi-so/{INDICATOR}/{PERIOD}?ban-do=2025-07-02")
    part = re.search(rf'href="(/so-lieu/{portal.own}/chi-so/[^"]+)"', whole)[1].replace("&amp;", "&")
    assert "ban-do=2025-07-02" in part
    assert "49/60" in text_of(portal.auditor.page(part))
    report = portal.auditor.page(f"/bao-cao/tinh/{CODE}/{PERIOD}?ban-do=2025-07-02")
    linked = re.search(rf'href="(/so-lieu/tinh/{CODE}/chi-so/{INDICATOR}/[^"]+)"', report)[1].replace("&amp;", "&")
    assert "của ngày 2/7/2025" in text_of(portal.auditor.page(linked))


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


def test_a_report_leads_to_its_figures_and_to_the_days_on_which_something_changed(portal):
    page = portal.clerk.page(f"/bao-cao/{portal.own}/{PERIOD}?biet-den=2025-09-14")
    link = re.search(rf'href="(/so-lieu/[^"]+/{INDICATOR}/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "35/50" in text_of(portal.clerk.page(link))
    later = re.search(r'href="([^"]+)" rel="next"', page)[1]
    assert "biet-den=2025-09-16" in later


def test_two_editions_are_compared_by_commune_and_cause(portal):
    path = f"/so-sanh/tinh/{CODE}?ky={PERIOD}"
    assert "lần 2" in text_of(portal.auditor.page(path))
    page = portal.auditor.page(f"{path}&tu-an-ban=1&den-an-ban=2")
    text = text_of(page)
    assert "Từ lần công bố 1 (biết đến hết ngày 15/9/2025) đến lần công bố 2 (biết đến hết ngày 16/9/2025)" in text
    assert "35/50 (70,0 %) 49/60 (81,7 %)" in text
    assert "Số hồ sơ tiếp nhận trực tuyến 30 → 34" in text
    late = re.search(r'href="(\?[^"]*nguyen-nhan=late[^"]*)"', page)[1].replace("&amp;", "&")
    assert "35/50 (70,0 %)" in text_of(portal.auditor.page(f"/so-sanh/tinh/{CODE}{late}"))
    own = text_of(portal.clerk.page(f"/so-sanh/{portal.own}?ky={PERIOD}&tu=15/9/2025"))
    assert "35/50 (70,0 %) 49/60 (81,7 %)" in own
    assert "Gửi muộn: bản r3" in own


def test_states_that_are_no_two_come_back_with_a_sentence_at_the_form(portal):
    path = f"/so-sanh/tinh/{CODE}?ky={PERIOD}"
    wrong = portal.auditor.page(f"{path}&tu=20/9/2025&den=15/9/2025", 422)
    assert "Có lỗi cần sửa" in wrong
    assert 'href="#tu"' in wrong
    portal.auditor.page(f"{path}&tu=15/9/2025&tu-an-ban=1", 400)
    portal.neighbour.page(f"/so-sanh/{portal.own}?ky={PERIOD}&tu=15/9/2025", 403)


def test_an_edition_is_examined_with_its_seals_and_its_proof(portal):
    path = f"/kiem-toan/{CODE}/{PERIOD}/2"
    page = until(lambda: _sealed(portal.auditor.page(path)), "the publication is sealed and announced")
    text = text_of(page)
    assert "Nội dung còn nguyên" in text
    assert "Tính lại giống từng byte" in text
    assert "Có trong sổ đã niêm phong" in text
    assert "minhbach audit replay --province" in text
    proof = portal.auditor.client.get(f"{path}.json").json()["answer"]["inclusion"]
    assert proof["holds"]
    start = text_of(portal.auditor.page(f"/kiem-toan/{CODE}"))
    assert "So với lần trước" in start
    portal.clerk.page(path)
    portal.auditor.page(f"/kiem-toan/{CODE}/{PERIOD}/9", 404)


def _sealed(page):
    return page if "Có trong sổ" in page else None


def test_the_history_of_a_report_is_shown_in_order(portal):
    led = portal.auditor.client.get(f"/kiem-toan/{CODE}/bao-cao?ky={PERIOD}").headers["location"]
    text = text_of(portal.auditor.page(led))
    assert text.index("Mở báo cáo của tỉnh") < text.index("Công bố ,") < text.index("Công bố lại ,")
    assert "Người provincial-officer" in text
    portal.auditor.page(f"/kiem-toan/bao-cao/{portal.other}/2024-Q3", 404)
    portal.neighbour.page(f"/kiem-toan/bao-cao/{portal.own}/{PERIOD}", 403)
