"""Which passwords are refused: short ones, and those that a guesser tries early."""

from collections.abc import Iterable, Iterator

from shared.vietnamese import without_marks

SHORTEST, LONGEST = 12, 128
LEAST_SCORE = 3  # of 4: more than 10^8 guesses


def password_refusals(password: str, names: Iterable[str]) -> Iterator[str]:
    """`names` are words that belong to the person: a password made of them is guessed early."""
    if len(password) < SHORTEST:
        yield f"Mật khẩu phải có ít nhất {SHORTEST} ký tự; dài dễ nhớ tốt hơn ngắn khó nhớ."
    elif len(password) > LONGEST:
        yield f"Mật khẩu có nhiều nhất {LONGEST} ký tự."
    else:
        # Known passwords, names, keys beside each other, dates: its lists are large, and few processes need them.
        from zxcvbn import zxcvbn

        if zxcvbn(password[:100], list(_typed((*names, "Minh Bạch"))))["score"] < LEAST_SCORE:
            yield "Mật khẩu này dễ đoán (từ phổ biến, tên, ngày tháng hay dãy phím); hãy ghép vài từ không liên quan."


def _typed(names: Iterable[str]) -> Iterator[str]:
    """Names as people type them into a password: with and without marks, whole and each word."""
    for name in names:
        for text in (name.lower(), without_marks(name)):
            yield from (text, text.replace(" ", ""), *text.split())
