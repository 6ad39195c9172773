"""Periods are typed as they are named, or as Vietnamese offices write them."""

import pytest
import typer

from shared.cli.options import period_in
from shared.periods import Period


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("quý III/2025", "2025-Q3"), ("Quý 3/2025", "2025-Q3"), ("Q3-2025", "2025-Q3"), ("tháng 7/2025", "2025-M07"),
        ("07/2025", "2025-M07"), ("2025-H1", "2025-H1"), ("2025", "2025"),
    ],
)  # fmt: skip
def test_a_period_has_vietnamese_words_too(text: str, name: str) -> None:
    assert period_in(text) == Period.parse(name)


@pytest.mark.parametrize("text", ["quý V/2025", "tháng 13/2025", "quý 3", ""])
def test_another_text_ends_the_command(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        period_in(text)
    assert "không phải là kỳ báo cáo" in capfd.readouterr().err
