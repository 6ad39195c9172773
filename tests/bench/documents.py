"""What reading plan documents and their phrases costs, beside what only opening or only folding the text costs."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.planning.documents.draft_reader import draft_in, read_document
from services.planning.documents.opening import open_document
from services.planning.phrases.schedules import read_schedule
from services.planning.plan_file import read_plan
from shared.vietnamese import folded
from tests.planning.documents.large_texts import TASK, large_text

TIMES = 5
PHRASES = 5_000


def documents(folder: Path) -> dict[str, object]:
    """Milliseconds for each of the plans in a folder, the median of five; nothing where the folder is not there."""
    figures: dict[str, Any] = {"plan_open_ms": {}, "plan_read_ms": {}, "plan_read_guarded_ms": {}}
    for path in sorted(folder.glob("*.txt")):
        for figure, read in zip(figures, (open_document, draft_in, read_document), strict=True):
            figures[figure][path.stem] = milliseconds(read, path)
    return figures if figures["plan_open_ms"] else {"plan_read_ms": f"not measured: no documents in {folder}"}


def large_plan(letters: int = 250_000) -> dict[str, object]:
    """Milliseconds for a plan as text of 250,000 letters (2,500 tasks), beside what only folding its text costs."""
    text = large_text(TASK, letters)
    with tempfile.TemporaryDirectory(prefix="minhbach-bench-") as folder:
        path = Path(folder) / "plan.txt"
        path.write_text(text, "utf-8")
        return {
            "large_plan_folded_ms": milliseconds(lambda path: folded.__wrapped__(path.read_text("utf-8")), path),
            "large_plan_read_ms": milliseconds(draft_in, path),
        }


def phrases(plans: Path) -> dict[str, object]:
    """Per second over the schedules of the plans that come with the project, as often as they stand there."""
    texts = [task.schedule_text for path in sorted(plans.glob("*.yaml")) for task in read_plan(path).tasks]
    cycle = [text for text in texts if text]
    asked = (cycle * (PHRASES // len(cycle) + 1))[:PHRASES]
    return {
        "schedule_phrases_per_s": per_second(lambda text: read_schedule(text, 2025), asked),
        "folded_phrases_per_s": per_second(folded.__wrapped__, asked),
    }


def milliseconds(read: Callable[[Path], object], path: Path) -> float:
    seconds = []
    for _ in range(TIMES):
        folded.cache_clear()  # what the reading before remembered
        started = time.perf_counter()
        read(path)
        seconds.append(time.perf_counter() - started)
    return round(statistics.median(seconds) * 1000, 1)


def per_second(read: Callable[[str], object], texts: list[str]) -> int:
    started = time.perf_counter()
    for text in texts:
        folded.cache_clear()
        read(text)
    return round(len(texts) / (time.perf_counter() - started))
