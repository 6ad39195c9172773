"""Each line of named_bodies.txt: a cell of a column (lead, or both roles), and its bodies: leading / supporting."""

from pathlib import Path

import pytest

from services.planning.phrases.bodies import read_bodies

LINES = (Path(__file__).parent / "named_bodies.txt").read_text(encoding="utf-8").splitlines()
GOLDEN = [tuple(part.strip() for part in line.split("=>")) for line in LINES if "=>" in line]


@pytest.mark.parametrize(("cell", "expected"), GOLDEN)
def test_a_cell_names_its_bodies(cell, expected):
    column, text = ("both", cell.removeprefix("both|")) if cell.startswith("both|") else ("lead", cell)
    bodies = read_bodies(text.replace("\\n", "\n"), column)
    assert " / ".join("; ".join(names) for names in (bodies.lead, bodies.support) if names) == expected
