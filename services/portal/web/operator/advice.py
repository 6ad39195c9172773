"""Texts of the operator's pages: services, what is wrong with one and what to do, refusals, places of submissions."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shared import refusal_rules
from shared.contracts.operation import ServiceHealth
from shared.tracing import Where
from shared.vietnamese import number

SERVICES = {
    "planning": "Kế hoạch và nhiệm vụ",
    "indicators": "Số liệu",
    "reporting": "Báo cáo",
    "notifications": "Thư nhắc",
    "portal": "Cổng",
}
STREAMS = {"intake": "từ máy của đơn vị", "desk": "từ các trang của cổng"}
KINDS = {
    "readings": "số liệu",
    "corrections": "đính chính",
    "withdrawals": "rút số liệu",
    "progress": "bước của nhiệm vụ",
    "report": "báo cáo",
    "return": "trả lại báo cáo",
    "approve": "duyệt báo cáo",
    "remind": "nhắc đơn vị",
    "narrative": "phần tự viết của báo cáo",
    "publish": "công bố",
    "restate": "công bố lại",
    "issue-plan": "ban hành kế hoạch",
    "amend-plan": "sửa kế hoạch",
    "close-plan": "kết thúc kế hoạch",
}
UNREADY = {
    "nats": ("Không nối được với máy chủ chuyển tin (NATS).", "Xem NATS có chạy không và ổ đĩa còn chỗ không."),
    "postgresql": ("Không nối được với cơ sở dữ liệu.", "Xem PostgreSQL có chạy không và ổ đĩa còn chỗ không."),
    "relay": ("Sự kiện đã ghi chưa phát đi được.", "Xem nhật ký của dịch vụ: nó ghi lý do."),
    "event store not compared with its stream": (
        "Sổ sự kiện chưa so được với dòng tin.", "Đợi vài phút; nếu vẫn còn, xem nhật ký của dịch vụ.",
    ),
    "the clock differs from the database's": (
        "Đồng hồ của máy lệch với cơ sở dữ liệu quá hai phút; trong khi lệch không ghi gì.", "Chỉnh giờ của máy.",
    ),
    "the event store is behind its stream, run minhbach recover": (
        "Cơ sở dữ liệu cũ hơn dòng tin, như sau khi khôi phục một bản sao lưu; trong khi đó không nhận bài gửi nào.",
        "Chạy lệnh minhbach recover.",
    ),
}  # fmt: skip
FOLLOWING = "following "
LONG = 60.0  # seconds
RULES = {
    refusal_rules.NOT_GRANTED: "tài khoản không có quyền",
    refusal_rules.UNKNOWN_COMMUNE: "đơn vị chưa đăng ký",
    refusal_rules.COMMUNE_ENDED: "đơn vị đã sáp nhập",
    refusal_rules.OTHER_COMMUNE: "của đơn vị khác",
    refusal_rules.UNKNOWN_MEASURE: "số đo không có trong danh mục",
    refusal_rules.UNKNOWN_FIELD: "lĩnh vực không có trong danh mục",
    refusal_rules.UNKNOWN_READING: "sửa một số liệu chưa gửi",
    refusal_rules.NUMERATOR_OVER_DENOMINATOR: "phần lớn hơn toàn bộ",
    refusal_rules.NEGATIVE: "số âm",
    refusal_rules.FUTURE: "ngày chưa tới",
    refusal_rules.READING_ID_USED: "mã số liệu đã dùng cho nội dung khác",
    refusal_rules.READING_WITHDRAWN: "số liệu đã rút",
    refusal_rules.MALFORMED: "mục viết sai dạng",
    refusal_rules.UNKNOWN_TASK: "nhiệm vụ không có",
    refusal_rules.FOUR_EYES: "người làm không được tự duyệt",
    refusal_rules.COMPLETED: "nhiệm vụ đã xong",
    refusal_rules.NOT_COMPLETED: "nhiệm vụ chưa báo xong",
    refusal_rules.EVIDENCE_MISSING: "thiếu minh chứng",
    refusal_rules.BY_MISSING: "thiếu tên người làm",
    refusal_rules.REASON_MISSING: "thiếu lý do",
    refusal_rules.CHECK_BROKEN: "biểu mẫu cộng chưa khớp",
    refusal_rules.NOTHING_KNOWN: "chưa có số liệu nào của kỳ",
    refusal_rules.ALREADY_SUBMITTED: "báo cáo đã nộp",
    refusal_rules.NOT_SUBMITTED: "báo cáo chưa nộp",
}
PARKED = (
    "Không dịch vụ nào đọc được bài này, và không mục nào của nó được tính. Báo cho đơn vị sửa chương trình gửi rồi "
    "gửi lại với mã bài gửi mới."
)
REFUSED = "Báo cho người gửi: biên nhận của họ nêu từng mục và lý do. Sửa xong thì gửi lại với mã bài gửi mới."
NOT_GRANTED = "Xem quyền của tài khoản; giao quyền nếu người này phải làm việc đó."
WHERE: Mapping[Where, tuple[str, str]] = {
    "parked": ("bad", "Không đọc được: dịch vụ {service} giữ nguyên bài gửi, không mục nào được tính."),
    "adds-nothing": ("warn", "Dịch vụ {service} đã quyết định: không có gì mới được ghi."),
    "not-followed": ("warn", "Dịch vụ {service} đã ghi; {awaited} chưa nhận được."),
    "counts": ("good", "Dịch vụ {service} đã ghi, và nơi nào cần cũng đã nhận được."),
    "waits": ("warn", "Đã tới máy chủ, đang chờ dịch vụ {service} nhận."),
    "lost": (
        "bad",
        "Dịch vụ {service} đã nhận nhưng không có biên nhận: có thể cơ sở dữ liệu được khôi phục từ bản sao lưu.",
    ),
    "kept": ("warn", "Còn ở máy gửi."),
    "unknown": ("", "Không nơi nào ở máy chủ biết bài gửi này."),
}


class Advice(NamedTuple):
    """What is not well, what to do, and how urgent it is (`bad` or `warn`)."""

    fault: str
    todo: str
    urgency: str = "bad"


def advice_on(service: str, health: ServiceHealth) -> Iterator[Advice]:
    for part in health.unready:
        if part.startswith(FOLLOWING):
            source = named(part.removeprefix(FOLLOWING))
            yield Advice(f"Không nhận được sự kiện của {source}.", "Xem nhật ký của dịch vụ: nó ghi lý do.")
        else:
            yield Advice(*UNREADY.get(part, (f"Phần này không chạy: {part}.", "Xem nhật ký của dịch vụ.")))
    for intake in health.intakes:
        if intake.waiting and intake.seconds > LONG:
            waiting = f"{number(intake.waiting)} bài gửi {STREAMS.get(intake.stream, intake.stream)}"
            yield Advice(
                f"{waiting} chờ đã {lasting(intake.seconds)}.",
                "Nếu số này không giảm, xem nhật ký của dịch vụ; không bài nào mất trong khi chờ.", "warn",
            )  # fmt: skip
    if health.announcing_seconds > LONG:
        yield Advice(
            f"Sự kiện đã ghi chờ phát đi đã {lasting(health.announcing_seconds)}.", UNREADY["relay"][1], "warn"
        )
    for followed in health.followed:
        if followed.set_aside:
            yield Advice(
                f"{number(followed.set_aside)} tin lạ trên dòng tin của {named(followed.source)} được để riêng, "
                "không được tính.",
                f"Xem bảng {service}.set_aside: ai đã ghi vào dòng tin đó.", "warn",
            )  # fmt: skip


def named(service: str) -> str:
    """Within a sentence."""
    title = SERVICES.get(service, service)
    return title[:1].lower() + title[1:]


def rule_text(rule: str) -> str:
    return RULES.get(rule, rule)


def lasting(seconds: float) -> str:
    """`35 giây`, `12 phút`, `3 giờ`, `2 ngày`, rounded down."""
    for size, unit in ((86400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= size:
            return f"{number(int(seconds // size))} {unit}"
    return f"{number(int(seconds))} giây"
