"""Real servers for the tests that need them: one stack for the session, or one of their own."""

import contextlib
import functools
import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
import typer.main
import typer.testing

# What takes time to import is imported where it is used: the process that distributes the tests reads this file too.

LONG = ("tests/journeys/", "tests/torture/")
SHARING = "tests/journeys/pages/"  # its files share their servers
MEMORY = Path("/dev/shm")  # noqa: S108  a file system in memory
ROOM = 8 * 1024**3  # bytes of it: twice of what a run needs
FILES = pytest.StashKey()  # the folder of a run


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """A shell starts what runs in the background deaf to Ctrl+C, and so would be the commands that tests interrupt."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput") and not config.getoption("basetemp"):
        config.stash[FILES] = _new_folder()
        config.option.basetemp = config.stash[FILES] / "tests"
    if config.getoption("--hypothesis-profile", None) in ("whole", "fast"):  # of `make test`, and of `make fast`
        from hypothesis import HealthCheck, settings

        # A busy machine is no fault: nothing fails for the time that it takes.
        patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
        settings.register_profile("whole", **patient)
        settings.register_profile("fast", **patient, max_examples=20)
    # What is imported before a worker starts is not seen by a measurement of coverage.
    if config.getoption("tx", None) and not hasattr(config, "workerinput") and not config.getoption("cov_source", None):
        from tests import workers

        workers.are_forks()
    # `minhbach` has so many commands that building their tree takes longer than most of them; a process does it once.
    typer.main.get_command = typer.testing._get_command = functools.cache(typer.main.get_command)


def _new_folder():
    """For all files of a run. PostgreSQL makes thousands, which takes a disk longer than what it does with them.

    It is this run's alone: pytest's own is closed to other users, the servers' among them, whenever a run begins.
    """
    folder = Path(tempfile.mkdtemp(prefix="minhbach-tests-", dir=MEMORY if _has_room(MEMORY) else None))
    folder.chmod(0o1777)  # as /tmp: services that root's stack starts as another user write there
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None  # it may know another one already
    return folder


def _has_room(memory):
    if not memory.is_dir():
        return False
    there = os.statvfs(memory)
    return there.f_bavail * there.f_frsize > ROOM and not there.f_flag & os.ST_NOEXEC


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if folder := config.stash.get(FILES, None):
        if exitstatus == pytest.ExitCode.TESTS_FAILED:
            terminalreporter.write_line(f"The files of this run are in {folder} until you delete them.")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def pytest_keyboard_interrupt():
    if workers := sys.modules.get("tests.workers"):
        workers.interrupt()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """What collecting imports and makes stays to the end: it is not searched for garbage over and over.

    What tests make is searched seldom: by default that takes a tenth of their time.
    """
    gc.disable()
    try:
        _compile_a_part(session.config)
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)


def _compile_a_part(config):
    """In a fresh clone each process would compile every module of tests: each imports a part before the rest."""
    part = getattr(config, "workerinput", None)
    if not part or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    number, parts = int(part["workerid"].removeprefix("gw")), part["workercount"]
    for path in sorted(Path(__file__).parent.rglob("test_*.py"))[number::parts]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # it comes again where the module is collected
            importlib.import_module(".".join(path.relative_to(config.rootpath).with_suffix("").parts))


def lane_of(nodeid):
    """What one process runs, test by test: a file, or a folder whose files share servers."""
    return SHARING if nodeid.startswith(SHARING) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadFileScheduling

    class Lanes(LoadFileScheduling):
        _split_scope = staticmethod(lane_of)

    return Lanes(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark every test that starts servers. Files with such tests come first, the longest before all.

    They wait for half of their time: half of the other files come between them, and half at the end, so that no core
    is idle and no long file is left alone.
    """
    files = {}
    for item in items:
        if "start_servers" in item.fixturenames:
            item.add_marker(pytest.mark.servers)
        files.setdefault(lane_of(item.nodeid), []).append(item)
    for of_file in files.values():
        of_file.sort(key=_without_servers)
    waiting = [of_file for of_file in files.values() if not _without_servers(of_file[0])]
    computing = [of_file for of_file in files.values() if _without_servers(of_file[0])]
    waiting.sort(key=lambda of_file: not of_file[0].nodeid.startswith(LONG))
    between, last = (computing[::2], computing[1::2]) if waiting else ([], computing)
    order = []
    for number, of_file in enumerate(waiting):
        start, end = (len(between) * each // len(waiting) for each in (number, number + 1))
        order += [of_file, *between[start:end]]
    items[:] = [item for of_file in order + last for item in of_file]


def _without_servers(item):
    return item.get_closest_marker("servers") is None


@pytest.fixture(scope="session")
def start_servers(tmp_path_factory):
    """The one way to NATS and PostgreSQL in a test: a function of the folder that they keep their files in."""
    from deploy.embedded import stack
    from tests import commands, servers

    stack.FORKS = commands.FORKS  # a process that forks imports for seconds: services and commands share one
    folder = tmp_path_factory.getbasetemp()
    all_workers = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    return functools.partial(servers.start_servers, all_workers / "provisioned")


@pytest.fixture(scope="session")
def stack(tmp_path_factory, start_servers):
    """Servers, provisioned, and no service running. `stack.settings(service, **env)` are a service's settings.

    Tests record events at times of their own choice.
    """
    from deploy.embedded.stack import Stack
    from deploy.provision import TIMES_OF_SERVICES

    folder = tmp_path_factory.mktemp("stack")
    with Stack(folder, env=TIMES_OF_SERVICES, services=(), start_servers=start_servers) as running:
        yield running


@pytest.fixture
def own_stack(tmp_path, start_servers):
    """Makes a stack of its own for a test that breaks things: `with own_stack(services=…, instances=…) as stack:`."""
    from deploy.embedded.stack import Stack

    def make(**options):
        return Stack(tmp_path / "stack", start_servers=functools.partial(start_servers, durable=True), **options)

    return make
