"""What the states of a reading are called on the terminal and on pages."""

STATES = {
    "recorded": "đã ghi nhận",
    "corrected": "đã đính chính",
    "withdrawn": "đã rút",
    "refused": "bị từ chối",
}
