"""Sentences of a schedule phrase as groups of times and the words between them, and which words label which times."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.planning.phrases.schedules.elements import Element
from services.planning.phrases.schedules.times import Always, Every, Found, Time, When
from services.planning.phrases.schedules.tokens import STOP
from services.planning.phrases.schedules.words import Words

_IDLE_PHRASES = (
    *("hoàn thành", "hoàn tất", "thực hiện", "xong", "tiến hành", "phải", "cần", "được", "phấn đấu", "dự kiến"),
    *("đảm bảo", "bảo đảm", "kịp thời", "nghiêm túc", "có hiệu quả", "có chất lượng", "đúng tiến độ", "nhanh chóng"),
    *("triệt để", "đầy đủ", "sớm", "ngay", "tiếp tục", "thời gian", "thời hạn", "chậm nhất", "ít nhất", "tối thiểu"),
    *(
        "bắt đầu",
        "kết thúc",
        "vào",
        "trong",
        "là",
        "cả",
        "buổi sáng",
        "chiều",
        "các",
        "những",
        "và",
        "một lần",
        "sau đó",
    ),
    *(",", ".", "(", ")", ":", "-", "/"),
)
_DOING = frozenset(("thực", "hoàn", "tiến", "xong", "đó"))
_IDLE = frozenset(word for phrase in _IDLE_PHRASES for word in phrase.split())


@dataclass(frozen=True)
class Item:
    """A time of a group; `mark` is what stands before it ("", ",", "và", ":" or "("), `span` when it goes on.

    `regular`: it was "định kỳ" without its period, which stays beside whatever else is said.
    """

    time: Time
    start: int
    end: int
    mark: str = ""
    span: When | None = None
    regular: bool = False


Items = list[Item]


@dataclass
class Group:
    """Times that nothing but marks keeps apart, and the places of the words that label them."""

    items: list[Item]
    label: tuple[int, int] | None = None


@dataclass
class Between:
    """Words between two groups, with the marks at their edges and inside."""

    start: int
    end: int
    before: str = ""
    after: str = ""
    inside: list[int] = field(default_factory=list)


Run = Group | Between


def sentences_of(words: Words, elements: Iterable[Element]) -> list[list[Element]]:
    """A line that breaks off before or after words without a time goes on; so does a list of bare units after ";"."""
    sentences: list[list[Element]] = [[]]
    stop: Element | None = None
    for element in [*elements, None]:
        if element is not None and element.kind != "stop":
            sentences[-1].append(element)
            continue
        if stop is not None and len(sentences) > 1 and _goes_on(words, sentences[-2], stop, sentences[-1]):
            sentences[-2:] = [[*sentences[-2], Element("mark", stop.start, stop.end), *sentences[-1]]]
        stop = element
        if sentences[-1]:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _goes_on(words: Words, before: list[Element], stop: Element, after: list[Element]) -> bool:
    token = words.tokens[stop.start]
    if token.word == STOP:
        timed = any(each.kind == "time" for each in before), any(each.kind == "time" for each in after)
        return not token.bullet and timed != (True, True)
    bare = [each.found.time for each in (*before[-1:], *after[:1]) if each.found]
    often = [each for each in bare if isinstance(each, Every)]
    return token.word == ";" and len(often) == 2 and often[1].bare


def runs_of(words: Words, sentence: list[Element]) -> list[Run]:
    runs: list[Run] = []
    marks: list[int] = []
    for element in sentence:
        last = runs[-1] if runs else None
        if element.kind == "mark":
            marks.append(element.start)
            continue
        mark = _strongest(words, marks)
        if element.found:
            _add_time(runs, last, element.found, mark)
        elif isinstance(last, Between):
            last.inside += marks
            last.end = element.end
        else:
            runs.append(Between(element.start, element.end, before=mark))
        marks = []
    if runs and isinstance(runs[-1], Between) and marks:
        runs[-1].after = _strongest(words, marks)
    return _without_idle_words(words, runs)


def _add_time(runs: list[Run], last: Run | None, found: Found, mark: str) -> None:
    if isinstance(last, Group):
        last.items.append(Item(found.time, found.start, found.end, mark))
        return
    if isinstance(last, Between):
        last.after = mark
    runs.append(Group([Item(found.time, found.start, found.end, mark)]))


def _strongest(words: Words, marks: list[int]) -> str:
    written = [words[mark] for mark in marks]
    for strong in ("và", "hoặc", ";", ":"):
        if strong in written:
            return "và" if strong == "hoặc" else strong
    line = any(mark == STOP for mark in written)
    return "" if not written or (line and len(written) == 1) else "(" if written[-1] == "(" else ","


def is_idle(words: Words, start: int, end: int) -> bool:
    return all(words[place] in _IDLE for place in range(start, end))


def _without_idle_words(words: Words, runs: list[Run]) -> list[Run]:
    """ "Hoàn thành", "kịp thời" and their like label nothing, and keep no times apart.

    Where another label stands before ("ban hành kế hoạch trong quý I, thực hiện thường xuyên") they keep it from what
    follows.
    """
    kept: list[Run] = []
    mark = ""
    for place, run in enumerate(runs):
        last = kept[-1] if kept else None
        if isinstance(run, Between) and is_idle(words, run.start, run.end):
            does = any(words[each] in _DOING for each in range(run.start, run.end))
            if does and run.before and len(kept) > 1 and place + 1 < len(runs):
                kept.append(run)
            mark = (
                ";"
                if does and run.before and _goes_on_by_itself(runs[place + 1 : place + 2])
                else run.before or run.after or " "
            )
        elif isinstance(run, Group) and isinstance(last, Group):
            first = run.items[0]
            last.items += [replace(first, mark=first.mark or mark), *run.items[1:]]
        else:
            kept.append(run)
    return kept


def _goes_on_by_itself(runs: list[Run]) -> bool:
    """ "Hoàn thành trong quý I, thực hiện thường xuyên": what goes on is another thing than what ends."""
    return bool(runs) and isinstance(runs[0], Group) and isinstance(runs[0].items[0].time, (Always, Every))
