from datetime import UTC, datetime

import pytest

from services.notifications.domain.recipients import AddressBook, Commune, slug

BOOK = AddressBook("minhbach.example")
TINH_KHE = Commune("c-1", "21040", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", datetime(2025, 7, 1, tzinfo=UTC))
CAM_THANH = Commune("c-2", "21024", "Phường Cẩm Thành", "51", "Tỉnh Quảng Ngãi", datetime(2025, 7, 1, tzinfo=UTC))


def test_a_body_has_an_address_at_its_commune():
    told = BOOK.body("Phòng Kinh tế", TINH_KHE)

    assert told.address == "phong-kinh-te.21040@minhbach.example"
    assert told.name == "Phòng Kinh tế xã Tịnh Khê"


def test_the_offices_that_every_commune_and_province_has():
    assert BOOK.one_stop_centre(TINH_KHE).address == "trung-tam-phuc-vu-hanh-chinh-cong.21040@minhbach.example"
    assert BOOK.chair(TINH_KHE).address == "chu-tich.21040@minhbach.example"
    assert BOOK.chair(TINH_KHE).name == "Chủ tịch UBND xã Tịnh Khê"
    assert BOOK.province_office("51", "Tỉnh Quảng Ngãi").address == "van-phong.51@minhbach.example"
    assert BOOK.province_office("51", "Tỉnh Quảng Ngãi").name == "Văn phòng UBND tỉnh Quảng Ngãi"


@pytest.mark.parametrize(
    "spelling",
    [
        "Trung tâm phục vụ Hành chính công",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "Trung tâm Phục vụ hành chính công xã",
        " Trung tâm  Phục vụ HCC ",
        "Trung tâm Phục vụ HCC xã",
        "TTPVHCC",
    ],
)
def test_the_spellings_of_plans_are_one_address(spelling):
    assert BOOK.body(spelling, TINH_KHE).address == BOOK.one_stop_centre(TINH_KHE).address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Phòng Văn hoá - Xã hội", "Phòng Văn hóa – Xã hội"),
        ("Phòng VH-XH xã", "Phòng Văn hóa - Xã hội"),
        ("Văn phòng HĐND-UBND xã", "Văn phòng HĐND và UBND"),
        ("Các bộ phận liên quan", "các bộ phận liên quan"),
    ],
)
def test_two_spellings_of_a_body_are_one_address(one, other):
    assert BOOK.body(one, TINH_KHE).address == BOOK.body(other, TINH_KHE).address


def test_a_body_is_greeted_with_its_commune_said_once():
    assert BOOK.body("Văn phòng HĐND và UBND phường", CAM_THANH).name == "Văn phòng HĐND và UBND phường Cẩm Thành"
    assert BOOK.body("các bộ phận liên quan", TINH_KHE).name == "Các bộ phận liên quan của xã Tịnh Khê"


def test_a_long_name_keeps_within_64_characters_and_stays_apart():
    long = "Các đơn vị sự nghiệp công lập, cơ quan chuyên môn và tổ chức chính trị - xã hội đóng trên địa bàn"
    one, other = BOOK.body(long, TINH_KHE).address, BOOK.body(long + " thôn", TINH_KHE).address

    assert one != other
    assert all(len(address.split("@")[0]) <= 64 and ".21040@" in address for address in (one, other))


@pytest.mark.parametrize("text", ["", "???", "一二三", "Phòng\r\nBcc: all@example.org", "a@b <c>", "Ṿ̶ă̷n̴", "x" * 500])
def test_whatever_a_body_is_called_its_address_is_an_address(text):
    address = BOOK.body(text, TINH_KHE).address

    local_part, domain = address.split("@")
    assert domain == "minhbach.example"
    assert set(local_part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert 0 < len(local_part) <= 64


def test_letters_that_are_not_latin_stay_apart():
    assert slug("一二三") != slug("四五六")
    assert slug("Đường Trần Hưng Đạo") == "duong-tran-hung-dao"
