"""One service as a process, without what the commands need: python -m deploy.run_service planning."""

import importlib
import logging
import signal
import sys
from pathlib import Path

from deploy.unprivileged import leave_root
from shared.messaging.stream_provision import NotProvisioned
from shared.settings import Settings


def run_service(service: str) -> None:
    """Until a signal ends it; exit codes as in shared/process/__init__.py. Started by root it runs as another user."""
    from shared.process import EXIT_NOT_PROVISIONED

    # uvicorn shuts down in order, and then raises the signal again for whoever handled it before: a clean end is 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        leave_root(Path(__file__))
        build = importlib.import_module(f"services.{service}.main").build
        build(Settings.from_env()).run()
    except Exception as fault:
        from deploy.faults import FAULTS, sentence  # they import what only other processes need

        if not isinstance(fault, FAULTS):
            raise
        logging.getLogger(__name__).critical("%s", sentence(fault))
        sys.exit(EXIT_NOT_PROVISIONED if isinstance(fault, NotProvisioned) else 1)


def main() -> None:
    run_service(sys.argv[1])


if __name__ == "__main__":
    main()
