"""The rules of structure and naming that a reader may rely on."""

import ast
import re
from collections import Counter
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from services.planning.domain import refusal
from shared import refusal_rules
from shared.contracts import Unanswered

ROOT = Path(__file__).parent.parent
INFRASTRUCTURE = {
    "faststream",
    "nats",
    "psycopg",
    "psycopg_pool",
    "pydantic",
    "jinja2",
    "eventsourcing",
    "yaml",
    "starlette",
}
OURS = ("services", "shared", "deploy", "tests")
SERVICES = ("planning", "indicators", "reporting", "notifications", "portal")
ROOMS = ("__init__", "main", "subscribers", "application", "domain", "publishers", "questions", "read_models", "cli")
# The rooms of services from the ground up, each with the services' own beside it. None imports one of a higher floor.
FLOORS = (
    "domain",
    "read_models wording rows plan_file register target_binding phrases documents evidence_types virus_scanner"
    " deadline_settings readings_file catalogue malformed data_files rendering request_rates",
    "application publishers planner contents task_contents presence sign_in",
    "subscribers questions audit mail rights desk connection",
    "cli web main api",
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
# Text is read in stages: none imports one that reads later.
STAGES = {
    "services.planning.documents": "document formats opening blocks tables draft_reader",
    "services.planning.documents.tables": "columns headed_tables rows tasks",
    "services.planning.phrases": "tokens bodies schedules",
    "services.planning.phrases.schedules": "text grammar milestones phrase_to_milestones",
    "services.planning.phrases.targets": "vocabulary elements statements levels grammar phrase_to_target",
    "services.planning.phrases.bodies": "vocabulary elements name_boundaries roles text_to_bodies",
}
# What stands alone, in `shared/messaging/`, and then its folders: none imports a later one.
MESSAGING = ("announcing", "following", "intake", "questions")
# The portal's pages hold the pages of each service, and import nothing else of it.
SITE = ["services", "portal", "web", "pages"]
# What only one of these may hold: statements to the database.
SQL_ROOMS = (
    "read_models",
    "shared/record/",
    "shared/messaging/",
    "shared/process/",
    "deploy/",
    "reporting/audit/",
)
SQL = re.compile(
    r"\b(SELECT .+ FROM|SELECT 1|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|LOCK TABLE)\b", re.DOTALL
)
LONGER = {
    "services/reporting/audit/proof/verify.py": "travels alone with an export",
    "services/reporting/domain/lifecycle/commune_report_events.py": "a table of stored events, with their upcasts",
    "services/planning/domain/tasks/events.py": "a table of stored events, with their upcasts",
    "shared/process/__init__.py": "the one list of what each service's process runs",
    "deploy/provision.py": "the one list of what the database has",
}
# In the rooms that read documents: files with one user beside them, by that user, and why they are no part of it.
OF_ONE_USER = {
    "phrases/bodies/text_to_bodies": ("where a name ends", {"name_boundaries"}),
    "phrases/schedules/grammar/elements": ("a reader of a kind of time, as others are", {"events_and_occasions"}),
    "phrases/schedules/grammar/bounded_times": ("the lunar calendar", {"lunar_days"}),
    "phrases/schedules/milestones/times_to_milestones": ("which times are one milestone", {"combining_times"}),
    "phrases/targets/grammar": ("one level", {"levels"}),
    "phrases/targets/prose_to_targets": ("the subject of a sentence", {"prose_subjects"}),
    "documents/blocks/block_reader": ("the words of a work that tell who does it", {"trailing_assignments"}),
    "documents/blocks/outline": ("keys that are printed in another way", {"keys_without_colons"}),
    "documents/draft_reader": ("a stage", {"document_checks", "legends", "unread_assignments", "unused_places"}),
    "documents/formats/docx/__init__": ("what the file holds, once it is opened", {"blocks"}),
    "documents/formats/pdf/__init__": ("what the file holds, once it is opened", {"blocks"}),
    "documents/formats/pdf/page": ("tables without rules", {"unruled_tables"}),
    "documents/formats/plain_text/__init__": (
        "a reader of a kind of table",
        {"flattened_tables", "listed_tables", "row_per_line_tables"},
    ),
    "documents/formats/plain_text/flattened_tables": ("cells, before they are rows", {"flattened_cells"}),
    "documents/formats/xlsx/__init__": ("a cell as Excel prints it", {"cells"}),
    "documents/plan_head/__init__": ("the commune, by the register", {"commune"}),
    "documents/tables/headed_tables": ("a form of table", {"key_value_tables", "office_columns"}),
    "documents/tables/rows/entries": ("rows that are no entries", {"headings_and_footers"}),
    "documents/tables/tasks": ("a row that is several fields or tasks", {"cell_lists", "mixed_cells"}),
}
# Codes that several rooms know, by the file that writes each for all of them; and the parts of the names of periods.
WRITTEN_ONCE = {
    r"one-stop-centre|provincial-office": {"shared/task_roles.py"},
    r"tthc-control|reform": {"shared/regimes.py"},
    r"51": {"shared/cli/options.py"},
    # The scope of submissions; a part of the identity of stored plans, which is the domain's own.
    r"province-": {"shared/messaging/following/grants.py", "services/planning/domain/plans/plan.py"},
    # Of reporting periods, and of the obligations of tasks that recur, whose keys are stored.
    r"-M|-[QWH]\d?|-9M": {"shared/periods.py", "shared/calendar/recurring_periods.py"},
}
BANNED = {"said", "told", "what", "whose", "asks", "heard", "hears", "hearing", "ears"}


def modules(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Module(NamedTuple):
    """What the tests ask of a module. Not its tree: 900 trees would slow down every later collection of garbage."""

    imports: set[str]
    strings: list[tuple[int, str]]
    banned: list[tuple[int, str]]
    decorated: list[tuple[int, str]]
    rules: list[tuple[int, str]]
    sentence: str | None


@cache
def read(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    banned = [(line, name) for name, line in identifiers(nodes) if words(name) & BANNED]
    return Module(
        imports_of(path, nodes),
        list(strings_of(nodes)),
        banned,
        list(called_in_decorators(nodes)),
        list(rules_in(nodes)),
        ast.get_docstring(tree),
    )


def imported(path):
    """The dotted names that a module imports, anywhere in it: `a.b` of `from a import b`, if that is a module."""
    return read(path).imports


def imports_of(path, nodes):
    found = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            if not (node.module or "").startswith(OURS):
                found.add(node.module)
                continue
            for alias in node.names:
                deeper = ROOT / Path(*(node.module or "").split("."), alias.name)
                is_module = deeper.is_dir() or deeper.with_suffix(".py").exists()
                found.add(f"{node.module}.{alias.name}" if is_module else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def wrong(paths, is_wrong):
    """`path: import` for each import that breaks a rule."""
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in sorted(imported(path))
        if is_wrong(name_of(path).split("."), name.split("."))
    ]


def test_a_domain_imports_no_infrastructure():
    assert wrong(modules("services"), lambda at, name: at[2:3] == ["domain"] and name[0] in INFRASTRUCTURE) == []


def test_a_domain_imports_only_itself_and_shared():
    def outside(at, name):
        return at[2:3] == ["domain"] and name[0] == "services" and name[2:3] != ["domain"]

    assert wrong(modules("services"), outside) == []


def test_no_room_imports_one_above_it():
    def upward(at, name):
        return name[0] == "services" and len(at) > 2 and len(name) > 2 and FLOOR[at[2]] < FLOOR[name[2]]

    assert wrong(modules("services"), upward) == []


@pytest.mark.parametrize("room", STAGES)
def test_no_stage_of_reading_imports_a_later_one(room):
    place, stages = len(room.split(".")), STAGES[room].split()

    def is_later(at, name):
        if len(at) <= place or len(name) <= place or ".".join(name[:place]) != room:
            return False
        here, there = at[place], name[place]
        return {here, there} <= set(stages) and stages.index(there) > stages.index(here)

    folder = room.replace(".", "/")
    assert {stage for stage in stages if not list((ROOT / folder).glob(f"{stage}*"))} == set()
    assert wrong(modules(folder), is_later) == []


def test_a_service_imports_no_other_service():
    def other(at, name):
        return name[0] == "services" and name[1] != at[1] and not (at == SITE and name[2:3] == ["web"])

    assert wrong(modules("services"), other) == []


def test_pages_of_a_service_import_contracts_and_shared_only():
    """They ask over the broker, as the portal has no database role but its own; the portal's own pages are its own.

    The words for states are those of the terminal too.
    """

    def inside(at, name):
        is_page = at[2:3] == ["web"] and at[1] != "portal"
        return is_page and (
            (name[0] == "services" and name[2:3] not in (["web"], ["wording"])) or name[0] in ("psycopg", "nats")
        )

    assert wrong(modules("services"), inside) == []


def test_services_and_shared_import_no_deployment_and_no_test():
    assert wrong(modules("services", "shared"), lambda at, name: name[0] in ("deploy", "tests")) == []


def test_shared_imports_no_service():
    assert wrong(modules("shared"), lambda at, name: name[0] == "services") == []


def test_rooms_of_messaging_import_only_earlier_ones():
    def floor(name):
        return MESSAGING.index(name[2]) if name[2] in MESSAGING else -1

    def is_later(at, name):
        return name[:2] == ["shared", "messaging"] and len(name) > 2 and floor(name) > floor(at)

    assert wrong(modules("shared/messaging"), lambda at, name: len(at) > 2 and is_later(at, name)) == []


def test_no_test_module_imports_another():
    assert wrong(modules("tests"), lambda at, name: name[0] == "tests" and name[-1].startswith("test_")) == []


def test_names_of_tests_do_not_change_with_the_time():
    """Two processes collect the same tests only if nothing that names them is read from a clock or drawn at random."""
    changing = {"time", "time_ns", "now", "today", "utcnow", "uuid4", "uuid7", "random", "token_hex", "token_urlsafe"}
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules("tests")
        for line, name in read(path).decorated
        if name in changing
    ]
    assert not found


def called_in_decorators(nodes):
    for node in nodes:
        for decorator in getattr(node, "decorator_list", ()):
            for call in ast.walk(decorator):
                if isinstance(call, ast.Call):
                    yield call.lineno, getattr(call.func, "attr", getattr(call.func, "id", None))


def test_only_fixtures_start_servers():
    """So each test that starts servers has the marker `servers`: the fixture gives it."""

    def starts(at, name):
        return name[:2] == ["tests", "servers"] and at != ["tests", "conftest"]

    assert wrong(modules("tests"), starts) == []


def test_no_imports_go_round_in_a_circle():
    """Neither of files nor of folders, of which each counts as one; imports for types only and within functions too.

    An import is one between the folders or files in which the paths of its two modules part.
    """
    paths = {name_of(path): path for path in modules("services", "shared", "deploy")}
    graphs = {}
    for importer, path in paths.items():
        for other in imported(path) & paths.keys() - {importer}:
            at, to = importer.split("."), other.split(".")
            common = next((i for i, (a, b) in enumerate(zip(at, to, strict=False)) if a != b), min(len(at), len(to)))
            rooms = graphs.setdefault(".".join(at[:common]), {})
            rooms.setdefault("".join(at[common : common + 1]), set()).add("".join(to[common : common + 1]))
    for folder, rooms in graphs.items():
        try:
            TopologicalSorter(rooms).prepare()
        except CycleError as circle:
            pytest.fail(f"{folder}: {' → '.join(circle.args[1])}")


def strings_of(nodes):
    """Constant texts of a module with their lines, docstrings left out."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def places(paths, pattern):
    return [
        f"{path.relative_to(ROOT)}:{line}: {' '.join(text.split())[:60]}"
        for path in paths
        for line, text in read(path).strings
        if pattern.search(text)
    ]


def test_sql_is_in_read_models_and_the_record_only():
    elsewhere = [p for p in modules("services", "shared") if not any(room in p.as_posix() for room in SQL_ROOMS)]
    assert places(elsewhere, SQL) == []


def calls_in(tree):
    """(line, name of the function or method, names of its keywords)."""
    return [
        (node.lineno, getattr(node.func, "attr", getattr(node.func, "id", "")), {each.arg for each in node.keywords})
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


@cache
def calls_of_read_models():
    return [
        (path.relative_to(ROOT).as_posix(), *call)
        for path in read_models()
        for call in calls_in(ast.parse(path.read_text(encoding="utf-8")))
    ]


def read_models():
    return [path for path in modules("services") if "read_models" in path.parts]


def test_a_read_model_refuses_nothing():
    assert wrong(read_models(), lambda at, name: name[0] == "services" and name[-1] == "refusal") == []


@cache
def decisions():
    """The names of the methods of aggregates that record an event, directly or by another one that does."""
    methods = {
        method.name: {name for _, name, _ in calls_in(method)}
        for path in modules("services")
        if "domain" in path.parts
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef)
    }
    found, last = {"trigger_event", "_create"}, set()
    while found != last:
        last, found = found, found | {name for name, called in methods.items() if called & found}
    return found


def test_a_read_model_decides_nothing():
    assert {"submit", "assign", "announce_deadlines", "give"} < decisions()
    assert [call for call in calls_of_read_models() if call[2] in decisions()] == []


# A state that is compared with a word, and a number or a span of days that is added or taken off.
RULE = re.compile(r"state'? *(=|<>|(NOT )?IN) *\(?'|[+-] +\d\d|- *interval", re.IGNORECASE)


def test_which_states_and_how_many_days_count_is_for_the_domain_and_not_for_a_read_model():
    assert places(read_models(), RULE) == []
    assert [call for call in calls_of_read_models() if call[2] == "timedelta" and call[3]] == []


def test_subscribers_are_tables_and_decide_nothing():
    branches = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("services")
        if path.name == "subscribers.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Try | ast.Match)
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    assert branches == []


def test_a_domain_names_the_fields_that_it_passes_on():
    """`**fields: Any` names nothing: `Unpack` of a TypedDict does. What nobody reads is `_`."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("services")
        if "domain" in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (rest := node.args.kwarg) and rest.arg != "_"
        if not ast.unparse(rest.annotation).startswith("Unpack[")
    ]
    assert found == []


def test_a_domain_knows_no_option_of_a_command():
    domains = [path for path in modules("services") if "domain" in path.parts]
    assert places(domains, re.compile(r"(?<!\S)--[a-z]")) == []


def test_a_stored_name_is_written_on_its_event_only_and_for_the_auditor_in_one_place():
    names = [name for name in (ROOT / "tests/golden/names.txt").read_text().split() if not re.search(r"\.v\d+$", name)]
    auditors = ROOT / "services/reporting/audit/stored_names.py"
    elsewhere = [p for p in modules("services", "shared", "deploy") if "domain" not in p.parts and p != auditors]
    assert len(names) > 50
    assert places(elsewhere, re.compile(rf"^({'|'.join(map(re.escape, names))})$")) == []
    for service in SERVICES:  # a read model that makes an older table anew names its own events within a statement
        others = "|".join(re.escape(name) for name in names if not name.startswith(f"{service}."))
        own = [path for path in elsewhere if path.is_relative_to(ROOT / "services" / service)]
        assert places(own, re.compile(rf"\b({others})\b")) == []


def rules_in(nodes):
    """(line, name) of each rule that is written as a text where something is refused or a refusal is looked at."""
    for node in nodes:
        if isinstance(node, ast.Call):
            is_refusal = getattr(node.func, "id", None) == "Refusal"
            found = [*(node.args[:1] if is_refusal else []), *(k.value for k in node.keywords if k.arg == "rule")]
        elif isinstance(node, ast.Dict):
            found = [value for key, value in zip(node.keys, node.values, strict=True) if is_text(key, "rule")]
        elif isinstance(node, ast.Compare) and getattr(node.left, "attr", None) == "rule":
            found = node.comparators
        else:
            continue
        yield from ((each.lineno, each.value) for each in found if is_text(each))


def is_text(node, text=None):
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and text in (None, node.value)


def test_the_name_of_a_rule_is_written_once():
    """In shared/refusal_rules.py where several services know it, else in the service; a question's problem is typed."""
    known = {
        name for module in (refusal_rules, refusal) for constant, name in vars(module).items() if constant.isupper()
    }
    paths = modules("services", "shared", "deploy")
    written = Counter(name for path in paths for _, name in read(path).rules)
    assert len(written) > 30
    assert [name for name, times in written.items() if times > 1 or name in known] == []
    own = {ROOT / "shared/refusal_rules.py", ROOT / "services/planning/domain/refusal.py"}
    problems = set(get_args(Unanswered.model_fields["problem"].annotation))
    named = "|".join(sorted(name for name in known if re.fullmatch(r"[a-z]+(-[a-z]+)+", name) and name not in problems))
    assert places([path for path in paths if path not in own], re.compile(rf"^({named})$")) == []


@pytest.mark.parametrize("codes", WRITTEN_ONCE)
def test_a_code_that_several_rooms_know_is_written_in_one_file(codes):
    found = places(modules("services", "shared", "deploy"), re.compile(rf"^({codes})$"))
    assert {place.split(":")[0] for place in found} == WRITTEN_ONCE[codes]


def test_each_service_has_the_same_rooms():
    for service in SERVICES:
        rooms = {path.stem for path in (ROOT / "services" / service).iterdir()}
        assert set(ROOMS) <= rooms, service


def test_each_entry_is_a_room_of_a_service_or_listed_in_the_architecture():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    entries = {
        f"{service}/{path.name}{'/' * path.is_dir()}"
        for service in SERVICES
        for path in (ROOT / "services" / service).iterdir()
        if path.stem not in {*ROOMS, "web", "wording", "__pycache__"}
    }
    entries |= {
        f"{folder}/{path.name}{'/' * path.is_dir()}"
        for folder in ("shared", "deploy")
        for path in (ROOT / folder).iterdir()
        if path.stem not in {"__init__", "__pycache__"}
    }
    assert {entry for entry in entries if f"`{entry}`" not in page} == set()


def test_no_file_has_a_name_that_says_nothing():
    empty = {"utils", "helpers", "common", "core", "base", "manager", "service", "handlers", "models"}
    assert [str(path) for path in modules("services", "shared", "deploy") if path.stem in empty] == []


def test_every_module_opens_with_a_sentence():
    """Empty ones of the tests, which only mark a folder, have none."""
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in modules("services", "shared", "deploy", "tests")
        if not read(path).sentence and (path.stat().st_size or not path.is_relative_to(ROOT / "tests"))
    ]
    assert silent == []


