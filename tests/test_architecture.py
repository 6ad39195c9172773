"""The rules a reader may rely on."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
INFRASTRUCTURE = {"faststream", "nats", "psycopg", "psycopg_pool", "pydantic", "jinja2", "eventsourcing", "yaml"}
SERVICES = ("planning", "indicators", "reporting", "notifications")
IN_ORDER = ("__init__", "main", "subscribers", "application", "publishers", "cli")


def imports(folder):
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from ((path.relative_to(ROOT), name.split(".")) for name in names)


def test_a_domain_imports_no_infrastructure():
    assert [i for i in imports("services") if "domain" in i[0].parts and i[1][0] in INFRASTRUCTURE] == []


def test_a_service_imports_no_other_service():
    assert [i for i in imports("services") if i[1][0] == "services" and i[1][1] != i[0].parts[1]] == []


def test_services_and_shared_do_not_know_how_they_are_deployed():
    assert [i for folder in ("services", "shared") for i in imports(folder) if i[1][0] in ("deploy", "tests")] == []


def test_shared_imports_no_service():
    assert [i for i in imports("shared") if i[1][0] == "services"] == []


def test_each_service_has_the_same_rooms():
    for service in SERVICES:
        folder = ROOT / "services" / service
        rooms = {path.stem for path in folder.iterdir()}
        assert {*IN_ORDER, "domain", "read_models"} <= rooms, service


def test_nothing_is_named_after_nothing():
    forbidden = {"utils", "helpers", "common", "core", "base", "manager", "service", "handlers", "models"}
    named = [p for folder in ("services", "shared", "deploy") for p in (ROOT / folder).rglob("*.py")]
    assert [path for path in named if path.stem in forbidden] == []
