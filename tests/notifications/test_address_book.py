"""The address of each body and office, made from its name and its commune."""

from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from services.notifications.domain.address_book import AddressBook, slug
from services.notifications.domain.commune import Commune
from services.notifications.mail.address_file import read_addresses
from shared.settings import SettingsError

BOOK = AddressBook("minhbach.example")
TINH_KHE = Commune("c-1", "21040", "Xã Tịnh Khê", "51", "Tỉnh Quảng Ngãi", datetime(2025, 7, 1, tzinfo=UTC))
CAM_THANH = Commune("c-2", "21024", "Phường Cẩm Thành", "51", "Tỉnh Quảng Ngãi", datetime(2025, 7, 1, tzinfo=UTC))


def test_address_names_body_and_commune():
    recipient = BOOK.body("Phòng Kinh tế", TINH_KHE)

    assert recipient.address == "phong-kinh-te.21040@minhbach.example"
    assert recipient.name == "Phòng Kinh tế xã Tịnh Khê"


def test_addresses_of_the_standing_offices():
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
def test_spellings_of_the_one_stop_centre_share_one_address(spelling):
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
def test_two_spellings_of_a_body_share_one_address(one, other):
    assert BOOK.body(one, TINH_KHE).address == BOOK.body(other, TINH_KHE).address


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("V\u0103n ph\u00f2ng H\u00d0ND v\u00e0 UBND", "Văn phòng HĐND và UBND"),
        ("\u00d0oàn thanh niên", "Đoàn thanh niên"),
        ("Hội \u00d0ồng nhân dân", "Hội đồng nhân dân"),
        ("\u00f0ảng ủy", "Đảng ủy"),
        (normalize("NFD", "Đội Thuế"), "Đội Thuế"),
        ("Phòng\u200b Kinh\u200d tế\u2060\ufeff", "Phòng Kinh tế"),
        ("Phòng Văn hoá", "Phòng Văn hóa"),
        ("Ph\u043eng Kinh t\u0435", "Phong Kinh te"),
        ("Phòng Kinh tế\u200e xã", "Phòng Kinh tế"),
    ],
)
def test_a_name_typed_with_look_alikes_has_the_mailbox_of_the_name(typed: str, name: str) -> None:
    assert BOOK.body(typed, TINH_KHE).address == BOOK.body(name, TINH_KHE).address


def test_greeting_names_the_commune_once():
    assert BOOK.body("Văn phòng HĐND và UBND phường", CAM_THANH).name == "Văn phòng HĐND và UBND phường Cẩm Thành"
    assert BOOK.body("các bộ phận liên quan", TINH_KHE).name == "Các bộ phận liên quan của xã Tịnh Khê"


def test_long_names_are_shortened_to_64_characters_and_stay_distinct():
    long = "Các đơn vị sự nghiệp công lập, cơ quan chuyên môn và tổ chức chính trị - xã hội đóng trên địa bàn"
    one, other = BOOK.body(long, TINH_KHE).address, BOOK.body(long + " thôn", TINH_KHE).address

    assert one != other
    assert all(len(address.split("@")[0]) <= 64 and ".21040@" in address for address in (one, other))


@pytest.mark.parametrize("text", ["", "???", "一二三", "Phòng\r\nBcc: all@example.org", "a@b <c>", "Ṿ̶ă̷n̴", "x" * 500])
def test_any_text_gives_a_valid_address(text):
    address = BOOK.body(text, TINH_KHE).address

    local_part, domain = address.split("@")
    assert domain == "minhbach.example"
    assert set(local_part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert 0 < len(local_part) <= 64


def test_slugs_of_non_latin_texts_are_distinct():
    assert slug("一二三") != slug("四五六")
    assert slug("Đường Trần Hưng Đạo") == "duong-tran-hung-dao"


def address_file(folder, *lines):
    file = folder / "danh-ba.csv"
    file.write_text("\n".join(["mã,cơ quan,địa chỉ", *lines]), encoding="utf-8")
    return file


def test_a_known_body_has_its_own_address_however_it_is_written(tmp_path):
    file = address_file(
        tmp_path, "21040,PHÒNG KINH TẾ xã,kinhte@tinhkhe.gov.vn", "51,Văn phòng UBND,vp@quangngai.gov.vn"
    )
    book = AddressBook("minhbach.example", read_addresses(file))

    assert book.body("Phòng  kinh tế", TINH_KHE).address == "kinhte@tinhkhe.gov.vn"
    assert book.province_office("51", "Tỉnh Quảng Ngãi").address == "vp@quangngai.gov.vn"
    assert book.body("Phòng Kinh tế", CAM_THANH).address == "phong-kinh-te.21024@minhbach.example"


def test_a_body_that_the_book_lacks_is_reached_through_its_one_stop_centre(tmp_path):
    file = address_file(tmp_path, "21040,TTPVHCC,hcc@tinhkhe.gov.vn")
    book = AddressBook("minhbach.example", read_addresses(file))

    recipient = book.body("Phòng Văn hoá - Xã hội", TINH_KHE)
    assert recipient.address == book.one_stop_centre(TINH_KHE).address == "hcc@tinhkhe.gov.vn"
    assert recipient.name == "Phòng Văn hoá - Xã hội xã Tịnh Khê", "the greeting names whom it concerns"


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (["21040,Phòng Kinh tế"], "line 2: a code, a body and an address"),
        (["21040,,a@b.vn"], "line 2: a code, a body and an address"),
        (["", "21040,Phòng Kinh tế,a b@c.vn"], 'line 3: "a b@c.vn" is no mail address'),
        (["21040,Phòng Kinh tế,a@b.vn", "21040,phòng kinh tế,c@b.vn"], "line 3: this body has another address above"),
    ],
)
def test_a_wrong_line_of_the_address_file_is_named(tmp_path, lines, wrong):
    with pytest.raises(SettingsError, match=wrong):
        read_addresses(address_file(tmp_path, *lines))


@pytest.mark.parametrize("content", [b"", b"code,body,address\n", b"\xff\xfe", b'm\xc3\xa3,"'])
def test_a_file_that_is_no_address_file_is_refused(tmp_path, content):
    file = tmp_path / "danh-ba.csv"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="MINHBACH_ADDRESS_BOOK"):
        read_addresses(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_addresses(tmp_path / "none.csv")
