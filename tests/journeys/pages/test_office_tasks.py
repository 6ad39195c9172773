"""Tasks in the portal's pages: steps of an office, decisions of a chair, one step for many."""

import json

from tests.journeys.browsing import text_of
from tests.journeys.pages import LEAD
from tests.journeys.province import CODE


def test_an_office_reports_and_the_chair_accepts(portal):
    task = next(
        task for task in json.loads(portal.clerk.page(f"/nhiem-vu/{portal.own}.json"))["answer"]["tasks"]
        if LEAD in task["lead"] and task["is_open"]
    )  # fmt: skip
    path = f"/nhiem-vu/{portal.own}/{task['task_id']}"
    assert "Xác nhận đã nhận việc" not in portal.clerk.page(path), "a clerk reports no step of a body"
    assert "đã nhận" in text_of(portal.office.send(path, 303, step="acknowledge"))
    half = portal.office.send(path, 303, step="progress", percent="50", note="đã làm một nửa", evidence="")
    assert "50 %" in text_of(half)
    assert "phải có minh chứng" in portal.office.send(path, 422, step="complete", evidence="")
    portal.office.send(path, 303, step="complete", evidence="Báo cáo 12/BC-PKT")
    assert "Báo cáo 12/BC-PKT" in portal.chair.page(path)
    assert "đã chấp nhận" in text_of(portal.chair.send(path, 303, step="accept", note=""))


def test_one_step_for_many_tasks_shows_the_result_of_each(portal):
    tasks = json.loads(portal.office.page(f"/nhiem-vu/{portal.own}.json"))["answer"]["tasks"]
    first, second = sorted(tasks, key=lambda task: task["is_open"])[:2]
    done, left = first["task_id"], second["task_id"]
    if first["is_open"]:
        portal.office.send(f"/nhiem-vu/{portal.own}/{done}", 303, step="complete", evidence="Báo cáo 12/BC-PKT")
    path = f"/nhiem-vu/{portal.own}"
    page = portal.office.page(path)
    form = {"step": "progress", "percent": "40", "note": "đang làm", "nhiem-vu": [done, left]}
    assert "1 nhiệm vụ đã ghi nhận, 1 không làm được" in text_of(portal.office.send(path, 422, page, **form))
    again = text_of(portal.office.send(path, 422, page, **form))
    assert "phải mở lại trước" in again, "the same click has the same result"
    assert text_of(portal.office.page(f"{path}/{left}")).count("Báo cáo tiến độ 40 %") == 1
    assert "đánh dấu ít nhất một nhiệm vụ" in portal.office.send(path, 422, step="acknowledge")
    past = {"step": "request-extension", "due_on": "15/9/2025", "note": "thiếu người", "obligation": ""}
    assert "Ngày gia hạn đã qua" in portal.office.send(f"{path}/{left}", 422, **past)
    portal.office.send(f"{path}/{left}", 303, **{**past, "due_on": "30/9/2025"})
    assert "xin gia hạn đến 30/9/2025" in text_of(portal.chair.page(f"{path}?can=cho-gia-han"))
    asking, chosen = f"{path}?can=cho-gia-han", {"nhiem-vu": left}
    assert "Hãy ghi lý do" in portal.chair.send(asking, 422, step="decline-extension", note="", **chosen)
    page = portal.chair.page(asking)
    portal.chair.send(asking, 303, page, step="extend", due_on="", note="", **chosen)
    portal.chair.send(asking, 303, page, step="extend", due_on="", note="", **chosen)
    assert "gia hạn đến 30/9/2025" in text_of(portal.office.page(f"{path}/{left}"))
    portal.office.send(path, 303, step="complete", evidence="Báo cáo 13/BC-PKT", **chosen)
    waiting = f"{path}?can=cho-duyet"
    assert "Hãy ghi lý do" in portal.chair.send(waiting, 422, step="return", note=" ", **{"nhiem-vu": left})
    accepted = portal.chair.send(waiting, 303, step="accept", note="", **{"nhiem-vu": left})
    assert "Đã ghi nhận cho mọi nhiệm vụ đã chọn" in accepted
    assert "đã chấp nhận" in text_of(portal.chair.page(f"{path}/{left}"))


def test_the_province_remarks_on_a_task_and_follows_it_until_it_unfollows(portal):
    listed = json.loads(portal.clerk.page(f"/nhiem-vu/{portal.own}.json"))["answer"]["tasks"]
    task = next(task for task in reversed(listed) if LEAD in task["lead"])
    path, followed = f"/nhiem-vu/{portal.own}/{task['task_id']}", f"/nhiem-vu/tinh/{CODE}?can=theo-doi"
    officer = portal.provincial_officer
    assert "Bạn chưa theo dõi nhiệm vụ nào" in officer.page(followed)
    assert "Bạn đang theo dõi nhiệm vụ này" in officer.send(path, 303, step="follow")
    assert path in officer.page(followed)
    assert "Việc tôi theo dõi" in officer.page("/")
    assert "Ý kiến phải có nội dung" in officer.send(path, 422, step="comment", note=" ")
    officer.send(path, 303, step="comment", note="Cần nêu rõ số thủ tục đã rà soát")
    seen = text_of(portal.office.page(path))
    assert "Ý kiến , Người provincial-officer (tài khoản provincial-officer)" in seen
    assert "Cần nêu rõ số thủ tục đã rà soát" in seen
    assert "Tài khoản không làm được việc này" in officer.send(path, 422, step="accept", note="")
    portal.office.send(path, 303, step="follow")
    assert path in portal.office.page(f"/nhiem-vu/{portal.own}?can=theo-doi")
    assert "Việc tôi theo dõi" not in portal.chair.page("/"), "each account has its own"
    assert "Ghi ý kiến" not in portal.auditor.page(path)
    officer.send(path, 303, step="unfollow")
    assert path not in officer.page(followed)


def test_the_province_remarks_on_many_late_tasks_of_its_communes_at_once(portal):
    officer, board = portal.provincial_officer, f"/nhiem-vu/tinh/{CODE}"
    late = officer.client.get(f"{board}.json").json()["answer"]["tasks"]
    of_communes = {task["commune"]: task["task_id"] for task in late}
    assert len(of_communes) > 1, "of several communes"
    chosen, note = {"nhiem-vu": list(of_communes.values())}, "Báo cáo tiến độ trước ngày 20/9/2025"
    assert "Hãy ghi ý kiến" in officer.send(board, 422, step="comment", note="", **chosen)
    assert "đánh dấu ít nhất một nhiệm vụ" in officer.send(board, 422, step="comment", note=note)
    page = officer.page(f"{board}?chon=tat-ca")
    for _ in range(2):
        done = officer.send(board, 303, page, step="comment", note=note, **chosen)
        assert "Đã ghi nhận cho mọi nhiệm vụ đã chọn" in done
    for commune, task in of_communes.items():
        assert text_of(officer.page(f"/nhiem-vu/{commune}/{task}")).count(note) == 1, "the same click counts once"
    assert "Với các nhiệm vụ đã chọn" not in portal.auditor.page(board)
    assert "Tài khoản không làm được việc này" in portal.auditor.send(
        board, 422, officer.page(board), step="follow", note="", **chosen
    )
