"""minhbach report submit: a commune's report of a period, sent like every commune's submission."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.reporting.cli.narrative import Texts, sections_in
from shared.cli import fail
from shared.cli.options import AsJson, By, Quarter, Regime
from shared.cli.printing import print_json
from shared.cli.sending import Outgoing, OwnCommune
from shared.faults import fault_text
from shared.regimes import DEFAULT_REGIME

if TYPE_CHECKING:
    from shared.contracts.reporting import SubmitReport
    from shared.periods import Period

LARGEST = 1024 * 1024  # bytes of a file of totals

# The key has "=" of its own, before its field: II.06/3=4+5+6/land=Hai hồ sơ chuyển từ huyện cũ.
EXPLANATION = re.compile(r"(?P<key>[^/\s]+/[^/\s]+/[A-Za-z0-9_-]*)=(?P<text>.*\S.*)", re.DOTALL)

Explain = Annotated[
    list[str],
    typer.Option(
        "--explain", metavar="MÃ=LỜI_GIẢI_TRÌNH", help="vì sao một phép cộng của biểu không khớp; có thể ghi nhiều lần"
    ),
]
Stated = Annotated[
    Path | None, typer.Option(help="tệp JSON ghi tổng số trên giấy theo từng số đo, để người xem xét đối chiếu")
]


def submit(
    *,
    commune: OwnCommune = None,
    quarter: Quarter,
    by: By,
    explain: Explain = [],  # noqa: B006  typer makes a list of its own of it
    stated: Stated = None,
    texts: Texts = [],  # noqa: B006
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Nộp báo cáo của đơn vị cho một kỳ: số liệu là tổng của các số liệu đã gửi.

    Khi bị ngắt giữa chừng hoặc chưa kết nối được với tỉnh, báo cáo được giữ lại và gửi cùng lệnh gửi tiếp theo.
    """
    outgoing = Outgoing.of(commune)
    report = _report(
        regime=regime,
        period=quarter.name,
        by=by,
        explanations=_explanations(explain),
        stated=_totals(stated),
        narrative=sections_in(texts),
    )
    sent = outgoing.send([report], quiet=as_json, place=lambda item: place_of(item, quarter))
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in sent.all])
    sent.end()


def place_of(item: str, quarter: "Period") -> str:
    """A sum of a form by its key, which an explanation repeats; the whole report by its period."""
    return f"Báo cáo {quarter.vietnamese}" if item.endswith(f"/{quarter.name}") else item


def _report(**fields: object) -> "SubmitReport":
    from pydantic import ValidationError

    from shared.contracts.reporting import SubmitReport

    try:
        return SubmitReport.model_validate(fields)
    except ValidationError as invalid:
        fail([f"{'.'.join(map(str, each['loc']))}: không hợp lệ" for each in invalid.errors()], 2)


def _explanations(texts: list[str]) -> dict[str, str]:
    found = [(text, EXPLANATION.fullmatch(text)) for text in texts]
    if wrong := [text for text, match in found if not match]:
        fail(f'"{wrong[0]}" chưa giải trình gì; hãy viết MÃ=LỜI_GIẢI_TRÌNH, với mã mà thông báo từ chối đã nêu', 2)
    return {match["key"]: match["text"].strip() for _, match in found if match}


def _totals(file: Path | None) -> Any:
    if file is None:
        return {}
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        return json.loads(content) if len(content) <= LARGEST else fail(f"{file}: tệp lớn hơn 1 MB")
    except OSError as unreadable:
        fail(f"{file}: không đọc được tệp ({fault_text(unreadable)})")
    except (ValueError, RecursionError) as wrong:
        fail(f"{file}: không phải là tệp JSON ({wrong})")
