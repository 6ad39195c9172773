"""Rules for definitions: the required parts by kind, and the changes that a later version may not make."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, Required, TypedDict, get_args

from shared.vietnamese import date_text

Kind = Literal["field", "measure", "indicator"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TITLES: Mapping[str, str] = {"field": "Lĩnh vực", "measure": "Số đo", "indicator": "Chỉ số"}
EARLIEST, TOO_LATE = date(1990, 1, 1), date(2200, 1, 1)

# Ids travel in subjects and primary keys; no key of the event store's own JSON (`_type_`) is one.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
# PostgreSQL keeps no NUL, JSON no half of a surrogate pair, and a name is one line.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
_MOST_MEASURES = 30

Check = Callable[[Any], str | None]


class DefinitionParts(TypedDict, total=False):
    """A definition as its events store it; `PARTS` has the keys of each kind."""

    name: Required[str]
    kind: Literal["flow", "stock", "survey"]
    unit: str
    by_field: bool
    numerator: list[str]
    denominator: list[str]
    direction: Literal["higher", "lower"]
    zero_denominator: Literal["zero", "full", "undefined"]
    source: str


class DefinitionRefused(Exception):
    """Nothing was changed. `sentences` say why, one plain sentence each."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


def problems(kind: str, name: str, definition: Mapping[str, Any], in_force_from: date) -> Iterator[str]:
    """The problems of a definition taken alone, a sentence each."""
    if kind not in KINDS:
        yield f'"{kind}" không phải là loại định nghĩa; hãy chọn một trong: {", ".join(KINDS)}'
        return
    title = f"{TITLES[kind]} {_short(name)}"
    if not isinstance(name, str) or not _ID.fullmatch(name):
        yield f"{title}: mã có tối đa 80 chữ cái không dấu, chữ số, - và _, bắt đầu bằng chữ cái hoặc chữ số"
    parts = PARTS[kind]
    for key in definition.keys() - parts.keys():
        yield f"{title}: {_short(key)} không có trong quy định"
    for key, check in parts.items():
        if problem := "còn thiếu" if key not in definition else check(definition[key]):
            yield f"{title}: {key} {problem}"
    if not EARLIEST <= in_force_from < TOO_LATE:
        yield f"{title}: ngày có hiệu lực {date_text(in_force_from)} không nằm trong các năm từ 1990 đến 2199"


def undefined_measures(name: str, definition: Mapping[str, Any], measures: Container[str]) -> Iterator[str]:
    """The measures that an indicator uses and nobody has defined."""
    for measure in dict.fromkeys((*definition["numerator"], *definition["denominator"])):
        if measure not in measures:
            yield f"Chỉ số {name} dùng số đo {measure}, chưa được định nghĩa"


def forbidden_change(name: str, before: DefinitionParts, after: DefinitionParts) -> str | None:
    """The change of a measure that is not allowed, since earlier figures would be added up another way.

    Counts without field can be followed by counts by field, their sum stays right; a stock cannot: its last count
    without field would stay beside the counts by field, and count twice.
    """
    advice = "hãy định nghĩa một số đo khác"
    if before["kind"] != after["kind"]:
        return f"Số đo {name} thuộc loại {before['kind']} nên không thể đổi thành {after['kind']}; {advice}"
    if before["by_field"] and not after["by_field"]:
        return f"Số đo {name} đã đếm theo lĩnh vực nên không thể bỏ lĩnh vực; {advice}"
    if before["by_field"] != after["by_field"] and before["kind"] == "stock":
        return f"Số đo {name} là số hiện có (stock) không theo lĩnh vực nên không thể đổi sang theo lĩnh vực; {advice}"
    return None


def _text(longest: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "không phải là chữ"
        if len(value) > longest:
            return f"dài {len(value)} ký tự, quá mức {longest} ký tự"
        return "có ký tự không in được" if _UNPRINTABLE.search(value) else None

    return check


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"không phải là một trong: {', '.join(words)}"


def _yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "không phải là true hoặc false"


def _sum(value: Any) -> str | None:
    if not isinstance(value, list | tuple) or not value:
        return "không nêu số đo nào"
    if not all(isinstance(each, str) and _ID.fullmatch(each) for each in value):
        return "có giá trị không phải là mã số đo"
    if len(set(value)) < len(value):
        return "nêu một số đo hai lần"
    return f"cộng quá {_MOST_MEASURES} số đo" if len(value) > _MOST_MEASURES else None


def _short(value: object) -> str:
    printable = _UNPRINTABLE.sub("?", str(value))
    return printable if len(printable) <= 90 else f"{printable[:90]}…"


PARTS: Mapping[str, Mapping[str, Check]] = {
    "field": {"name": _text(300)},
    "measure": {
        "name": _text(300),
        "kind": _one_of("flow", "stock", "survey"),
        "unit": _text(60),
        "by_field": _yes_or_no,
    },
    "indicator": {
        "name": _text(300),
        "numerator": _sum,
        "denominator": _sum,
        "direction": _one_of("higher", "lower"),
        "zero_denominator": _one_of("zero", "full", "undefined"),
        "source": _text(1000),
    },
}
