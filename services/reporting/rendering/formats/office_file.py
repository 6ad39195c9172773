"""Writes DOCX and XLSX archives reproducibly: their bytes depend only on the report, not on the clock."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_ZIP_BEGINS = 1980


def write_reproducibly(archive: BytesIO, written_on: date, path: Path) -> Path:
    """Write a saved file to `path`, every date inside set to `written_on`: the same report gives the same bytes.

    openpyxl 3.1 stamps the clock into the core properties when it saves, and both libraries stamp it on zip members.
    """
    stamp = (max(written_on.year, _ZIP_BEGINS), written_on.month, written_on.day, 0, 0, 0)
    with ZipFile(archive) as original, ZipFile(path, "w") as fixed:
        for name in original.namelist():
            content = original.read(name)
            if name == "docProps/core.xml":
                content = _WRITTEN.sub(rb"\g<1>%sT00:00:00Z\g<3>" % written_on.isoformat().encode(), content)
            member = ZipInfo(name, date_time=stamp)
            member.create_system = 0  # or the operating system would be in the bytes
            fixed.writestr(member, content, compress_type=ZIP_DEFLATED)
    return path
