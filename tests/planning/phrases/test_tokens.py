"""The tokens of a text, from which schedules, targets and bodies are read."""

from hypothesis import given
from hypothesis import strategies as st

from services.planning.phrases.tokens import tokens_of


def test_words_numbers_lines_and_marks_are_tokens():
    tokens = [(token.lastgroup, token[0]) for token in tokens_of("Quý III/2025,\n≥ 60%")]
    assert tokens == [
        *(("word", "Quý"), ("word", "III"), ("mark", "/"), ("number", "2025"), ("mark", ","), ("line", "\n")),
        *(("mark", "≥"), ("number", "60"), ("mark", "%")),
    ]


@given(st.text())
def test_every_character_but_white_space_is_in_one_token(text):
    tokens = [token[0] for token in tokens_of(text) if token.lastgroup != "line"]
    assert "".join(tokens) == "".join(text.split())
