"""A commune's machine in a journey: the command with the broker's address and an outbox, and with no database."""

import os
from typing import NamedTuple

from tests.commands import Command

NOT_A_COMMUNES = ("DATABASE_URL", "MINHBACH_CLOCK_FILE", "MINHBACH_COMMUNE", "NATS_URL")


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class CommuneMachine:
    """Commands of one commune; `url` is the address of the province's broker, `folder` holds files and the outbox.

    Without a `commune` nothing but the account in the address names it. `settings` are others that the machine has.
    """

    def __init__(self, commune, url, folder, **settings):
        self.commune = commune
        self.settings = settings
        self.url = url
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, *arguments, **env):
        """The command, under way; `env` adds to its environment."""
        mine = {"NATS_URL": self.url, "MINHBACH_OUTBOX": str(self.folder / "outbox")}
        if self.commune:
            mine["MINHBACH_COMMUNE"] = self.commune
        kept = {name: value for name, value in os.environ.items() if name not in NOT_A_COMMUNES}
        return Command(arguments, {**kept, "COLUMNS": "80", **self.settings, **mine, **env}, self.folder)

    def run(self, *arguments, **env):
        return ended(self.start(*arguments, **env))

    def outbox(self):
        """The files of the outbox by name, without their server."""
        files = (self.folder / "outbox").rglob("*.*")
        return sorted(".".join(path.stem.split(".")[:2]) + path.suffix for path in files)

    def waiting(self):
        """The kinds of submissions that wait."""
        return [name.split(".")[0] for name in self.outbox() if name.endswith(".json")]


def ended(process):
    """What a command printed, and how it ended; never with a traceback."""
    out, err = process.communicate()
    assert "Traceback" not in err, err
    return Ended(process.returncode, out, err)
