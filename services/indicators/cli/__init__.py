"""The commands of Indicators: define what is measured, and send what was."""

from services.indicators.cli.definitions import indicator_app
from services.indicators.cli.readings import readings_app

__all__ = ["indicator_app", "readings_app"]
