"""What the states and the parts of a reading are called on the terminal, on pages and in files."""

STATES = {
    "recorded": "đã ghi nhận",
    "corrected": "đã đính chính",
    "withdrawn": "đã rút",
    "refused": "bị từ chối",
}
PARTS_OF_A_READING = {"observed_on": "Ngày", "field": "Lĩnh vực", "reading_id": "Mã số liệu"}
