"""The operator's pages: accounts, grants, invitations, keys of programs, services and submissions."""

import re

from shared.contracts.indicators import RecordReadings
from shared.messaging.streams import SERVICES
from tests.journeys.browsing import text_of
from tests.journeys.province import CODE, until


def test_an_operator_opens_an_account_and_gives_and_withdraws_a_grant(portal):
    accounts, name = "/van-hanh/tai-khoan", "hoang-thi-lan"
    fields = {"tai-khoan": name, "ho-ten": "Hoàng Thị Lan"}
    portal.operator.submit_form(accounts, 422, **fields, **{"den-het": "31/2/2026"})
    portal.operator.submit_form(accounts, 303, **fields)
    page = f"{accounts}/{name}"
    assert "Hãy chọn một vai trò" in portal.operator.submit_form(page, 422, step="give")
    grant = {"step": "give", "vai-tro": "clerk", "don-vi": portal.own, "quyen-den-het": "31/12/2025"}
    given = text_of(portal.operator.submit_form(page, 303, **grant))
    assert re.search(r"Nhập số liệu .* 31/12/2025", given)
    assert f"{name}.1" in portal.operator.page(page)
    shown = portal.operator.client.get(f"{page}.json").json()
    assert [(each["role"], each["commune"], each["until"]) for each in shown["grants"]] == [
        ("clerk", portal.own, "2025-12-31")
    ]
    for visitor in (portal.operator, portal.auditor):
        assert "Hoàng Thị Lan" in visitor.page(f"/quyen/{CODE}?vai-tro=clerk")
        assert "Hoàng Thị Lan" not in visitor.page(f"/quyen/{CODE}?vai-tro=chair")
        assert "Hoàng Thị Lan" not in visitor.page(f"/quyen/{CODE}?biet-den=2025-01-01")
    known = portal.auditor.client.get(f"/quyen/{CODE}.json?vai-tro=clerk").json()["answer"]["grants"]
    assert [(each["by"], each["by_account"]) for each in known if each["account"] == name] == [
        ("Người operator", "operator")
    ]
    assert "Hãy ghi lý do" in portal.operator.submit_form(page, 422, step="withdraw", quyen=f"{name}.1")
    withdrawal = {"step": "withdraw", "quyen": f"{name}.1", "ly-do": "chuyển công tác"}
    assert "Chưa có quyền nào" in portal.operator.submit_form(page, 303, **withdrawal)
    portal.operator.submit_form(page, 303, step="close", **{"ly-do": "nghỉ việc"})
    assert "Tài khoản đã đóng" in portal.operator.page(page)
    assert "Hoàng Thị Lan" not in portal.auditor.page(f"/quyen/{CODE}")
    listed = portal.operator.client.get(f"{accounts}.json").json()
    assert [each["is_closed"] for each in listed if each["account"] == name] == [True]


def test_an_invitation_and_a_key_are_shown_once(portal):
    page = "/van-hanh/tai-khoan/neighbour"
    invited = portal.operator.submit_form(page, 200, step="invite")
    path = re.search(r"<code>http[^<]+?(/moi/[^<]+)</code>", invited)[1]
    assert path not in portal.operator.page(page)
    assert "Người neighbour" in portal.operator.page(path)
    key = {"step": "issue-key", "chuong-trinh": "một cửa", "khoa-den-het": "31/12/2025"}
    issued = portal.operator.submit_form(page, 200, **key)
    assert re.search(r"<code>mb_[\w-]+</code>", issued)
    assert "mb_" not in portal.operator.page(page)
    revoked = re.search(r'name="khoa" value="([^"]+)"', issued)[1]
    shown = portal.operator.submit_form(page, 303, step="revoke-key", khoa=revoked, **{"ly-do": "thay máy"})
    assert "Chưa có khóa nào" in shown


def test_an_operator_gives_nothing_to_the_own_account_and_nothing_of_another_province(portal):
    grant = {"step": "give", "vai-tro": "provincial-officer", "don-vi": CODE}
    own = portal.operator.submit_form("/van-hanh/tai-khoan/operator", 422, **grant)
    assert "Không tự giao quyền" in own
    elsewhere = portal.operator.submit_form("/van-hanh/tai-khoan/clerk", 422, **{**grant, "don-vi": "48"})
    assert "Hãy chọn tỉnh" in elsewhere
    portal.operator.page("/van-hanh/tai-khoan/khong-co", 404)


def test_an_operator_sees_how_the_services_work_and_where_a_submission_is(portal):
    own, province = portal.own, portal.province
    wrong = {"reading_id": "op-2", "observed_on": "2025-08-05", "field": "land", "values": {"files-received": -7041}}
    right = wrong | {"reading_id": "op-1", "values": {"files-received": 7043}}
    [receipt] = province.send((own, "op-sent", RecordReadings.model_validate({"readings": [right, wrong]})))
    assert (receipt.accepted, len(receipt.refused)) == (1, 1)
    province.send_raw(own, "readings", "op-broken", b"{")

    def parked():
        shown = text_of(portal.operator.page("/van-hanh"))
        return shown if "op-broken" in shown and shown.count("đang chạy") == 5 else None

    shown = until(parked, "it is parked, and every service answers")
    assert "số âm" in shown
    assert "không đọc được" in shown

    def counts():
        return "nơi nào cần cũng đã nhận được" in portal.operator.page("/van-hanh/bai-gui?ma=op-sent")

    until(counts, "every follower has it")
    page = text_of(portal.operator.page("/van-hanh/bai-gui?ma=op-sent"))
    assert "1 mục: số âm" in page
    assert not re.search(r"7\.?04[13]", page), "an operator sees no figures"
    found = portal.operator.client.get("/van-hanh/bai-gui.json?ma=op-sent").json()
    assert (found["where"], found["settled"][0]["refused"]) == ("counts", [{"rule": "negative", "items": 1}])
    assert portal.operator.client.get("/van-hanh/bai-gui.json?ma=op-broken").json()["where"] == "parked"
    assert portal.operator.client.get("/van-hanh/bai-gui.json?ma=nowhere").json()["where"] == "unknown"
    assert own in portal.operator.client.get("/van-hanh/may-gui.json").json()["last_submissions"]
    assert set(portal.operator.client.get("/van-hanh.json").json()) == set(SERVICES)
