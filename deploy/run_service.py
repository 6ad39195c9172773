"""One service as a process, without what the commands need: python -m deploy.run_service planning."""

import importlib
import logging
import signal
import sys

from deploy.faults import FAULTS, sentence
from shared.settings import Settings
from shared.streams import NotProvisioned


def run_service(service: str) -> None:
    """Until a signal ends it; exit codes as in shared/process.py."""
    from shared.process import EXIT_NOT_PROVISIONED

    # uvicorn shuts down in order, and then raises the signal again for whoever handled it before: a clean end is 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    build = importlib.import_module(f"services.{service}.main").build
    try:
        build(Settings.from_env()).run()
    except FAULTS as fault:
        logging.getLogger(__name__).critical("%s", sentence(fault))
        sys.exit(EXIT_NOT_PROVISIONED if isinstance(fault, NotProvisioned) else 1)


if __name__ == "__main__":
    run_service(sys.argv[1])
