"""The catalogue as data: the standard one reads, and what is wrong with another is said in sentences."""

from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest

from services.indicators.catalogue import CatalogueErrors, read_catalogue
from services.indicators.domain.catalogue import Definition
from services.indicators.publishers import announce
from shared.event_store import Position, StoredFact

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


def test_the_standard_catalogue_reads_measures_before_the_indicators_made_of_them():
    entries = read_catalogue()
    kinds = [entry.kind for entry in entries]
    assert kinds == sorted(kinds, key=["field", "measure", "indicator"].index)
    assert all(kinds.count(kind) > 8 for kind in ("field", "measure", "indicator"))
    assert len({(entry.kind, entry.name) for entry in entries}) == len(entries)


def test_whatever_the_standard_catalogue_defines_is_allowed_and_announced():
    measures = {entry.name for entry in read_catalogue() if entry.kind == "measure"}
    for entry in read_catalogue():
        [event] = Definition.define(*entry, AT, measures=measures).collect_events()
        announced = announce(StoredFact(Position(1, AT), "x/1", event))
        assert announced.name == entry.definition["name"]
        assert announced.in_force_from == entry.in_force_from
        assert getattr(announced, entry.kind) == entry.name


def test_the_standard_catalogue_has_the_three_on_time_rates_and_what_form_ii_06_counts_by_field():
    said = {(entry.kind, entry.name): entry.definition for entry in read_catalogue()}
    rates = [said["indicator", f"files-on-time{of}"] for of in ("", "-of-received", "-of-due")]
    assert len({(*rate["numerator"], "/", *rate["denominator"]) for rate in rates}) == 3
    flows = ("received", "received-online", "received-direct", "resolved", *(f"resolved-{how}" for how in HOW))
    stocks = ("carried-over", "pending", "pending-in-term", "pending-overdue")
    for kind, names in (("flow", flows), ("stock", stocks)):
        for name in names:
            measure = said["measure", f"files-{name}"]
            assert (measure["kind"], measure["by_field"]) == (kind, True), name


def test_text_is_brought_to_nfc(catalogue):
    path = catalogue(MEASURES.replace("Phần", normalize("NFD", "Phần")))
    assert [entry.definition["name"] for entry in read_catalogue(path)] == ["Phần", "Tổng"]


def test_a_date_of_effect_is_what_is_written_or_the_first_day_that_can_count(catalogue):
    dates = {entry.name: entry.in_force_from for entry in read_catalogue(catalogue(MEASURES))}
    assert dates == {"part": date(2024, 12, 15), "whole": date(2025, 7, 1)}


def test_an_indicator_over_an_undefined_measure_is_refused(catalogue):
    path = catalogue(MEASURES + INDICATOR.replace("[part]", "[part, ghost]"))
    assert errors(path) == [f"{path}: indicator rate uses the measure ghost, which is not defined"]


def test_every_undefined_measure_is_named(catalogue):
    path = catalogue(INDICATOR)
    assert [error.split("measure ")[1].split(",")[0] for error in errors(path)] == ["part", "whole"]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", "valid dictionary"),
        ("[1, 2]", "valid dictionary"),
        ("measures: {", "expected"),
        ("measures: \t- x", "cannot start any token"),
        (b"\xff\xfe\x00", ""),
        ("a: !!python/object/apply:os.system [exit]", "could not determine a constructor"),
        ("colours: []", "colours: Extra inputs"),
        (MEASURES.replace("kind: flow", "kind: river"), "measures.0.kind"),
        (MEASURES.replace("measure: part", "measure: _type_"), "measures.0.measure"),
        (MEASURES.replace("measure: part", 'measure: "a b"'), "measures.0.measure"),
        (MEASURES.replace('unit: "hồ sơ", ', ""), "measures.0.unit: Field required"),
        (MEASURES.replace("2025-07-01", "2025-13-45"), "month must be in 1..12"),
        ("[" * 3000, "recursion"),
        (MEASURES.replace("2025-07-01", ".nan"), "measures.1.in_force_from"),
        (MEASURES.replace("by_field: true,", "by_field: .nan,"), "measures.1.by_field"),
        (MEASURES.replace('"hồ sơ"', ".nan"), "measures.0.unit"),
        (MEASURES.replace("2025-07-01", "tomorrow"), "measures.1.in_force_from"),
        (MEASURES + INDICATOR.replace("[whole]", "[]"), "indicators.0.denominator"),
        (MEASURES + INDICATOR.replace("undefined", "unknown"), "indicators.0.zero_denominator"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(catalogue, text, about):
    path = catalogue(text)
    said = errors(path)
    assert said
    assert all(sentence.startswith(f"{path}: ") for sentence in said)
    assert any(about in sentence for sentence in said), said
    assert all("\n" not in sentence for sentence in said)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    [sentence] = errors(tmp_path / "none.yaml")
    assert "No such file" in sentence


def test_the_same_name_twice_is_refused(catalogue):
    # `define` would revise the first by the second, and each run the other way round.
    other = next(line for line in MEASURES.splitlines() if "part" in line).replace("Phần", "Phần khác")
    path = catalogue(MEASURES + other + INDICATOR)
    assert errors(path) == [f"{path}: measure part is defined 2 times"]
    path = catalogue(MEASURES + INDICATOR + INDICATOR.split("indicators:")[1].replace("Tỷ lệ", "Tỷ lệ khác"))
    assert errors(path) == [f"{path}: indicator rate is defined 2 times"]
