"""The versions of the program's own rules that a report's content pins: how figures are computed, how it is laid out.

A changed rule is a version more. Content of an earlier one keeps its rule, so that it is shown, verified and computed
again as it was, byte for byte. Content without a pin is of before these versions: of the first.
"""

from collections.abc import Mapping

COMPUTATION, LAYOUT = "computation", "layout"
# Computation 2: what was not reported leaves a rate. Layout 2: coverage beside figures, the annex of a restatement.
# Layout 3: written sections; lists, charts and sources in annexes; the signature with the closing paragraph.
# Computation 3: the figures of 2, and a reviewer is warned of counts without a field beside counts by field.
# Computation 4: days are paired by the measures of the formula alone, whatever else was reported on them.
CURRENT = {COMPUTATION: 4, LAYOUT: 3}
FIRST = 1
MIXED_FIELDS = 3  # the computation since which a reviewer is warned of them
OWN_MEASURES = 4  # the computation since which other measures of a day decide nothing
SIGNABLE = 3  # the layout since which a report is arranged for a signature
# Marks a field that content of before it did not have: canonical JSON leaves it out while it has its default, so that
# earlier content gives the same bytes again.
LATER = {"later": True}


def pinned(pins: Mapping[str, str], rule: str) -> int:
    return int(pins.get(rule, FIRST))


def pins_of(computation: int, layout: int) -> dict[str, str]:
    """Empty for the first versions: content of before them had no such pins."""
    versions = {COMPUTATION: computation, LAYOUT: layout}
    return {rule: str(version) for rule, version in versions.items() if version != FIRST}
