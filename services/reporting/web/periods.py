"""The period and the regime that a page is about, which its address names: `?ky=2025-Q3&che-do=reform`."""

import re
from datetime import date
from typing import Literal, TypedDict
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.contracts import ID
from shared.periods import Period
from shared.regimes import DEFAULT_REGIME
from shared.web.days import day_named, known_at
from shared.web.site import KNOWN_AT
from shared.web.visitor import visitor_of

REGIME = "che-do"
DEFINITIONS, NOW, MAP_DAY = "dinh-nghia", "nay", "ban-do"
OFFERED = 8  # quarters back from the last one that is over


def period_in(name: str) -> Period:
    """A page that says so for what is no period."""
    try:
        return Period.parse(name)
    except ValueError:
        raise HTTPException(404, "Kỳ báo cáo ghi như 2025-Q3, 2025-M07, 2025-H1, 2025-9M hoặc 2025.") from None


def regime_of(request: Request) -> str:
    """The one in the address, or the one that holds by default."""
    regime = request.query_params.get(REGIME) or DEFAULT_REGIME
    if not re.fullmatch(ID, regime):
        raise HTTPException(404, "Không có chế độ báo cáo nào như vậy.")
    return regime


class AskedReport(TypedDict):
    """The fields that every question about a report has."""

    period: str
    regime: str
    actor: str


def asked_report(request: Request) -> AskedReport:
    """The report of the address, as its visitor asks about it."""
    period = period_in(request.path_params["period"])
    return {"period": period.name, "regime": regime_of(request), "actor": visitor_of(request).account}


class Versions(TypedDict):
    """With which formulas a draft is computed, and on which day's map it is shown."""

    definitions: Literal["then", "now"]
    map_day: date | None


def versions_of(request: Request) -> Versions:
    """Of the address: `?dinh-nghia=nay&ban-do=2025-06-01`; without, the formulas and the map of the period's end."""
    now = request.query_params.get(DEFINITIONS) == NOW
    return {"definitions": "now" if now else "then", "map_day": day_named(request, MAP_DAY)}


def versions_query(versions: Versions | None) -> dict[str, str]:
    """The same as parts of an address."""
    if versions is None:
        return {}
    day = versions["map_day"]
    return {DEFINITIONS: NOW if versions["definitions"] == "now" else "", MAP_DAY: day.isoformat() if day else ""}


def is_other(versions: Versions) -> bool:
    """Whether these are others than the formulas and the map of the period's end."""
    return versions["map_day"] is not None or versions["definitions"] == "now"


def period_of(request: Request, today: date) -> Period:
    """The one in the address, or the last quarter that is over."""
    name = request.query_params.get("ky", "")
    return period_in(name) if name else Period.containing(today, "quarter").before()


def offered(today: date, chosen: Period) -> list[Period]:
    """The quarter that runs and those before it, and the chosen period where it is none of them."""
    found = [Period.containing(today, "quarter")]
    for _ in range(OFFERED):
        found.append(found[-1].before())
    return found if chosen in found else [chosen, *found]


def query_of(request: Request) -> str:
    """The part of an address that keeps the regime, but the one that holds by default, and the day of knowledge."""
    regime, day = regime_of(request), known_at(request)
    kept = {REGIME: regime} if regime != DEFAULT_REGIME else {}
    kept |= {KNOWN_AT: day.isoformat()} if day else {}
    return f"?{urlencode(kept)}" if kept else ""
