"""What root starts runs as another user."""

import os
import pwd

import psutil
import pytest

from deploy.unprivileged import CannotLeaveRoot, leave_root, open_path

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start something as another user")


def test_services_and_servers_that_root_starts_run_as_other_users(own_stack):
    with own_stack(services=("indicators", "notifications")) as stack:
        services = [instance.process.pid for instance in stack.running]
        servers = [process.pid for process in stack.servers.processes.values()]
        users = {pid: psutil.Process(pid).uids() for pid in (*services, *servers)}
        stack.servers.processes["nats"].kill()
        stack.servers.processes["nats"].wait()
        assert stack.supervise() == ["nats"]
        again = psutil.Process(stack.servers.processes["nats"].pid).uids()
        secrets = [stack.folder / "secrets", stack.folder / "nats-users", stack.folder / "stack.env"]
        modes = [path.stat().st_mode & 0o077 for path in (*secrets, stack.folder / "nats", stack.folder / "postgres")]

    minhbach = pwd.getpwnam("minhbach").pw_uid
    assert [set(users[pid]) for pid in services] == [{minhbach}] * 2
    assert all(0 not in uids and minhbach not in uids for uids in (users[servers[0]], users[servers[1]], again))
    assert modes == [0] * 5


def test_a_program_that_the_user_cannot_read_is_a_sentence(tmp_path):
    """In a process of its own, because nobody becomes root again."""
    tmp_path.chmod(0o700)
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            leave_root(tmp_path / "program.py")
        except CannotLeaveRoot as sentence:
            os.write(writing, str(sentence).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 1000).decode().startswith("root does not run services, and user ")


def test_a_path_is_opened_to_pass_through_and_not_to_read(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    open_path(folder / "program.py")
    assert folder.stat().st_mode & 0o777 == 0o701
