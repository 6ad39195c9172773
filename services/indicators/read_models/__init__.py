"""The tables of Indicators: communes and plans as Planning announces them, definitions, and each reading's versions.

Besides the names that communes' offices give to the columns of their files.
"""

from services.indicators.read_models import communes, definitions, own_names, readings
from shared.messaging.following import places

TABLES = communes.TABLES + communes.TAKE_AGAIN + places.TABLES + definitions.TABLES + readings.TABLES + own_names.TABLES
