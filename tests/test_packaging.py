"""The built wheel alone holds what an installed instrument needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_wheel_carries_the_model_and_the_presets_with_their_clips(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        timeout=300,
    )
    names = set(zipfile.ZipFile(next(tmp_path.glob("riffsynth-*.whl"))).namelist())
    assert "riffsynth/embedded/model/unet/diffusion_pytorch_model.safetensors" in names
    wanted = {f"riffsynth/presets/{path.name}" for path in (ROOT / "presets").iterdir()}
    assert wanted <= names
