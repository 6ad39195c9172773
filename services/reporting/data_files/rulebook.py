"""Which versions of regimes, forms, scorecards and thresholds are in force for a report, or pinned by an edition."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from services.reporting.data_files.forms import forms_in
from services.reporting.data_files.regimes import regimes_in
from services.reporting.data_files.scorecards import scorecards_in
from services.reporting.data_files.thresholds import thresholds_in
from services.reporting.domain.content.narrative import WrittenSection
from services.reporting.domain.drafts.completion import CommuneRemarks, CompletionInputs
from services.reporting.domain.drafts.question import Question
from services.reporting.domain.forms.form import Form, form_on
from services.reporting.domain.refusal import NothingKnown
from services.reporting.domain.regime import Regime, regime_for
from services.reporting.domain.scorecards.scorecard import Answer, Scorecard, scorecard_on
from shared.periods import Period


class Rulebook:
    """The data files and those that the operator's settings name. SettingsError for a file that cannot be read."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.regimes = regimes_in(env)
        self._forms = forms_in(env)
        self._scorecards = scorecards_in(env)
        self._thresholds = thresholds_in(env)

    def parts_of(self, question: Question, answers: Mapping[str, Mapping[str, Answer]]) -> CompletionInputs:
        """In force on the period's last day. ValueError for answers to a scorecard that the report does not hold."""
        regime, day = question.regime, question.window[1]
        for code in answers:
            if code not in regime.scorecards:
                held = ", ".join(regime.scorecards) or "không có bộ tiêu chí nào"
                raise ValueError(f"tệp trả lời là của bộ tiêu chí {code}; báo cáo {regime.name} có: {held}")
        forms = [form_on(self._forms, code, day) for code in regime.forms]
        scorecards = [scorecard_on(self._scorecards, code, day) for code in regime.scorecards]
        return CompletionInputs(
            forms=[form for form in forms if form and question.by_field],
            scorecards=[scorecard for scorecard in scorecards if scorecard],
            thresholds=self._thresholds,
            answers=answers,
        )

    def pinned_parts(
        self,
        pins: Mapping[str, str],
        remarks: Mapping[str, CommuneRemarks],
        narrative: tuple[WrittenSection, ...] = (),
    ) -> CompletionInputs:
        """The versions that an edition pins. NothingKnown where one of them is not among the data files any more."""
        return CompletionInputs(
            forms=_pinned("form", pins, self._forms),
            scorecards=_pinned("scorecard", pins, self._scorecards),
            remarks=remarks,
            narrative=narrative,
        )

    def regime_of(self, name: str, version: str) -> Regime:
        """A version of a regime. NothingKnown where it is not among the data files any more."""
        for regime in self.regimes:
            if (regime.name, regime.version) == (name, version):
                return regime
        raise NothingKnown(f"Chế độ {name} bản {version} không còn trong các tệp dữ liệu.")

    def regime(self, name: str, period: Period) -> Regime:
        """The version of a regime in force for a period. NothingKnown where there is none."""
        found = regime_for(self.regimes, name, period)
        if found is None:
            names = ", ".join(sorted({known.name for known in self.regimes}))
            raise NothingKnown(f"Không có chế độ báo cáo “{name}” cho {period.vietnamese}; hiện có: {names}.")
        return found


Versioned = TypeVar("Versioned", Form, Scorecard)


def _pinned(kind: str, pins: Mapping[str, str], known: Sequence[Versioned]) -> list[Versioned]:
    """Those of a kind among pins such as {"form II.06": "2018-11-23"}."""
    return [_version(pin, version, known) for pin, version in pins.items() if pin.startswith(f"{kind} ")]


def _version(pin: str, version: str, known: Sequence[Versioned]) -> Versioned:
    code = pin.split(" ", 1)[1]
    for each in known:
        if (each.code, each.version) == (code, version):
            return each
    raise NothingKnown(f"{pin} bản {version} không còn trong các tệp dữ liệu.")
