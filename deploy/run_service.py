"""One service as a process, without what the commands need: python -m deploy.run_service planning."""

import importlib
import logging
import sys

from shared.settings import Settings
from shared.streams import NotProvisioned


def run_service(service: str) -> None:
    """Until a signal ends it; exit codes as in shared/process.py."""
    from shared.process import EXIT_NOT_PROVISIONED

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    build = importlib.import_module(f"services.{service}.main").build
    try:
        build(Settings.from_env()).run()
    except NotProvisioned as missing:
        logging.getLogger(__name__).critical("%s", missing)
        sys.exit(EXIT_NOT_PROVISIONED)


if __name__ == "__main__":
    run_service(sys.argv[1])
