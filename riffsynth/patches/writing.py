"""Which files the patches are, and whether those on disk are what the table says."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import riffsynth
from riffsynth.errors import RiffsynthError
from riffsynth.parameters import TABLE, Parameter
from riffsynth.patches import (
    max_msp,
    midi_maps,
    open_stage_control,
    pure_data,
    reference_page,
    schema,
    supercollider,
    touchdesigner,
    touchosc,
)

CHECKOUT = Path(riffsynth.__file__).parent.parent
FOLDER = CHECKOUT / "patches"
PAGE = CHECKOUT / "docs" / "control.md"


def files(table: Sequence[Parameter] = TABLE) -> dict[str, bytes]:
    """The contents of every patch by its path inside the folder: the same bytes for the same table."""
    patcher = max_msp.patcher(table)
    texts = {
        "max/riffsynth.maxpat": patcher,
        "max/riffsynth/package-info.json": max_msp.package_info(),
        "max/riffsynth/extras/riffsynth.maxpat": patcher,
        "touchdesigner/build_riffsynth.py": touchdesigner.script(table),
        "pd/riffsynth.pd": pure_data.patch(table),
        "supercollider/riffsynth.scd": supercollider.environment(table),
        "open-stage-control/riffsynth.json": open_stage_control.session(table),
        "preset.schema.json": schema.schema(table),
    }
    texts |= {f"midi/{each.file}": midi_maps.fragment(each, table) for each in midi_maps.CONTROLLERS}
    return {path: text.encode() for path, text in texts.items()} | {"touchosc/riffsynth.tosc": touchosc.layout(table)}


def write(folder: Path | None = None) -> list[Path]:
    """Writes the patches into `folder`; where it is None into the checkout's, with the page of the reference."""
    wanted = _wanted(folder)
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(wanted)


def stale(folder: Path | None = None) -> list[Path]:
    """The files of `write` that are missing or other than the table says."""
    return [
        path
        for path, content in _wanted(folder).items()
        if not path.is_file() or _comparable(path, path.read_bytes()) != _comparable(path, content)
    ]


def _wanted(folder: Path | None) -> dict[Path, bytes]:
    if folder is not None:
        return {folder / name: content for name, content in files().items()}
    if not PAGE.is_file():
        raise RiffsynthError("this is no checkout of riffsynth: name a folder with --output")
    page = reference_page.with_tables(PAGE.read_text(encoding="utf-8"), TABLE).encode()
    return {FOLDER / name: content for name, content in files().items()} | {PAGE: page}


def _comparable(path: Path, content: bytes) -> bytes:
    """What counts: zlib may pack the same layout in other bytes on another system, and git may turn line ends."""
    if path.suffix != ".tosc":
        return content.replace(b"\r\n", b"\n")
    try:
        return zlib.decompress(content)
    except zlib.error:
        return b""
