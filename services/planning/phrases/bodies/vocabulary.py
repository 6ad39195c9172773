"""The words of texts that name bodies: how names begin, and what bodies do. A new word goes into its list here."""

import re

from services.planning.phrases.tokens import listed

# Nouns for any body of a kind; after another plural noun they continue the same name.
KINDS = listed(
    "cơ quan|đơn vị|bộ phận|phòng|ban|ngành|đoàn thể|tổ chức|cá nhân|địa phương|hội|cán bộ|công chức|viên chức|"
    "người lao động|người có uy tín|già làng|doanh nghiệp|hợp tác xã|người dân|nhân dân|trường học|thôn|bản|xóm|ấp|"
    "buôn|làng(?! nghề)(?! văn hoá)|khóm(?! điểm)|khu phố|khối phố|tổ dân phố|tdp|khu dân cư|lực lượng|"
    "người dân và doanh nghiệp|người dân, doanh nghiệp|tổ chức, cá nhân|tổ chức và cá nhân"
)
# Nouns that need a name after them.
UNFINISHED = listed(
    "phòng|ban|sở|bộ|bộ phận|trung tâm|văn phòng|tổ|đội|trường|trạm|hội|hội đồng|cơ quan|đơn vị|công chức|cán bộ|cục|"
    "chi cục|đoàn|ngành|tổ công tác|chi nhánh|cc|uỷ ban|uỷ ban nhân dân|ban chỉ đạo|thủ trưởng|lãnh đạo|trưởng|"
    "chủ tịch|viện|đài|ban chỉ huy"
)
_NAMED = listed(
    "phòng công chức, viên chức|phòng công chức viên chức|hiệp hội|"
    "phòng|p.|sở|văn phòng|vp|trung tâm|tt|tt.|ttpvhcc|pvhcc|tthcc|bp|trạm|trường|uỷ ban|ubnd|hội đồng|"
    "hội đồng phối hợp|hđnd|đảng uỷ|công an|ban chỉ huy quân sự|bchqs|bch|ban chqs|mặt trận|mttq|ubmttq|ubmttqvn|"
    "mttqvn|đoàn|hội|chi cục|cục|tổ|tổng cục|đội|bưu điện|vnpt|viettel|mobifone|điện lực|kho bạc|ngân hàng|tập đoàn|"
    "bảo hiểm xã hội|bhxh|toà án|viện kiểm sát|thanh tra|thuế cơ sở|thuế tỉnh|đài|viện|chủ tịch|phó chủ tịch|pct|"
    "thủ trưởng|lãnh đạo|trưởng|phó trưởng|tổ trưởng|giám đốc|hiệu trưởng|người đứng đầu|bí thư|đồng chí|đ/c|ông|bà|"
    "thường trực|công ty|chi nhánh|liên đoàn|công đoàn|chi bộ|đảng bộ|tỉnh uỷ|thành uỷ|chính phủ|bộ|nhà văn hoá|quỹ|"
    "hợp tác xã|bộ phận|bộ chỉ huy quân sự|cơ quan quân sự|uỷ ban kiểm tra|kiểm lâm|hạt kiểm lâm|ban|biên phòng|"
    "đồn biên phòng|cc|cảng vụ|hải quan"
)
_MANY = listed("các|những|toàn thể|tất cả|tất cả các|mỗi|từng|một số|toàn bộ")
HEADS_OF_MANY = listed("thủ trưởng|lãnh đạo|người đứng đầu|trưởng|giám đốc|cán bộ|đại diện|chủ tịch|ubnd")
_COUNTED = (
    *KINDS,
    *UNFINISHED,
    *listed(
        "cấp|xã|phường|đặc khu|đồng chí|đ/c|thành viên|uỷ viên|pct|phó chủ tịch|chi hội|chi bộ|chi đoàn|công ty|hộ|"
        "chủ đầu tư|nhà|điểm|bưu cục|trạm y tế|tổ chức chính trị|hội đoàn thể|khu|khối|nơi|tổ|bên"
    ),
)
_DASH = r" ?(?:-|và|&|,) ?"
# Patterns for offices that are named by their field alone: "Tư pháp - hộ tịch".
_OFFICES = (
    *(r"văn phòng ?- ?thống kê", r"vp ?- ?tk", rf"tư pháp(?:{_DASH}hộ tịch)?", r"tp ?- ?ht", r"vh ?-? ?xh"),
    *(rf"văn hoá{_DASH}xã hội", rf"tài chính{_DASH}(?:kế toán|kế hoạch)", r"tc ?- ?(?:kt|kh)", "kinh tế", "nội vụ"),
    r"địa chính(?: ?- ?(?:xây dựng|nông nghiệp|đô thị|giao thông)){1,4}(?: (?:và|-) môi trường)?",
    *(rf"lao động{_DASH}thương binh(?:{_DASH}xã hội)?", r"lđ ?-? ?tb ?[-&]? ?xh", "quân sự", "thống kê", "kế toán"),
    *("một cửa", r"tiếp nhận(?: hồ sơ)? và trả kết quả", "hộ tịch", "văn thư", "thủ quỹ", "địa chính", "y tế"),
)
_LEADS = listed(
    "chủ trì|đồng chủ trì|chịu trách nhiệm chính|làm đầu mối|là đầu mối|là đơn vị đầu mối|là cơ quan đầu mối|"
    "là đơn vị chủ trì|là cơ quan chủ trì"
)
_ACTIONS = listed(
    "thực hiện|tổng hợp|đăng tải|đề xuất|tham mưu|triển khai|theo dõi|thường xuyên|chủ động|cập nhật|kiến nghị|"
    "có kiến nghị|có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|báo cáo|gửi|hướng dẫn|đôn đốc|kiểm tra|giám sát|rà soát|"
    "ban hành|đảm bảo|bảo đảm|niêm yết|công khai|được giao|được phân công|được uỷ quyền|căn cứ|tham gia|tiến hành|"
    "thông báo|xây dựng kế hoạch|vận hành|trực tiếp|định kỳ|kịp thời|tiếp tục|tăng cường|đẩy mạnh|tổ chức thực hiện|"
    "tổ chức triển khai|tổ chức kiểm tra|thẩm định|phê duyệt|hoàn thành|nhằm|theo chức năng|theo nhiệm vụ|"
    "theo lĩnh vực|theo phân công|theo thẩm quyền|theo quy định|theo kế hoạch|cùng thực hiện|để thực hiện|để|nếu có|"
    "khi có|trong việc"
)
# Actions that some bodies are named after as well: "Tổ tuyên truyền", "Ban vận động".
_ACTIONS_IN_NAMES = listed("tuyên truyền|vận động|tập huấn|huy động|ra quân|phát động|lồng ghép|quán triệt")
_ORGANISED = (
    *_ACTIONS_IN_NAMES,
    *listed(
        "hội nghị|hội thi|hội thảo|toạ đàm|đối thoại|diễn đàn|rà soát|khảo sát|lấy ý kiến|đánh giá|phổ biến|hướng dẫn|"
        "ký|bồi dưỡng|đào tạo|giám sát|sơ kết|tổng kết|truyền thông|sinh hoạt|chiến dịch|lễ|niêm yết|công bố|công khai|"
        "học tập|hỗ trợ|tiếp nhận|lớp|buổi|cuộc|đợt|xây dựng|ngày hội|phong trào|các hoạt động|các lớp|các buổi|"
        "các cuộc|các đợt|các hội nghị|các phong trào|phát|tiếp|đăng tải|học"
    ),
)
SUPPORT = r"(?:cùng |(?<!cộng )đồng )?phối hợp(?!\w)(?: chặt chẽ)?"
TOGETHER = r"(?: (?:cùng với|cùng|với)(?!\w))?"


