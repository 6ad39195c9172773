"""The address book: which body of which commune reads mail where."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from unicodedata import combining, normalize

from shared.vietnamese import mid_sentence

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
class Change:
    """What else a commune is called, or where it belongs, from a day on; None where that stays."""

    in_force_from: date
    code: str | None
    name: str | None
    province: str | None
    province_name: str | None


@dataclass(frozen=True)
class Commune:
    """A commune that takes part, as it was last registered; `registered_at` is when it first was.

    `province_name` is null until its registration is heard by a version that remembers it. From `gone_from` on the
    commune is there no longer; `successor` is the one in which most of it goes on.
    """

    commune: str
    code: str
    name: str
    province: str
    province_name: str | None
    registered_at: datetime
    gone_from: date | None = None
    successor: str | None = None
    changes: tuple[Change, ...] = ()

    def on(self, day: date) -> "Commune":
        """As it is called on a day; `changes` are in the order in which they come into force."""
        called = self
        for change in self.changes:
            if change.in_force_from <= day:
                said = {name: new for name, new in asdict(change).items() if new is not None}
                said.pop("in_force_from")
                called = replace(called, **said)
        return called

    def is_gone(self, day: date) -> bool:
        return self.gone_from is not None and self.gone_from <= day

    def heir(self, day: date, known: Mapping[str, "Commune"]) -> "Commune | None":
        """The commune in which it goes on by a day; None while it is there, or where nobody knows its successor."""
        heir, passed = self, set()
        while heir.is_gone(day) and heir.commune not in passed:
            passed.add(heir.commune)
            heir = known.get(heir.successor or "", heir)
        return None if heir is self else heir.on(day)


@dataclass(frozen=True)
class Recipient:
    """Who reads a mail: where, and as what the mail greets them."""

    address: str
    name: str


@dataclass(frozen=True)
class AddressBook:
    """Addresses are made, not collected: a body's slug and its commune's code, at one domain."""

    mail_domain: str

    def body(self, body: str, commune: Commune) -> Recipient:
        """A body as a plan names it. Another case, another abbreviation or `xã` at the end is the same address."""
        own_name = OF_ITS_COMMUNE.sub("", normalize("NFC", " ".join(body.split())))
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

    def _recipient(self, body: str, code: str, whose: str) -> Recipient:
        whose_code = _shortened(slug(code), LONGEST_CODE)
        body_slug = slug(body)
        body_slug = SAME_BODY.get(body_slug, body_slug)
        local_part = f"{_shortened(body_slug, LONGEST_LOCAL_PART - 1 - len(whose_code))}.{whose_code}"
        name = "".join(c for c in body[:1].upper() + body[1:] + whose if c.isprintable())
        return Recipient(f"{local_part}@{self.mail_domain}", name)


def slug(text: str) -> str:
    """Vietnamese without its marks: `Phòng Văn hoá - Xã hội` is `phong-van-hoa-xa-hoi`.

    What has letters that are neither Vietnamese nor Latin gets a tail made of the whole text, so it stays apart.
    """
    bare = "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c)).replace("đ", "d")
    words = re.findall(r"[a-z0-9]+", bare)
    lost = not words or any(c.isalnum() and not c.isascii() for c in bare)
    return "-".join([*words, _tail(normalize("NFC", text.casefold()))] if lost else words)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 9].rstrip('-')}-{_tail(text)}"


def _tail(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
