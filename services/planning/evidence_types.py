"""What an evidence file is, by its content and not by its name. Formats that can run something are not taken."""

from shared.office_files.archive import Archive, UnsafeArchive

MOST_PARTS = 5000
WRONG_TYPE = (
    "Tệp phải là PDF, ảnh JPEG hoặc PNG, hoặc tệp Word, Excel, PowerPoint (.docx, .xlsx, .pptx) không có macro."
)
BY_BEGINNING = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
OFFICE = "application/vnd.openxmlformats-officedocument."
BY_PART = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
EXTENSIONS = {
    "application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",),
    BY_PART["word/document.xml"]: (".docx",), BY_PART["xl/workbook.xml"]: (".xlsx",),
    BY_PART["ppt/presentation.xml"]: (".pptx",),
}  # fmt: skip


def media_type_of(content: bytes) -> str | None:
    """None for anything else, also for an office file with macros."""
    for beginning, media_type in BY_BEGINNING.items():
        if content.startswith(beginning):
            return media_type
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        names = Archive(content, MOST_PARTS).names
    except UnsafeArchive:
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((media_type for part, media_type in BY_PART.items() if part in names), None)


def name_with_extension(name: str, media_type: str) -> str:
    """The name of the file, with the extension of what it is: no `bao-cao.pdf.exe` is handed out."""
    extensions = EXTENSIONS[media_type]
    return name if name.lower().endswith(extensions) else f"{name}{extensions[0]}"
