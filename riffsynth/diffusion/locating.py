"""What a model's name may be: told without torch, so that a wrong one is refused before anything starts."""

from __future__ import annotations

import os
import re
import urllib.error
import urllib.request
from pathlib import Path

from riffsynth.diffusion.model_error import ModelError

INDEX_FILE = "model_index.json"
HUB_TIMEOUT_S = 5.0
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


def check_reachable(name: str | Path) -> None:
    """Raises ModelError where `name` is no folder, and neither in the hub's cache nor to be had from the hub now.

    The hub's own library would try again for half a minute before it gave up.
    """
    if local_folder(name):
        return
    from huggingface_hub import constants, try_to_load_from_cache

    if isinstance(try_to_load_from_cache(str(name), INDEX_FILE), str):
        return
    told = f"{name}: no such folder here, not in the hub's cache"
    if constants.HF_HUB_OFFLINE:
        raise ModelError(f"{told}, and HF_HUB_OFFLINE is set")
    headers = {"Authorization": f"Bearer {token}"} if (token := os.environ.get("HF_TOKEN")) else {}
    request = urllib.request.Request(f"{constants.ENDPOINT}/api/models/{name}", headers=headers, method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=HUB_TIMEOUT_S).close()
    except urllib.error.HTTPError as error:
        if error.code in (401, 404):
            raise ModelError(f"{name}: no such folder here, and no such model on the hub") from error
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "reason", error)).splitlines()[0]
        raise ModelError(f"{told}, and the hub could not be reached ({reason}); it is needed once") from error
