"""What a model's name may be: told without torch, so that a wrong one is refused before anything starts."""

from __future__ import annotations

import re
from pathlib import Path

from riffsynth.diffusion.model_error import ModelError

INDEX_FILE = "model_index.json"
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def local_folder(name: str | Path) -> Path | None:
    """The folder that `name` is, or None where it is a hub's id "owner/name". Raises ModelError for anything else."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / INDEX_FILE).exists():
            raise ModelError(f"{folder}: not a model in Stable Diffusion's layout ({INDEX_FILE} is missing)")
        return folder
    if folder.exists():
        raise ModelError(f"{name}: a model is a folder in Stable Diffusion's layout, this is a file")
    if isinstance(name, Path) or not _HUB_ID.fullmatch(name):
        raise ModelError(f"{name}: no such folder, and not a hub id either (owner/name)")
    return None