def test_files_are_short():
    """About 150 lines is the habit. What is longer than 300 has its reason here, and contracts end at 250."""
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules("services", "shared", "deploy")
    }
    limit = {name: 250 if name.startswith("shared/contracts/") else 300 for name in lines}
    assert {name for name, count in lines.items() if count > limit[name]} - LONGER.keys() == set()
    assert {name for name in LONGER if lines[name] <= limit[name]} == set()


def test_a_file_that_serves_one_sibling_only_has_a_subject_of_its_own():
    """A room that only passes on what it imports uses nothing itself; a folder is a room and no file."""
    planning = ROOT / "services/planning"
    users = {}
    for user in modules("services", "shared", "deploy"):
        for name in imported(user) - {name_of(user)}:
            users.setdefault(name, set()).add(user)
    found = {}
    for path in modules("services/planning/phrases", "services/planning/documents"):
        if path.name != "__init__.py" and len(of := users.get(name_of(path), set())) == 1:
            (user,) = of
            if user.parent == path.parent and re.search(
                "^(def|class) ", user.read_text(encoding="utf-8"), re.MULTILINE
            ):
                key = user.relative_to(planning).with_suffix("").as_posix()
                found.setdefault(key, set()).add(path.stem)
    assert found == {user: files for user, (_, files) in OF_ONE_USER.items()}


@cache
def words(identifier):
    """`ReceivedEvent` and `received_event` are `received` and `event`."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)}


NAMED = {
    ast.Name: "id", ast.Attribute: "attr", ast.arg: "arg", ast.keyword: "arg", ast.MatchAs: "name",
    ast.FunctionDef: "name", ast.AsyncFunctionDef: "name", ast.ClassDef: "name",
}  # fmt: skip


def identifiers(nodes):
    for node in nodes:
        if (attribute := NAMED.get(type(node))) and (name := getattr(node, attribute)):
            yield name, node.lineno


def test_no_name_uses_a_banned_word():
    """docs/glossary.md says what to write instead."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules("services", "shared", "deploy", "tests")
        for line, name in [*([(1, path.stem)] if words(path.stem) & BANNED else []), *read(path).banned]
    ]
    assert found == [], f"{len(found)} names"
