"""Content of earlier versions of the program is computed, stored and laid out as it was, byte for byte."""

from dataclasses import replace
from hashlib import sha256

import pytest

from services.reporting.domain.content.versions import COMPUTATION, CURRENT, LAYOUT, pinned
from services.reporting.domain.drafts.composition import Composition
from services.reporting.domain.drafts.indicator_figures import COMPUTATIONS
from services.reporting.rendering import FORMATS, render
from services.reporting.rendering.canonical_json import canonical_json, read_report
from tests.reporting.earlier_editions import GOLDEN, PRINTED
from tests.reporting.example import example_report
from tests.reporting.first_edition import first_evidence

CONTENTS = {version: (GOLDEN / f"content-{version}.json").read_bytes() for version in PRINTED}
WRITTEN = [
    (version, line) for version in PRINTED for line in (GOLDEN / f"layout-{version}.txt").read_text().splitlines()
]


@pytest.mark.parametrize("version", CONTENTS)
def test_content_of_an_earlier_version_is_computed_again_byte_for_byte(version):
    again = Composition(first_evidence(computation=version, layout=version)).report()
    assert canonical_json(again) == CONTENTS[version]


@pytest.mark.parametrize("version", CONTENTS)
def test_stored_content_of_an_earlier_version_is_read_and_written_again_byte_for_byte(version):
    report = read_report(CONTENTS[version])
    assert canonical_json(report) == CONTENTS[version]
    assert (pinned(report.pins, COMPUTATION), pinned(report.pins, LAYOUT)) == (version, version)


def test_content_of_today_pins_the_versions_of_today_and_is_read_back():
    report = Composition(first_evidence()).report()
    assert {COMPUTATION: pinned(report.pins, COMPUTATION), LAYOUT: pinned(report.pins, LAYOUT)} == CURRENT
    assert read_report(canonical_json(report)) == report
    assert max(COMPUTATIONS) == CURRENT[COMPUTATION]


@pytest.mark.parametrize(
    ("version", "line"),
    [pytest.param(*each, marks=pytest.mark.slow if each[1].startswith("province") else ()) for each in WRITTEN],
)
def test_a_report_of_an_earlier_layout_is_written_as_it_was(version, line, tmp_path):
    """Fonts and libraries are pinned with the program; a new version of one that moves a byte is to be looked at."""
    name, format_name, digest = line.split()
    report, mark = PRINTED[version][name]
    (path,) = render(report, [format_name], tmp_path, mark)
    assert sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("version", PRINTED)
def test_each_earlier_layout_is_compared_in_every_format(version):
    compared = {line.split()[1] for of, line in WRITTEN if of == version}
    assert compared == set(FORMATS)


def test_a_field_that_was_added_later_is_in_content_only_with_a_value():
    report = example_report(communes=3, indicators=2)
    assert b'"coverage"' not in canonical_json(report)
    today = Composition(replace(first_evidence(), reported={})).report()
    assert b'"coverage"' in canonical_json(today)
