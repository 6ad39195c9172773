"""A rebuild in small steps that kills itself as if with kill -9 after some of them, or goes on to the end."""

import os
import signal
import sys

from deploy.rebuild import rebuild, sources
from shared.settings import Settings


def main():
    """With the events of a step, and after how many steps it is killed."""
    sources.EVENTS_A_BATCH, left = int(sys.argv[1]), int(sys.argv[2])

    def progress(source, position, last):
        nonlocal left
        print(source, position, flush=True)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    rebuild(Settings.from_env(), progress)
