"""The tables of Indicators: communes and plans as Planning announces them, definitions, and each reading's versions."""

from services.indicators.read_models import communes, definitions, readings
from shared.messaging import places

TABLES = communes.TABLES + communes.TAKE_AGAIN + places.TABLES + definitions.TABLES + readings.TABLES
