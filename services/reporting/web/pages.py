"""What Reporting brings to the portal: its routes and its entries of the navigation."""

from pathlib import Path

from starlette.routing import Route

from services.reporting.web import audit, commune, compare, documents, editions, figure, narrative, province, report
from shared.contracts.reporting import COMMUNE_READERS, PROVINCE_READERS
from shared.web.site import Link, Part

PART = Part(
    "reporting",
    Path(__file__).parent,
    [
        Route("/bao-cao.json", commune.choose),
        Route("/bao-cao", commune.choose),
        Route("/bao-cao/tinh/{province}.json", province.as_json),
        Route("/bao-cao/tinh/{province}.xlsx", province.as_spreadsheet),
        Route("/bao-cao/tinh/{province}", province.shown),
        Route("/bao-cao/tinh/{province}", province.acted, methods=["POST"]),
        Route("/bao-cao/tinh/{province}/{period}.json", report.as_json),
        Route("/bao-cao/tinh/{province}/{period}", report.shown),
        Route("/bao-cao/tinh/{province}/{period}/{drawing}.svg", report.drawing),
        Route("/bao-cao/tinh/{province}/{period}/dien-bien.json", report.trend_as_json),
        Route("/bao-cao/tinh/{province}/{period}/dien-bien", report.trend),
        Route("/bao-cao/tinh/{province}/{period}/noi-dung.json", narrative.as_json),
        Route("/bao-cao/tinh/{province}/{period}/noi-dung", narrative.shown),
        Route("/bao-cao/tinh/{province}/{period}/noi-dung", narrative.acted, methods=["POST"]),
        Route("/bao-cao/tinh/{province}/{period}/du-thao.{format}", documents.of_draft),
        Route("/bao-cao/{commune}.json", commune.list_as_json),
        Route("/bao-cao/{commune}", commune.listed),
        Route("/bao-cao/{commune}/{period}.json", commune.as_json),
        Route("/bao-cao/{commune}/{period}", commune.shown),
        Route("/bao-cao/{commune}/{period}", commune.acted, methods=["POST"]),
        Route("/an-ban.json", editions.choose),
        Route("/an-ban", editions.choose),
        Route("/an-ban/{province}.json", editions.list_as_json),
        Route("/an-ban/{province}", editions.listed),
        Route("/an-ban/{province}/{period}/cong-bo.json", editions.to_publish_as_json),
        Route("/an-ban/{province}/{period}/cong-bo", editions.to_publish),
        Route("/an-ban/{province}/{period}/cong-bo", editions.published, methods=["POST"]),
        Route("/an-ban/{province}/{period}/{edition:int}/tep.{format}", documents.of_edition),
        Route("/an-ban/{province}/{period}/{edition:int}/{drawing}.svg", editions.drawing),
        Route("/an-ban/{province}/{period}/{edition:int}.json", editions.as_json),
        Route("/an-ban/{province}/{period}/{edition:int}", editions.shown),
        Route("/so-sanh/tinh/{province}.json", compare.as_json),
        Route("/so-sanh/tinh/{province}", compare.shown),
        Route("/so-sanh/{commune}.json", compare.as_json),
        Route("/so-sanh/{commune}", compare.shown),
        Route("/kiem-toan.json", audit.choose),
        Route("/kiem-toan", audit.choose),
        Route("/kiem-toan/bao-cao/tinh/{province}/{period}.json", audit.timeline_as_json),
        Route("/kiem-toan/bao-cao/tinh/{province}/{period}", audit.timeline),
        Route("/kiem-toan/bao-cao/{commune}/{period}.json", audit.timeline_as_json),
        Route("/kiem-toan/bao-cao/{commune}/{period}", audit.timeline),
        Route("/kiem-toan/{province}.json", audit.opened_as_json),
        Route("/kiem-toan/{province}", audit.opened),
        Route("/kiem-toan/{province}/bao-cao", audit.led),
        Route("/kiem-toan/{province}/{period}/{edition:int}.json", audit.edition_as_json),
        Route("/kiem-toan/{province}/{period}/{edition:int}", audit.edition),
        Route("/so-lieu/tinh/{province}/chi-so/{indicator}/{period}.json", figure.as_json),
        Route("/so-lieu/tinh/{province}/chi-so/{indicator}/{period}", figure.shown),
        Route("/so-lieu/{commune}/chi-so/{indicator}/{period}.json", figure.as_json),
        Route("/so-lieu/{commune}/chi-so/{indicator}/{period}", figure.shown),
    ],
    [
        Link("Báo cáo", "/bao-cao", COMMUNE_READERS),
        Link("Đã công bố", "/an-ban", PROVINCE_READERS),
        Link("Kiểm toán", "/kiem-toan", PROVINCE_READERS),
    ],
)