def words(*phrases: str) -> str:
    """A pattern for any of the phrases, the longest first, in the spelling of `shared.vietnamese.folded`."""
    return rf"(?:{'|'.join(sorted(phrases, key=len, reverse=True))})(?!\w)"


PLURAL = rf"(?:{words(*HEADS_OF_MANY)} )?{words(*_MANY)} {words(*_COUNTED)}"
MANY = re.compile(rf"(?:{words(*HEADS_OF_MANY)} )?{words(*_MANY)}")
KIND = words(*KINDS)
OFFICE = words(*_OFFICES)
LEAD = words(*_LEADS)
ACTION_IN_A_NAME = rf"(?:{words(*_ACTIONS_IN_NAMES)}|tổ chức(?= {words(*_ORGANISED)}))"
ACTION = rf"(?:{words(*_ACTIONS)}|{ACTION_IN_A_NAME})"
# After these words an action is a part of a name.
BEFORE_AN_ACTION_IN_A_NAME = words(
    *listed(
        "phòng|ban|bộ phận|trung tâm|văn phòng|tổ|đội|nhóm|hội|hội đồng|uỷ ban|cán bộ|công chức|viên chức|trạm|quỹ|"
        "cuộc|công tác|chỉ đạo|chiến dịch|chương trình|hoạt động|làm|về|cho|phụ trách|chuyên|chuyên trách|của|thuộc|"
        "ngành|lực lượng"
    )
)
TEAM = words("tổ", "đội", "nhóm", "tiểu ban")
# Without the words that only look like the head of a name.
NAMED = (
    r"(?!ban hành|ban đầu|phòng,? ?(?:chống|ngừa)|tổ chức|tổ dân phố|đoàn thể|đoàn kết|trường (?:học|hợp)|đội ngũ|"
    r"bộ (?:thủ tục|chỉ số|tiêu chí|máy)|hội (?:nghị|nhập)|sở hữu|trưởng thành|bà con|cục bộ)"
    rf"(?:{words(*_NAMED)}|(?:p|tt|vp|bp)\.(?=\w))"
)
# Phrases with a word that would be a role or an action elsewhere.
PROTECTED = words(
    *listed(
        "được kiểm tra|đoàn kiểm tra|"
        "dịch vụ tổng hợp|dịch vụ công|tham mưu, giúp việc|tham mưu giúp việc|hành chính - tổng hợp|tổ chức cán bộ|"
        "tổ chức bộ máy|kiểm tra đảng|thông tin tuyên truyền|thông tin, tuyên truyền|thông tin và tuyên truyền|"
        "thông tin - tuyên truyền|tuyên truyền viên|báo cáo viên|kt, ht và đt|kt, ht & đt|kt, ht, đt|kt, nn và mt"
    )
)
# Where one body ends and the next begins though nothing is printed between them: a line break that was lost.
RUN_TOGETHER = re.compile(
    r"(?:(?<= xã)|(?<= bàn)|(?<= phường)|(?<= đồng)|(?<= khu)|(?<= thôn)|(?<= [Yy] tế)|(?<= thị)"
    r"|(?<= hội)|(?<= công)) "
    r"(?=(?:Công an|Văn phòng|Ban CHQS|Ủy ban|Uỷ ban|Trung tâm|Trạm Y tế|Trưởng các|Các(?= [^\W\d_])|Bộ phận"
    r"|Hội (?:Nông|Liên|Cựu|Chữ|Người)|Đoàn (?:Thanh|TNCS|thể)|Ban (?:Chỉ|Quản|Văn|Dân|Công)"
    r"|Phòng (?:Kinh|Văn|Tư|Nội|Tài)|Tổ (?:công|chuyển|Công|Chuyển))\b)"
)
