"""Leaves root: a process or a server that root starts runs as a user that owns nothing but its own data."""

import os
import pwd
import stat
from pathlib import Path

USER = "minhbach"
NOBODY = "nobody"


class CannotLeaveRoot(RuntimeError):
    """The user that should run the service cannot read the program; the message says what to do."""


def leave_root(program: Path) -> None:
    """Go on as `minhbach`, or as `nobody` where there is no such user. Nothing for whoever is not root.

    CannotLeaveRoot where that user cannot read the program.
    """
    if os.geteuid() != 0:
        return
    entry = _user()
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    # Where libpq looks for certificates and passwords.
    os.environ |= {"HOME": entry.pw_dir, "USER": entry.pw_name, "LOGNAME": entry.pw_name}
    for path in (program, Path(os.__file__)):
        if not os.access(path, os.R_OK):
            raise CannotLeaveRoot(
                f"root does not run services, and user {entry.pw_name} cannot read {path}; install Minh Bạch and its"
                " Python where every user can read them, or start it as another user"
            )


def open_path(path: Path) -> None:
    """Let every user pass through the folders above a path, without reading their names."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _user() -> pwd.struct_passwd:
    for name in (USER, NOBODY):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotLeaveRoot(f"root does not run services, and there is no user {USER} or {NOBODY}; make one")
