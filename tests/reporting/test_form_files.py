"""Files of forms: the standard ones, a province's own, and invalid ones."""

from datetime import date

import pytest
import yaml

from services.indicators.catalogue import read_catalogue
from services.reporting.data_files.forms import STANDARD, forms_in, read_form
from services.reporting.data_files.regimes import read_regimes
from services.reporting.domain.forms.form import form_on
from shared.settings import SettingsError

II_06 = yaml.safe_load((STANDARD / "II.06.yaml").read_text())


@pytest.fixture
def own(tmp_path):
    """Write files into a folder and read all forms, the standard ones included."""

    def read(*forms):
        for place, form in enumerate(forms):
            (tmp_path / f"{place}.yaml").write_text(form if isinstance(form, str) else yaml.safe_dump(form))
        return forms_in({"MINHBACH_FORMS": str(tmp_path)})

    return read


def changed(**parts):
    return II_06 | {"code": "II.07"} | parts


def test_every_form_that_a_regime_requires_exists():
    for regime in read_regimes():
        assert all(form_on(forms_in({}), code, date(2025, 12, 14)) for code in regime.forms)


def test_own_forms_are_added_to_the_standard_ones(own):
    assert {form.code for form in own(changed())} == {"II.06", "II.07"}


def test_an_own_form_of_the_same_code_and_day_replaces_the_standard_one(own):
    assert [form.title for form in own(II_06 | {"title": "Của tỉnh"})] == ["Của tỉnh"]


def test_the_version_in_force_on_the_last_day_of_a_period_counts(own):
    forms = own(II_06 | {"in_force_from": date(2026, 3, 1), "title": "Mẫu mới"})

    assert form_on(forms, "II.06", date(2026, 2, 28)).title == II_06["title"]
    assert form_on(forms, "II.06", date(2026, 3, 1)).title == "Mẫu mới"
    assert form_on(forms, "II.06", date(2019, 3, 11)) is None
    assert form_on(forms, "II.08", date(2026, 3, 1)) is None


def test_a_title_is_normalised_to_nfc(own):
    assert own(changed(title="Tình hình"))[-1].title == "Tình hình"


def column(number, *sources):
    return {"number": number, "heading": "Số", "from": list(sources)}


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"columns": []}, "columns: Tuple should have at least 1 item after validation, not 0"),
        ({"code": "II/07"}, "code: String should match pattern '^[^\\s/]+$'"),
        ({"columns": [column(3, {})]}, "columns.0.from.0: says no measures, columns or opening"),
        ({"columns": [column(3, {"measures": ["a b"]})]}, "columns.0.from.0.measures.0: String should match pattern"),
        ({"columns": [column(2, {"measures": ["a"]})], "checks": []}, "column 2 stands in it 2 times"),
        ({"columns": [column(3, {"columns": [9]})], "checks": []}, "column 3 uses column 9, which holds no counts"),
        ({"columns": [column(3, {"opening": [1]})], "checks": []}, "column 3 uses column 1, which holds no counts"),
        (
            {"columns": [column(3, {"columns": [4]}), column(4, {"opening": [3]})], "checks": []},
            "columns are sums of each other: 3, 4, 3",
        ),
        ({"checks": [{"left": 3, "right": [14]}]}, "a check names column 14, which holds no counts"),
        ({"checks": [{"left": 3}]}, "checks.0: says either right or previous"),
        ({"checks": [{"left": 3, "right": [4], "previous": 4}]}, "checks.0: says either right or previous"),
        ({"in_force_from": "tomorrow"}, "in_force_from: Input should be a valid date"),
    ],
)
def test_an_invalid_form_is_refused_with_its_file_and_location(own, parts, problem):
    with pytest.raises(SettingsError) as refused:
        own(changed(**parts))

    sentence = str(refused.value)
    assert sentence.startswith("MINHBACH_FORMS: ")
    assert f"0.yaml: {problem}" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("text", ["", "columns: [", "- a", "\x00", "&a [*a]", "[" * 5000])
def test_a_file_without_a_form_is_refused_in_one_sentence(own, text):
    with pytest.raises(SettingsError, match=r"^MINHBACH_FORMS: [^\n]*0\.yaml: [^\n]+$"):
        own(text)


def test_two_files_with_the_same_code_and_day_are_refused(own):
    with pytest.raises(SettingsError, match=r"1\.yaml: says the same code and day as 0\.yaml$"):
        own(changed(), changed())


def test_a_missing_folder_is_reported(tmp_path):
    with pytest.raises(SettingsError, match="nowhere: No such file or directory"):
        forms_in({"MINHBACH_FORMS": str(tmp_path / "nowhere")})


def test_a_folder_without_forms_is_reported(tmp_path):
    with pytest.raises(SettingsError, match=r"there is no \.yaml file in it"):
        forms_in({"MINHBACH_FORMS": str(tmp_path)})


def test_a_changed_file_is_read_again(own):
    own(changed(title="Cũ"))

    assert own(changed(title="Mới"))[-1].title == "Mới"


def test_every_measure_of_a_standard_form_is_in_the_catalogue_and_is_counted_by_field():
    measures = {entry.name: entry.definition for entry in read_catalogue() if entry.kind == "measure"}

    for form in forms_in({}):
        assert all(measures[measure]["by_field"] for measure in form.measures)


def test_an_impossible_day_is_reported_in_one_sentence(tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text((STANDARD / "II.06.yaml").read_text().replace("2019-03-12", "2019-13-45"))
    with pytest.raises(SettingsError, match=r"form\.yaml") as refused:
        read_form(path)
    assert "\n" not in str(refused.value)
