"""The address book: makes the mail address and the name of a body, from its name and its commune."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from unicodedata import combining, normalize

from services.notifications.domain.commune import Commune
from shared.printable import printable
from shared.vietnamese import folded, mid_sentence

ONE_STOP_CENTRE = "Trung tâm Phục vụ hành chính công"
CHAIR = "Chủ tịch UBND"
PROVINCE_OFFICE = "Văn phòng UBND"
SOME_PROVINCE = "cấp tỉnh"

# Plans shorten the names of bodies in different ways. By slug: the slug under which the body has its address.
SAME_BODY: Mapping[str, str] = {
    "trung-tam-phuc-vu-hcc": "trung-tam-phuc-vu-hanh-chinh-cong",
    "trung-tam-pvhcc": "trung-tam-phuc-vu-hanh-chinh-cong",
    "ttpvhcc": "trung-tam-phuc-vu-hanh-chinh-cong",
    "phong-vh-xh": "phong-van-hoa-xa-hoi",
    "van-phong-hdnd-ubnd": "van-phong-hdnd-va-ubnd",
    "van-phong-hoi-dong-nhan-dan-va-uy-ban-nhan-dan": "van-phong-hdnd-va-ubnd",
    "van-phong-ubnd": "van-phong",
    "chu-tich-ubnd": "chu-tich",
    "chu-tich-uy-ban-nhan-dan": "chu-tich",
}

LONGEST_LOCAL_PART = 64  # RFC 5321, section 4.5.3.1.1
LONGEST_CODE = 20
OF_ITS_COMMUNE = re.compile(r"\s+(xã|phường|đặc khu)$", re.IGNORECASE)


@dataclass(frozen=True)
class Recipient:
    """Where a mail goes, and the name by which it greets."""

    address: str
    name: str


Key = tuple[str, str]  # code and body, as slugs


@dataclass(frozen=True)
class AddressBook:
    """The address of a body: in `known`, where that is given, else made of its name and its commune's code.

    A body that `known` lacks is reached through the one-stop centre of its commune, whose address it has; the greeting
    names the body.
    """

    mail_domain: str
    known: Mapping[Key, str] = field(default_factory=dict)

    def body(self, body: str, commune: Commune) -> Recipient:
        """A body as a plan names it. Another case, another abbreviation or `xã` at the end is the same address."""
        own_name = OF_ITS_COMMUNE.sub("", " ".join(printable(body).split()))
        # "Các bộ phận có liên quan của xã …", but "Phòng Kinh tế xã …"
        link = " của " if own_name.casefold().endswith("liên quan") else " "
        return self._recipient(own_name, commune.code, link + mid_sentence(commune.name))

    def bodies(self, bodies: Iterable[str], commune: Commune) -> list[Recipient]:
        return [self.body(body, commune) for body in bodies if body.strip()]

    def one_stop_centre(self, commune: Commune) -> Recipient:
        return self.body(ONE_STOP_CENTRE, commune)

    def chair(self, commune: Commune) -> Recipient:
        return self.body(CHAIR, commune)

    def province_office(self, province: str, province_name: str | None) -> Recipient:
        return self._recipient(PROVINCE_OFFICE, province, " " + mid_sentence(province_name or SOME_PROVINCE))

    def _recipient(self, body: str, code: str, name_ending: str) -> Recipient:
        name = "".join(c for c in body[:1].upper() + body[1:] + name_ending if c.isprintable())
        key = key_of(body, code)
        if address := self.known.get(key) or self.known.get(key_of(ONE_STOP_CENTRE, code)):
            return Recipient(address, name)
        code_slug, body_slug = key
        local_part = f"{_shortened(body_slug, LONGEST_LOCAL_PART - 1 - len(code_slug))}.{code_slug}"
        return Recipient(f"{local_part}@{self.mail_domain}", name)


def key_of(body: str, code: str) -> Key:
    """Of a body as people name it: another case or abbreviation is the same body."""
    body_slug = slug(OF_ITS_COMMUNE.sub("", " ".join(printable(body).split())))
    return _shortened(slug(code), LONGEST_CODE), SAME_BODY.get(body_slug, body_slug)


def slug(text: str) -> str:
    """Vietnamese without its marks: `Phòng Văn hoá - Xã hội` is `phong-van-hoa-xa-hoi`.

    Names are folded first, as everywhere where they are compared: an eth for "Đ" gives no other mailbox. A text with
    letters that are neither Vietnamese nor Latin gets a hash of the whole text, so it stays distinct.
    """
    bare = "".join(c for c in normalize("NFKD", folded(text.casefold())) if not combining(c)).replace("đ", "d")
    words = re.findall(r"[a-z0-9]+", bare)
    lost = not words or any(c.isalnum() and not c.isascii() for c in bare)
    return "-".join([*words, _hash(normalize("NFC", text.casefold()))] if lost else words)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 9].rstrip('-')}-{_hash(text)}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
