"""Binds the targets of a plan to the indicators that measure them, by name and unit, and says how sure that is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple, Protocol

from services.planning.target_binding.names import IndicatorName, IndicatorNames, indicator_names, plain_words

Certainty = Literal["sure", "likely", "unknown", "no-rate"]

# From here on a name says of what the rate is a part.
_OF = re.compile(r"\b(?:trên|trong|so với) (?:tổng số|tổng|số)\b")
# Words that say nothing about which indicator a target means.
_FILLING = frozenset(
    plain_words(
        "tỷ lệ mức độ số lượng tổng đạt của các về và được có trên trong tại theo từ đối với bằng cho ở là thực hiện"
        " thuộc thẩm quyền giải quyết cấp xã phường đặc khu địa bàn bộ phận trung tâm phục vụ hành chính công một cửa"
        " ủy ban nhân dân cổng dịch vụ công quốc gia tỉnh thủ tục hành chính hồ sơ quy định năm tiếp nhận xử lý đúng"
        " pháp luật đầy đủ tối thiểu ít nhất trở lên phấn đấu bảo đảm duy trì tiếp tục nâng cao qua việc cung cấp"
        " nộp phí người dân doanh nghiệp tổ chức cá nhân bộ ngành địa phương trình tự thẩm quyền nhà nước khai thác"
        " thông tin"
    ).split()
)
_MOST_OTHER_WORDS = 0.15  # of a name; above it somebody looks
_FOR_A_PART = re.compile(r"\b(?:lĩnh vực|đối với|riêng|trong đó|trừ)\b")


@dataclass(frozen=True)
class Binding:
    """`indicator` is bound where it is sure or likely; of several that fit, and of none, a person is asked.

    `no-rate`: a target in another unit than percent, which no indicator measures.
    """

    certainty: Certainty
    indicator: str | None = None
    candidates: tuple[IndicatorName, ...] = ()

    @property
    def question(self) -> str | None:
        """What a person has to answer, as the end of a sentence about the target; None where it is sure."""
        names = " hay ".join(f"{each.indicator} ({each.name})" for each in self.candidates)
        match self.certainty:
            case "sure":
                return None
            case "likely":
                return f"có lẽ là chỉ số {names}; nếu không phải, hãy sửa khóa indicator"
            case "no-rate":
                return "không tính bằng phần trăm nên không chỉ số nào đo được; báo cáo sẽ không đánh giá"
        if self.candidates:
            return f"chưa rõ là chỉ số {names}; hãy ghi mã vào khóa indicator, nếu không báo cáo sẽ không đánh giá"
        return (
            "chưa rõ do chỉ số nào đo; hãy ghi mã vào khóa indicator (xem: minhbach indicator list),"
            " nếu không báo cáo sẽ không đánh giá"
        )


class Target(Protocol):
    """A target of a plan file or of a draft; `field` holds the ids of the fields of its scope."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def scope(self) -> str | None: ...
    @property
    def indicator(self) -> str | None: ...
    @property
    def field(self) -> tuple[str, ...] | None: ...
    @property
    def target(self) -> object | None: ...


class UnassessedTarget(NamedTuple):
    """A target that no report will assess as it stands; `place` is its place in the plan file, from 1."""

    place: int
    name: str
    question: str


def unassessed(targets: Sequence[Target], names: IndicatorNames | None = None) -> list[UnassessedTarget]:
    """The targets of a plan that no report will assess, each with the reason and the question that mends it.

    `names` are those of a province's catalogue, here and below, without it those of the product.
    """
    names = names or indicator_names()
    first: dict[str, int] = {}
    found: list[UnassessedTarget] = []
    for place, each in enumerate(targets, start=1):
        name = " ".join(each.name.split())
        found += [UnassessedTarget(place, name, question) for question in _objections(each, first, names)]
        if each.indicator and each.scope is None:
            first.setdefault(each.indicator, place)
    return found


