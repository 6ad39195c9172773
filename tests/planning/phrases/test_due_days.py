"""Each line of due_days.txt: a schedule phrase of a plan of 2025, and its milestones as days and frequencies."""

from datetime import date
from pathlib import Path

import pytest

from services.planning.phrases.schedules import read_schedule
from services.planning.phrases.schedules.grammar.lunar_days import solar_day

LINES = (Path(__file__).parent / "due_days.txt").read_text(encoding="utf-8").splitlines()
GOLDEN = [tuple(part.strip() for part in line.split("=>")) for line in LINES if "=>" in line]
SHORT = {"continuous": "always", "by-reference": "reference", "after-event": "after", "unspecified": "?"}


def short(milestone):
    if milestone.kind == "deadline":
        return str(milestone.due)
    if milestone.kind == "recurring":
        return f"{milestone.every}:{milestone.on}" if milestone.on else milestone.every
    return SHORT[milestone.kind]


@pytest.mark.parametrize(("phrase", "expected"), GOLDEN)
def test_a_phrase_gives_its_days(phrase, expected):
    reading = read_schedule(phrase.replace("\\n", "\n"), 2025)
    assert " ".join(map(short, reading.milestones)) == expected
    assert reading.warnings or "?" not in expected.split()


def test_a_lunar_day_is_unspecified_and_its_warning_tells_the_solar_day():
    reading = read_schedule("Trước ngày 15/8 (âm lịch)", 2025)
    assert reading.milestones[0].text == "Trước ngày 15/8 (âm lịch)"
    assert "tức ngày 6/10/2025 dương lịch" in reading.warnings[0]


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        ((2025, 1, 1), date(2025, 1, 29)),
        ((2025, 7, 15), date(2025, 9, 6)),  # behind the leap month 6
        ((2025, 12, 23), date(2026, 2, 10)),
        ((2007, 1, 1), date(2007, 2, 17)),  # a day before the Chinese one
        ((2030, 1, 1), date(2030, 2, 2)),
        ((2025, 13, 1), None),
    ],
)
def test_a_lunar_day_has_one_solar_day(lunar, solar):
    assert solar_day(*lunar) == solar
