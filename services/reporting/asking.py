"""From whose and when to a question in full: which regime, forms, scorecards and thresholds are in force for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict, TypeVar

from services.reporting.domain.completion import Parts, Said
from services.reporting.domain.evidence import Question, Versions
from services.reporting.domain.form_design import Form, form_on
from services.reporting.domain.regime import Regime
from services.reporting.domain.scorecard import Answer, Scorecard, scorecard_on
from services.reporting.forms import forms_in
from services.reporting.regimes import regime_for, regimes_in
from services.reporting.review_thresholds import thresholds_in
from services.reporting.scorecards import scorecards_in
from shared.periods import Period


class How(TypedDict, total=False):
    """What may be asked of a report besides whose and when; as in Question."""

    definitions: Versions
    map_day: date | None
    by_field: bool


class Asked(How, total=False):
    """`answers` are to the criteria of scorecards, by the code of the scorecard."""

    regime: str
    answers: Mapping[str, Mapping[str, Answer]]


class NothingKnown(ValueError):
    """There is nothing to report; the message says why."""


class Rulebook:
    """What the operator's settings and our data files say; SettingsError for a file that cannot be read."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.regimes = regimes_in(env)
        self._forms: tuple[Form, ...] = forms_in(env)
        self._scorecards: tuple[Scorecard, ...] = scorecards_in(env)
        self._thresholds = thresholds_in(env)

    def parts_of(self, question: Question, answers: Mapping[str, Mapping[str, Answer]]) -> Parts:
        """In force on the period's last day. ValueError for answers that nothing in the report asks for."""
        regime, day = question.regime, question.window[1]
        for code in answers:
            if code not in regime.scorecards:
                held = ", ".join(regime.scorecards) or "none"
                raise ValueError(f"the answers are to the scorecard {code}, a report of {regime.name} holds {held}")
        forms = [form_on(self._forms, code, day) for code in regime.forms]
        scorecards = [scorecard_on(self._scorecards, code, day) for code in regime.scorecards]
        return Parts(
            forms=[form for form in forms if form and question.by_field],
            scorecards=[scorecard for scorecard in scorecards if scorecard],
            thresholds=self._thresholds,
            answers=answers,
        )

    def pinned_parts(self, pins: Mapping[str, str], said: Mapping[str, Said]) -> Parts:
        """Those of the versions that an edition pins. NothingKnown where one is not there any more."""
        return Parts(
            forms=[_pinned(what, version, self._forms) for what, version in pins.items() if what.startswith("form ")],
            scorecards=[
                _pinned(what, version, self._scorecards)
                for what, version in pins.items()
                if what.startswith("scorecard ")
            ],
            said=said,
        )

    def regime_of(self, name: str, version: str) -> Regime:
        """A version of a regime. NothingKnown where it is not there any more."""
        for regime in self.regimes:
            if (regime.name, regime.version) == (name, version):
                return regime
        raise NothingKnown(f"The regime {name} of {version} is not among the data files any more.")

    def regime(self, name: str, period: Period) -> Regime:
        """The version of a regime that counts for a period. NothingKnown where there is none."""
        found = regime_for(self.regimes, name, period)
        if found is None:
            names = ", ".join(sorted({known.name for known in self.regimes}))
            raise NothingKnown(f'There is no regime "{name}" for {period.name}; there are: {names}.')
        return found

    def in_force(self, regime: Regime, period: Period) -> bool:
        """Whether this version of a regime is the one that counts for a period."""
        return regime_for(self.regimes, regime.name, period) is regime


Versioned = TypeVar("Versioned", Form, Scorecard)


def _pinned(what: str, version: str, known: Sequence[Versioned]) -> Versioned:
    code = what.split(" ", 1)[1]
    for each in known:
        if (each.code, each.version) == (code, version):
            return each
    raise NothingKnown(f"The {what} of {version} is not among the data files any more.")
