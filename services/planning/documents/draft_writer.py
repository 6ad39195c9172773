"""Writes a draft in the plan format: as plain values for JSON, and as YAML for a person to edit."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from unicodedata import normalize

import yaml

from services.planning.documents.draft import Draft, DraftHead, DraftTarget, DraftTask
from services.planning.plan_file import Milestone, TargetBounds
from services.planning.plan_file.yaml_tree import CONTROL
from services.planning.wording import ISO_DAY
from shared.contracts.planning.plan_contents import PlainHead, PlainPlan, PlainSpan, PlainTarget, PlainTask

LONG = 90  # characters: a longer text is written as a block below its key
ETH = str.maketrans("Ðð", "Đđ", "\r")  # typed or converted for the letter that looks the same
_DAY_KEYS = ("from", "until", "due", "suggestion", "issued_on")


def as_plan_file(draft: Draft) -> PlainPlan:
    """Exactly the keys of the plan format, in its order, with days as texts."""
    return {
        "plan": _head(draft.plan),
        "tasks": [_task(task) for task in draft.tasks],
        "indicators": [_target(target) for target in draft.indicators],
        "warnings": _texts(draft.warnings),
    }


def as_yaml(draft: Draft) -> str:
    """The plan file as text, a blank line between its parts."""
    return yaml_of(as_plan_file(draft))


def yaml_of(whole: PlainPlan) -> str:
    """Plain values of the plan format as a plan file."""
    return "\n".join(yaml.dump({key: _laid_out(part)}, **_STYLE) for key, part in whole.items())


def _head(head: DraftHead) -> PlainHead:
    span: PlainSpan | None = None
    if head.span:
        span = {"from": head.span[0].isoformat(), "until": head.span[1].isoformat()}
    return {
        "commune": head.commune,
        "commune_name": _text(head.commune_name),
        "province": head.province,
        "title": _text(head.title),
        "regime": head.regime,
        "year": head.year,
        "span": span,
        "number": _text(head.number),
        "issued_on": head.issued_on.isoformat() if head.issued_on else None,
        "based_on": _texts(head.based_on),
        "cites": _texts(head.cites),
    }


def _task(task: DraftTask) -> PlainTask:
    return {
        "code": _text(task.code),
        "section": _text(task.section),
        "content": _text(task.content),
        "deliverable": _text(task.deliverable),
        "lead": _texts(task.lead),
        "support": _texts(task.support),
        "schedule_text": _text(task.schedule_text),
        "milestones": plain_milestones(task.milestones),
        "warnings": _texts(task.warnings),
    }


def plain_milestones(milestones: Iterable[Milestone]) -> list[dict[str, Any]]:
    return [{"kind": each.kind, **each.model_dump(mode="json", by_alias=True)} for each in milestones]


def _target(target: DraftTarget) -> PlainTarget:
    plain: PlainTarget = {
        "code": _text(target.code),
        "name": _text(target.name),
        "unit": _text(target.unit),
        "target": _bounds(target.target),
        "target_text": _text(target.target_text),
        "scope": _text(target.scope),
        "owners": _texts(target.owners),
        "indicator": target.indicator,
    }
    if target.field:
        plain["field"] = list(target.field)
    return plain


def _bounds(target: TargetBounds | None) -> dict[str, Any] | None:
    return target.model_dump(mode="json", exclude_none=True) if target else None


def _text(text: str | None) -> str | None:
    """A text that a plan file may hold: without control characters, with Đ for an eth; None for an empty text."""
    return CONTROL.sub("", normalize("NFC", text or "").translate(ETH)).strip() or None


def _texts(texts: Iterable[str]) -> list[str]:
    return [kept for text in texts if (kept := _text(text))]


class _Flow(dict[str, Any]):
    """A mapping on one line."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, and writes long texts as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, value: Any) -> bool:
        return True


def _represent_flow(dumper: yaml.SafeDumper, mapping: _Flow) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping, flow_style=True)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else ">" if len(text) > LONG else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(_Flow, _represent_flow)
_Dumper.add_representer(str, _represent_text)
_STYLE: dict[str, Any] = {"Dumper": _Dumper, "allow_unicode": True, "sort_keys": False, "width": 110}


def _laid_out(value: Any, key: str = "") -> Any:
    """The same values, with dates for days, which need no quotes, and milestones, targets and spans on one line."""
    if isinstance(value, dict):
        laid_out = {inner: _laid_out(item, inner) for inner, item in value.items()}
        return _Flow(laid_out) if key in ("milestones", "target", "span") else laid_out
    if isinstance(value, list):
        return [_laid_out(item, key) for item in value]
    if key in _DAY_KEYS and isinstance(value, str) and ISO_DAY.fullmatch(value):
        return date.fromisoformat(value)
    return value
