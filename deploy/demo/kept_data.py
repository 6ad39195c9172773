"""The folder in which a demonstration leaves its data for `minhbach up`; the next demonstration takes its place."""

import shutil
from pathlib import Path

from deploy.embedded.folder_lock import FolderLock, StackRunning
from shared.cli import err

# In the folder of a demonstration and in no other.
MARK = "demonstration"


class NotEmpty(Exception):
    """The folder has other data, or a stack runs there. The message is the sentence for whoever demonstrates."""


def emptied(folder: Path) -> Path:
    """The folder, with nothing in it but its mark: what an earlier demonstration left there is removed."""
    if folder.exists():
        if not (folder / MARK).exists():
            raise NotEmpty(f"{folder} is there already; move it away, or choose another folder with --data")
        try:
            FolderLock(folder).release()
        except StackRunning as running:
            raise NotEmpty(str(running)) from None
        err.print(f"Removing what the demonstration before left in {folder} …", markup=False)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    return folder
