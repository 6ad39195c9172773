"""minhbach readings: a commune sends its readings, asks for them, corrects and withdraws them."""

from services.indicators.cli.readings.changes import correct, withdraw
from services.indicators.cli.readings.listing import list_readings, show
from services.indicators.cli.readings.names import columns, names
from services.indicators.cli.readings.push import push
from services.indicators.cli.readings.template import template
from shared.cli import group

readings_app = group("Số liệu của đơn vị: gửi, xem lại, đính chính, rút.")
COMMANDS = (
    (template, "template", "Tạo tệp mẫu để ghi số liệu"),
    (push, "push", "Gửi một tệp số liệu và chờ biên nhận của tỉnh"),
    (list_readings, "list", "Số liệu mà tỉnh đã nhận của đơn vị"),
    (show, "show", "Một số liệu với mọi lần thay đổi"),
    (correct, "correct", "Đính chính số liệu đã gửi"),
    (withdraw, "withdraw", "Rút số liệu đã gửi"),
    (names, "names", "Tên lĩnh vực, tên số đo được dùng trong tệp"),
    (columns, "columns", "Tên cột, tên lĩnh vực riêng của đơn vị"),
)
for command, name, summary in COMMANDS:
    readings_app.command(name, short_help=summary)(command)

__all__ = ["readings_app"]
