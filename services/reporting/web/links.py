"""Where the page of a figure is: one function, so that every page links it alike."""

from datetime import date
from urllib.parse import quote, urlencode

from services.reporting.web.periods import REGIME, Versions, versions_query
from shared.regimes import DEFAULT_REGIME
from shared.web.site import KNOWN_AT


def figure_link(
    indicator: str,
    period: str,
    *,
    province: str,
    commune: str | None = None,
    known_at: date | None = None,
    edition: int | None = None,
    regime: str = DEFAULT_REGIME,
    versions: Versions | None = None,
) -> str:
    """As known at the end of a day or as an edition has it; as known now without both."""
    place = quote(commune) if commune else f"tinh/{quote(province)}"
    fields = {"an-ban": edition, KNOWN_AT: known_at and known_at.isoformat()}
    fields[REGIME] = None if regime == DEFAULT_REGIME else regime
    query = urlencode({name: value for name, value in {**fields, **versions_query(versions)}.items() if value})
    return f"/so-lieu/{place}/chi-so/{quote(indicator)}/{quote(period)}" + (f"?{query}" if query else "")
