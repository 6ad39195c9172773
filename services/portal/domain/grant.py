"""The rules by which a grant is given: the scope that belongs to a role, and the days on which it is in force."""

from collections.abc import Iterator
from datetime import date

from shared.grants import SCOPE_OF, Scope
from shared.vietnamese import date_text

SCOPES = {"commune": "một đơn vị", "body": "một cơ quan của một đơn vị", "province": "một tỉnh"}


def grant_refusals(role: str, scope: Scope, in_force_from: date, until: date | None, today: date) -> Iterator[str]:
    """The sentences about what is wrong; none where the grant may be given."""
    if role not in SCOPE_OF:
        yield f'"{role}" không phải là vai trò; hãy chọn một trong: {", ".join(SCOPE_OF)}.'
    elif scope.kind != SCOPE_OF[role] or (scope.province is not None and scope.commune is not None):
        yield f"Vai trò {role} được giao cho {SCOPES[SCOPE_OF[role]]}."
    elif scope == Scope() or scope.body == "":
        yield f"Chưa rõ vai trò {role} được giao cho {SCOPES[SCOPE_OF[role]]} nào."
    if in_force_from < today:
        yield f"Quyền không thể có hiệu lực từ ngày {date_text(in_force_from)}, trước hôm nay."
    yield from until_refusals(in_force_from, until)


def until_refusals(day: date, until: date | None) -> Iterator[str]:
    if until is not None and until < day:
        yield f"Ngày hết hạn {date_text(until)} ở trước ngày {date_text(day)}."
