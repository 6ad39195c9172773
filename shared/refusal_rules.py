"""Rules by which items, steps and requests are refused, under the names that receipts and stored events have for them.

Here is each that several modules name; any other is written where it refuses.
"""

from typing import Final

# Who may, and who must sign.
NOT_GRANTED: Final = "not-granted"
FOUR_EYES: Final = "four-eyes"
BY_MISSING: Final = "by-missing"
REASON_MISSING: Final = "reason-missing"
NOT_ITS_BODY: Final = "not-its-body"

# Communes and plans.
UNKNOWN_COMMUNE: Final = "unknown-commune"
COMMUNE_ENDED: Final = "commune-ended"
OTHER_COMMUNE: Final = "other-commune"

# Readings.
UNKNOWN_MEASURE: Final = "unknown-measure"
UNKNOWN_FIELD: Final = "unknown-field"
UNKNOWN_READING: Final = "unknown-reading"
READING_ID_USED: Final = "reading-id-used"
READING_WITHDRAWN: Final = "reading-withdrawn"
NUMERATOR_OVER_DENOMINATOR: Final = "numerator-over-denominator"
NEGATIVE: Final = "negative"
FUTURE: Final = "future"
MALFORMED: Final = "malformed"
SPAN_OVER: Final = "span-over"

# Tasks.
UNKNOWN_TASK: Final = "unknown-task"
COMPLETED: Final = "completed"
NOT_COMPLETED: Final = "not-completed"
EVIDENCE_MISSING: Final = "evidence-missing"

# Reports.
NOTHING_KNOWN: Final = "nothing-known"
CHECK_BROKEN: Final = "check-broken"
ALREADY_SUBMITTED: Final = "submitted"
NOT_SUBMITTED: Final = "not-submitted"
