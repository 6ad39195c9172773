"""A report to print with the mark of its edition; hash, charts and pictures are computed once for all formats."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import segno

from services.reporting.domain.content.report_content import ReportContent
from services.reporting.rendering import charts, typesetting
from services.reporting.rendering.canonical_json import canonical_json, sha256_of
from services.reporting.rendering.charts import Drawing
from services.reporting.rendering.text.sources import EditionMark

QUIET_ZONE = 4  # modules around a QR code
SEAL_CODE_TITLE = "Mã QR: mã băm của lần công bố và các niêm phong kèm chữ ký"


@dataclass(frozen=True)
class PrintedReport:
    """`edition` is None for a draft."""

    report: ReportContent
    edition: EditionMark | None = None

    @cached_property
    def canonical(self) -> bytes:
        return canonical_json(self.report)

    @cached_property
    def sha256(self) -> str:
        """The hash of the published content; for a draft the hash of its own content."""
        return self.edition.sha256 if self.edition else sha256_of(self.canonical)

    @cached_property
    def body_charts(self) -> tuple[Drawing, ...]:
        return charts.of_indicators(self.report)

    @cached_property
    def commune_charts(self) -> tuple[Drawing, ...]:
        """Ranking and map of a province's communes; empty for a commune's report."""
        return charts.of_communes(self.report)

    @cached_property
    def pictures(self) -> dict[str, bytes]:
        """Each chart as PNG by its name, for programs that cannot show SVG."""
        codes = (self.seal_code,) if self.seal_code else ()
        return typesetting.pictures((*self.body_charts, *self.commune_charts, *codes))

    @property
    def seal_text(self) -> str:
        """The edition's hash and its checkpoints with their signatures, as `verify.py` reads them; "" without any."""
        if self.edition is None or not self.edition.seals:
            return ""
        head = f"minhbach-edition {self.report.province} {self.report.period} {self.edition.number} {self.sha256}"
        return "\n---\n".join([head, *(seal.note for seal in self.edition.seals)])

    @cached_property
    def seal_code(self) -> Drawing | None:
        """The same as a QR code."""
        if not self.seal_text:
            return None
        code = segno.make(self.seal_text, error="l", micro=False)
        svg = BytesIO()
        code.save(svg, kind="svg", xmldecl=False, border=QUIET_ZONE)
        size = int(code.symbol_size(border=QUIET_ZONE)[0])
        return Drawing("ma-niem-phong", SEAL_CODE_TITLE, size, size, svg.getvalue().decode())
