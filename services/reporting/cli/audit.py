"""minhbach audit replay: compares the read models, or an edition, with a replay of the event stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from services.reporting.cli.opening import opened
from services.reporting.cli.printing import say
from services.reporting.cli.proof import refuse_altered_tables
from services.reporting.domain.stores import store_name
from shared.cli import err, fail
from shared.cli.options import DEFAULT_PROVINCE, AsJson, KnownAt, Province, Quarter, Regime, today
from shared.cli.printing import print_json, print_table, progress_bar
from shared.regimes import DEFAULT_REGIME
from shared.settings import Settings

if TYPE_CHECKING:
    from services.reporting.application import Reporting
    from services.reporting.application.published_editions import PublishedEdition
    from services.reporting.audit.replay import Replayed
    from services.reporting.audit.replay_comparison import EvidenceDifference
    from services.reporting.audit.stored_events import Progress
    from services.reporting.domain.drafts.question import Question

MOST_DIFFERENCES = 50
SIZES = {
    "communes": "đơn vị",
    "readings": "bản số liệu",
    "sums": "tổng theo số đo",
    "tasks": "nhiệm vụ",
    "refused": "số liệu bị từ chối",
    "parked": "bản tin không đọc được",
}


def replay(
    *,
    province: Province = DEFAULT_PROVINCE,
    quarter: Quarter,
    known_at: KnownAt = None,
    edition: Annotated[int, typer.Option(min=0, help="tính lại lần công bố này")] = 0,
    regime: Regime = DEFAULT_REGIME,
    as_json: AsJson = False,
) -> None:
    """Tính lại báo cáo chỉ từ kho sự kiện; mã thoát 1 khi các bảng cho kết quả khác.

    Với --edition: mã thoát 1 khi lần công bố đó, tính lại, có nội dung khác nội dung đã công bố.
    """
    with opened(role="auditor") as reporting:
        if edition:
            published = reporting.edition(province, quarter, edition, regime=regime)
            before = reporting.edition(province, quarter, edition - 1, regime=regime) if edition > 1 else None
            _replay_edition(reporting, published, before, as_json)
            refuse_altered_tables()
            return
        from services.reporting.audit.replay import replay_of

        day = known_at or today(reporting.clock)
        question = reporting.question(province, quarter, day, regime=regime)
        with _progress() as progress:
            again = replay_of(Settings.from_env(), question, progress=progress)
        found = differences(reporting, question, again)
    if not again.evidence.communes and not found:
        fail(f"Chưa biết gì về tỉnh {province} vào ngày {day:%-d/%-m/%Y}.")
    if as_json:
        texts = [difference.text for difference in found]
        print_json({"known_at": day.isoformat(), "agree": not found, "differences": texts})
    elif not found:
        sizes = again.evidence.sizes()
        print_table(("Tính lại từ kho sự kiện", ""), [(SIZES[name], str(number)) for name, number in sizes.items()])
        say(f"Các bảng khớp với kho sự kiện: {quarter.vietnamese}, tỉnh {province}, biết đến {day:%-d/%-m/%Y}.")
    for difference in found[:MOST_DIFFERENCES]:
        err.print(difference.sentence, markup=False)
    if found:
        fail(f"{len(found)} số liệu trong các bảng khác với kho sự kiện.")
    refuse_altered_tables()


def differences(reporting: "Reporting", question: "Question", again: "Replayed") -> "list[EvidenceDifference]":
    """Whatever a report prints and the tables hold otherwise than a replay."""
    from services.reporting.audit.replay_comparison import compare, compare_events, compare_positions, compare_reports

    with reporting.knowledge.snapshot() as snapshot:
        read = snapshot.of(question, by_commune=True)
        found = compare(read, again.evidence)
    communes, since = sorted(again.indicators.communes), (question.first_day, question.window[1])
    asked = communes, since, again.evidence.positions.get("indicators", 0)
    corrections, late = reporting.corrections.by_commune(*asked), reporting.late_readings.by_commune(*asked)
    reports = reporting.reviews.statuses(communes, question.province, question.period, question.regime.name)
    return [
        *found,
        *compare_events("correction", corrections, communes, again.indicators.corrections),
        *compare_events("late reading", late, communes, again.indicators.late),
        *compare_positions(read, again),
        *compare_reports(*reports),
    ]


@contextmanager
def _progress() -> "Iterator[Progress]":
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn

    with progress_bar(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bars:
        shown = bars.add_task("")
        yield lambda service, position, last: bars.update(
            shown, description=f"Đọc sổ {store_name(service)}", completed=position, total=last
        )


def _replay_edition(
    reporting: "Reporting", published: "PublishedEdition", before: "PublishedEdition | None", as_json: bool
) -> None:
    import json

    from services.reporting.audit.editions import computed_again, differing_parts
    from services.reporting.rendering.canonical_json import canonical_json, content_sha256

    calendar = reporting.calendar.known_on(published.report.known_at)
    with _progress() as progress:
        again = computed_again(
            Settings.from_env(),
            published.report,
            reporting.rulebook,
            calendar,
            before.report if before else None,
            progress=progress,
        )
    digest, name = content_sha256(again), f"Lần công bố {published.number} của kỳ {published.report.period}"
    found = differing_parts(json.loads(published.content), json.loads(canonical_json(again)))
    if as_json:
        print_json(
            {
                "edition": published.number,
                "published": published.content_sha256,
                "computed": digest,
                "agree": not found,
                "differences": found,
            }
        )
    elif not found:
        say(f"{name}, tính lại từ kho sự kiện, giống từng byte. SHA-256 {digest}")
    if found:
        fail(f"{name}, tính lại, không phải là nội dung đã công bố; khác ở: {', '.join(found)}.")
