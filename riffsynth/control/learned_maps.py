"""Learned controls in the user's folder: a YAML file for each device, made to be edited by hand."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import platformdirs
import yaml

from riffsynth.control.mapping import Binding
from riffsynth.recall.preset_reader import PresetError, read_midi_map

Edit = Callable[[tuple[Binding, ...]], tuple[Binding, ...]]
"""A device's bindings before and after."""

HEAD = """\
# Learned by riffsynth, and yours to edit: the entries are those of a preset's `midi` list. They are read when it starts
# and when the next control is learned, which writes this file anew, without your comments.
"""


def users_folder() -> Path:
    return platformdirs.user_config_path("riffsynth", appauthor=False) / "midi"


class LearnedMaps:
    """What was learned on all devices. Changes count at once; a thread writes them, and reads what was edited."""

    def __init__(
        self,
        folder: Path | None = None,
        announce: Callable[[str], Any] = lambda _line: None,
        wake: Callable[[], Any] = lambda: None,
    ) -> None:
        """Reads the maps in `folder`, the user's own where it is None. A file with faults is announced, not used."""
        self._folder = folder or users_folder()
        self._announce = announce
        self._wake = wake
        self._thread = ThreadPoolExecutor(1, "learned maps")
        self._written: deque[tuple[str, tuple[Binding, ...] | str]] = deque()
        self._maps: dict[str, tuple[Binding, ...]] = {}
        self._paths: dict[str, Path] = {}
        for path in sorted(self._folder.glob("*.yaml")):
            try:
                device, bindings = read_map(path)
                name = device or path.stem
                self._maps[name], self._paths[name] = bindings, path
            except (PresetError, OSError) as error:
                announce(str(error))

    @property
    def bindings(self) -> tuple[Binding, ...]:
        return tuple(binding for bindings in self._maps.values() for binding in bindings)

    @property
    def devices(self) -> list[str]:
        return list(self._maps)

    def of(self, device: str) -> tuple[Binding, ...]:
        return self._maps.get(self._home(device), ())

    def change(self, device: str, edit: Edit) -> None:
        """Changes the map of one device."""
        device = self._home(device)
        self._maps[device] = edit(self._maps.get(device, ()))
        path = self._paths.setdefault(device, self._folder / file_name(device))
        self._thread.submit(self._rewrite, path, device, edit)

    def poll(self) -> None:
        """Takes in what was found in the files when they were written."""
        while self._written:
            device, result = self._written.popleft()
            if isinstance(result, str):
                self._announce(result)
            else:
                self._maps[device] = result

    def close(self) -> None:
        """Waits for what is to be written."""
        self._thread.shutdown()
        self.poll()

    def _home(self, device: str) -> str:
        """The name under which a device has its map: a hand may have written a part of it."""
        parts = [name for name in self._maps if name.lower() in device.lower()]
        return max(parts, key=len, default=device)

    def _rewrite(self, path: Path, device: str, edit: Edit) -> None:
        try:
            before = read_map(path)[1] if path.exists() else ()
            after = edit(before)
            write_map(path, device, after)
            self._written.append((device, after))
        except PresetError as error:
            self._written.append((device, f"what was learned counts until the end, but is not kept: {error}"))
        except OSError as error:
            self._written.append((device, f"what was learned counts until the end, but is not kept: {path}: {error}"))
        self._wake()


def file_name(device: str) -> str:
    return (re.sub(r"[^a-z0-9]+", "-", device.lower()).strip("-") or "device") + ".yaml"


def read_map(path: Path) -> tuple[str, tuple[Binding, ...]]:
    """The device and its bindings. Raises PresetError with all faults, or OSError."""
    device, bindings = read_midi_map(path.read_bytes(), str(path))
    return device, tuple(
        binding if binding.device else binding.model_copy(update={"device": device}) for binding in bindings
    )


def write_map(path: Path, device: str, bindings: tuple[Binding, ...]) -> None:
    """Writes a device's file, as a whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"device: {_flow(device)}", "midi:" if bindings else "midi: []"]
    for binding in bindings:
        said = {key: value for key, value in binding.plain().items() if (key, value) != ("device", device)}
        lines.append(f"  - {_flow(said)}")
    part = path.with_name(path.name + ".part")
    part.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    os.replace(part, path)


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000)
    return str(text).removesuffix("\n").removesuffix("\n...")