def _objections(target: Target, first: dict[str, int], names: IndicatorNames) -> Iterator[str]:
    """`first` has the place of each indicator that an earlier target without a scope is bound to."""
    if target.indicator is None:
        binding = binding_of(target, names)
        yield binding.question or f"chưa gắn với chỉ số; hãy ghi {binding.indicator}"
        return
    if names.named(target.indicator) is None:
        yield (
            f"gắn với chỉ số {target.indicator}, không có trong danh mục chuẩn; nếu tỉnh cũng không định nghĩa chỉ số"
            " này thì báo cáo sẽ không đánh giá"
        )
    if target.scope is not None and not target.field:
        yield (
            f"chỉ giao cho một phần ({target.scope}); hãy ghi mã các lĩnh vực vào khóa field, nếu không báo cáo sẽ"
            " không đánh giá"
        )
    elif target.scope is None and target.indicator in first:
        earlier = first[target.indicator]
        yield f"cùng chỉ số {target.indicator} với chỉ tiêu thứ {earlier}; báo cáo chỉ đánh giá chỉ tiêu đó"


def binding_of(target: Target, names: IndicatorNames | None = None) -> Binding:
    has_level, for_part = target.target is not None, target.scope is not None
    return bind(target.name, target.unit, has_level=has_level, for_part=for_part, names=names)


def bind(
    name: str,
    unit: str | None,
    *,
    has_level: bool = True,
    for_part: bool = False,
    names: IndicatorNames | None = None,
) -> Binding:
    """The indicator of a target, by its name and unit as printed. `for_part`: its scope is known apart from its name.

    Without a level that can be compared nothing is sure.
    """
    if unit is not None and unit.strip() != "%":
        return Binding("no-rate")
    names = names or indicator_names()
    words = plain_words(name)
    divided = _OF.search(words)
    head, rest = (words[: divided.start()], words[divided.start() :]) if divided else (words, "")
    best = _best(head, rest, names)
    rates = [part for part in words.split("tỷ lệ") if part.strip()]
    if len(rates) > 1:  # two targets in one
        best = {found: loose for part in rates for found, loose in _best(part.strip(), "", names).items()}
    if len(best) != 1:
        return Binding("unknown", None, tuple(best))
    ((found, loose),) = best.items()
    doubtful = (
        loose
        or not has_level
        or (_FOR_A_PART.search(words) is not None and not for_part)
        or _is_about_more(head, found, names)
    )
    return Binding("likely" if doubtful else "sure", found.indicator, (found,))


def fields_in(scope: str | None, known: IndicatorNames | None = None) -> tuple[str, ...] | None:
    """The ids of the fields that a scope names; None where a part of it is no field that is known."""
    if not scope:
        return None
    names = {plain_words(each): one.field for one in (known or indicator_names()).fields for each in one.names}
    listed = re.sub(r"(?i)^(các |nhóm )*lĩnh vực:?", "", scope.strip())
    # A name may hold a comma or an "và" of its own.
    parts = (
        [plain_words(listed)] if plain_words(listed) in names else map(plain_words, re.split(r"[,;\n]| và ", listed))
    )
    found = [names.get(part) for part in parts if part]
    return tuple(dict.fromkeys(field for field in found if field)) if found and all(found) else None


def _best(head: str, rest: str, names: IndicatorNames) -> dict[IndicatorName, bool]:
    """Those whose pattern has the most entries, each with whether it is a guess; guesses only where nothing else is."""
    exact = {each: False for each in names.indicators if plain_words(each.name) == f"{head} {rest}".strip()}
    if exact:
        return exact
    for loose in (False, True):
        scored = {
            each: max(pattern.entries for pattern in matching)
            for each in names.indicators
            if (matching := [p for p in each.patterns if p.loose == loose and p.matches(head, rest)])
        }
        if scored:
            most = max(scored.values())
            return {each: loose for each, entries in scored.items() if entries == most}
    return {}


def _is_about_more(head: str, found: IndicatorName, names: IndicatorNames) -> bool:
    """Whether the name has words that tell other indicators apart, or many that its own names do not have."""
    words = [word for word in head.split() if not word.isdigit()]
    other = {word for word in words if word not in found.vocabulary() | _FILLING}
    return bool(other & _telling_apart(names)) or len(other) > max(1, _MOST_OTHER_WORDS * len(words))


@cache
def _telling_apart(names: IndicatorNames) -> frozenset[str]:
    return frozenset().union(*(each.vocabulary() for each in names.indicators)) - _FILLING
