"""Evidence files: what is taken for what it is, kept once, and attached to a task only when all of it is there."""

import io
import zipfile
from base64 import b64decode
from hashlib import sha256

import pytest

from services.planning.application.evidence_files import Upload
from services.planning.domain.refusal import RequestRefused
from services.planning.domain.tasks.task import Task
from services.planning.evidence_types import media_type_of, name_with_extension
from services.planning.questions import QUESTIONS
from shared.contracts.planning import LARGEST_FILE, PART, ShowEvidence, ShowTask
from shared.messaging.questions.questions import NoAnswer
from tests.planning.province import DUE, duty, recorded, sent, task_of, with_a_plan

PDF = b"%PDF-1.7 " + bytes(range(256)) * 6000  # of two parts


def office_file(*parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (b"\xff\xd8\xff\xe0JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (office_file("word/document.xml"), "wordprocessingml.document"),
        (office_file("xl/workbook.xml"), "spreadsheetml.sheet"),
    ],
)
def test_a_file_is_known_by_its_content(content, ending):
    assert media_type_of(content).endswith(ending)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90", b"<html><script>", b"<svg onload=x>", b"#!/bin/sh", b"PK\x03\x04 broken", b"", office_file("x.exe"),
        office_file("word/document.xml", "word/vbaProject.bin"), b" %PDF-1.7",
    ],
)  # fmt: skip
def test_a_program_a_page_and_an_office_file_with_macros_are_not_taken(content):
    assert media_type_of(content) is None


def test_a_name_ends_with_the_type_of_the_content():
    assert name_with_extension("Báo cáo.PDF", "application/pdf") == "Báo cáo.PDF"
    assert name_with_extension("bao-cao.pdf.exe", "application/pdf") == "bao-cao.pdf.exe.pdf"


@pytest.fixture
def commune(planning):
    return with_a_plan(planning, duty("Báo cáo", DUE))


def upload_of(commune, content, name="u-1", **more):
    return Upload(commune, name, **{"sha256": sha256(content).hexdigest(), "size": len(content)} | more)


def take(planning, upload, content):
    """Its parts in order; the answer to the last."""
    for part in range(max(-(-len(content) // PART), 1)):
        answer = planning.evidence_files.take(upload, part, content[part * PART : (part + 1) * PART])
    return answer


def attach(here, commune, content, submission_id):
    file = {"sha256": sha256(content).hexdigest(), "name": "Biên bản.pdf"}
    step = {"task_id": task_of(here.planning, commune), "step": "attach", "file": file}
    return sent(here, commune, step, submission_id=submission_id)


def test_a_file_is_attached_when_all_of_it_is_there_and_read_again_in_parts(here, planning, commune):
    upload, task = upload_of(commune, PDF), task_of(planning, commune)
    assert planning.evidence_files.take(upload, 0, PDF[:PART]) is None
    [refused] = attach(here, commune, PDF, "early").refused
    assert refused.rule == "file-missing"
    assert planning.evidence_files.take(upload, 1, PDF[PART:]).media_type == "application/pdf"
    assert attach(here, commune, PDF, "once").accepted == 1
    assert attach(here, commune, PDF, "again").duplicates == 1
    [attached] = recorded(planning, commune, Task.EvidenceAttached)
    assert (attached.name, attached.size, attached.sha256) == ("Biên bản.pdf", len(PDF), upload.sha256)
    [entry] = [each for each in QUESTIONS[ShowTask](planning, ShowTask(commune=commune, task_id=task)).history
               if each.file]  # fmt: skip
    assert (entry.by, entry.file.media_type) == (attached.by, "application/pdf")
    parts = [
        QUESTIONS[ShowEvidence](planning, ShowEvidence(commune=commune, task_id=task, sha256=upload.sha256, part=part))
        for part in range(3)
    ]
    assert b"".join(b64decode(part.content) for part in parts) == PDF
    with pytest.raises(NoAnswer) as other_body:
        QUESTIONS[ShowEvidence](
            planning, ShowEvidence(commune=commune, task_id=task, sha256=upload.sha256, body="Công an xã")
        )
    assert other_body.value.unanswered.problem == "not-found"


def test_a_file_is_kept_once_and_no_commune_attaches_that_of_another(here, planning, commune):
    content = PDF[:3000]
    take(planning, upload_of(commune, content), content)
    other = with_a_plan(planning, duty("Báo cáo", DUE))
    assert [each.rule for each in attach(here, other, content, "early").refused] == ["file-missing"]
    take(planning, upload_of(other, content), content)
    assert attach(here, other, content, "once").accepted == 1
    with here.pool.connection() as connection:
        query = "SELECT count(*), (SELECT count(*) FROM evidence_parts WHERE commune = ANY(%s)) FROM evidence_files"
        found = connection.execute(
            f"{query} WHERE sha256 = %s", ([commune, other], sha256(content).hexdigest())
        ).fetchone()
    assert found == (1, 0)


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (b"MZ\x90 a program", {}, "Tệp phải là PDF"),
        (b"", {}, "không có nội dung"),
        (b"%PDF-1.7", {"size": LARGEST_FILE + 1}, "lớn hơn 20 MB"),
        (b"%PDF-1.7", {"sha256": "0" * 64}, "bị hỏng"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_a_sentence(planning, commune, content, more, sentence):
    with pytest.raises(RequestRefused, match=sentence):
        take(planning, upload_of(commune, content, **more), content)
    assert planning.evidence.sent(commune, "u-1") == b""
