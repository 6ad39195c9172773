"""Groups the elements of a phrase into sentences, and each sentence into groups of times and the words between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.planning.phrases.schedules.grammar.elements import Element
from services.planning.phrases.schedules.grammar.kinds_of_time import Always, Every, Found, Time, When
from services.planning.phrases.schedules.text.words import STOP, Words
from services.planning.phrases.tokens import listed

_IDLE_PHRASES = listed(
    "hoàn thành|hoàn tất|thực hiện|xong|tiến hành|phải|cần|được|phấn đấu|dự kiến|đảm bảo|bảo đảm|kịp thời|nghiêm túc|"
    "có hiệu quả|có chất lượng|đúng tiến độ|nhanh chóng|triệt để|đầy đủ|sớm|ngay|tiếp tục|thời gian|thời hạn|chậm nhất|"
    "ít nhất|tối thiểu|bắt đầu|kết thúc|vào|trong|là|cả|buổi sáng|chiều|các|những|và|một lần|sau đó|,|.|(|)|:|-|/"
)
_DOING = frozenset(("thực", "hoàn", "tiến", "xong", "đó"))
_IDLE = frozenset(word for phrase in _IDLE_PHRASES for word in phrase.split())


@dataclass(frozen=True)
class Item:
    """A time of a group. `mark` comes before it ("", ",", "và", ":" or "("); `span` limits a time that goes on.

    `regular`: it was "định kỳ" without a period, which other times do not replace.
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
    """Times with only marks between them, and the places of the words that label them."""

    items: list[Item]
    label: tuple[int, int] | None = None


@dataclass
class WordsBetween:
    """Words between two groups, with the marks at their edges and inside."""

    start: int
    end: int
    before: str = ""
    after: str = ""
    inside: list[int] = field(default_factory=list)


Run = Group | WordsBetween


def sentences_of(words: Words, elements: Iterable[Element]) -> list[list[Element]]:
    """Splits at stops, but not at a line break beside words without a time, nor at a ";" between bare units."""
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
    end = words.all[stop.start]
    if end.compared == STOP:
        timed = any(each.kind == "time" for each in before), any(each.kind == "time" for each in after)
        return not end.bullet and timed != (True, True)
    bare = [each.found.time for each in (*before[-1:], *after[:1]) if each.found]
    often = [each for each in bare if isinstance(each, Every)]
    if end.compared == ";" and _is_a_list_of_days(before, after):
        return True
    return end.compared == ";" and len(often) == 2 and often[1].bare


def _is_a_list_of_days(before: list[Element], after: list[Element]) -> bool:
    """ "Trước ngày 15/3; 15/6": only days, of which the later ones have no words of their own."""
    if any(each.kind == "word" for each in after) or not before or not after or not before[-1].found:
        return False
    first, later = before[-1].found.time, [element.found.time for element in after if element.found]
    is_day = isinstance(first, When) and first.unit == "day"
    return (
        is_day
        and bool(later)
        and all(isinstance(each, When) and each.how == "" and each.unit == "day" for each in later)
    )


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
        elif isinstance(last, WordsBetween):
            last.inside += marks
            last.end = element.end
        else:
            runs.append(WordsBetween(element.start, element.end, before=mark))
        marks = []
    if runs and isinstance(runs[-1], WordsBetween) and marks:
        runs[-1].after = _strongest(words, marks)
    return _without_idle_words(words, runs)


def _add_time(runs: list[Run], last: Run | None, found: Found, mark: str) -> None:
    if isinstance(last, Group):
        last.items.append(Item(found.time, found.start, found.end, mark))
        return
    if isinstance(last, WordsBetween):
        last.after = mark
    runs.append(Group([Item(found.time, found.start, found.end, mark)]))


def _strongest(words: Words, marks: list[int]) -> str:
    written = [words[mark] for mark in marks if words[mark] not in ("tức", "nhằm")]
    for strong in ("và", "hoặc", ";", ":"):
        if strong in written:
            return "và" if strong == "hoặc" else strong
    line = any(mark == STOP for mark in written)
    return "" if not written or (line and len(written) == 1) else "(" if written[-1] == "(" else ","


def is_idle(words: Words, start: int, end: int) -> bool:
    return all(words[place] in _IDLE for place in range(start, end))


def _without_idle_words(words: Words, runs: list[Run]) -> list[Run]:
    """Leaves out words that label nothing, such as "hoàn thành" or "kịp thời", and joins the times around them.

    Behind another label ("ban hành kế hoạch trong quý I, thực hiện thường xuyên") they separate it from the next time.
    """
    kept: list[Run] = []
    mark = ""
    for place, run in enumerate(runs):
        last = kept[-1] if kept else None
        if isinstance(run, WordsBetween) and is_idle(words, run.start, run.end):
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
    """ "Hoàn thành trong quý I, thực hiện thường xuyên": the continuous time has another label than the deadline."""
    return bool(runs) and isinstance(runs[0], Group) and isinstance(runs[0].items[0].time, (Always, Every))
