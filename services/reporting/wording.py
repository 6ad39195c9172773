"""What states of a report, kinds of measures and causes of changes are called on the terminal and on pages."""

STATES = {
    "due": "chưa nộp",
    "drafted": "có dự thảo",
    "submitted": "đã nộp",
    "returned": "trả lại",
    "approved": "đã duyệt",
    "published": "đã công bố",
}
OUTDATED = "đã duyệt, nay số liệu đã đổi"
KINDS = {"flow": "cộng dồn trong kỳ", "stock": "lấy số của ngày sau cùng", "survey": "khảo sát, cộng dồn trong kỳ"}
ZERO = {"zero": "0 %", "full": "100 %", "undefined": "không tính tỷ lệ"}  # of a rate whose denominator is zero
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
