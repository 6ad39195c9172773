"""The words of an explanation for auditors, in Vietnamese; the page and the command print the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from services.reporting.audit.explaining.explanation import ExplainedCount, ExplainedUnit, Explanation, ReadingAct
from services.reporting.domain.stores import store_name
from services.reporting.wording import ZERO
from shared.contracts.reporting import StoredFact
from shared.vietnamese import MISSING, date_text, mid_sentence, moment_text, number, percent, person_text

ACTS = {"recorded": "ghi nhận", "corrected": "đính chính", "withdrawn": "rút"}
SIDES = {"numerator": "tử số", "denominator": "mẫu số"}
ORIGINS = {"measure": "số đo", "column": "cột", "opening": "số dư đầu kỳ của cột"}
MET = {True: "đạt", False: "chưa đạt", None: "chưa đánh giá"}
MOST_DAYS = 12


def amounts_text(amounts: Sequence[int | None] | None) -> str:
    """`67/80`, a count alone, or a dash where nothing was reported."""
    if amounts is None or all(amount is None for amount in amounts):
        return MISSING
    return "/".join(number(amount) for amount in amounts)


def figure_text(explained: Explanation) -> str:
    """`67/80 = 83,8 %`, or the count of a cell."""
    text = amounts_text(explained.amounts)
    return text if explained.rate is None else f"{text} = {percent(explained.rate)}"


def place_text(fact: StoredFact) -> str:
    """`08:00 ngày 1/7/2025, sổ chỉ tiêu, vị trí 1.234`."""
    return f"{moment_text(fact.recorded_at)}, sổ {store_name(fact.service)}, vị trí {number(fact.position)}"


def report_text(explained: Explanation) -> str:
    """Which report it is of: an edition, or what was known at the end of a day."""
    if explained.edition is not None:
        return f"lần công bố {explained.edition}, số liệu biết đến hết ngày {date_text(explained.known_at)}"
    return f"theo những gì đã biết đến hết ngày {date_text(explained.known_at)}"


def verdict(explained: Explanation) -> str:
    if explained.reported is None:
        return "Lần công bố không ghi số liệu này; chỉ tính lại được từ các sự kiện dưới đây."
    if explained.agrees:
        return "Khớp: số liệu của báo cáo đúng bằng số tính lại từ các sự kiện dưới đây."
    reported, computed = amounts_text(explained.reported), amounts_text(explained.amounts)
    return f"KHÔNG KHỚP: báo cáo ghi {reported}, các sự kiện cho {computed}; hãy chạy minhbach audit replay."


def formula_lines(explained: Explanation) -> Iterator[str]:
    formula, names = explained.formula, measure_names(explained)
    if formula is None:
        return
    over, under = (
        " + ".join(f"“{names.get(measure, measure)}”" for measure in side)
        for side in (formula.numerator, formula.denominator)
    )
    yield f"Tử số: {over}. Mẫu số: {under}. Mẫu số bằng 0: {ZERO.get(formula.zero_denominator, MISSING)}."
    yield f"Căn cứ: {formula.source or MISSING}. Bản {number(formula.version)}, từ {date_text(formula.in_force_from)}."


def target_lines(explained: Explanation) -> Iterator[str]:
    target = explained.target
    if target is None:
        return
    plan = f"Kế hoạch số {target.number}" if target.number else f"Kế hoạch {target.plan_id}"
    yield f"“{target.text}”: {MET[target.met]}."
    yield f"{plan}, “{target.title}”, từ {date_text(target.in_force_from)}."
    if target.based_on:
        yield f"Căn cứ: {'; '.join(target.based_on)}."


def map_text(explained: Explanation) -> str:
    former = sum(unit.ended_on is not None for unit in explained.units)
    present = number(len(explained.units) - former)
    return f"Địa giới ngày {date_text(explained.map_day)}: {present} đơn vị, {number(former)} đơn vị cũ được cộng vào."


def ending_text(unit: ExplainedUnit) -> str:
    into = ", ".join(mid_sentence(name) for name in unit.into)
    return f"từ {date_text(unit.ended_on)} nhập vào {into}, theo “{unit.source}”"


def measure_names(explained: Explanation) -> dict[str, str]:
    return {each.measure: each.name for each in explained.measures}


def values_text(values: Mapping[str, int], names: Mapping[str, str]) -> str:
    """A withdrawn reading has no values."""
    return "; ".join(f"{names.get(measure, measure)}: {number(n)}" for measure, n in values.items()) or MISSING


def act_text(act: ReadingAct, unit: str) -> str:
    """Who did it; the unit that sent it where the event names nobody."""
    reason = f". Lý do: {act.reason}" if act.reason else ""
    return f"{ACTS[act.act]}: {person_text(act.by or unit, act.by_account)}, bài gửi {act.submission_id}{reason}"


def left_out_text(days: Sequence[date]) -> str:
    shown = ", ".join(map(date_text, days[:MOST_DAYS])) + (", …" if len(days) > MOST_DAYS else "")
    return f"Ngày có số liệu không vào tỷ lệ vì chỉ có một vế của công thức ({number(len(days))}): {shown}."


def count_lines(count: ExplainedCount, depth: int = 0) -> Iterator[str]:
    """A count of a form with its parts below it, each level further to the right."""
    item = "" if count.origin == "measure" else f" {count.item}"
    yield f"{'    ' * depth}{ORIGINS[count.origin]}{item}, {mid_sentence(count.name)}: {number(count.count)}"
    for part in count.parts:
        yield from count_lines(part, depth + 1)
