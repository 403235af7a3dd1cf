"""What makes new clips: torch, the device it runs on, and the model that ships inside."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from riffsynth.commands.checks.finding import Finding


def torch(load: Callable[[str], Any] = importlib.import_module) -> Finding:
    """torch and the device that `--device auto` takes. It is imported here and nowhere else in the doctor."""
    try:
        found = load("torch")
    except (ImportError, OSError) as error:
        reason = " ".join(str(error).split())
        return Finding(False, f"cannot be imported ({reason})", "run `sh setup.sh play`")
    if found.cuda.is_available():
        return Finding(True, f"{found.__version__}, on {found.cuda.get_device_name(0)}")
    if found.backends.mps.is_available():
        return Finding(True, f"{found.__version__}, on Apple's GPU")
    return Finding(True, f"{found.__version__}, no GPU: on {found.get_num_threads()} CPU threads, which is enough")


def embedded(folder: Path | None = None) -> Finding:
    """Whether the embedded model's folder is whole."""
    from riffsynth.diffusion.completeness import missing_files
    from riffsynth.embedded import model_folder

    folder = folder or model_folder()
    missing = missing_files(folder)
    if missing:
        shown = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
        return Finding(
            False,
            f"{folder}: missing or cut short: {shown}",
            "restore it (git checkout riffsynth/embedded, or install the package again), or play with --model",
        )
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Finding(True, f"{folder}, {size / 2**20:.0f} MiB, complete")
