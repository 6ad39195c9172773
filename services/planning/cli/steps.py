"""minhbach task acknowledge, progress, complete …: the steps of a task's life, sent like every commune's submission."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from services.planning.cli.tasks import TaskId, task_app
from shared.cli import chosen, fail
from shared.cli.options import AsJson, day_option
from shared.cli.printing import print_json
from shared.cli.sending import Outgoing, OwnCommune, own_broker
from shared.task_roles import BODY, CHAIR, ONE_STOP_CENTRE

INVALID = {"string_pattern_mismatch": "có ký tự điều khiển", "string_too_long": "dài quá 2.000 ký tự"}
JUDGES = (ONE_STOP_CENTRE, CHAIR)
ROLES = (BODY, *JUDGES)

By = Annotated[str, typer.Option(help="cơ quan hoặc người báo cáo")]
ByChair = Annotated[str, typer.Option(help="Chủ tịch quyết định việc này")]
Reason = Annotated[str, typer.Option(help="lý do")]
Judge = Annotated[
    str, typer.Option("--as", help="với vai trò: one-stop-centre (trung tâm một cửa) hoặc chair (Chủ tịch)")
]
AnyRole = Annotated[
    str, typer.Option("--as", help="với vai trò: body (cơ quan), one-stop-centre (trung tâm một cửa), chair (Chủ tịch)")
]
OneObligation = Annotated[
    str | None, typer.Option(help="chỉ một mốc của nhiệm vụ, theo mã của mốc: xem minhbach task show")
]


@task_app.command("acknowledge")
def acknowledge(task: TaskId, by: By, commune: OwnCommune = None, as_json: AsJson = False) -> None:
    """Báo đã nhận nhiệm vụ."""
    _send(commune, as_json, task_id=task, step="acknowledge", by=by)


@task_app.command("progress")
def progress(
    task: TaskId,
    *,
    percent: Annotated[int, typer.Option(min=0, max=100, help="đã làm được bao nhiêu phần trăm")],
    by: By,
    note: Annotated[str | None, typer.Option(help="đã làm những gì")] = None,
    evidence: Annotated[str | None, typer.Option(help="minh chứng: số văn bản hoặc đường dẫn")] = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Báo cáo tiến độ của nhiệm vụ."""
    _send(commune, as_json, task_id=task, step="progress", percent=percent, note=note, evidence=evidence, by=by)


