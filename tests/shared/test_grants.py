"""A grant covers its own commune, body or province, on its days, and nothing else; who acts is compared by account."""

from datetime import date

import pytest

from shared.grants import Actor, Grant, Place, Scope, covering

BEFORE, MERGED = date(2025, 6, 30), date(2025, 7, 1)
OLD, NEW, OTHER = "21025-until-20250630", "21025", "21028"


def places(communes, day):
    last = {each: NEW if each == OLD and day >= MERGED else each for each in communes}
    return {each: Place(last[each], {OLD: "51", NEW: "51", OTHER: "48"}.get(last[each])) for each in communes}


def test_an_account_and_a_name_are_never_the_same_key():
    assert Actor("Lê Văn Tám", "tam").key == "tam" != Actor("tam").key
    assert Actor("PHÒNG  HÒA").key == Actor("Phòng Hoà").key


@pytest.mark.parametrize(
    ("scope", "commune", "day", "body", "covers"),
    [
        (Scope(NEW), NEW, MERGED, None, True),
        (Scope(NEW), OTHER, MERGED, None, False),
        (Scope(NEW), NEW, MERGED, "Văn phòng", True),
        # A merged commune hands its scope to its successor, from that day on.
        (Scope(OLD), OLD, BEFORE, None, True),
        (Scope(OLD), NEW, BEFORE, None, False),
        (Scope(OLD), NEW, MERGED, None, True),
        (Scope(NEW), OLD, BEFORE, None, False),
        (Scope(NEW), OLD, MERGED, None, True),
        (Scope(NEW, "Văn phòng"), NEW, MERGED, "VĂN  PHÒNG", True),
        (Scope(NEW, "Văn phòng"), NEW, MERGED, "Phòng Kinh tế", False),
        (Scope(NEW, "Văn phòng"), NEW, MERGED, None, False),
        (Scope(OLD, "Văn phòng"), NEW, MERGED, "Văn phòng", True),
        (Scope(province="51"), NEW, MERGED, None, True),
        (Scope(province="51"), NEW, MERGED, "Văn phòng", True),
        (Scope(province="51"), OTHER, MERGED, None, False),
        (Scope(province="51"), "unknown", MERGED, None, False),
        (Scope(), "unknown", MERGED, None, False),
    ],
)
def test_a_scope_covers_its_own_and_nothing_else(scope, commune, day, body, covers):
    assert scope.covers(commune, day, places, body) is covers


def test_a_grant_covers_on_its_days_and_in_its_role():
    grant = Grant("a.1", "a", "clerk", Scope(NEW), MERGED, date(2025, 9, 30))

    def found(day, *roles):
        return covering([grant], roles, NEW, day, places)

    assert found(MERGED, "clerk", "chair") == grant == found(date(2025, 9, 30), "clerk")
    assert (found(BEFORE, "clerk"), found(date(2025, 10, 1), "clerk"), found(MERGED, "chair")) == (None, None, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Actor("Lê Hoà", "le-hoa"), Actor("Lê Hoà", "le-hoa-2"), False),
        (Actor("Lê Hoà", "le-hoa"), Actor("Hoà", "le-hoa"), True),
        (Actor("Lê Hoà", "le-hoa"), Actor("LÊ  HÒA"), True),
        (Actor("Lê Hoà"), Actor("lê hòa"), True),
        (Actor("Lê Hoà"), Actor("Lê Hoa"), False),
    ],
)
def test_accounts_are_compared_and_typed_names_in_one_normal_form(one, other, same):
    assert one.is_same(other) is same
    assert other.is_same(one) is same
