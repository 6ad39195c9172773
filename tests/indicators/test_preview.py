"""A file that comes by a page: its columns, its readings, its refused rows mended in place, and what is recorded."""

from base64 import b64encode
from datetime import UTC, date, datetime
from types import SimpleNamespace

from services.indicators.questions import QUESTIONS
from services.indicators.readings_file.names.own import KeptNames
from services.indicators.readings_file.preview import compared, previewed
from shared.contracts.indicators import ReadFile, ReadingVersion

WITHOUT_NAMES = SimpleNamespace(own_names=SimpleNamespace(of=lambda _: KeptNames()))
TABLE = """Ngày\tLĩnh vực\tHồ sơ tiếp nhận\tSố của xã
10/9/2025\tĐất đai\t12\t3
11/9/2025\tĐất đai\tmười\t4
12/9/2025\tChợ búa\t5\t6
"""


def asked(text=TABLE, **fields):
    content = b64encode(text.encode()).decode()
    return previewed(ReadFile(commune="21025", format="csv", content=content, **fields))


def test_an_unknown_column_is_listed_and_chosen():
    read = asked()
    assert [(each.heading, each.meaning) for each in read.columns] == [
        ("Ngày", "observed_on"), ("Lĩnh vực", "field"), ("Hồ sơ tiếp nhận", "files-received"), ("Số của xã", None),
    ]  # fmt: skip
    assert read.readings == ()
    assert "hãy chọn số đo của cột này" in read.problems[0]
    assert "minhbach" not in read.problems[0], "a page names no command"
    [found] = asked(columns={"Số của xã": "files-late"}).readings
    assert found.reading.values == {"files-received": 12, "files-late": 3}
    assert asked(columns={"Số của xã": ""}).readings[0].reading.values == {"files-received": 12}


def test_a_known_column_is_understood_as_chosen():
    [found] = asked(columns={"Hồ sơ tiếp nhận": "files-late", "Số của xã": ""}).readings
    assert found.reading.values == {"files-late": 12}


def test_refused_rows_come_with_their_place_and_are_mended_there():
    read = asked(columns={"Số của xã": ""})
    assert [row.place for row in read.refused] == ["hàng 3", "hàng 4"]
    assert read.refused[0].texts == {"observed_on": "11/9/2025", "field": "Đất đai", "files-received": "mười"}
    assert read.unknown_fields == ("Chợ búa",)
    right = {"hàng 3": {**read.refused[0].texts, "files-received": "10"}}
    mended = asked(columns={"Số của xã": ""}, mended=right, fields={"Chợ búa": "other"})
    assert mended.refused == ()
    assert [(each.place, each.reading.field, each.reading.values["files-received"]) for each in mended.readings] == [
        ("hàng 2", "land", 12), ("hàng 3", "land", 10), ("hàng 4", "other", 5),
    ]  # fmt: skip


def test_one_mistake_in_many_rows_is_one_sentence():
    rows = "".join(f"{day}/9/2025\tĐất đai\tx\n" for day in range(1, 29))
    read = asked("Ngày\tLĩnh vực\tHồ sơ tiếp nhận\n" + rows)
    assert len(read.refused) == 28
    assert len(read.mistakes) == 1


def test_more_readings_than_one_submission_holds_are_a_problem_of_the_file():
    days = (date.fromordinal(date(2020, 1, 1).toordinal() + number) for number in range(1001))
    read = asked("Ngày\tfiles-received\n" + "".join(f"{day.isoformat()}\t1\n" for day in days))
    assert read.readings == ()
    assert "nhiều nhất 1.000" in read.problems[0]


def version(reading_id, field, values, state="recorded"):
    return ReadingVersion(
        reading_id=reading_id, state=state, version=1, observed_on=date(2025, 9, 10), field=field, values=values,
        before={}, submission_id="s", recorded_at=datetime(2025, 9, 11, tzinfo=UTC), reason=None, by=None,
    )  # fmt: skip


def test_readings_are_compared_with_the_recorded_ones():
    found = asked("Ngày\tLĩnh vực\tfiles-received\n10/9/2025\tland\t12\n").readings
    [own] = {each.reading.reading_id for each in found}

    def recorded(*versions):
        return [each.recorded for each in compared(found, versions)]

    assert recorded() == ["no"]
    assert recorded(version(own, "land", {"files-received": 12})) == ["same"]
    assert recorded(version(own, "land", {"files-received": 13})) == ["changed"]
    assert recorded(version(own, "land", {}, "withdrawn")) == ["changed"]
    assert recorded(version("web-1", "land", {"files-received": 1})) == ["elsewhere"]
    assert recorded(version("web-1", "land", {"files-late": 1})) == ["no"], "another measure of the day"
    assert recorded(version("web-1", "land", {"files-received": 1}, "refused")) == ["no"]


def test_a_file_that_is_no_spreadsheet_is_a_sentence():
    read = QUESTIONS[ReadFile](
        WITHOUT_NAMES, ReadFile(commune="21025", format="xlsx", content=b64encode(b"PK-no").decode())
    )
    assert "không phải tệp XLSX" in read.problems[0]
    assert "bị hỏng" in previewed(ReadFile(commune="21025", format="csv", content="!")).problems[0]


def test_a_file_of_very_many_rows_is_not_read_to_its_end():
    read = asked("Ngày\tfiles-received\n" + "10/9/2025\tx\n" * 5001)
    assert "hơn 5.000 hàng" in read.problems[0]
