"""The ways out and in: PortAudio, sound cards, MIDI. None of them is needed: the null output and OSC remain."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Callable
from typing import Any

from riffsynth.commands import devices
from riffsynth.commands.checks.finding import Finding
from riffsynth.commands.printing import Row
from riffsynth.errors import RiffsynthError

NO_WHEEL_FROM = (3, 13)
"""There are no ready-made wheels of python-rtmidi from this Python on."""


def portaudio(load: Callable[[], Any] = devices.portaudio) -> Finding:
    """The library that sound goes through, and the systems it was built for."""
    try:
        with devices.stderr_closed():
            sounddevice = load()
            systems = [system["name"] for system in sounddevice.query_hostapis()]
            version = sounddevice.get_portaudio_version()[1].split(",")[0].removeprefix("PortAudio ")
    except RiffsynthError as error:
        return Finding(False, str(error), "or play without sound: --audio null")
    return Finding(True, f"{version} for {', '.join(systems) or 'nothing'}")


def output(outputs: Callable[[], list[Row]] = devices.outputs) -> Finding:
    """The output that `play` takes by default, or what there is instead."""
    mend = "plug in a sound card or start a sound server (PipeWire, JACK); until then it plays to the null output"
    try:
        found = outputs()
    except RiffsynthError:
        return Finding(False, "none: PortAudio is missing", "mend PortAudio first")
    if not found:
        return Finding(False, "no sound card", mend)
    first = next((row for row in found if row["default"]), found[0])
    others = f", and {len(found) - 1} more (riffsynth devices)" if len(found) > 1 else ""
    if not first["rates"]:
        return Finding(
            False,
            f"{first['name']} takes no rate just now{others}",
            "end the program that holds it, or choose another with --audio",
        )
    rates = ", ".join(map(str, first["rates"]))
    return Finding(True, f"{first['name']}: {first['channels']} channels, {rates} Hz{others}")


def midi(load: Callable[[], Any] | None = None, version: tuple[int, ...] = sys.version_info[:2]) -> Finding:
    """The MIDI library and the systems it was built for."""
    try:
        rtmidi = (load or _rtmidi)()
    except ImportError:
        build = "pip install 'riffsynth[midi]'"
        if version >= NO_WHEEL_FROM:
            build = f"sudo apt-get install g++ python3-dev libasound2-dev libjack-dev, then {build}"
        return Finding(False, "python-rtmidi is not installed: OSC works, MIDI does not", build)
    names = [rtmidi.get_api_display_name(api) for api in rtmidi.get_compiled_api()]
    return Finding(bool(names), f"python-rtmidi for {', '.join(names) or 'no system'}")


def jack(
    load: Callable[[], Any] | None = None, library: Callable[[str], str | None] = ctypes.util.find_library
) -> Finding:
    """Whether the time of a MIDI message over JACK is known to the frame."""
    try:
        (load or _jack)()
    except (ImportError, OSError) as error:
        if library("jack") is None:
            return Finding(True, "there is no JACK here, and none is needed")
        if not isinstance(error, ModuleNotFoundError):
            return Finding(False, f"JACK-Client cannot be used ({error})", "install JACK's library again")
        found = "JACK-Client is not installed: the time of a message is known to a period, not to the frame"
        return Finding(False, found, "pip install 'riffsynth[jack]'")
    return Finding(True, "JACK-Client: the time of a message is known to the frame")


def midi_inputs(inputs: Callable[[], list[Row]] = devices.midi_inputs) -> Finding:
    """The ports that `play` would listen to."""
    try:
        names = [row["name"] for row in inputs()]
    except RiffsynthError as error:
        return Finding(False, str(error), "or play by OSC alone: --midi none")
    if not names:
        return Finding(True, "none just now; a controller plugged in while playing is found")
    return Finding(True, ", ".join(names))


def _rtmidi() -> Any:
    import rtmidi

    return rtmidi


def _jack() -> Any:
    import jack

    return jack
