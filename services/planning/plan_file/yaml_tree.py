"""A YAML or JSON text as plain values, with the line and column of each; only plain data passes.

Built on the parser's events and not on its constructor: PyYAML keeps the last of two equal keys without a word, reads
the key `on` as true and 010 as eight, raises on 2025-02-30, and may overflow the stack on deep nesting.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

import yaml

from services.planning.plan_file.tree import Location, Path, Tree, UnreadableFile, Value, written
from shared.vietnamese import number

PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH = 12
ENTRIES = 5000  # of one list or mapping: no plan has more tasks
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?")
WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
WORDS |= {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
# Controls, half characters, non-characters, and the marks that turn the direction of a line.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def tree_of(text: str) -> Tree:
    """Raises UnreadableFile where the syntax, the nesting or the number of documents leaves nothing to read."""
    events = _events(text)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            tree = Tree()
            tree.value = _value(tree, events, event, ())
            _refuse_a_second_document(events)
            return tree
    raise UnreadableFile(Location(1, 1), "Tệp trống")


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=PARSER)
    except yaml.MarkedYAMLError as error:
        context = f" {error.context}" if error.context else ""
        raise UnreadableFile(
            _place(error.problem_mark or error.context_mark), f"Sai cú pháp YAML: {error.problem}{context}"
        ) from None
    except (yaml.YAMLError, ValueError):  # ValueError: the parser without libyaml, on an escape beyond Unicode
        raise UnreadableFile(Location(1, 1), "Tệp không phải là YAML hợp lệ") from None


def _refuse_a_second_document(events: Iterator[yaml.Event]) -> None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            raise UnreadableFile(_place(event.start_mark), "Có tài liệu thứ hai; mỗi tệp chỉ chứa một kế hoạch")


def _place(mark: "yaml.error.Mark | yaml._yaml.Mark | None") -> Location:
    return Location(mark.line + 1, mark.column + 1) if mark else Location(1, 1)


def _value(tree: Tree, events: Iterator[yaml.Event], event: yaml.Event, path: Path) -> Value:
    assert isinstance(event, yaml.NodeEvent)
    place = _place(event.start_mark)
    tree.places.setdefault(path, place)
    if len(path) > DEPTH:
        raise UnreadableFile(place, f"Danh sách và khóa lồng nhau quá {DEPTH} tầng")
    if event.anchor is not None:
        tree.spoil(path, place, "có neo hoặc tham chiếu; hãy ghi rõ giá trị")
    elif isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag is not None:
        tree.spoil(path, place, f"có nhãn {event.tag[:60]!r}; tệp kế hoạch chỉ chứa giá trị thường")
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(tree, events, path)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(tree, events, path)
    return _scalar(tree, event, path) if isinstance(event, yaml.ScalarEvent) else None


def _sequence(tree: Tree, events: Iterator[yaml.Event], path: Path) -> tuple[Value, ...]:
    values: list[Value] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        _refuse_more(event, path, len(values))
        values.append(_value(tree, events, event, (*path, len(values))))
    return tuple(values)


def _mapping(tree: Tree, events: Iterator[yaml.Event], path: Path) -> dict[str, Value]:
    values: dict[str, Value] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        _refuse_more(event, path, len(values))
        place = _place(event.start_mark)
        key = _key(tree, events, event, path)
        first = tree.keys.setdefault((*path, key), place)
        value = _value(tree, events, next(events), (*path, key))
        if first is not place:
            tree.report((*path, key), place, f"được ghi hai lần, lần đầu ở dòng {first.line}")
        values.setdefault(key, value)
    return values


def _refuse_more(event: yaml.Event, path: Path, count: int) -> None:
    if count == ENTRIES:
        raise UnreadableFile(_place(event.start_mark), f"{written(path)} có hơn {number(ENTRIES)} mục")


def _key(tree: Tree, events: Iterator[yaml.Event], event: yaml.Event, path: Path) -> str:
    if isinstance(event, yaml.ScalarEvent) and event.anchor is None and event.tag is None:
        return unicodedata.normalize("NFC", event.value)
    place = _place(event.start_mark)
    _value(tree, events, event, (*path, "?"))
    tree.spoil((*path, "?"), place, "không phải là khóa; khóa là một từ thường")
    return "?"


def _scalar(tree: Tree, event: yaml.ScalarEvent, path: Path) -> Value:
    text = unicodedata.normalize("NFC", event.value)
    control = CONTROL.search(text) or re.search("\r", text)
    if control:
        tree.spoil(path, _place(event.start_mark), f"có ký tự điều khiển U+{ord(control[0]):04X}")
    if not event.implicit[0]:  # quoted, or a block of text
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) else text
