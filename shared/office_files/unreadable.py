"""The refusal of a file as a whole, whichever its format and whoever reads it."""

BROKEN = (
    "Tài liệu bị hỏng hoặc bất thường nên không đọc được. "
    "Hãy mở bằng chương trình soạn thảo, lưu thành tệp mới rồi đọc lại."
)


class UnreadableDocument(Exception):
    """Nothing can be read from the file. The message is one plain sentence in Vietnamese, without the file's name."""
