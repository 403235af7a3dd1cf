"""The one screen that `play` draws on a terminal, as a pure function: what is known goes in, lines of text come out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text

from riffsynth.timing.musical import bar_position
from riffsynth.timing.status import ClockStatus

QUIETEST_DB = -60.0
"""The left end of the meter."""
HOT_DB = -1.0
"""A peak above this is shown in red: the limiter is at work."""
MOST_FAULTS = 4
LONGEST_BAR = 60
_LABEL = 10
"""Columns of the words at the left."""
_STATE_STYLES = {"locked": "green", "stopped": "dim", "waiting": "yellow", "locking": "yellow", "holdover": "red"}


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that is drawn but events and faults: a whole value, made by the control loop."""

    preset: str
    clock: ClockStatus
    beat: float
    meter: int
    playing: bool
    prompts: tuple[str, str]
    alpha: float
    model: str
    """What makes the clips, and on which device; empty until it is loaded."""
    clips: int
    """Made so far."""
    work: str
    """What the model is doing, in a few words; empty while it waits."""
    work_fraction: float
    """How much of that is done, 0..1."""
    loudness_db: float
    peak: float
    """1.0 full scale."""
    output: str
    """Device, rate and latency."""
    core_fraction: float
    underruns: int
    recording: str
    """The file, or empty."""
    reached: str
    """Where it listens: OSC, and the page where there is one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A warning, when it was last said (clock time), and how often."""

    time: str
    text: str
    times: int = 1


def page(screen: Screen, events: Iterable[tuple[str, str]], faults: Iterable[Fault], width: int, height: int) -> Text:
    """At most `height` lines of `width` columns. `events` are (clock time, text), oldest first, as are `faults`."""
    bar = max(8, min(LONGEST_BAR, width - _LABEL - 24))
    lines = [
        _title(screen, width),
        _clock(screen),
        Text(),
        _labelled(
            "A", Text(printable(screen.prompts[0]) or "(no prompt)", style="bold" if screen.alpha < 1 else "dim")
        ),
        _labelled(
            "B", Text(printable(screen.prompts[1]) or "(no prompt)", style="bold" if screen.alpha > 0 else "dim")
        ),
        _labelled("alpha", _fader(screen.alpha, bar)),
        Text(),
        _labelled("clip", _work(screen, bar)),
        _labelled("model", Text(screen.model or "loading")),
        _labelled("level", _level(screen, bar)),
        _labelled("player", _player(screen)),
    ]
    if screen.recording:
        lines.append(_labelled("recording", Text(printable(screen.recording), style="red")))
    faulty = [_stamped(each.time, _times(each), "yellow") for each in faults][-MOST_FAULTS:]
    foot = [Text(), Text(f"{screen.reached}   Ctrl-C fades out and ends", style="dim")]
    room = height - len(lines) - len(foot) - (len(faulty) + 1 if faulty else 0) - 1
    happened = [_stamped(time, text, "dim") for time, text in events][-room:] if room > 0 else []
    lines += [Text(), *happened] if happened else []
    lines += [Text(), *faulty] if faulty else []
    shown = [*lines[: max(0, height - len(foot))], *foot][:height]
    for line in shown:
        line.truncate(width, overflow="ellipsis")
    return Text("\n", no_wrap=True).join(shown)


def printable(text: str) -> str:
    """One line without the control characters that could take over a terminal: prompts come from anywhere."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _title(screen: Screen, width: int) -> Text:
    place = bar_position(screen.beat, screen.meter)
    left = f"riffsynth  {printable(screen.preset)}"
    right = f"{'playing' if screen.playing else 'stopped'}  {place}  {screen.clock.tempo:.1f} bpm"
    return Text(left + right.rjust(max(len(right) + 1, width - len(left))), style="bold")


def _clock(screen: Screen) -> Text:
    clock = screen.clock
    line = Text(f"{printable(clock.source) or 'no clock'} ")
    line.append(clock.state, style=_STATE_STYLES[clock.state])
    if clock.state == "locked" and clock.jitter_ms:
        line.append(f"  error {clock.phase_error_ms:+.1f} ms, jitter {clock.jitter_ms:.1f} ms")
    line.append("  ")
    now = math.floor(screen.beat % screen.meter) if screen.playing else -1
    for beat in range(screen.meter):
        line.append("●" if beat == now else "○", style="bold green" if beat == now == 0 else "")
    if clock.problem:
        line.append(f"  {printable(clock.problem)}", style="yellow")
    return _labelled("clock", line)


def _fader(alpha: float, width: int) -> Text:
    at = round(min(1.0, max(0.0, alpha)) * (width - 1))
    return Text.assemble(
        ("A ", "dim"), "─" * at, ("●", "bold cyan"), "─" * (width - 1 - at), (" B", "dim"), f"  {alpha:.2f}"
    )


def _work(screen: Screen, width: int) -> Text:
    if not screen.work:
        return Text(f"{screen.clips} made", style="dim")
    done = round(min(1.0, max(0.0, screen.work_fraction)) * width)
    return Text.assemble(("━" * done, "cyan"), ("─" * (width - done), "dim"), f"  {printable(screen.work)}")


def _level(screen: Screen, width: int) -> Text:
    peak_db = 20 * math.log10(max(screen.peak, 1e-6))
    filled, mark = (_cells(db, width) for db in (screen.loudness_db, peak_db))
    style = "red" if peak_db > HOT_DB else "green"
    cells = "".join("█" if cell < filled else "▏" if cell == mark - 1 else " " for cell in range(width))
    return Text.assemble(
        (cells, style), f"  {max(QUIETEST_DB, screen.loudness_db):.0f} dB, peak {max(QUIETEST_DB, peak_db):.0f}"
    )


def _player(screen: Screen) -> Text:
    line = Text(f"{printable(screen.output)}, {100 * screen.core_fraction:.0f} % of a core, ")
    return line.append(f"{screen.underruns} underruns", style="red" if screen.underruns else "")


def _cells(db: float, width: int) -> int:
    return round(min(1.0, max(0.0, 1 - db / QUIETEST_DB)) * width)


def _labelled(label: str, line: Text) -> Text:
    return Text.assemble((label.ljust(_LABEL), "dim"), line)


def _stamped(time: str, text: str, style: str) -> Text:
    return Text.assemble((time.ljust(_LABEL), "dim"), (printable(text), style))


def _times(fault: Fault) -> str:
    return f"{fault.text} ({fault.times} times)" if fault.times > 1 else fault.text
