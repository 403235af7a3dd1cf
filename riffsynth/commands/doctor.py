"""`riffsynth doctor`: what this machine has for the instrument, what it lacks, and how to mend it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from riffsynth.commands.checks import machine, model, sound
from riffsynth.commands.checks.finding import Check, Finding
from riffsynth.commands.printing import Row, show

EXIT_CANNOT_PLAY = 1
CHECKS: Mapping[str, Check] = {
    "Python": machine.python,
    "libraries": machine.libraries,
    "torch": model.torch,
    "model": model.embedded,
    "PortAudio": sound.portaudio,
    "sound output": sound.output,
    "MIDI": sound.midi,
    "MIDI inputs": sound.midi_inputs,
    "MIDI over JACK": sound.jack,
    "OSC port": machine.osc_port,
    "real-time rights": machine.real_time,
    "CPU": machine.cpu,
    "disk": machine.disk,
}
NEEDED = ("Python", "libraries", "torch", "model")
"""Without one of these nothing can be played; without the others the instrument does what it can."""


def run(options: argparse.Namespace) -> int:
    found = findings(CHECKS)
    width = max(map(len, CHECKS))

    def line(row: Row) -> str:
        mark = "ok" if row["ok"] else "FAIL" if row["check"] in NEEDED else "warn"
        mend = f"; {row['mend']}" if row["mend"] else ""
        return f"{mark:5}{row['check']:{width}}  {row['found']}{mend}"

    show([{"check": name, **asdict(finding)} for name, finding in found.items()], options.json, line)
    if not options.json:
        print(summary(found))
    return 0 if can_play(found) else EXIT_CANNOT_PLAY


def findings(checks: Mapping[str, Check]) -> dict[str, Finding]:
    """What each check finds. One that fails is a finding too: nothing here may keep the others from being told."""
    return {name: _finding(check) for name, check in checks.items()}


def can_play(found: Mapping[str, Finding]) -> bool:
    """True where nothing is lacking that playing needs."""
    return all(finding.ok for name, finding in found.items() if name in NEEDED)


def summary(found: Mapping[str, Finding]) -> str:
    """The last line, for people."""
    if not can_play(found):
        return "It cannot play here yet: mend what is marked FAIL."
    lacking = sum(not finding.ok for finding in found.values())
    if lacking:
        return f"It can play here; {lacking} thing{'s' if lacking > 1 else ''} could be better."
    return "It can play here."


def _finding(check: Check) -> Finding:
    try:
        return check()
    except Exception as error:
        reason = " ".join(str(error).split()) or "no reason given"
        return Finding(False, f"could not be looked at ({type(error).__name__}: {reason})", "mend the libraries first")
