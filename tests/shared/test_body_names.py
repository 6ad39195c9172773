"""Names of bodies found and compared as people type them."""

import pytest

from shared.body_names import names_body, same_body

OFFICE = "Văn phòng HĐND và UBND xã"
CENTRE = "Trung tâm Phục vụ hành chính công"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Phòng Kinh tế", "phong kinh te"),
        ("Phòng Kinh tế", "PHÒNG KINH TẾ"),
        ("Phòng Kinh tế", "kinh"),
        ("Phòng Kinh tế", "kinh t"),
        ("Phòng Kinh tế", "PKT"),
        ("Phòng Văn hóa - Xã hội", "phòng vhxh"),
        ("Phòng Văn hóa - Xã hội", "VH-XH"),
        ("Phòng VH-XH", "văn hoá xã hội"),
        ("Phòng Văn hóa - Xã hội", "văn hoá"),
        (OFFICE, "vp hdnd"),
        (OFFICE, "văn phòng hội đồng nhân dân"),
        (OFFICE, "Văn phòng HĐND-UBND"),
        (CENTRE, "TTPVHCC"),
        (CENTRE, "tt pvhcc"),
        (CENTRE, "hành chính công"),
        ("TTPVHCC xã", "trung tâm phục vụ hành chính công"),
        ("Ðội Thuế", "đội thuế"),
        ("Công an xã", ""),
    ],
)
def test_a_body_is_found_as_people_type_it(name, typed):
    assert names_body(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Phòng Kinh tế", "Công an"),
        ("Văn phòng HĐND và UBND", "phòng văn"),
        ("Công an xã", "cộng an"),
        ("Phòng Kinh tế", "phòng kính tế"),
        ("Phòng Kinh tế", "KPT"),
        ("Phòng Kinh tế", "phòng kinh tế hạ tầng"),
    ],
)
def test_another_body_is_not_found(name, typed):
    assert not names_body(name, typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phòng Kinh tế", "phòng  kinh tế xã"),
        ("Phòng VH-XH", "Phòng Văn hoá - Xã hội"),
        ("Phòng Kinh tế", "phong kinh te"),
        ("Văn phòng HĐND và UBND", "VP HĐND-UBND"),
        ("Ðoàn Thanh niên", "Đoàn thanh niên"),
    ],
)
def test_spellings_of_one_body_are_the_same(one, other):
    assert same_body(one, other)
    assert same_body(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Phòng Kinh tế", "Phòng Kinh tế - Hạ tầng"), ("Công an xã", "Đảng ủy xã"), ("Phòng", "Phòng Kinh tế"), ("", "x")],
)
def test_other_bodies_are_not_the_same(one, other):
    assert not same_body(one, other)
    assert not same_body(other, one)


def test_long_names_end():
    name = "a " * 39
    assert not names_body(name + "b", "a " * 30 + "c")
    assert names_body(name * 10, "a a")