@task_app.command("complete")
def complete(
    task: TaskId,
    *,
    evidence: Annotated[str, typer.Option(help="minh chứng: số văn bản hoặc đường dẫn")],
    by: By,
    obligation: OneObligation = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Báo cáo hoàn thành nhiệm vụ, hoặc một mốc của nhiệm vụ."""
    _send(commune, as_json, task_id=task, step="complete", evidence=evidence, by=by, obligation=obligation)


@task_app.command("accept")
def accept(
    task: TaskId,
    *,
    by: By,
    role: Judge = JUDGES[0],
    note: Annotated[str | None, typer.Option(help="nhận xét")] = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Chấp nhận kết quả đã báo cáo; người báo cáo không được tự chấp nhận."""
    _send(commune, as_json, task_id=task, step="accept", by=by, role=chosen(role, JUDGES, "vai trò"), note=note)


@task_app.command("return")
def return_(
    task: TaskId,
    *,
    by: By,
    reason: Reason,
    role: Judge = JUDGES[0],
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Trả lại kết quả đã báo cáo: nhiệm vụ lại phải làm tiếp."""
    _send(commune, as_json, task_id=task, step="return", by=by, role=chosen(role, JUDGES, "vai trò"), note=reason)


@task_app.command("request-extension")
def request_extension(
    task: TaskId,
    *,
    until: Annotated[date, day_option(help="ngày xin được hoàn thành, ví dụ 2025-10-15 hoặc 15/10/2025")],
    by: By,
    reason: Reason,
    obligation: OneObligation = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Xin Chủ tịch gia hạn; thời hạn giữ nguyên cho đến khi có quyết định (task extend, task decline-extension)."""
    fields = {"due_on": until, "note": reason, "obligation": obligation}
    _send(commune, as_json, task_id=task, step="request-extension", by=by, **fields)


@task_app.command("decline-extension")
def decline_extension(
    task: TaskId, by: ByChair, reason: Reason, commune: OwnCommune = None, as_json: AsJson = False
) -> None:
    """Không gia hạn theo đề nghị, do Chủ tịch quyết định; thời hạn giữ nguyên."""
    _send(commune, as_json, task_id=task, step="decline-extension", by=by, role=CHAIR, note=reason)


@task_app.command("extend")
def extend(
    task: TaskId,
    *,
    until: Annotated[
        date | None, day_option(help="hạn mới, ví dụ 15/10/2025; nếu bỏ trống là ngày đã được đề nghị")
    ] = None,
    by: ByChair,
    reason: Annotated[str | None, typer.Option(help="lý do; nếu bỏ trống là lý do của đề nghị gia hạn")] = None,
    obligation: OneObligation = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Gia hạn nhiệm vụ, do Chủ tịch quyết định; không ghi ngày là đồng ý theo đề nghị gia hạn."""
    fields = {"due_on": until, "note": reason, "obligation": obligation}
    _send(commune, as_json, task_id=task, step="extend", by=by, role=CHAIR, **fields)


@task_app.command("resolve")
def resolve(
    task: TaskId,
    *,
    by: By,
    due_on: Annotated[date | None, day_option(help="hạn cuối, ví dụ 2025-10-15 hoặc 15/10/2025")] = None,
    event_on: Annotated[
        date | None, day_option(help="hoặc ngày xảy ra sự kiện, khi kế hoạch tính hạn theo số ngày sau đó")
    ] = None,
    note: Annotated[str | None, typer.Option(help="theo văn bản nào")] = None,
    obligation: OneObligation = None,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Cho biết hạn của việc còn chờ một văn bản hoặc kế hoạch khác."""
    fields = {"due_on": due_on, "event_on": event_on, "note": note, "obligation": obligation}
    _send(commune, as_json, task_id=task, step="resolve", by=by, **fields)


@task_app.command("withdraw")
def withdraw(task: TaskId, by: ByChair, reason: Reason, commune: OwnCommune = None, as_json: AsJson = False) -> None:
    """Rút nhiệm vụ, do Chủ tịch quyết định; lịch sử vẫn được giữ."""
    _send(commune, as_json, task_id=task, step="withdraw", by=by, role=CHAIR, note=reason)


@task_app.command("reopen")
def reopen(task: TaskId, reason: Reason, by: By, commune: OwnCommune = None, as_json: AsJson = False) -> None:
    """Mở lại nhiệm vụ đã hoàn thành."""
    _send(commune, as_json, task_id=task, step="reopen", note=reason, by=by)


@task_app.command("attach")
def attach(
    task: TaskId,
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="PDF, ảnh, Word hoặc Excel không có macro; đến 20 MB")],
    *,
    by: By,
    role: Annotated[
        str, typer.Option("--as", help="với vai trò: body (cơ quan thực hiện) hoặc one-stop-centre (trung tâm một cửa)")
    ] = BODY,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Đính kèm một tệp minh chứng vào nhiệm vụ. Tệp phải có kết nối: khi mất mạng, tệp không được giữ lại."""
    from services.planning.cli.evidence import send_file

    role = chosen(role, (BODY, ONE_STOP_CENTRE), "vai trò")
    broker, own = own_broker(commune)
    named = send_file(file, broker, own, by if role == BODY else None)
    _send(own, as_json, task_id=task, step="attach", by=by, role=role, file=named.model_dump())


@task_app.command("comment")
def comment(
    task: TaskId,
    *,
    note: Annotated[str, typer.Option(help="ý kiến, nhiều nhất 2.000 ký tự")],
    by: By,
    role: AnyRole = BODY,
    commune: OwnCommune = None,
    as_json: AsJson = False,
) -> None:
    """Ghi ý kiến về nhiệm vụ; tình trạng và thời hạn không đổi. Những người liên quan được báo."""
    _send(commune, as_json, task_id=task, step="comment", by=by, role=chosen(role, ROLES, "vai trò"), note=note)


@task_app.command("follow")
def follow(task: TaskId, by: By, role: AnyRole = BODY, commune: OwnCommune = None, as_json: AsJson = False) -> None:
    """Theo dõi nhiệm vụ: nhận các thư mà cơ quan thực hiện nhận."""
    _send(commune, as_json, task_id=task, step="follow", by=by, role=chosen(role, ROLES, "vai trò"))


@task_app.command("unfollow")
def unfollow(task: TaskId, by: By, role: AnyRole = BODY, commune: OwnCommune = None, as_json: AsJson = False) -> None:
    """Thôi theo dõi nhiệm vụ."""
    _send(commune, as_json, task_id=task, step="unfollow", by=by, role=chosen(role, ROLES, "vai trò"))


def _send(commune: str | None, as_json: bool, **fields: object) -> None:
    from pydantic import ValidationError

    from shared.contracts.planning import ReportProgress, TaskStep

    try:
        step = TaskStep.model_validate(fields)
    except ValidationError as invalid:
        fail([f"{error['loc'][0]} {INVALID.get(error['type'], 'không hợp lệ')}" for error in invalid.errors()], 2)
    sent = Outgoing.of(commune).send([ReportProgress(steps=(step,))], quiet=as_json)
    if as_json and sent.own:
        print_json(sent.own[0].model_dump(mode="json"))
    sent.end()
