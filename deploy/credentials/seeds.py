"""The files that hand keys over to communes: each readable by its owner only, and made once."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_seeds(folder: Path, seeds: Mapping[str, bytes]) -> dict[str, Path]:
    """A file for each commune, readable by its owner only. FileExistsError for one that is there; then none is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: dict[str, Path] = {}
    try:
        for commune, seed in seeds.items():
            path = folder / f"commune-{commune}.nk"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                made[commune] = path
                file.write(seed)
    except BaseException:
        remove_seeds(made)
        raise
    return made


def remove_seeds(made: Mapping[str, Path]) -> None:
    for path in made.values():
        with suppress(OSError):
            path.unlink()
