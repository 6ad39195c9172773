"""What the states of a report are called on the terminal and on pages."""

STATES = {
    "due": "chưa nộp",
    "drafted": "có dự thảo",
    "submitted": "đã nộp",
    "returned": "trả lại",
    "approved": "đã duyệt",
    "published": "đã công bố",
}
OUTDATED = "đã duyệt, nay số liệu đã đổi"
# Short, for tags.
CAUSES = {
    "late": "gửi muộn",
    "corrected": "đính chính",
    "withdrawn": "rút",
    "new": "ngày sau",
    "formula": "công thức",
    "territory": "địa giới",
    "target": "chỉ tiêu giao",
    "rule": "cách tính",
}
