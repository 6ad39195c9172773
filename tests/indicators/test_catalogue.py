"""Reading a catalogue: the standard one, and the problems of others as sentences."""

from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest

from services.indicators.catalogue import CatalogueErrors, read_catalogue
from services.indicators.domain.definition import Definition
from services.indicators.publishers import announce
from shared.record.event_store import Position, RecordedEvent

HOW = ("early", "on-time", "late")
AT = datetime(2025, 9, 10, 3, tzinfo=UTC)
MEASURES = """
measures:
  - {measure: part, name: "Phần", kind: flow, unit: "hồ sơ", by_field: true}
  - {measure: whole, name: "Tổng", kind: flow, unit: "hồ sơ", by_field: true, in_force_from: 2025-07-01}
"""
INDICATOR = """
indicators:
  - {indicator: rate, name: "Tỷ lệ", numerator: [part], denominator: [whole], direction: higher,
     zero_denominator: undefined, source: "kế hoạch"}
"""


@pytest.fixture
def catalogue(tmp_path):
    def write(text):
        path = tmp_path / "catalogue.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def errors(path):
    with pytest.raises(CatalogueErrors) as wrong:
        read_catalogue(path)
    return wrong.value.errors


def test_standard_catalogue_lists_measures_before_indicators():
    entries = read_catalogue()
    kinds = [entry.kind for entry in entries]
    assert kinds == sorted(kinds, key=["field", "measure", "indicator"].index)
    assert all(kinds.count(kind) > 8 for kind in ("field", "measure", "indicator"))
    assert len({(entry.kind, entry.name) for entry in entries}) == len(entries)


def test_every_standard_definition_is_allowed_and_announced():
    measures = {entry.name for entry in read_catalogue() if entry.kind == "measure"}
    for entry in read_catalogue():
        [event] = Definition.define(*entry, AT, measures=measures).collect_events()
        announced = announce(RecordedEvent(Position(1, AT), "x/1", event))
        assert announced.name == entry.definition["name"]
        assert announced.in_force_from == entry.in_force_from
        assert getattr(announced, entry.kind) == entry.name


def test_standard_catalogue_has_three_on_time_rates_and_the_measures_of_form_ii_06():
    definitions = {(entry.kind, entry.name): entry.definition for entry in read_catalogue()}
    rates = [definitions["indicator", f"files-on-time{of}"] for of in ("", "-of-received", "-of-due")]
    assert len({(*rate["numerator"], "/", *rate["denominator"]) for rate in rates}) == 3
    flows = ("received", "received-online", "received-direct", "resolved", *(f"resolved-{how}" for how in HOW))
    stocks = ("carried-over", "pending", "pending-in-term", "pending-overdue")
    for kind, names in (("flow", flows), ("stock", stocks)):
        for name in names:
            measure = definitions["measure", f"files-{name}"]
            assert (measure["kind"], measure["by_field"]) == (kind, True), name


def test_text_is_normalized_to_nfc(catalogue):
    path = catalogue(MEASURES.replace("Phần", normalize("NFD", "Phần")))
    assert [entry.definition["name"] for entry in read_catalogue(path)] == ["Phần", "Tổng"]


def test_date_of_effect_defaults_to_the_first_reporting_day(catalogue):
    dates = {entry.name: entry.in_force_from for entry in read_catalogue(catalogue(MEASURES))}
    assert dates == {"part": date(2024, 12, 15), "whole": date(2025, 7, 1)}


def test_indicator_with_an_undefined_measure_is_refused(catalogue):
    path = catalogue(MEASURES + INDICATOR.replace("[part]", "[part, ghost]"))
    assert errors(path) == [f"{path}: Chỉ số rate dùng số đo ghost, chưa được định nghĩa"]


def test_every_undefined_measure_is_named(catalogue):
    path = catalogue(INDICATOR)
    assert [error.split("số đo ")[1].split(",")[0] for error in errors(path)] == ["part", "whole"]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "không phải là một đối tượng"),
        ("[1, 2]", "không phải là một đối tượng"),
        ("measures: {", "expected"),
        ("measures: \t- x", "block sequence entries are not allowed"),
        (b"\xff\xfe\x00", ""),
        ("a: !!python/object/apply:os.system [exit]", "could not determine a constructor"),
        ("colours: []", "colours: không có trong quy định"),
        (MEASURES.replace("kind: flow", "kind: river"), "measures.0.kind: không phải là một trong"),
        (MEASURES.replace("measure: part", "measure: _type_"), "measures.0.measure"),
        (MEASURES.replace("measure: part", 'measure: "a b"'), "measures.0.measure"),
        (MEASURES.replace('unit: "hồ sơ", ', ""), "measures.0.unit: thiếu giá trị"),
        (MEASURES.replace("2025-07-01", "2025-13-45"), "month must be in 1..12"),
        ("[" * 3000, "more than 20 lists or mappings are within each other"),
        (MEASURES.replace("2025-07-01", ".nan"), "measures.1.in_force_from"),
        (MEASURES.replace("by_field: true,", "by_field: .nan,"), "measures.1.by_field"),
        (MEASURES.replace('"hồ sơ"', ".nan"), "measures.0.unit"),
        (MEASURES.replace("2025-07-01", "tomorrow"), "measures.1.in_force_from"),
        (MEASURES + INDICATOR.replace("[whole]", "[]"), "indicators.0.denominator"),
        (MEASURES + INDICATOR.replace("undefined", "unknown"), "indicators.0.zero_denominator"),
    ],
)
def test_each_problem_is_a_sentence_with_its_place(catalogue, text, about):
    path = catalogue(text)
    sentences = errors(path)
    assert sentences
    assert all(sentence.startswith(f"{path}: ") for sentence in sentences)
    assert any(about in sentence for sentence in sentences), sentences
    assert all("\n" not in sentence for sentence in sentences)


def test_missing_file_gives_a_sentence(tmp_path):
    [sentence] = errors(tmp_path / "none.yaml")
    assert "No such file" in sentence


def test_name_defined_twice_is_refused(catalogue):
    # `define` would revise the first by the second, and each run the other way round.
    other = next(line for line in MEASURES.splitlines() if "part" in line).replace("Phần", "Phần khác")
    path = catalogue(MEASURES + other + INDICATOR)
    assert errors(path) == [f"{path}: Số đo part được định nghĩa 2 lần"]
    path = catalogue(MEASURES + INDICATOR + INDICATOR.split("indicators:")[1].replace("Tỷ lệ", "Tỷ lệ khác"))
    assert errors(path) == [f"{path}: Chỉ số rate được định nghĩa 2 lần"]
