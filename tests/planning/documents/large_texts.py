"""Texts of a chosen length that repeat one line or word of a plan: what is not linear in a reader shows there."""

HEAD = "KẾ HOẠCH\nKiểm soát thủ tục hành chính năm 2025 trên địa bàn xã Xốp, tỉnh Quảng Ngãi\n\n"
TASK = "{n}. Rà soát quy trình nội bộ\n- Chủ trì: Phòng Kinh tế\n- Sản phẩm: Báo cáo\n- Thời gian: Quý III/2025\n"
REPEATED = {
    "tasks": TASK,
    "lines in capitals": "PHÒNG KINH TẾ\n",
    "a lower-case line": "rà soát quy trình nội bộ\n",
    "a line that goes on": "Rà soát quy trình nội bộ của\n",
    "a value that goes on": "- Chủ trì: Phòng Kinh tế,\nphòng Văn hoá,\n",
    "a word": "Phòng ",
    "months": "tháng ",
    "brackets": "(",
    "semicolons": "; ",
    "numbers": "1.",
    "bullets": "- ",
    "cells": "| 1 | Rà soát | Phòng Kinh tế | Quý III |\n",
    "a lead of many words": "- Chủ trì: " + "phòng ban " * 30 + "\n",
}


def large_text(repeated: str, letters: int) -> str:
    """A plan's head, and one text again and again until it has so many letters."""
    times = letters // len(repeated) + 1
    return HEAD + "".join(repeated.replace("{n}", str(n)) for n in range(1, times + 1))
