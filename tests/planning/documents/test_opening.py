"""A file is opened by its content; one that cannot be opened is refused with a sentence of advice."""

import os

import pytest

from services.planning.documents.opening import open_document
from shared.office_files.sandboxed_process import in_sandboxed_process
from shared.office_files.unreadable import UnreadableDocument
from tests.planning.documents.document_files import docx_of, p, pdf_of, plan_docx, shown, xlsx_of, zip_of

NOBODY = 65534
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def stream(name):
    return OLE + name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (stream("WordDocument"), "Tệp .doc đời cũ: hãy mở bằng Word, lưu lại dưới dạng .docx"),
        (stream("Workbook"), "Tệp .xls đời cũ"),
        (stream("EncryptedPackage"), "mật khẩu"),
        (OLE, "Office đời cũ"),
        (b"{\\rtf1\\ansi Ke hoach}", "Tệp .rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "Word hoặc Excel dạng XML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "tệp ảnh"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "tệp ảnh"),
        (b"Rar!\x1a\x07" + bytes(50), "giải nén"),
        (b"PK\x03\x04" + bytes(50), "bị hỏng"),
        (bytes(range(256)) * 20, "Không nhận ra định dạng"),
        (b"%PDF-1.7\n" + bytes(range(256)), "bị hỏng"),
        (b"", "rỗng"),
        (b" \r\n\t\n", "rỗng"),
        (bytes(1000), "rỗng"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"),
    ],
)
def test_an_unreadable_file_is_refused_with_advice(tmp_path, content, sentence):
    path = tmp_path / "ke hoach.docx"
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument) as caught:
        open_document(path)
    assert sentence in str(caught.value)
    assert "ke hoach" not in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, ".odt"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, ".ods"),
        ({"ppt/presentation.xml": b"<x/>"}, "trình chiếu"),
        ({"xl/workbook.bin": b"x"}, ".xlsb"),
        ({"ke hoach.txt": b"x"}, "giải nén"),
        ({"word/styles.xml": b"<x/>"}, "bị hỏng"),
    ],
)
def test_a_zip_of_another_kind_is_refused_by_its_kind(tmp_path, parts, sentence):
    with pytest.raises(UnreadableDocument, match=sentence):
        open_document(zip_of(tmp_path / "a.zip", parts))


def test_a_file_with_a_password_is_refused(tmp_path):
    locked = b"trailer << /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>] "
    path = pdf_of(tmp_path / "a.pdf", [shown(72, 72, "Kế hoạch")])
    path.write_bytes(path.read_bytes().replace(b"trailer << ", locked % (b"00" * 32, b"11" * 32)))
    with pytest.raises(UnreadableDocument, match="mật khẩu"):
        open_document(path)
    path = zip_of(tmp_path / "a.docx", {"word/document.xml": b"x"})
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument, match="mật khẩu"):
        open_document(path)


def test_a_path_that_is_not_a_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "ống")
    for path, sentence in ((tmp_path, "thư mục"), (tmp_path / "x", "Không có tệp"), (tmp_path / "ống", "thông thường")):
        with pytest.raises(UnreadableDocument, match=sentence):
            open_document(path)
    with pytest.raises(UnreadableDocument, match="Không mở được tệp"):
        open_document(tmp_path / ("x" * 5000))


@pytest.fixture
def without_rights():
    """The superuser may read everything; for the time of a test it is nobody."""
    own = os.geteuid()
    os.seteuid(own or NOBODY)
    yield
    os.seteuid(own)


def test_a_file_without_read_permission_is_refused(tmp_path, request):
    path = docx_of(tmp_path / "a.docx", p("x"))
    path.chmod(0)
    request.getfixturevalue("without_rights")
    with pytest.raises(UnreadableDocument, match="Không có quyền"):
        open_document(path)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: docx_of(path, p("Kế hoạch")), "Word (.docx)"),
        (lambda path: xlsx_of(path, [["Kế hoạch"]]), "Excel (.xlsx)"),
        (lambda path: pdf_of(path, [shown(72, 72, "Kế hoạch")]), "PDF"),
        (lambda path: path.write_text("Kế hoạch", encoding="utf-8") and path, "văn bản thường"),
    ],
)
def test_the_content_decides_the_format_and_a_false_suffix_is_noted(tmp_path, make, kind):
    suffix = ".pdf" if kind != "PDF" else ".docx"
    document = open_document(make(tmp_path / f"a{suffix}"))
    assert [block.text for block in document.blocks] == ["Kế hoạch"]
    assert document.notes[0] == f"Tên tệp có đuôi {suffix} nhưng nội dung là {kind}; tệp được đọc theo nội dung."


def test_a_document_without_text_is_refused(tmp_path):
    with pytest.raises(UnreadableDocument, match="không có chữ"):
        open_document(docx_of(tmp_path / "a.docx", p(" ")))


@pytest.mark.parametrize(
    "text",
    [
        "KÕ ho¹ch c¶i c¸ch hµnh chÝnh n¨m 2026 cña x· Suèi M¬, giao cho c¸c phßng thùc hiÖn ®óng h¹n.",
        "Keá hoaïch caûi caùch haønh chính naêm 2026 cuûa xaõ Suoái Mô, giao cho caùc phoøng thöïc hieän ñuùng haïn.",
    ],
)
def test_text_in_fonts_from_before_unicode_is_refused(tmp_path, text):
    with pytest.raises(UnreadableDocument, match="phông chữ đời cũ"):
        open_document(docx_of(tmp_path / "a.docx", p(text) * 5))


def test_a_document_comes_out_of_the_sandbox_unchanged(tmp_path):
    path = plan_docx(tmp_path / "a.docx")
    assert in_sandboxed_process(open_document, path) == open_document(path)
