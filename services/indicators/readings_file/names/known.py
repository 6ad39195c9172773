"""Names of measures and fields as people write them: the catalogue's, synonyms, and those that a commune added."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple
from unicodedata import combining, normalize

from services.indicators.catalogue import read_catalogue
from services.indicators.readings_file.names.headings import Meaning, meaning_of, plain

IGNORED = ""
LIST_COMMAND = "minhbach readings names"

# What offices write for a field of the catalogue. What could be two of them ("Tư pháp") is none.
FIELD_SYNONYMS = {
    "land": ("quản lý đất đai", "địa chính", "nhà đất"),
    "construction": ("quản lý xây dựng", "hoạt động xây dựng", "trật tự xây dựng", "cấp phép xây dựng"),
    "investment": ("kế hoạch đầu tư", "đầu tư công"),
    "civil-status": ("đăng ký hộ tịch", "quản lý hộ tịch"),
    "justice": ("công tác chứng thực",),
    "business": (
        "đăng ký hộ kinh doanh", "đăng ký kinh doanh", "thành lập hoạt động hộ kinh doanh",
        "thành lập hoạt động của hộ kinh doanh",
    ),
    "social-affairs": (
        "bảo trợ xã hội", "người có công", "lao động thương binh xã hội", "lđ tb xh", "lđtbxh", "chính sách xã hội",
        "người có công bảo trợ xã hội",
    ),
    "agriculture": ("nông nghiệp", "môi trường", "nông nghiệp phát triển nông thôn", "nn mt", "nông nghiệp nông thôn"),
    "other": ("khác", "các lĩnh vực khác", "lĩnh vực còn lại", "còn lại"),
}  # fmt: skip
# Written in other words than the catalogue's, and no column of form II.06.
MEASURE_SYNONYMS = {
    "files-received": ("số hồ sơ tiếp nhận", "tổng số hồ sơ tiếp nhận", "tổng số hồ sơ đã tiếp nhận"),
    "files-digitised": ("số hồ sơ đã số hóa", "số hồ sơ số hóa", "đã số hóa"),
    "files-paid-online": ("số hồ sơ thanh toán trực tuyến", "thanh toán trực tuyến"),
    "files-result-electronic": ("số hồ sơ trả kết quả điện tử", "kết quả điện tử"),
    "satisfaction-answers": ("số lượt đánh giá", "số phiếu khảo sát"),
    "satisfaction-answers-satisfied": ("số lượt hài lòng", "số phiếu hài lòng"),
}


class OwnNames(NamedTuple):
    """What a commune's office writes, by `plain`: measures of headings, `IGNORED` for a column to pass over; fields."""

    columns: Mapping[str, str] = {}
    fields: Mapping[str, str] = {}


class Names:
    """Finds ids by names. A name that could be two is none."""

    def __init__(self, own: OwnNames | None = None) -> None:
        self._own = own or OwnNames()

    def is_ignored(self, headings: Sequence[str]) -> bool:
        return self.own_column(headings) == IGNORED

    def column(self, headings: Sequence[str]) -> Meaning | None:
        """The measure of a column by its headings, the topmost first."""
        if own := self.own_column(headings):
            return Meaning(own)
        measure = measures_by_name().get(plain(headings[-1]))
        return Meaning(measure) if measure else meaning_of(headings)

    def field(self, text: str) -> str | None:
        name = plain(text)
        short = name.removeprefix("lĩnh vực ")
        return next(
            (found for one in (name, short) if (found := self._own.fields.get(one) or fields_by_name().get(one))), None
        )

    def suggestion(self, text: str) -> str | None:
        """The field of the catalogue whose name is nearly this, also without diacritics."""
        titles = {_bare(title): title for title in field_titles().values()}
        found = get_close_matches(_bare(plain(text)), list(titles), 1, 0.8)
        return titles[found[0]] if found else None

    def own_column(self, headings: Sequence[str]) -> str | None:
        """What the commune's office calls so; None where it has no such name."""
        if not headings:
            return None
        keys = (plain(" ".join(headings)), plain(headings[-1]))
        return next((self._own.columns[key] for key in keys if key in self._own.columns), None)


@cache
def measure_titles() -> Mapping[str, str]:
    """The names of the catalogue by measure, in its order."""
    return {entry.name: entry.definition["name"] for entry in read_catalogue() if entry.kind == "measure"}


@cache
def field_titles() -> Mapping[str, str]:
    """The names of the catalogue by field, in its order."""
    return {entry.name: entry.definition["name"] for entry in read_catalogue() if entry.kind == "field"}


@cache
def measures_by_name() -> Mapping[str, str]:
    return _by_name(measure_titles(), MEASURE_SYNONYMS)


@cache
def fields_by_name() -> Mapping[str, str]:
    return _by_name(field_titles(), FIELD_SYNONYMS)


def _by_name(titles: Mapping[str, str], synonyms: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    pairs = [*((title, one) for one, title in titles.items())]
    pairs += [(synonym, one) for one, several in synonyms.items() for synonym in several]
    return {plain(name): one for name, one in reversed(pairs)}


def _bare(text: str) -> str:
    return "".join(c for c in normalize("NFD", text.casefold()) if not combining(c)).replace("đ", "d")
