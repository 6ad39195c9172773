"""The reporting regimes of which a plan may be, and the one that holds where none is named."""

from typing import Final, Literal

TTHC_CONTROL: Final = "tthc-control"
REFORM: Final = "reform"
PlanRegime = Literal["tthc-control", "reform"]

# Of the time when there was one regime only: stored events without a regime are of this one, under the title of then.
DEFAULT_REGIME, DEFAULT_REGIME_TITLE = TTHC_CONTROL, "Kiểm soát thủ tục hành chính"
