"""The commands of Reporting: minhbach report and minhbach audit."""

from collections.abc import Callable

from services.reporting.cli.audit import replay
from services.reporting.cli.build import build
from services.reporting.cli.changes import changes
from services.reporting.cli.diff import diff
from services.reporting.cli.explain import explain
from services.reporting.cli.lists import due, list_reports
from services.reporting.cli.narrative import narrative
from services.reporting.cli.proof import export, verify, witness
from services.reporting.cli.publish import publish, restate
from services.reporting.cli.review import approve, remind, return_
from services.reporting.cli.seals import checkpoints, key_app, seal, timestamp
from services.reporting.cli.show import show
from services.reporting.cli.submit import submit
from services.reporting.cli.timeline import timeline
from shared.cli import group

REPORT: dict[str, Callable[..., None]] = {
    "build": build,
    "submit": submit,
    "return": return_,
    "approve": approve,
    "narrative": narrative,
    "remind": remind,
    "publish": publish,
    "restate": restate,
    "show": show,
    "changes": changes,
    "list": list_reports,
    "due": due,
}

report_app = group("Báo cáo định kỳ của xã hoặc của tỉnh.")
for name, command in REPORT.items():
    report_app.command(name)(command)

audit_app = group("Khi nào đã biết điều gì, và nay có còn đúng với kho sự kiện hay không.")
audit_app.command("replay")(replay)
audit_app.command("explain")(explain)
audit_app.command("diff")(diff)
audit_app.command("timeline")(timeline)
audit_app.command("seal")(seal)
audit_app.command("checkpoints")(checkpoints)
audit_app.command("timestamp")(timestamp)
audit_app.command("export")(export)
audit_app.command("verify")(verify)
audit_app.command("witness")(witness)
audit_app.add_typer(key_app, name="key")
