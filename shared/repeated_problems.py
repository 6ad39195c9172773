"""Groups sentences that report one mistake at many places, so that each mistake is reported once."""

import re
from collections.abc import Iterable, Sequence

MOST_PLACES = 5
MOST_VALUES = 10
VALUES = re.compile(r"“[^”]*”|\b[A-Z]{1,3}[0-9]+\b|[0-9]+(?:[.,/:-][0-9]+)*")
PLACES = re.compile(r"(?:trang tính ·, )?(?:hàng|dòng|ô) ·(?:, (?:trang tính ·, )?(?:hàng|dòng|ô) ·)*(?: …)?")
CELL = re.compile(r"^(?:ô [A-Z]+[0-9]+|cột “[^”]*”|khoá “[^”]*”): ")
SHEET = re.compile(r"^trang tính “[^”]*”, ")


def one_for_each_mistake(rows: Iterable[tuple[str, Sequence[str]]], noun: str = "hàng") -> list[str]:
    """A sentence for each mistake: at one place with it, at many with the first place, their number and the values.

    `rows` are places with their sentences. Sentences are alike if only their numbers and what they quote differ.
    """
    listed = list(rows)
    places: dict[str, list[tuple[int, str]]] = {}
    for at, (_, sentences) in enumerate(listed):
        for sentence in sentences:
            places.setdefault(_mistake(sentence), []).append((at, sentence))
    lines = []
    for at, (place, sentences) in enumerate(listed):
        alone = [one for one in sentences if len({row for row, _ in places[_mistake(one)]}) == 1]
        if alone:
            lines.append(f"{place}: {'; '.join(alone)}")
        shared = dict.fromkeys(_mistake(one) for one in sentences if one not in alone)
        begun = (places[mistake] for mistake in shared if places[mistake][0][0] == at)
        lines.extend(f"{place}: {_many(listed, found, noun)}" for found in begun)
    return lines


def _mistake(sentence: str) -> str:
    return PLACES.sub("·", VALUES.sub("·", CELL.sub("", sentence)))


def _many(listed: Sequence[tuple[str, Sequence[str]]], found: Sequence[tuple[int, str]], noun: str) -> str:
    first = found[0][1]
    rows = dict.fromkeys(at for at, _ in found)
    others = [SHEET.sub("", listed[at][0]) for at in rows][1:]
    some = ", ".join(others[:MOST_PLACES]) + (" …" if len(others) > MOST_PLACES else "")
    values = [quoted for _, one in found if (quoted := _value(one)) != _value(first)]
    distinct = list(dict.fromkeys(value for value in values if value))
    shown = ", ".join(distinct[:MOST_VALUES]) + (" …" if len(distinct) > MOST_VALUES else "")
    return f"{first} (và {len(others)} {noun} khác: {some}{f'; còn có {shown}' if shown else ''})"


def _value(sentence: str) -> str | None:
    found = re.search(r"“[^”]*”", CELL.sub("", sentence))
    return found[0] if found else None
