"""The descriptions of all contracts: valid in their own language, complete, and written by a command."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from deploy.cli import app
from services.portal.api.application import described
from services.portal.api.asyncapi import asyncapi
from services.portal.api.documents import openapi
from services.portal.api.routes import QUESTIONS, SUBMISSIONS
from shared.contracts import Command, Question, Receipt, Submission
from shared.contracts.indicators import RecordReadings
from shared.contracts.listing import OWNERS, events, questions, submissions
from shared.messaging.streams import DESK_OWNERS
from shared.messaging.streams import OWNERS as TAKEN_BY

# Of @asyncapi/specs 6.11.1 (Apache-2.0), without its spaces.
ASYNCAPI_SCHEMA = json.loads((Path(__file__).parent / "schemas/asyncapi-3.0.0.json").read_text())


@pytest.fixture(scope="module")
def nats_side():
    return asyncapi()


@pytest.fixture(scope="module")
def http_side():
    return openapi(described())


def test_the_nats_side_is_a_valid_asyncapi_document(nats_side):
    validator = jsonschema_rs.validator_for(ASYNCAPI_SCHEMA)
    validator.validate(nats_side)
    assert not validator.is_valid({**nats_side, "operations": {"x": {"action": "shout"}}})


def test_every_message_that_crosses_a_border_is_described(nats_side):
    addresses = {channel["address"] for channel in nats_side["channels"].values()}
    for owner in OWNERS:
        assert {each.subject for each in events(owner)} <= addresses
        assert {f"{each.subject}.{{asker}}" for each in questions(owner)} <= addresses
    kinds = {each.kind for owner in OWNERS for each in submissions(owner)}
    assert {address.split(".")[2] for address in addresses if address and address.startswith("desk.")} == kinds
    assert kinds == set(DESK_OWNERS)
    assert {address.split(".")[2] for address in addresses if address and address.startswith("intake.")} == set(
        TAKEN_BY
    )


def every(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from every(sub)


def test_the_list_of_contracts_has_all_of_them():
    def named(kind, attribute):
        return {c for c in every(kind) if attribute in vars(c) and c.__module__.startswith("shared.contracts.")}

    assert named(Question, "subject") == {each for owner in OWNERS for each in questions(owner)}
    assert named(Submission, "kind") == {each for owner in OWNERS for each in submissions(owner)}


def test_each_reference_leads_to_something(nats_side, http_side):
    for document in (nats_side, http_side):
        for reference in references(document):
            found = document
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]


def references(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from references(inner)


def test_every_question_has_an_address_and_every_submission_of_a_commune(http_side):
    over_http = {each for owner in OWNERS for each in questions(owner) if each.over_http}
    assert {route.question for route in QUESTIONS} == over_http
    sent = {each for owner in OWNERS for each in submissions(owner) if not issubclass(each, Command)}
    assert {route.submission for route in SUBMISSIONS} == sent
    assert {route.path for route in (*QUESTIONS, *SUBMISSIONS)} == set(http_side["paths"])


def test_bodies_and_answers_are_those_of_the_contracts(http_side):
    schemas = http_side["components"]["schemas"]
    assert schemas["RecordReadings"]["properties"]["readings"]["maxItems"] == 1000
    put = http_side["paths"]["/communes/{commune}/submissions/readings/{submission_id}"]["put"]
    assert put["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/RecordReadings"
    }
    assert {"200", "202", "401", "403", "409", "413", "422", "429", "503"} <= set(put["responses"])


def test_the_documents_are_written(tmp_path, nats_side, http_side):
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "openapi.json").write_text("of an earlier version")
    done = CliRunner().invoke(app, ["contracts", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    assert json.loads((folder / "openapi.json").read_text()) == http_side
    assert json.loads((folder / "asyncapi.json").read_text()) == nats_side
    schema = json.loads((folder / "schemas/indicators.RecordReadings.json").read_text())
    validator = jsonschema_rs.validator_for(schema)
    reading = {"reading_id": "a", "observed_on": "2025-09-15", "values": {"files-received": 1}}
    assert validator.is_valid({"readings": [reading]})
    assert not validator.is_valid({"readings": []})
    assert RecordReadings.model_validate_json(json.dumps({"readings": [reading]}))
    assert (folder / "schemas" / f"shared.{Receipt.__name__}.json").exists()
    assert CliRunner().invoke(app, ["contracts", "--out", str(folder / "openapi.json")]).exit_code == 1
