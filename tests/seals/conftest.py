"""A history of Indicators to be sealed, in a database of its own for each test that alters it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from uuid import uuid4

import psycopg
import pytest

from deploy.embedded.stack import Stack
from deploy.provision import TIMES_OF_SERVICES
from services.indicators.application import Indicators
from services.indicators.domain.definition import Definition
from services.reporting.application import Reporting
from services.reporting.domain.lifecycle.province_report import Report
from services.reporting.read_models.editions import keep, keep_edition
from services.reporting.rendering.canonical_json import canonical_json
from shared.process import open_pool
from shared.record.checkpoints import checkpoints_of
from shared.record.sealing import seal
from shared.seals.key_file import SealKey
from shared.seals.notes import Signer
from shared.settings import Settings
from tests.reporting.example import example_report

NOON = datetime(2025, 9, 10, 5, tzinfo=UTC)
KEY = SealKey(Signer("minhbach/51", bytes(range(32))))


@dataclass
class History:
    """The database of a history, and its superuser's connection to it."""

    settings: Settings
    connection: psycopg.Connection
    key: SealKey = KEY

    def add(self, how_many, at=NOON):
        """Record events; after every third a position stays unused."""
        with open_pool(self.settings, "indicators") as pool:
            store = Indicators(self.settings, pool)
            for number in range(how_many):
                store.commit(
                    Definition.define("field", f"n{uuid4().hex}", {"name": "Đất"}, date(2025, 1, 1), at), at=at
                )
                if number % 3 == 0:
                    self.run("SELECT nextval('indicators.indicators_events_notification_id_seq')")
            store.close()

    def publish(self, period, positions):
        """Publish an edition that rests on these positions; its id and content."""
        content = canonical_json(replace(example_report(communes=2, indicators=2), positions=positions))
        with open_pool(self.settings, "reporting") as pool:
            store = Reporting(self.settings, pool)
            report = Report.open("51", period, "tthc-control", "Kiểm soát TTHC", NOON)
            fields = {"province_name": "Tỉnh Quảng Ngãi", "known_at": NOON.date(), "positions": positions, "pins": {}}
            fields |= {"headline": [], "definitions": "then", "map_day": None}
            report.publish(sha256(content).hexdigest(), NOON, incomplete=True, unapproved=[], by="Lê Chi", **fields)
            store.commit(report, at=NOON, statements=[keep(content), keep_edition(str(report.id), 1, content)])
            store.close()
        return str(report.id), content

    def seal(self, service="indicators"):
        """All that is new, with the last checkpoint; None without news."""
        sealed = None
        while found := seal(self.connection, service, self.key):
            sealed = found
        return sealed

    def checkpoints(self, service="indicators"):
        return checkpoints_of(self.connection, service)

    def positions(self):
        query = "SELECT notification_id FROM indicators.indicators_events ORDER BY notification_id"
        return [position for (position,) in self.connection.execute(query)]

    def run(self, statement, *parameters):
        return self.connection.execute(statement, parameters or None)

    def alter(self, *statements):
        """Change what may never be changed, as the owner of the database can."""
        tables = ("indicators.indicators_events", "indicators.checkpoints", "indicators.seal_keys")
        tables += ("reporting.reporting_events",)
        for table in tables:
            self.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            self.run(*statement) if isinstance(statement, tuple) else self.run(statement)
        for table in tables:
            self.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            self.run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change")


@pytest.fixture(scope="session")
def sealed_stack(tmp_path_factory, start_servers):
    """Provisioned servers. Nobody stays connected to their database: it is a template."""
    folder = tmp_path_factory.mktemp("seals")
    with Stack(folder, env=TIMES_OF_SERVICES, services=(), start_servers=start_servers) as running:
        yield running


@pytest.fixture(scope="session")
def copies():
    return count(1)


@pytest.fixture(scope="session")
def histories(sealed_stack, copies):
    """Makes the history of a copy of a database: `histories(template, name)`."""

    def make(template, name=None):
        name = name or f"copy{next(copies)}"
        with psycopg.connect(sealed_stack.servers.database_url, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        url = sealed_stack.servers.database_url.removesuffix("/minhbach") + f"/{name}"
        return History(replace(sealed_stack.settings(), database_url=url), psycopg.connect(url, autocommit=True))

    return make


@pytest.fixture
def history_in(histories):
    """The same for one test, by default of the provisioned database: `history_in(template)`."""
    opened = []

    def make(template="minhbach"):
        opened.append(histories(template))
        return opened[-1]

    yield make
    for history in opened:
        history.connection.close()


@pytest.fixture
def history(history_in):
    return history_in()


@pytest.fixture(scope="session")
def published_database(histories):
    """Twelve events in three checkpoints, and an edition that rests on the first nine: the name of their database."""
    name = "published"
    history = histories("minhbach", name)
    for how_many in (4, 5, 3):
        history.add(how_many)
        history.seal()
    history.publish("2025-Q3", {"indicators": history.positions()[8]})
    history.seal("reporting")
    history.connection.close()
    return name


@pytest.fixture
def published(history_in, published_database):
    """Their history, for one test."""
    return history_in(published_database)


@pytest.fixture(scope="module")
def unaltered(histories, published_database):
    """Their history, for tests that alter nothing in it."""
    history = histories(published_database)
    yield history
    history.connection.close()
