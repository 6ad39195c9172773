"""minhbach report return, approve, remind: the province's answers to communes, one or several at once."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.commanding import of_communes
from services.reporting.cli.opening import opened
from services.reporting.cli.printing import say
from shared.cli import err, fail
from shared.cli.options import DEFAULT_PROVINCE, By, Province, Quarter, Regime
from shared.regimes import DEFAULT_REGIME

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from shared.periods import Period

MOST = 500
Communes = Annotated[
    list[str],
    typer.Option("--commune", help="mã của xã, phường hoặc đặc khu; nhiều mã: ghi nhiều lần hoặc cách nhau dấu phẩy"),
]
Submission = Annotated[int | None, typer.Option(min=1, help="số của lần nộp đã xem xét; nếu bỏ trống là lần cuối")]


def return_(
    communes: Communes,
    quarter: Quarter,
    by: By,
    reason: Annotated[str, typer.Option(help="lý do trả lại")],
    regime: Regime = DEFAULT_REGIME,
) -> None:
    """Trả lại báo cáo của một hoặc nhiều đơn vị kèm lý do; người nộp không được tự trả lại."""
    from shared.cli.commanding import command_of
    from shared.contracts.reporting import ReturnReport

    codes = codes_in(communes)
    command = command_of(ReturnReport, regime=regime, period=quarter.name, reason=reason)
    with opened() as reporting:
        refused = of_communes(reporting, codes, by, lambda _: command)
    _print(refused, "Đã trả lại", quarter)


def approve(
    *,
    communes: Communes = [],  # noqa: B006  typer makes a list of its own of it
    quarter: Quarter,
    by: By,
    submission: Submission = None,
    submitted: Annotated[
        bool, typer.Option("--all-submitted", help="mọi đơn vị của tỉnh đã nộp và chưa được xem xét")
    ] = False,
    province: Province = DEFAULT_PROVINCE,
    regime: Regime = DEFAULT_REGIME,
) -> None:
    """Duyệt báo cáo của một hoặc nhiều đơn vị; người nộp không được tự duyệt."""
    codes = codes_in(communes)
    if submitted == bool(codes):
        fail("Cần ghi --commune hoặc --all-submitted, một trong hai", 2)
    if submission and len(codes) != 1:
        fail("--submission chỉ dùng với một đơn vị", 2)
    from shared.cli.commanding import command_of
    from shared.contracts.reporting import ApproveReport

    with opened() as reporting:

        def approval(commune: str) -> ApproveReport:
            reviewed = submission or _last_submission(reporting, commune, quarter, regime)
            return command_of(ApproveReport, regime=regime, period=quarter.name, submission=reviewed)

        codes = _submitted(reporting, province, quarter, regime) if submitted else codes
        refused = of_communes(reporting, codes, by, approval)
    if not refused:
        say(f"Không có báo cáo {quarter.vietnamese} nào đang chờ duyệt.")
    _print(refused, "Đã duyệt", quarter)


def remind(
    *,
    communes: Communes = [],  # noqa: B006
    quarter: Quarter,
    by: By,
    missing: Annotated[
        bool, typer.Option("--all-missing", help="mọi đơn vị của tỉnh chưa nộp hoặc chưa nộp lại")
    ] = False,
    note: Annotated[str, typer.Option(help="lời nhắn trong thư")] = "",
    province: Province = DEFAULT_PROVINCE,
    regime: Regime = DEFAULT_REGIME,
) -> None:
    """Nhắc một hoặc nhiều đơn vị nộp báo cáo: thư gửi ngay, mỗi đơn vị nhiều nhất một thư mỗi ngày."""
    codes = codes_in(communes)
    if missing == bool(codes):
        fail("Cần ghi --commune hoặc --all-missing, một trong hai", 2)
    from shared.cli.commanding import command_of
    from shared.contracts.reporting import RemindReport

    command = command_of(RemindReport, regime=regime, period=quarter.name, note=note)
    with opened() as reporting:
        if missing:
            listed = reporting.listed(province, quarter, regime=regime)
            codes = [each.code for each in listed if each.is_missing]
        refused = of_communes(reporting, codes, by, lambda _: command)
    if not refused:
        say(f"Mọi đơn vị đã nộp báo cáo {quarter.vietnamese}.")
    _print(refused, "Đã nhắc nộp", quarter)


def codes_in(communes: list[str]) -> list[str]:
    codes = [code.strip() for each in communes for code in each.split(",") if code.strip()]
    if len(codes) > MOST:
        fail(f"Nhiều nhất {MOST} đơn vị trong một lệnh", 2)
    return codes


def _submitted(reporting: "Reporting", province: str, period: "Period", regime: str) -> list[str]:
    return [each.code for each in reporting.listed(province, period, regime=regime) if each.state == "submitted"]


def _last_submission(reporting: "Reporting", commune: str, period: "Period", regime: str) -> int:
    report = reporting.reviews.stored(commune, period, regime)
    return report.submission if report and report.submission else 1  # without a submission it is refused anyway


def _print(refused: dict[str, str | None], done: str, period: "Period") -> None:
    """A line for each; ends the command (1) where one was refused."""
    for code, sentence in refused.items():
        if sentence is None:
            say(f"{done} báo cáo {period.vietnamese} của đơn vị {code}.")
        elif len(refused) > 1:
            err.print(f"{code}: {sentence}", markup=False)
    sentences = [sentence for sentence in refused.values() if sentence]
    if sentences:
        fail(sentences[0] if len(refused) == 1 else f"{len(sentences)}/{len(refused)} đơn vị bị từ chối.")
