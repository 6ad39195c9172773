"""Names of communes that differ from a printed one by a slip of spelling only."""

from collections.abc import Sequence
from unicodedata import combining, normalize

from services.planning.documents.heading.mentions import Mention
from services.planning.register import RegisterEntry
from shared.vietnamese import folded

_SHORTEST_TO_REPAIR = 6


def close_to(mention: Mention, entries: Sequence[RegisterEntry], is_a_name: bool) -> list[RegisterEntry]:
    """Those of the same letters with other marks ("Tỉnh Khê": Tịnh Khê); without any, those one letter away.

    Of several, those of the same kind; more than one is for a person to choose. A name that another province has
    (`is_a_name`) is no slip of one letter.
    """
    printed = letters(" ".join(mention.cut))
    names = [(letters(entry.name.removeprefix(entry.kind)), entry) for entry in entries]
    close = [entry for name, entry in names if name == printed]
    if not close and not is_a_name and len(printed) >= _SHORTEST_TO_REPAIR:
        close = [entry for name, entry in names if one_letter_apart(name, printed)]
    return [entry for entry in close if entry.kind == mention.kind] or close


def letters(name: str) -> str:
    """The letters and digits alone, without marks: "Tịnh Khê" is "tinhkhe"."""
    plain = normalize("NFD", folded(name).replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isalnum() and not combining(letter))


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or another makes one of the other."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    same = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    return long[same + 1 :] == short[same + (len(long) == len(short)) :]
