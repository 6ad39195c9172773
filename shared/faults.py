"""Faults of the operating system as people of an office read them; the system's own words are English."""

import errno

_FAULTS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EEXIST: "đã có tệp này",
    errno.EISDIR: "đây là thư mục",
    errno.ENOTDIR: "đường dẫn đi qua một tệp",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã hết dung lượng được cấp",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EIO: "ổ đĩa bị lỗi",
    errno.ECONNREFUSED: "máy chủ từ chối kết nối",
    errno.ECONNRESET: "kết nối bị ngắt",
    errno.EPIPE: "kết nối bị ngắt",
    errno.ETIMEDOUT: "máy chủ không trả lời",
    errno.EHOSTUNREACH: "không có đường tới máy chủ",
    errno.ENETUNREACH: "không có đường tới máy chủ",
}


def fault_text(fault: OSError) -> str:
    """Such as `không có quyền`; a fault that is rare has its number."""
    if fault.errno is None:  # raised by a library with words of its own
        return str(fault) or type(fault).__name__
    return _FAULTS.get(fault.errno, f"lỗi hệ thống {abs(fault.errno)}")
