"""What a performance tells of itself: `/riffsynth/status`, and the terminal's screen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from riffsynth.performance.session import Session
from riffsynth.playback.messages import Opened
from riffsynth.recall.preset import name_of, snapshot_folder
from riffsynth.status.screen import QUIETEST_DB, Screen
from riffsynth.web.messages import Beside

SILENT_DB = -120.0
"""The level that a player reports of silence."""


@dataclass(frozen=True, slots=True)
class Processes:
    """Who runs: process ids, 0 for one that is away, and how often each was started."""

    worker_pid: int
    worker_starts: int
    control_pid: int
    control_starts: int
    player_pid: int
    player_starts: int
    page_pid: int
    page_starts: int


def status(session: Session, opened: Opened | None, processes: Processes, now: float) -> dict[str, Any]:
    """Numbers and texts by name; `opened` is the output, None until there is one."""
    news, timeline, clock = session.news, session.timeline, session.clock_status(now)
    report = news.report
    return {
        "beat": timeline.beat_at(now),
        "tempo": timeline.tempo,
        "playing": timeline.playing,
        "clock": clock.line(),
        "clock_state": clock.state,
        "clock_error_ms": clock.phase_error_ms,
        "model": news.model.model if news.model else "loading",
        "generating": session.conductor.generating or 0,
        "clips": news.clips_made,
        "generation_ms": 1000 * news.generation_s,
        "output": opened.output if opened else "opening",
        "latency_ms": 1000 * opened.latency_s if opened else 0.0,
        "card_latency_ms": 1000 * opened.card_latency_s if opened else 0.0,
        "frame": report.frame if report else 0,
        "peak": report.peak if report else 0.0,
        "loudness_db": report.loudness_db if report else SILENT_DB,
        "underruns": report.underruns if report else 0,
        "ring_ms": 1000 * report.ring_s if report else 0.0,
        "scheduling": opened.scheduling if opened else "",
        "core_fraction": report.core_fraction if report else 0.0,
        **asdict(processes),
    }


def beside(session: Session) -> Beside:
    """What the page shows that is no parameter."""
    files = tuple(preset.file for preset in session.recall.set.presets if preset.file)
    return Beside(_names(files), snapshot_folder(session.preset), dict(session.latency.measured))


@lru_cache(maxsize=1)
def _names(files: tuple[Path, ...]) -> tuple[str, ...]:
    """What `preset` is set to for each; asked ten times a second, and seldom another set."""
    return tuple(name_of(file) for file in files)


def screen(session: Session, opened: Opened, work: tuple[str, float], reached: str, now: float) -> Screen:
    """The terminal's picture. `work`: what the worker does and how far it is (0..1); `reached`: where others send."""
    get, news, timeline = session.store.get, session.news, session.timeline
    report, model = news.report, news.model
    return Screen(
        preset=session.preset.name if session.preset else "",
        clock=session.clock_status(now),
        beat=timeline.beat_at(now),
        meter=int(get("meter")),
        playing=timeline.playing,
        prompts=(str(get("a.prompt")), str(get("b.prompt"))),
        alpha=float(get("alpha")),
        model=f"{model.model} on {model.device}" if model else "",
        clips=news.clips_made,
        work=work[0],
        work_fraction=work[1],
        loudness_db=report.loudness_db if report else QUIETEST_DB,
        peak=report.peak if report else 0.0,
        output=f"{opened.output}, {opened.sample_rate} Hz, {1000 * opened.latency_s:.0f} ms",
        core_fraction=report.core_fraction if report else 0.0,
        underruns=report.underruns if report else 0,
        recording=str(report.recording or "") if report else "",
        reached=reached,
    )
