"""Looks at the zip that an XLSX file is before openpyxl opens it: 69 kB can unfold to half a gigabyte."""

import io
import struct
import zipfile
import zlib

MAX_PARTS = 1_000
MAX_UNFOLDED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200
LOCAL_HEADER_BYTES = 30
PART_MARK = b"PK\x01\x02"
CHUNK_BYTES = 64 * 1024


def refusal(content: bytes) -> str | None:
    """Why a file must not be opened, as the end of a sentence; None if it may be."""
    # Every part has this mark, and counting marks is cheaper than letting zipfile list a million parts.
    if content.count(PART_MARK) > MAX_PARTS:
        return f"có hơn {MAX_PARTS} thành phần nên không được mở"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _refusal(content, archive.infolist())
    except Exception:  # noqa: BLE001 - zipfile 3.11 raises whatever a broken directory makes of it
        return "bị hỏng, được đặt mật khẩu, hoặc không phải tệp XLSX"


def _refusal(content: bytes, parts: list[zipfile.ZipInfo]) -> str | None:
    if any(part.flag_bits & 1 for part in parts):
        return "được đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại"
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        return "được nén theo cách mà Excel không dùng"
    unfolded, folded = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unfolded > MAX_UNFOLDED_BYTES:
        return "giải nén ra hơn 200 MB nên không được mở"
    if unfolded > MAX_RATIO * folded or any(part.file_size > MAX_RATIO * part.compress_size for part in parts):
        return f"giải nén ra hơn {MAX_RATIO} lần kích thước nên không được mở"
    if any(not _unfolds_as_it_says(content, part) for part in parts):
        return "bị hỏng: có thành phần không đúng kích thước đã ghi"
    return None


def _unfolds_as_it_says(content: bytes, part: zipfile.ZipInfo) -> bool:
    """`ZipExtFile.read()` of Python 3.11 unfolds all of a part first and then cuts it to the size it declares."""
    names = struct.unpack_from("<HH", content, part.header_offset + LOCAL_HEADER_BYTES - 4)
    start = part.header_offset + LOCAL_HEADER_BYTES + sum(names)
    folded = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        return len(folded) == part.file_size
    unfolding, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    for at in range(0, len(folded), CHUNK_BYTES):
        waiting: bytes | memoryview = folded[at : at + CHUNK_BYTES]
        while waiting:
            size += len(unfolding.decompress(waiting, CHUNK_BYTES))
            waiting = unfolding.unconsumed_tail
            if size > part.file_size:
                return False
        if unfolding.eof:
            break
    return size + len(unfolding.flush()) == part.file_size
