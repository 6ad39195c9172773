"""Rows at the foot of a table that are no tasks: totals, notes, and everything from the signature on."""

import re

from services.planning.documents.tables.cell_contents import one_line
from services.planning.documents.tables.grid import GridRow
from shared.vietnamese import folded

_TOTAL = re.compile(r"tổng cộng\b.{0,40}|tổng số( (nhiệm vụ|điểm|kinh phí|mục))? ?:?.{0,12}|(tổng|cộng) ?:?")
_NOTE = re.compile(r"(\(?\*+\)? ?)?(ghi chú|chú thích|lưu ý)\b ?:?.*|\(?\*+\)? .*")
# Only the office itself: a task that a page has cut may go on with "Chủ tịch UBND tỉnh về …".
_END = re.compile(
    r"nơi nhận ?:?|(tm|kt|tl|tuq)\. ?.*|người (lập|tổng hợp|ký)\b.{0,20}|thủ trưởng( đơn vị)?"
    r"|(phó )?chủ tịch( (ubnd|uỷ ban nhân dân)( (tỉnh|xã|phường|đặc khu))?)?"
)


def ends_the_table(row: GridRow) -> bool:
    texts = [folded(line) for line in _texts(row)]
    return bool(texts) and len(texts) <= 3 and row.code is None and any(_END.fullmatch(text) for text in texts)


def is_total(row: GridRow) -> bool:
    return row.code is None and any(_TOTAL.fullmatch(folded(text)) for text in _texts(row)[:2])


def footnote(row: GridRow) -> str | None:
    texts = _texts(row)
    if row.code is None and len(texts) == 1 and _NOTE.fullmatch(folded(texts[0])):
        return one_line(texts[0])
    return None


def _texts(row: GridRow) -> list[str]:
    return [line for text, own in zip(row.texts, row.is_own, strict=True) if own for line in [one_line(text)]]
