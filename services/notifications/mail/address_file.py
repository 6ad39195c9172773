"""Reads the file of addresses: a CSV with the code of a commune or province, the body, and its address."""

import csv
from collections.abc import Iterator
from pathlib import Path

from services.notifications.domain.address_book import Key, key_of
from services.notifications.mail.settings import ADDRESS
from shared.settings import SettingsError

LARGEST = 8 * 1024 * 1024  # bytes
COLUMNS = ("mã", "cơ quan", "địa chỉ")
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3


def read_addresses(file: Path) -> dict[Key, str]:
    """By code and body. SettingsError names the line of what cannot be read, and a body that has two addresses."""
    try:
        content = file.read_bytes()
    except OSError as unreadable:
        raise SettingsError(f"MINHBACH_ADDRESS_BOOK: {file} cannot be read ({unreadable.strerror})") from None
    if len(content) > LARGEST:
        raise SettingsError(f"MINHBACH_ADDRESS_BOOK: {file} is larger than 8 MB")
    try:
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    except (UnicodeDecodeError, csv.Error):
        raise SettingsError(f"MINHBACH_ADDRESS_BOOK: {file} is no CSV file in UTF-8") from None
    if not rows or [cell.strip().casefold() for cell in rows[0]] != list(COLUMNS):
        raise SettingsError(f"MINHBACH_ADDRESS_BOOK: the first line of {file} must be: {','.join(COLUMNS)}")
    found: dict[Key, str] = {}
    for line, key, address in _rows(file, rows):
        if found.setdefault(key, address) != address:
            raise SettingsError(f"MINHBACH_ADDRESS_BOOK: {file}, line {line}: this body has another address above")
    return found


def _rows(file: Path, rows: list[list[str]]) -> Iterator[tuple[int, Key, str]]:
    for line, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(COLUMNS) or not all(cells):
            raise SettingsError(f"MINHBACH_ADDRESS_BOOK: {file}, line {line}: a code, a body and an address are needed")
        code, body, address = cells
        if not ADDRESS.fullmatch(address) or len(address) > LONGEST_ADDRESS:
            raise SettingsError(f'MINHBACH_ADDRESS_BOOK: {file}, line {line}: "{address[:80]}" is no mail address')
        yield line, key_of(body, code), address
