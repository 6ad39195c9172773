"""A province's report of 96 communes with gaps, zeros and hostile text, as in real ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from services.planning.register import communes_of
from services.reporting.domain.content.filled_form import BrokenCheck, FilledForm, FormColumn, FormRow
from services.reporting.domain.content.narrative import WrittenSection
from services.reporting.domain.content.report_content import (
    CommuneLine,
    Figure,
    IndicatorLine,
    ReportContent,
    ReviewWarning,
    Target,
    TaskCounts,
)
from services.reporting.domain.content.scores import Scored, ScoredGroup, ScoredRow
from shared.vietnamese import collation_key

SCRIPT = "Xã <script>alert('&')</script>"
FORMULA = "=1+1"
NAMES = (
    "Tỷ lệ hồ sơ giải quyết đúng hạn",
    "Tỷ lệ hồ sơ trực tuyến trên tổng số hồ sơ tiếp nhận",
    "Tỷ lệ thanh toán trực tuyến trên tổng số giao dịch thanh toán của dịch vụ công",
    "Tỷ lệ số hoá hồ sơ, kết quả giải quyết thủ tục hành chính",
    "Tỷ lệ khai thác, sử dụng lại thông tin, dữ liệu số hoá",
    "Tỷ lệ xử lý phản ánh, kiến nghị đúng hạn",
    "Mức độ hài lòng trong tiếp nhận, giải quyết TTHC của người dân, doanh nghiệp",
    "Tỷ lệ thủ tục hành chính được công khai đúng hạn",
    "Tỷ lệ cấp kết quả giải quyết thủ tục hành chính điện tử",
    "Tỷ lệ hồ sơ quá hạn",
)
BODIES = ("Trung tâm Phục vụ hành chính công", "Phòng Kinh tế", "Phòng Văn hoá - Xã hội", "Văn phòng HĐND và UBND")
# Quảng Ngãi since 1/7/2025, with the codes of the General Statistics Office.
_UNITS = """
21025 Phường Cẩm Thành; 21028 Phường Nghĩa Lộ; 21034 Xã An Phú; 21040 Xã Bình Sơn; 21061 Xã Vạn Tường; 21085 Xã
Bình Minh; 21100 Xã Bình Chương; 21109 Xã Đông Sơn; 21115 Xã Trà Bồng; 21124 Xã Thanh Bồng; 21127 Xã Đông Trà
Bồng; 21136 Xã Cà Đam; 21154 Xã Tây Trà; 21157 Xã Tây Trà Bồng; 21172 Phường Trương Quang Trọng; 21181 Xã Thọ
Phong; 21196 Xã Trường Giang; 21205 Xã Ba Gia; 21211 Xã Tịnh Khê; 21220 Xã Sơn Tịnh; 21235 Xã Tư Nghĩa; 21238 Xã
Vệ Giang; 21244 Xã Trà Giang; 21250 Xã Nghĩa Giang; 21289 Xã Sơn Hà; 21292 Xã Sơn Hạ; 21307 Xã Sơn Linh; 21319
Xã Sơn Thủy; 21325 Xã Sơn Kỳ; 21334 Xã Sơn Tây Thượng; 21340 Xã Sơn Tây; 21343 Xã Sơn Tây Hạ; 21349 Xã Sơn Mai;
21361 Xã Minh Long; 21364 Xã Nghĩa Hành; 21370 Xã Phước Giang; 21385 Xã Đình Cương; 21388 Xã Thiện Tín; 21400 Xã
Mộ Đức; 21409 Xã Long Phụng; 21421 Xã Mỏ Cày; 21433 Xã Lân Phong; 21439 Phường Đức Phổ; 21451 Phường Trà Câu;
21457 Xã Nguyễn Nghiêm; 21472 Xã Khánh Cường; 21478 Phường Sa Huỳnh; 21484 Xã Ba Tơ; 21490 Xã Ba Vinh; 21496 Xã
Ba Động; 21499 Xã Ba Dinh; 21520 Xã Đặng Thùy Trâm; 21523 Xã Ba Tô; 21529 Xã Ba Vì; 21538 Xã Ba Xa; 21548 Đặc
khu Lý Sơn; 23284 Phường Đăk Cấm; 23293 Phường Kon Tum; 23302 Phường Đăk Bla; 23317 Xã Ngọk Bay; 23326 Xã Ia
Chim; 23332 Xã Đăk Rơ Wa; 23341 Xã Đăk Pék; 23344 Xã Đăk Plô; 23356 Xã Xốp; 23365 Xã Ngọc Linh; 23368 Xã Đăk
Long; 23374 Xã Đăk Môn; 23377 Xã Bờ Y; 23383 Xã Dục Nông; 23392 Xã Sa Loong; 23401 Xã Đăk Tô; 23416 Xã Đăk Sao;
23419 Xã Đăk Tờ Kan; 23425 Xã Tu Mơ Rông; 23428 Xã Ngọk Tụ; 23430 Xã Kon Đào; 23446 Xã Măng Ri; 23455 Xã Măng
Bút; 23473 Xã Măng Đen; 23476 Xã Kon Plông; 23479 Xã Đăk Rve; 23485 Xã Đăk Kôi; 23497 Xã Kon Braih; 23500 Xã Đăk
Hà; 23504 Xã Đăk Pxi; 23510 Xã Đăk Ui; 23512 Xã Đăk Mar; 23515 Xã Ngọk Réo; 23527 Xã Sa Thầy; 23530 Xã Rờ Kơi;
23534 Xã Sa Bình; 23535 Xã Ia Đal; 23536 Xã Mô Rai; 23538 Xã Ia Tơi; 23548 Xã Ya Ly
"""
FIELDS = (
    "Đất đai",
    "Hộ tịch",
    "Chứng thực",
    "Bảo trợ xã hội",
    "Người có công",
    "Thành lập và hoạt động của hộ kinh doanh",
    "Quy hoạch đô thị và nông thôn, kiến trúc",
    "Giáo dục và đào tạo",
    "Tín ngưỡng, tôn giáo",
)
_RECEIVED = "Số lượng hồ sơ tiếp nhận"
_RESOLVED = "Số lượng hồ sơ đã giải quyết"
_PENDING = "Số lượng hồ sơ đang giải quyết"
_FORM = (
    ("Tổng số", _RECEIVED),
    ("Trực tuyến", _RECEIVED),
    ("Trực tiếp, dịch vụ bưu chính", _RECEIVED),
    ("Từ kỳ trước", _RECEIVED),
    ("Tổng số", _RESOLVED),
    ("Trước hạn", _RESOLVED),
    ("Đúng hạn", _RESOLVED),
    ("Quá hạn", _RESOLVED),
    ("Tổng số", _PENDING),
    ("Trong hạn", _PENDING),
    ("Quá hạn", _PENDING),
)
_NOTHING = Figure(None, None)


@cache
def example_report(communes: int = 96, indicators: int = 30) -> ReportContent:
    """The first commune is silent, the second has a zero denominator everywhere, the third 0 of 40, one is a script."""
    chance = Random(51)
    lines = tuple(_commune_line(place, unit, indicators, chance) for place, unit in enumerate(_units(communes)))
    return ReportContent(
        province="51",
        province_name="Tỉnh Quảng Ngãi",
        commune=None,
        commune_name=None,
        period="2025-Q3",
        period_name="Quý III năm 2025",
        counted_from=date(2025, 6, 15),
        counted_until=date(2025, 9, 14),
        known_at=date(2025, 9, 16),
        indicators=tuple(_sum_line(place, lines) for place in range(indicators)),
        communes=tuple(sorted(lines, key=lambda line: collation_key(line.name))),
        tasks=tuple(_tasks(line, body, chance) for line in lines for body in BODIES),
        readings=12345,
        refused=7,
        refused_by_rule={"Số hồ sơ đúng hạn lớn hơn số hồ sơ đã giải quyết.": 5, "=Ngày số liệu ở tương lai.": 2},
        parked=2,
        not_reported=tuple(line.name for line in lines if not line.reported),
        positions={"planning": 4321, "indicators": 1234567},
        map_day=date(2025, 9, 14),
        scoped=(_part_line(_sum_line(6, lines)),) if indicators > 6 else (),
        footnotes=("Số liệu của Xã Nghĩa Hòa trước ngày 1/7/2025 được tính vào Xã Vệ Giang.",),
        forms=(example_form(),),
        scores=(_score(),),
        warnings=(
            ReviewWarning("same-as-before", "c21100", "Xã Bình Chương", "Số liệu giống hệt quý trước."),
            ReviewWarning("same-as-neighbour", "c21040", SCRIPT, "Số liệu giống hệt Xã Vạn Tường."),
        ),
        unapproved=("Xã Ba Tơ", "Xã Sơn Hà"),
        pins={"calendar": "2025-08-01", "regime": "2019-03-12", "form II.06": "2021-01-01"},
    )


def example_form() -> FilledForm:
    """Form II.06 of nine fields. In one field column 3 is not 4 + 5 + 6; in another, explained, not 7 + 11."""
    chance = Random(6)
    rows = tuple(_form_row(place, name, chance) for place, name in enumerate(FIELDS))
    wrong = "Cột 3 (%s) phải bằng tổng các cột 4, 5 và 6 (%s)."
    return FilledForm(
        code="II.06",
        title="Tình hình, kết quả giải quyết thủ tục hành chính",
        source="Thông tư số 01/2020/TT-VPCP",
        version="2020-12-08",
        lead_columns=(FormColumn(1, "STT"), FormColumn(2, "Lĩnh vực giải quyết")),
        columns=tuple(FormColumn(place, heading, group) for place, (heading, group) in enumerate(_FORM, start=3)),
        rows=rows,
        total=FormRow("", "TỔNG CỘNG", tuple(sum(row.counts[at] or 0 for row in rows) for at in range(11))),
        broken=(
            BrokenCheck("received", "dat-dai", "Đất đai", 105, 100, wrong % (105, 100)),
            BrokenCheck("received", "ho-tich", "Hộ tịch", 88, 90, wrong % (88, 90), "Hai hồ sơ nộp nhầm lĩnh vực."),
        ),
        notes=("Lĩnh vực không phát sinh hồ sơ được ghi số 0.",),
    )


def _form_row(place: int, name: str, chance: Random) -> FormRow:
    online, in_person, carried = chance.randint(0, 900), chance.randint(0, 90), chance.randint(0, 30)
    pending = chance.randint(0, 20)
    resolved = max(0, online + in_person + carried - pending)
    counts = (online + in_person + carried, online, in_person, carried, resolved, resolved, 0, 0, pending, pending, 0)
    field = {0: "dat-dai", 1: "ho-tich"}.get(place, f"linh-vuc-{place}")
    return FormRow(field, name, counts if place != 8 else (None,) * 11)


def _score() -> Scored:
    on_time = ScoredRow("2.1", "Tỷ lệ hồ sơ giải quyết đúng hạn", Decimal(20), Decimal("18.74"), Decimal("93.7"))
    petitions = ScoredRow("6.1", "Phản ánh, kiến nghị xử lý đúng hạn", Decimal(6), Decimal(6), None, "Không phát sinh")
    copies = ScoredRow("5.3", "Chứng thực bản sao điện tử", Decimal(2), None)
    return Scored(
        scorecard="766",
        version="2022-06-23",
        title="Chỉ số phục vụ người dân, doanh nghiệp",
        source="Quyết định số 766/QĐ-TTg",
        groups=(
            ScoredGroup("Tiến độ giải quyết", Decimal(20), Decimal("18.74"), (on_time,)),
            ScoredGroup("Số hóa hồ sơ", Decimal(22), Decimal(0), (copies,)),
            ScoredGroup("Mức độ hài lòng", Decimal(18), Decimal(6), (petitions,)),
        ),
        total=Decimal("84.74"),
        maximum=Decimal(100),
        band="Tốt",
        notes=("Chưa có số liệu của tiêu chí 1.2: tổng điểm có thể tăng đến 88,74.",),
    )


def _part_line(whole: IndicatorLine) -> IndicatorLine:
    target = Target(at_least=Decimal(85))
    return replace(whole, scope="lĩnh vực đất đai, xây dựng và đầu tư", target=target, target_text=None)


def example_commune_report() -> ReportContent:
    """The report of Xã Xốp alone, from the same figures."""
    province = example_report()
    own = next(line for line in province.communes if line.name == "Xã Xốp")
    return replace(
        province,
        commune=own.commune,
        commune_name=own.name,
        indicators=own.indicators,
        communes=(own,),
        tasks=tuple(task for task in province.tasks if task.commune == own.commune),
        not_reported=(),
        scoped=own.scoped,
        warnings=(),
        unapproved=None,
    )


def _units(count: int) -> list[tuple[str, str]]:
    units = [(unit[:5], unit[6:]) for unit in " ".join(_UNITS.split()).split("; ")]
    units[3] = (units[3][0], SCRIPT)
    more = [(f"9{place:04}", f"Xã Thứ {place}") for place in range(len(units), count)]
    return [*units, *more][:count]


def _commune_line(place: int, unit: tuple[str, str], indicators: int, chance: Random) -> CommuneLine:
    code, name = unit
    lines = tuple(_line(at, _figure(place, chance), _figure(place, chance)) for at in range(indicators))
    latitude, longitude = _coordinates().get(code, (None, None))
    return CommuneLine(
        commune=f"c{code}",
        code=code,
        name=name,
        reported=place != 0,
        indicators=lines,
        scoped=(_part_line(lines[6]),) if indicators > 6 else (),
        latitude=latitude,
        longitude=longitude,
    )


@cache
def _coordinates() -> dict[str, tuple[Decimal, Decimal]]:
    return {unit.code: (Decimal(str(unit.latitude)), Decimal(str(unit.longitude))) for unit in communes_of("51")}


def _figure(place: int, chance: Random) -> Figure:
    special = {0: _NOTHING, 1: Figure(0, 0), 2: Figure(0, 40)}.get(place)
    denominator = chance.randint(20, 3000)
    return special or Figure(round(denominator * chance.betavariate(9, 1)), denominator)


def _line(place: int, figure: Figure, previous: Figure) -> IndicatorLine:
    name = NAMES[place % len(NAMES)] + (f" (lĩnh vực {place // len(NAMES)})" if place >= len(NAMES) else "")
    target = {6: None, 9: Target(below=Decimal(5))}.get(place, Target(at_least=Decimal((80, 60, 90)[place % 3])))
    return IndicatorLine(
        indicator=f"CT{place + 1:02}",
        name=name,
        definition_version=2 if place in {3, 10} else 1,
        figure=figure,
        target=target,
        target_text={2: FORMULA, 5: "Tối thiểu 90"}.get(place),
        previous=previous,
    )


def _sum_line(place: int, communes: tuple[CommuneLine, ...]) -> IndicatorLine:
    lines = [commune.indicators[place] for commune in communes]
    if place == 8:
        return replace(lines[0], figure=_NOTHING, previous=_NOTHING)
    return replace(
        lines[0],
        figure=_sum([line.figure for line in lines]),
        previous=_sum([line.previous for line in lines]),
    )


def _sum(figures: list[Figure]) -> Figure:
    return Figure(sum(f.numerator or 0 for f in figures), sum(f.denominator or 0 for f in figures))


def _tasks(line: CommuneLine, body: str, chance: Random) -> TaskCounts:
    unfinished = chance.randint(0, 6)
    return TaskCounts(
        commune=line.commune,
        commune_name=line.name,
        body=body,
        done=chance.randint(2, 12),
        open=unfinished,
        late=chance.randint(0, unfinished),
    )


def signable(report: ReportContent, **fields: Any) -> ReportContent:
    """The same report in the layout that is arranged for a signature."""
    return replace(report, pins=report.pins | {"computation": "2", "layout": "3"}, **fields)


def written(section: str, text: str) -> WrittenSection:
    return WrittenSection(section, text, "Trần Thị Bình", date(2025, 9, 15))
