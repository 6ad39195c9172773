"""Opens Planning for a command; a refusal ends the command with its sentence and the command that helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from services.planning.domain.refusal import COMMUNE_MISSING, COMMUNE_UNKNOWN, IN_FORCE, NOT_ISSUED, RequestRefused
from shared.cli import fail, opening

if TYPE_CHECKING:
    from services.planning.application import Planning
    from services.planning.read_models import RegisteredCommune

# By the rule that was broken.
HINTS = {
    IN_FORCE: "Dùng lệnh: minhbach plan amend",
    NOT_ISSUED: "Dùng lệnh: minhbach plan issue",
    COMMUNE_MISSING: "Ghi mã đơn vị sau --commune, hoặc thêm --standard nếu là kế hoạch chung của tỉnh.",
    COMMUNE_UNKNOWN: "Đăng ký các đơn vị của tỉnh bằng lệnh: minhbach commune register --province MÃ-TỈNH",
}


@contextmanager
def opened() -> "Iterator[Planning]":
    from services.planning.application import Planning

    with opening.opened("planning", Planning) as planning:
        try:
            yield planning
        except RequestRefused as refused:
            hint = HINTS.get(refused.rule)
            fail([str(refused), hint] if hint else str(refused))


def commune_named(planning: "Planning", code: str | None) -> "RegisteredCommune | None":
    """None where no code was typed. Ends the command (1) for one that no commune has."""
    registered = planning.communes.named(code) if code else None
    if code and not registered:
        fail(f"Không có đơn vị nào mang mã {code}.")
    return registered
