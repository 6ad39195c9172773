"""Finds names of communes in running text (a kind such as "xã" and capitals), and the province that is named most."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from unicodedata import combining, normalize

from services.planning.documents.plan_head.passages import Passages
from services.planning.register import RegisterEntry, former_provinces, provinces
from shared.vietnamese import folded

_COMMUNES = {"xã": "Xã", "phường": "Phường", "đặc khu": "Đặc khu", "thị trấn": "Thị trấn"}
DISTRICTS = {"huyện": "huyện", "quận": "quận", "thị xã": "thị xã"}
_NO_COMMUNE_BEHIND = ("thị", "tác")  # "thị xã", "hợp tác xã"
_PUNCTUATION = "()[]\"'“”‘’,.;:/"
_NO_NAME = ("hội", "hội chủ nghĩa", "hội chủ nghĩa việt nam")
_ENDS_A_NAME = frozenset(
    ["năm", "trên", "tại", "về", "ban", "giai", "tỉnh", "huyện", "của", "và", "công", "cộng", "xã", "phòng", "tp", "-"]
)
# What may follow a name in capitals besides, and begins no further word of it.
_FOLLOWS_IN_CAPITALS = frozenset(
    ["độc", "số", "kế", "thực", "triển", "kiểm", "cải", "chuyển", "nâng", "khắc", "tuyên", "ngày", "tháng", "đến"]
) | {"theo", "với", "trong", "để", "phục", "giải", "có", "uỷ"}
_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")
_LONGEST = 6
_SHORTEST_TO_REPAIR = 6
_IN_THE_HEAD, _IN_THE_PREAMBLE = 20, 5  # against one for each mention in the body
_OTHER_SPELLINGS = {"hcm": "79", "đăk lăk": "66", "đắc lắc": "66", "dak lak": "66"}


@dataclass(frozen=True)
class Mention:
    """`words` are as printed; in capitals they may run on beyond the name."""

    kind: str | None
    words: tuple[str, ...]

    @property
    def is_in_capitals(self) -> bool:
        return all(word.isupper() for word in self.words if any(map(str.isalpha, word))) or (
            len(self.words[0]) > 1 and self.words[0].isupper()
        )

    @property
    def name(self) -> str:
        """For people: "Xã Tỉnh Khê"."""
        words = [word.capitalize() for word in self.cut] if self.is_in_capitals else self.cut
        return " ".join([*([self.kind] if self.kind else []), *words])

    @property
    def cut(self) -> list[str]:
        """The words up to one that no name goes on with."""
        end = next((at for at in range(1, len(self.words)) if self._ends_at(at)), len(self.words))
        return list(self.words[:end])

    def _ends_at(self, at: int) -> bool:
        """ "Châu Thành" goes on, "thành phố" does not."""
        word, *following = map(folded, self.words[at : at + 2])
        return word in _ENDS_A_NAME or (word == "thành" and following == ["phố"])

    @property
    def possible_names(self) -> list[str]:
        """The names to look for in the register, the longest first.

        Capitals do not show where a name ends, but it is never cut before a word that may belong to it.
        """
        counts = [len(self.words), len(self.cut)]
        if self.is_in_capitals:
            shorter = range(len(self.cut) - 1, 0, -1)
            counts += [n for n in shorter if folded(self.words[n]) in _FOLLOWS_IN_CAPITALS]
        return [compared(" ".join(self.words[:count])) for count in counts]

    def ended_by(self, names: Iterable["Mention"]) -> "Mention":
        """In capitals, with only as many words as the longest of the names in small letters that begins like it."""
        printed = compared(" ".join(self.words))
        alike = [len(one.words) for one in names if f"{printed} ".startswith(compared(" ".join(one.words)) + " ")]
        return Mention(self.kind, self.words[: max(alike)]) if self.is_in_capitals and alike else self

    def spelled(self, name: str) -> str | None:
        """The name as it is printed; None for one in capitals."""
        if self.is_in_capitals:
            return None
        counts = range(1, len(self.words) + 1)
        return next((one for n in counts if compared(one := " ".join(self.words[:n])) == name), None)


def compared(name: str) -> str:
    """The form in which names are compared: folded, with the plain apostrophe of "Ea H'Leo", a dash without spaces."""
    return re.sub(r" ?- ?", "-", folded(name).translate(_APOSTROPHES))


def mentions_in(texts: Iterable[str], kinds: dict[str, str] = _COMMUNES) -> Iterator[Mention]:
    """Every name with its kind, without "xã" alone and "xã hội"."""
    for text in texts:
        words = text.split()
        for at in range(len(words)):
            for length in (1, 2):
                kind = kinds.get(folded(" ".join(words[at : at + length]).lstrip(_PUNCTUATION)))
                if at and length == 1 and folded(words[at - 1]) in _NO_COMMUNE_BEHIND:
                    continue
                if kind and (name := _name(words[at + length : at + length + _LONGEST])):
                    yield Mention(kind, name)


def place_mention(place: str | None) -> Mention | None:
    """The place before the date of issue, which often stands without its kind."""
    if not place:
        return None
    named = next(mentions_in([place]), None)
    name = _name(place.split())
    return named or (Mention(None, name) if name else None)


def _name(words: list[str]) -> tuple[str, ...]:
    name: list[str] = []
    for at, word in enumerate(words):
        bare = word.strip(_PUNCTUATION)
        if name and folded(word) == "-" and words[at + 1 : at + 2] and words[at + 1][0].isupper():
            name.append(word)
            continue
        if not bare or not (bare[0].isupper() or (bare.isdigit() and len(bare) <= 2)) or word[0] in _PUNCTUATION:
            break
        name.append(bare)
        if word[-1] in _PUNCTUATION:
            break
    return () if folded(" ".join(name)) in _NO_NAME or folded(" ".join(name[:2])) == "hội chủ" else tuple(name)


def close_to(mention: Mention, entries: Sequence[RegisterEntry], is_a_name: bool) -> list[RegisterEntry]:
    """Entries with the same letters but other marks ("Tỉnh Khê": Tịnh Khê); without any, those one letter away.

    Of several, those of the same kind; a person chooses among more than one. A name that another province has
    (`is_a_name`) is no spelling error of one letter.
    """
    printed = _letters(" ".join(mention.cut))
    names = [(_letters(entry.name.removeprefix(entry.kind)), entry) for entry in entries]
    close = [entry for name, entry in names if name == printed]
    if not close and not is_a_name and len(printed) >= _SHORTEST_TO_REPAIR:
        close = [entry for name, entry in names if _one_letter_apart(name, printed)]
    return [entry for entry in close if entry.kind == mention.kind] or close


def _letters(name: str) -> str:
    """The letters and digits alone, without marks: "Tịnh Khê" is "tinhkhe"."""
    plain = normalize("NFD", folded(name).replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum() and not combining(letter))


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether two names differ by one letter that is added, removed or replaced."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    same = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    return long[same + 1 :] == short[same + (len(long) == len(short)) :]


@dataclass
class _NamedProvinces:
    """The weight of each code: named as a province, or by what may be a city of the district level."""

    certain: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    current: set[str] = field(default_factory=set)
    former: dict[str, str] = field(default_factory=dict)
    cities: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, name: str, weight: int) -> None:
        former = _former().get(name)
        code = _current().get(name) or (former or ("", ""))[1]
        if kind != "tỉnh" and (former or not is_city(code)):
            self.doubtful[code] += weight
            self.cities.setdefault(code, _without_kind(former[0]) if former else bare_name(code))
            return
        self.certain[code] += weight
        if former:
            self.former.setdefault(code, former[0])
        else:
            self.current.add(code)


def province_of(passages: Passages) -> tuple[str | None, list[str]]:
    """The code of the province that the document names most, the head before the body.

    "Thành phố" before the name of a province that is none was a city of the district level within it.
    """
    mentions = _mentions(passages)
    if mentions.certain:
        code, warnings = _first(mentions.certain)
        return code, warnings if code is None else _renamed(code, mentions)
    code, warnings = _first(mentions.doubtful)
    if code is None:
        return None, warnings or ["không rõ tỉnh, thành phố"]
    city = f"thành phố {mentions.cities[code]}"
    return code, [f'văn bản chỉ ghi "{city}", cấp huyện không còn từ ngày 01/7/2025; đọc là {provinces()[code]}']


def bare_name(code: str) -> str:
    """ "Quảng Ngãi" of "Tỉnh Quảng Ngãi"."""
    return _without_kind(provinces()[code])


def is_city(code: str) -> bool:
    return provinces()[code].startswith("Thành phố")


def _without_kind(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


def _renamed(code: str, mentions: _NamedProvinces) -> list[str]:
    if code in mentions.current:
        return []
    name = mentions.former[code]
    return [f"văn bản ghi {name}, tỉnh này không còn từ ngày 01/7/2025; đọc là {provinces()[code]}"]


def _first(counts: Counter[str]) -> tuple[str | None, list[str]]:
    ranked = counts.most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, [f"văn bản nêu nhiều tỉnh, không rõ tỉnh nào: {', '.join(provinces()[one] for one, _ in ranked)}"]
    return (ranked[0][0] if ranked else None), []


def _mentions(passages: Passages) -> _NamedProvinces:
    mentions = _NamedProvinces()
    weighed = (
        ([*passages.header, *passages.title], _IN_THE_HEAD),
        (passages.preamble, _IN_THE_PREAMBLE),
        (passages.body, 1),
    )
    for group, weight in weighed:
        for passage in group:
            for found in _names().finditer(_spelled(passage.text)):
                mentions.add(found["kind"], found["name"], weight)
    return mentions


def _spelled(text: str) -> str:
    return re.sub(r" ?- ?", "-", folded(text))


@cache
def _current() -> dict[str, str]:
    return {_spelled(bare_name(code)): code for code in provinces()} | _OTHER_SPELLINGS


@cache
def _former() -> dict[str, tuple[str, str]]:
    names = {_spelled(_without_kind(name)): (name, code) for name, code in former_provinces().items()}
    return names | {name.replace("-", " "): former for name, former in names.items()}


@cache
def _names() -> re.Pattern[str]:
    names = sorted([*_current(), *_former()], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?P<kind>tỉnh|thành phố|tp\.?)\s*(?P<name>{'|'.join(map(re.escape, names))})(?!\w)")
