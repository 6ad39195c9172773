"""Texts that name bodies, and the leading and supporting bodies that are read from them."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.phrases.bodies import is_generic, is_outside_commune, read_bodies, same_body

CENTRE = "Trung tâm Phục vụ hành chính công"
ECONOMY = "Phòng Kinh tế"
CULTURE = "Phòng Văn hóa - Xã hội"
POLICE = "Công an xã"

# Bodies that are read in any order, whatever joins them.
KNOWN = (
    *(CENTRE, ECONOMY, CULTURE, POLICE, "Văn phòng HĐND và UBND phường", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    *("Ban Chỉ huy quân sự xã", "Ủy ban MTTQ Việt Nam xã", "Đoàn Thanh niên", "Hội Nông dân", "Trạm Y tế"),
    *("Văn phòng – thống kê", "Tư pháp – hộ tịch", "Sở Khoa học và Công nghệ", "Các bộ phận có liên quan"),
    *("Bộ phận tiếp nhận và trả kết quả", "các đơn vị sự nghiệp trên địa bàn", "Bưu điện xã", "TTPVHCC"),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"- {CENTRE}.", [CENTRE]),
        (f"1. {ECONOMY}\n2. {CULTURE};", [ECONOMY, CULTURE]),
        (f"a) {ECONOMY}; b) {CULTURE}", [ECONOMY, CULTURE]),
        (f"-{ECONOMY};-{CULTURE}", [ECONOMY, CULTURE]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", ["Phòng Kinh tế, Hạ tầng và Đô thị"]),
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("Lao động, Thương binh và Xã hội", ["Lao động, Thương binh và Xã hội"]),
        ("Phòng Văn hóa và Xã hội", ["Phòng Văn hóa và Xã hội"]),
        ("Phòng VH-XH, các đơn vị sự nghiệp ở xã", ["Phòng VH-XH", "các đơn vị sự nghiệp ở xã"]),
        ("Phòng Kinh tế, Văn hóa - Xã hội", ["Phòng Kinh tế", "Văn hóa - Xã hội"]),
        ("Các đơn vị, cơ quan chuyên môn", ["Các đơn vị, cơ quan chuyên môn"]),
        ("Các phòng, ban, ngành, đoàn thể, các thôn", ["Các phòng, ban, ngành, đoàn thể", "các thôn"]),
        ("Thủ trưởng các phòng, ban thuộc UBND xã", ["Thủ trưởng các phòng, ban thuộc UBND xã"]),
        ("Người đứng đầu cơ quan, đơn vị", ["Người đứng đầu cơ quan, đơn vị"]),
        ("Phòng, ban liên quan", ["Phòng, ban liên quan"]),
        ("Cán bộ, công chức, viên chức", ["Cán bộ, công chức, viên chức"]),
        ("Các phòng chuyên môn, Công an, Quân sự xã", ["Các phòng chuyên môn", "Công an", "Quân sự xã"]),
        ("Văn phòng HĐND - UBND xã; Phòng Kinh tế", ["Văn phòng HĐND - UBND xã", "Phòng Kinh tế"]),
        ("VP HĐND&UBND, P. Kinh tế, TT. PVHCC", ["VP HĐND&UBND", "P. Kinh tế", "TT. PVHCC"]),
        ("TT.PVHCC; P.KT; P.VHXH", ["TT.PVHCC", "P.KT", "P.VHXH"]),
        ("CC Tư pháp – Hộ tịch; CC Địa chính", ["CC Tư pháp – Hộ tịch", "CC Địa chính"]),
        ("Trưởng thôn, tổ trưởng tổ dân phố", ["Trưởng thôn", "tổ trưởng tổ dân phố"]),
        ("Văn phòng Đảng ủy, HĐND và UBND xã", ["Văn phòng Đảng ủy, HĐND và UBND xã"]),
        ("Đảng ủy, HĐND, UBND xã", ["Đảng ủy", "HĐND", "UBND xã"]),
        ("Mặt trận Tổ quốc và các đoàn thể", ["Mặt trận Tổ quốc", "các đoàn thể"]),
        (f"{CENTRE} & {ECONOMY}", [CENTRE, ECONOMY]),
        (f"{CENTRE}/{ECONOMY}", [CENTRE, ECONOMY]),
        ("Các phòng: Kinh tế, Văn hóa - Xã hội", ["Phòng Kinh tế", "Phòng Văn hóa - Xã hội"]),
        ("Bộ phận tiếp nhận và trả kết quả của UBND xã", ["Bộ phận tiếp nhận và trả kết quả của UBND xã"]),
        ("Trung tâm Phục vụ\nhành chính công", [CENTRE]),
        ("Văn phòng HĐND và\nUBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("Các cơ quan\nchuyên môn", ["Các cơ quan chuyên môn"]),
        (f"{ECONOMY}\n{POLICE}", [ECONOMY, POLICE]),
        ("Tổ triển khai Đề án 06", ["Tổ triển khai Đề án 06"]),
        ("Hội đồng phối hợp phổ biến pháp luật", ["Hội đồng phối hợp phổ biến pháp luật"]),
        ("Trung tâm Dịch vụ tổng hợp", ["Trung tâm Dịch vụ tổng hợp"]),
        ("Phòng Tổng hợp", ["Phòng Tổng hợp"]),
        ("Các Phòng, ban thuộcUBND xã.", ["Các Phòng, ban thuộc UBND xã"]),
        ("PHÒNG KINH TẾ, PHÒNG NỘI VỤ", ["PHÒNG KINH TẾ", "PHÒNG NỘI VỤ"]),
        (normalize("NFD", f"{CULTURE} và {CENTRE}"), [CULTURE, CENTRE]),
        ("Phòng   Kinh tế,\u00a0 Phòng Văn hoá -Xã hội", [ECONOMY, "Phòng Văn hoá -Xã hội"]),
        (f"**{ECONOMY}**", [ECONOMY]),
        (f"{ECONOMY}; {POLICE}; {ECONOMY}", [ECONOMY, POLICE]),
        ("đ/c Lê Văn An - Phó Chủ tịch UBND xã", ["đ/c Lê Văn An - Phó Chủ tịch UBND xã"]),
        (f"{ECONOMY} (nếu có)", [ECONOMY]),
        ("Phòng Kinh tế (mảng đất đai)", ["Phòng Kinh tế (mảng đất đai)"]),
        (f"{CULTURE} (đăng tải trên Cổng thông tin)", [CULTURE]),
        (f"{CULTURE} (công khai trên trang của UBND xã)", [CULTURE]),
        ("Văn phòng (Tổng hợp)", ["Văn phòng (Tổng hợp)"]),
        (f"{POLICE} (Thực hiện)", [POLICE]),
        (f"{CENTRE} (TTPVHCC)", [f"{CENTRE} (TTPVHCC)"]),
        (f"{CENTRE} tổ chức tuyên truyền lưu động", [CENTRE]),
        ("Đoàn Thanh niên xã ra quân hỗ trợ người dân", ["Đoàn Thanh niên xã"]),
        ("Các thôn tuyên truyền đến từng hộ", ["Các thôn"]),
        ("Các cơ quan, tổ chức tuyên truyền cho hội viên", ["Các cơ quan, tổ chức"]),
        *(
            (name, [name])
            for name in (
                *("Tổ công nghệ số cộng đồng", "Ban Tuyên giáo", "Phòng Tổ chức", "Phòng Tổ chức - Nội vụ"),
                *("Ban tổ chức hội thi", "Tổ tuyên truyền", "Các đội tuyên truyền lưu động", "Ban vận động quỹ"),
                *("Tổ thông tin, tuyên truyền", "Phòng Văn hóa, Tuyên truyền", "Ban Chỉ đạo công tác tuyên truyền"),
            )
        ),
    ],
)
def test_each_body_of_a_column_is_read_by_its_bare_name(text, names):
    assert read_bodies(text, "lead").lead == tuple(names)
    assert read_bodies(text, "support").support == tuple(names)
    assert read_bodies(text, "both").lead == tuple(names)
    assert read_bodies(text, "both").warnings == ()


@pytest.mark.parametrize(
    ("text", "lead", "support"),
    [
        (f"- {CENTRE} chủ trì.\n- Các cơ quan, đơn vị phối hợp", [CENTRE], ["Các cơ quan, đơn vị"]),
        (f"Chủ trì: {ECONOMY}; Phối hợp: {CULTURE}, {POLICE}", [ECONOMY], [CULTURE, POLICE]),
        (f"Cơ quan chủ trì: {ECONOMY}. Cơ quan phối hợp: {POLICE}", [ECONOMY], [POLICE]),
        (f"CQ chủ trì: {ECONOMY}; CQ phối hợp: {POLICE}", [ECONOMY], [POLICE]),
        (f"{CENTRE} (đầu mối), {ECONOMY} (phối hợp)", [CENTRE], [ECONOMY]),
        (f"{CENTRE} (cơ quan thường trực)", [CENTRE], []),
        (f"Chủ trì\n{ECONOMY}\nPhối hợp\n{POLICE}", [ECONOMY], [POLICE]),
        (f"{ECONOMY}\nchủ trì\n{POLICE}\nphối hợp", [ECONOMY], [POLICE]),
        (f"{ECONOMY} (chủ trì), {POLICE} (phối hợp)", [ECONOMY], [POLICE]),
        (f"{ECONOMY} – chủ trì; {POLICE} – phối hợp", [ECONOMY], [POLICE]),
        (f"{ECONOMY}: chủ trì; {POLICE}: phối hợp", [ECONOMY], [POLICE]),
        (f"{ECONOMY} chủ trì, phối hợp với {POLICE}, {CULTURE}", [ECONOMY], [POLICE, CULTURE]),
        (f"{ECONOMY} chủ trì, phối hợp với:\n- {POLICE}\n- Các thôn", [ECONOMY], [POLICE, "Các thôn"]),
        (f"{ECONOMY} chủ trì và phối hợp với {CENTRE} thực hiện", [ECONOMY], [CENTRE]),
        (f"Giao {ECONOMY} chủ trì, phối hợp các đơn vị liên quan", [ECONOMY], ["các đơn vị liên quan"]),
        (f"{ECONOMY}, {CULTURE} chủ trì; {POLICE}, các thôn phối hợp", [ECONOMY, CULTURE], [POLICE, "các thôn"]),
        (f"{ECONOMY} là đơn vị chủ trì, các đơn vị phối hợp", [ECONOMY], ["các đơn vị"]),
        (f"{ECONOMY} chủ trì.\n{POLICE} đăng tải trên trang của xã", [ECONOMY], [POLICE]),
        (f"{ECONOMY} chủ trì; {CENTRE} tổng hợp, đề xuất báo cáo", [ECONOMY], [CENTRE]),
        (f"{ECONOMY} chủ trì; {CULTURE} (đăng tải trên Cổng)", [ECONOMY], [CULTURE]),
        (f"{ECONOMY} phối hợp với {CENTRE} tổ chức tuyên truyền lưu động", [ECONOMY], [CENTRE]),
        (f"{ECONOMY} chủ trì;\n- {POLICE}", [ECONOMY, POLICE], []),
        (f"{ECONOMY} tham mưu UBND xã, {POLICE} phối hợp", [ECONOMY], [POLICE]),
        (f"{ECONOMY} tham mưu UBND xã, HĐND xã ban hành", [ECONOMY], []),
        (f"{ECONOMY}; tổng hợp báo cáo", [ECONOMY], []),
        (f"{ECONOMY.upper()} CHỦ TRÌ, CÁC THÔN PHỐI HỢP", [ECONOMY.upper()], ["CÁC THÔN"]),
        (f"{ECONOMY} chủ trì, {POLICE} phối\u00a0 hợp", [ECONOMY], [POLICE]),
    ],
)
def test_words_of_the_text_give_the_role_of_each_body(text, lead, support):
    bodies = read_bodies(text, "both")
    assert (bodies.lead, bodies.support, bodies.warnings) == (tuple(lead), tuple(support), ())


def test_words_of_the_text_override_the_column():
    assert read_bodies(f"{CENTRE} chủ trì", "support").lead == (CENTRE,)
    assert read_bodies(f"{POLICE} phối hợp", "lead").support == (POLICE,)


def test_a_column_of_owners_without_a_leader_has_a_warning():
    bodies = read_bodies(f"{POLICE} phối hợp", "both")
    assert bodies.lead == ()
    assert bodies.warnings == (f"chỉ ghi phối hợp, không có cơ quan chủ trì: {POLICE}",)


def test_several_bodies_with_actions_and_no_leader_all_lead_with_a_warning():
    bodies = read_bodies(f"- Các thôn có kiến nghị.\n- {CENTRE} tổng hợp.", "both")
    assert bodies.lead == ("Các thôn", CENTRE)
    assert bodies.warnings == (f"không ghi cơ quan nào chủ trì, đọc tất cả là chủ trì: Các thôn; {CENTRE}",)


def test_the_actions_of_two_bodies_are_removed_from_their_names():
    text = f"{ECONOMY} xã triển khai, theo dõi. Các bộ phận khác thường xuyên cập nhật, báo cáo UBND xã."
    assert read_bodies(text, "lead").lead == (f"{ECONOMY} xã", "Các bộ phận khác")


def test_a_clause_that_limits_a_plural_body_is_removed_from_the_name_with_a_warning():
    bodies = read_bodies("Các đơn vị được giao việc tại Kế hoạch số 9/KH-UBND của UBND xã", "lead")
    assert bodies.lead == ("Các đơn vị",)
    assert bodies.warnings == ("“Các đơn vị” chỉ gồm nơi “được giao việc tại Kế hoạch số 9/KH-UBND của UBND xã”",)


def test_a_body_in_brackets_with_only_an_action_supports():
    bodies = read_bodies(f"UBND xã ({ECONOMY} tham mưu)", "both")
    assert (bodies.lead, bodies.support) == (("UBND xã",), (ECONOMY,))
    assert bodies.warnings == (f"cơ quan ghi trong ngoặc, cần xem lại: {ECONOMY}",)


@pytest.mark.parametrize("text", [None, "", " \n\t", "-", "…", "- ;", "Không", "không có", "x"])
def test_an_empty_cell_has_no_bodies_and_no_warning(text):
    bodies = read_bodies(text, "both")
    assert (bodies.lead, bodies.support, bodies.warnings) == ((), (), ())


@pytest.mark.parametrize("text", ["Như trên", "NHƯ TRÊN", "-nt-", "nt", "- n.t -", "Như mục 1", "như số 2.1"])
def test_a_reference_to_another_row_is_not_a_body(text):
    bodies = read_bodies(text, "both")
    assert (bodies.lead, bodies.support) == ((), ())
    assert bodies.warnings == (f"“{text}” chỉ sang dòng khác, chưa rõ là cơ quan nào",)


def test_a_text_without_a_known_body_is_kept_whole_with_a_warning():
    bodies = read_bodies("Như mục trên, đã nêu", "support")
    assert bodies.support == ("Như mục trên, đã nêu",)
    assert bodies.warnings == ("không nhận ra tên cơ quan: Như mục trên, đã nêu",)


@pytest.mark.parametrize(
    "body",
    [
        *(
            "Các cơ quan chuyên môn",
            "các bộ phận có liên quan",
            "Các đơn vị, cơ quan chuyên môn",
            "Các ngành, đoàn thể",
        ),
        *("Các phòng ban chuyên môn thuộc UBND xã", "Bộ phận chuyên môn UBND xã", "Các cơ quan giải quyết TTHC"),
        *("Cán bộ, công chức", "Phòng, ban liên quan", "Thủ trưởng các phòng, ban", "UBND các xã"),
    ],
)
def test_a_body_without_a_name_is_generic(body):
    assert is_generic(body)
    assert is_generic(normalize("NFD", body).upper())


@pytest.mark.parametrize("body", [*KNOWN[:14], "UBND xã", "Các phòng Kinh tế, Nội vụ", ""])
def test_a_body_with_a_name_is_not_generic(body):
    assert not is_generic(body)


@pytest.mark.parametrize(
    ("body", "outside"),
    [
        *((name, True) for name in ("Sở Nội vụ", "UBND tỉnh", "Bộ Nội vụ", "Văn phòng UBND tỉnh", "Công an tỉnh")),
        *((name, True) for name in ("Các Sở, ban, ngành", "Trung tâm PVHCC tỉnh", "Uỷ ban nhân dân thành phố")),
        *((name, False) for name in ("UBND xã", POLICE, "Bộ phận một cửa", CULTURE, "UBND xã Tỉnh Đông", "")),
    ],
)
def test_a_body_of_the_province_or_the_state_is_outside_the_commune(body, outside):
    assert is_outside_commune(body) is outside


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TTPVHCC", CENTRE),
        ("TT PVHCC phường", "Trung tâm PVHCC"),
        ("Trung tâm Phục vụ HCC", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"),
        ("Trung tâm phục vụ Hành chính công xã", "TT. PVHCC đặc khu"),
        ("Phòng VH-XH xã", "Phòng Văn hoá – Xã hội"),
        ("Phòng Văn hóa và Xã hội", "Phòng VHXH"),
        ("VP HĐND&UBND", "Văn phòng HĐND-UBND xã"),
        ("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân", "Văn phòng HĐND và UBND phường"),
        ("Bộ phận Văn phòng - thống kê xã", "Văn phòng – thống kê"),
        ("Các phòng chuyên môn thuộc UBND xã", "các phòng chuyên môn"),
        ("Uỷ ban nhân dân phường", "UBND"),
        ("Công an xã Hòa Bình", "Công an xã Hoà Bình"),
    ],
)
def test_two_spellings_of_one_body_are_the_same_body(one, other):
    assert same_body(one, other)
    assert same_body(normalize("NFD", other), one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ECONOMY, CULTURE),
        ("Trung tâm PVHCC tỉnh", "Trung tâm PVHCC xã"),
        ("UBND xã Bình An", "UBND xã Bình Minh"),
        ("UBND xã", "UBND tỉnh"),
        (POLICE, "Công an tỉnh"),
    ],
)
def test_different_bodies_are_not_the_same_body(one, other):
    assert not same_body(one, other)


ROLES = st.sampled_from(["lead", "support", "both"])
FRAGMENTS = st.sampled_from(
    [
        *KNOWN,
        "chủ trì",
        "phối hợp với",
        "thực hiện",
        "các",
        "và",
        " ",
        ", ",
        "; ",
        ". ",
        "\n",
        "- ",
        "(",
        ")",
        ":",
        "/",
        "İ",
    ]
)


@given(st.one_of(st.text(), st.lists(FRAGMENTS).map(" ".join), st.lists(FRAGMENTS).map("".join)), ROLES)
def test_any_text_gives_normalised_names(text, role):
    bodies = read_bodies(text, role)
    for name in bodies.lead + bodies.support:
        assert name == normalize("NFC", name).strip() != ""
        assert is_generic(name) in (True, False)
        assert is_outside_commune(name) in (True, False)
        assert same_body(name, name)


@given(
    st.lists(st.sampled_from(KNOWN), min_size=1, unique=True),
    st.sampled_from(["; ", ", ", "\n- ", "\n", " và ", ";", " và\n"]),
    ROLES,
)
def test_known_bodies_are_separated_whatever_joins_them(names, joined_by, role):
    bodies = read_bodies(joined_by.join(names), role)
    assert (bodies.support if role == "support" else bodies.lead) == tuple(names)
    assert bodies.warnings == ()


@given(st.sampled_from(KNOWN), st.lists(st.sampled_from(KNOWN), min_size=1, unique=True))
def test_a_leader_and_its_helpers_get_their_roles(leader, helpers):
    bodies = read_bodies(f"{leader} chủ trì, phối hợp với {', '.join(helpers)} thực hiện.", "both")
    assert (bodies.lead, bodies.support) == ((leader,), tuple(helpers))


@pytest.mark.parametrize("between", ["; ", ";\n- "])
def test_bodies_behind_a_leader_support_with_those_that_a_later_word_makes_supporters(between: str) -> None:
    text = f"{ECONOMY} chủ trì{between}{POLICE}{between}{CULTURE} phối hợp."
    bodies = read_bodies(text, "both")
    assert (bodies.lead, bodies.support) == ((ECONOMY,), (POLICE, CULTURE))


def test_bodies_without_a_leader_before_them_keep_the_role_of_their_column() -> None:
    bodies = read_bodies(f"{ECONOMY}; {POLICE} phối hợp", "lead")
    assert (bodies.lead, bodies.support) == ((ECONOMY,), (POLICE,))


@pytest.mark.parametrize("name", ["BCH Quân sự", "BCH QS xã", "Ban Chỉ huy\nQuân sự xã"])
def test_the_military_command_is_known_by_its_short_names(name: str) -> None:
    bodies = read_bodies(name, "lead")
    assert (bodies.lead, bodies.warnings) == ((" ".join(name.split()),), ())
    assert same_body(name, "Ban Chỉ huy Quân sự xã")


@pytest.mark.parametrize(
    "names",
    [["Trạm Y tế", "Phòng Kinh tế, Hạ tầng và Đô thị"], ["Phòng Kinh tế, Hạ tầng và Đô thị", "Ban CHQS phường"]],
)
def test_offices_printed_without_anything_between_them_are_divided_with_a_warning(names: list[str]) -> None:
    bodies = read_bodies(" ".join(names), "support")
    assert list(bodies.support) == names
    assert any("in liền nhau" in warning for warning in bodies.warnings)


def test_a_field_that_a_line_break_cuts_is_one_office() -> None:
    assert read_bodies("Phòng Văn hóa - Xã\nhội; Công an xã", "lead").lead == ("Phòng Văn hóa - Xã hội", "Công an xã")


def test_bodies_behind_the_words_for_a_leader_are_those_of_the_work() -> None:
    bodies = read_bodies("Lãnh đạo UBND xã chỉ đạo: Phòng Kinh tế chủ trì; Phối hợp: Công an xã", "both")
    assert (bodies.lead, bodies.support) == (("Phòng Kinh tế",), ("Công an xã",))
    assert bodies.warnings == ("không ghi vào cơ quan: “Lãnh đạo UBND xã chỉ đạo”",)


@pytest.mark.parametrize(
    "name", ["Phòng Công chức, viên chức", "Các đơn vị được kiểm tra", "Hiệp hội Doanh nghiệp tỉnh", "Các làng"]
)
def test_a_name_with_a_word_of_an_action_or_a_kind_is_one_body(name: str) -> None:
    assert read_bodies(f"{name}; Công an xã", "lead").lead == (name, "Công an xã")


@pytest.mark.parametrize("office", ["Văn phòng", "Trung tâm"])
def test_an_office_by_its_first_word_is_one_beside_another(office: str) -> None:
    for text in (f"{office}, Phòng Kinh tế", f"{office} và P. Kinh tế", f"{office}, Công an xã"):
        assert len(read_bodies(text, "lead").lead) == 2
    assert len(read_bodies(f"{office}\nHĐND và UBND", "lead").lead) == 1
