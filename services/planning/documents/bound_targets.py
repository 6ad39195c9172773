"""Binds the targets of a draft to indicators and fields, and warns where a person has to look or to decide."""

from services.planning.documents.draft import Draft, DraftTarget, with_place
from services.planning.target_binding import binding_of, fields_in, unassessed
from services.planning.target_binding.names import IndicatorNames


def bind_targets(draft: Draft, names: IndicatorNames | None = None) -> None:
    for target in draft.indicators:
        target.field = target.field or fields_in(target.scope, names)
        binding = binding_of(target, names)
        target.indicator = binding.indicator
        if binding.indicator and binding.question:
            draft.warnings.append(_warning(target, binding.question))
    draft.warnings += [
        _warning(draft.indicators[each.place - 1], each.question) for each in unassessed(draft.indicators, names)
    ]


def _warning(target: DraftTarget, question: str) -> str:
    return with_place(target.place, f"chỉ tiêu “{' '.join(target.name.split())}” {question}")
